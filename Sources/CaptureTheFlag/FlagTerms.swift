import Ledger

/// What is fixed about the flags of one training before anything is committed to.
///
/// Stages are numbered 0 … E − 1; the first and the last are never flagged.
public struct FlagTerms: Sendable, Hashable {
    public static let mostStages = 1 << 20

    public let task: Identifier
    public let round: UInt64
    public let participant: PublicKey
    /// E.
    public let stages: Int
    /// φ: how many stages deviate.
    public let flags: Int
    /// Weights of the model.
    public let weights: Int
    /// What keys, flags and reports are bound to.
    public let digest: Digest

    /// - Throws: `FlagError` for more flags than half of the inner stages, and other numbers out of range.
    public init(
        task: Identifier, round: UInt64, participant: PublicKey, stages: Int, flags: Int, weights: Int
    ) throws(FlagError) {
        guard (3...Self.mostStages).contains(stages) else {
            throw FlagError("\(stages) stages, not 3 to \(Self.mostStages)")
        }
        guard (0...(stages - 2) / 2).contains(flags) else {
            throw FlagError("\(flags) flags, not 0 to half of the \(stages - 2) inner stages")
        }
        guard (1...1 << 30).contains(weights) else {
            throw FlagError("\(weights) weights, not 1 to 2^30")
        }
        self.task = task
        self.round = round
        self.participant = participant
        self.stages = stages
        self.flags = flags
        self.weights = weights
        var encoder = CanonicalEncoder()
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(participant)
        encoder.encode(UInt64(stages))
        encoder.encode(UInt64(flags))
        encoder.encode(UInt64(weights))
        digest = Digest(purpose: "ZKPOT-V1-FLAG-TERMS", encoder.bytes)
    }
}

/// Numbers or messages that make no sense.
public struct FlagError: Error, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
