import FieldArithmetic

/// A seeded generator (SplitMix64, Steele, Lea, Flood 2014), so that a failing test can be repeated.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension PrimeField {
    /// Uniform, small, near the modulus, or of long runs of ones and zeros: what carries go wrong with.
    public static func skewed(using generator: inout SeededGenerator) -> Self {
        switch generator.next() % 6 {
        case 0: return Self(generator.next() % 4)
        case 1: return -Self(generator.next() % 4)
        case 2, 3:
            var limbs = Limbs.zero
            for index in 0..<Limbs.count {
                let low = UInt64.max << (generator.next() & 63)
                limbs[index] = generator.next() & 1 == 0 ? low : ~low
            }
            limbs[Limbs.count - 1] >>= UInt64(64 * Limbs.count - bitWidth)
            return Self(canonical: limbs) ?? -Self(1)
        default: return random(using: &generator)
        }
    }
}
