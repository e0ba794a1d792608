import FieldArithmetic

/// Round constants and matrix of a Poseidon permutation x⁵ over a prime field.
///
/// Generated, not copied: by the Grain LFSR as in the reference script, so that anybody can check that nothing is hidden
/// in them. They equal circomlib's for BN254.
///
/// - SeeAlso: Grassi, Khovratovich, Rechberger, Roy, Schofnegger, "Poseidon: A New Hash Function for Zero-Knowledge Proof
///   Systems", eprint 2019/458, appendices E and F.
public struct PoseidonParameters<F: PrimeField>: Sendable {
    /// State elements t: one for capacity, the others for inputs.
    public let width: Int
    public let fullRounds: Int
    public let partialRounds: Int
    /// `width` constants for each round.
    public let roundConstants: [F]
    /// M, row by row.
    public let matrix: [F]

    /// Partial rounds of circomlib for widths 2 to 17 over BN254 (8 full ones).
    private static var circomlibPartialRounds: [Int] {
        [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68]
    }

    /// circomlib's permutation for 1 to 16 inputs; `nil` for other numbers.
    public init?(circomlibInputs inputs: Int) {
        guard (1...16).contains(inputs) else { return nil }
        self.init(width: inputs + 1, fullRounds: 8, partialRounds: Self.circomlibPartialRounds[inputs - 1])
    }

    /// Any permutation with the S-box x⁵.
    public init(width: Int, fullRounds: Int, partialRounds: Int) {
        precondition(
            (2...64).contains(width) && (2...1000).contains(fullRounds) && (0...1000).contains(partialRounds))
        self.width = width
        self.fullRounds = fullRounds
        self.partialRounds = partialRounds
        var grain = GrainGenerator(
            fieldBits: F.bitWidth, width: width, fullRounds: fullRounds, partialRounds: partialRounds)
        roundConstants = (0..<width * (fullRounds + partialRounds)).map { _ in grain.nextBelowModulus() }
        // Cauchy matrix 1/(xᵢ + yⱼ), with distinct xᵢ, yⱼ and no zero sum.
        while true {
            let points: [F] = (0..<2 * width).map { _ in grain.nextReduced() }
            let sums = points[..<width].flatMap { x in points[width...].map { x + $0 } }
            guard Set(points).count == points.count, !sums.contains(where: \.isZero) else { continue }
            var entries = sums
            F.invertAllFast(&entries)
            matrix = entries
            break
        }
    }
}

/// The Grain LFSR in self-shrinking mode.
private struct GrainGenerator {
    private var state: [Bool] = []

    init(fieldBits: Int, width: Int, fullRounds: Int, partialRounds: Int) {
        // A prime field, S-box x^α, then the sizes, then ones: 80 bits.
        for (value, bits) in [
            (1, 2), (0, 4), (fieldBits, 12), (width, 12), (fullRounds, 10), (partialRounds, 10),
        ] {
            for bit in (0..<bits).reversed() { state.append(value >> bit & 1 == 1) }
        }
        state += Array(repeating: true, count: 30)
        for _ in 0..<160 { _ = step() }
    }

    private mutating func step() -> Bool {
        let taps = [62, 51, 38, 23, 13, 0].reduce(false) { $0 != state[$1] }
        state.removeFirst()
        state.append(taps)
        return taps
    }

    /// Of each pair of bits the second, if the first is 1.
    private mutating func next() -> Bool {
        while true {
            let selector = step()
            let bit = step()
            if selector { return bit }
        }
    }

    private mutating func bits(_ count: Int) -> [Bool] { (0..<count).map { _ in next() } }

    /// An element from as many bits as the prime has, most significant first; integers above it are skipped.
    mutating func nextBelowModulus<F: PrimeField>() -> F {
        while true {
            var limbs = F.Limbs.zero
            for (position, bit) in bits(F.bitWidth).reversed().enumerated() where bit {
                limbs[position >> 6] |= 1 << UInt64(position & 63)
            }
            if let element = F(canonical: limbs) { return element }
        }
    }

    /// An element from as many bits as the prime has, reduced.
    mutating func nextReduced<F: PrimeField>() -> F {
        bits(F.bitWidth).reduce(F.zero) { $0.doubled() + ($1 ? .one : .zero) }
    }
}
