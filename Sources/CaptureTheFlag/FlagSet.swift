import Ledger

/// A deviation: one weight of the stage's result is off by one unit.
public struct Deviation: Sendable, Hashable {
    /// The weight's place in the order of the model's file.
    public let weight: Int
    /// +1 or −1; the other one where the weight would leave its range.
    public let sign: Int

    /// The published weight for a true one.
    public func applied(to weight: Int64, range: ClosedRange<Int64>) -> Int64 {
        let shifted = weight + Int64(sign)
        return range.contains(shifted) ? shifted : weight - Int64(sign)
    }
}

/// The flagged stages of a training, with the deviation of each.
public struct FlagSet: Sendable, Hashable {
    public let deviations: [Int: Deviation]

    /// Ascending.
    public var stages: [Int] { deviations.keys.sorted() }

    /// The flags that a key and a beacon give: φ different stages of 1 … E − 2, all alike.
    ///
    /// For counter = 0, 1, … the candidate is 1 + (first 16 bytes of the keyed hash of terms ‖ beacon ‖ u64 counter) mod
    /// (E − 2); what is there already is skipped. The deviation of stage i comes from the keyed hash of terms ‖ beacon ‖ u64 i.
    public init(_ key: FlagKey, terms: FlagTerms, beacon: Digest) {
        func hashed(_ purpose: StaticString, _ number: Int) -> [UInt8] {
            var encoder = CanonicalEncoder()
            encoder.encode(terms.digest)
            encoder.encode(beacon)
            encoder.encode(UInt64(number))
            return key.keyed(purpose, encoder.bytes).bytes
        }
        var deviations = [Int: Deviation]()
        var counter = 0
        while deviations.count < terms.flags {
            let stage = 1 + Self.integer(hashed("ZKPOT-V1-FLAG-STAGE", counter), below: terms.stages - 2)
            counter += 1
            guard deviations[stage] == nil else { continue }
            let bytes = hashed("ZKPOT-V1-FLAG-DEVIATION", stage)
            deviations[stage] = Deviation(
                weight: Self.integer(bytes, below: terms.weights), sign: bytes[16] & 1 == 0 ? 1 : -1)
        }
        self.deviations = deviations
    }

    /// The first 16 bytes, big-endian, modulo a bound: within bound·2^−128 of uniform.
    private static func integer(_ bytes: [UInt8], below bound: Int) -> Int {
        Int(bytes.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) } % UInt128(bound))
    }

    /// What the participant publishes as the result of a stage: the true weights, with the deviation if it is flagged.
    public func published(_ weights: [Int16], stage: Int, range: ClosedRange<Int64>) -> [Int16] {
        guard let deviation = deviations[stage], weights.indices.contains(deviation.weight) else {
            return weights
        }
        var result = weights
        result[deviation.weight] = Int16(
            clamping: deviation.applied(to: Int64(weights[deviation.weight]), range: range))
        return result
    }
}

/// How the published result of a stage differs from what running it again gives.
public enum StageObservation: Sendable, Hashable {
    case right
    /// One weight differs: its place, what it should be, what is published.
    case oneWeight(Int, expected: Int64, published: Int64)
    /// More differs, or nothing was published.
    case other

    /// Compares what running the stage again gives with what was published.
    public init(expected: [Int16], published: [Int16]) {
        guard expected.count == published.count else {
            self = .other
            return
        }
        let places = expected.indices.filter { expected[$0] != published[$0] }
        guard let first = places.first else {
            self = .right
            return
        }
        self =
            places.count == 1
            ? .oneWeight(first, expected: Int64(expected[first]), published: Int64(published[first])) : .other
    }

    /// Whether this is exactly the deviation.
    func isExactly(_ deviation: Deviation, range: ClosedRange<Int64>) -> Bool {
        guard case .oneWeight(let place, let expected, let published) = self else { return false }
        return place == deviation.weight && published == deviation.applied(to: expected, range: range)
    }
}
