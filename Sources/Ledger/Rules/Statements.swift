/// What a proof on the ledger states.
package enum ProvenStatement: Sendable, Hashable {
    case quality(QualityStatement)
    case stage(StageStatement)
}

/// What a quality proof states, and everything it is bound to.
public struct QualityStatement: Sendable, Hashable {
    public let ledger: Digest
    public let task: Identifier
    public let round: UInt64
    public let chunk: UInt32
    public let participant: PublicKey
    /// The commitment of the participant's model, as it stands on the ledger.
    public let model: [UInt8]
    /// The commitment of the chunk, as it was revealed.
    public let testSet: [UInt8]
    /// The public input: at least so many samples are classified correctly.
    public let correct: UInt64

    public init(
        ledger: Digest, task: Identifier, round: UInt64, chunk: UInt32, participant: PublicKey,
        model: [UInt8],
        testSet: [UInt8], correct: UInt64
    ) {
        self.ledger = ledger
        self.task = task
        self.round = round
        self.chunk = chunk
        self.participant = participant
        self.model = model
        self.testSet = testSet
        self.correct = correct
    }
}

/// What the proof of an audited stage states: integer SGD on the batches, in their order, leads from one committed model
/// to the other.
public struct StageStatement: Sendable, Hashable {
    public let ledger: Digest
    public let task: Identifier
    public let round: UInt64
    public let stage: UInt32
    public let participant: PublicKey
    public let before: [UInt8]
    public let after: [UInt8]
    /// One for each step.
    public let batches: [[UInt8]]

    public init(
        ledger: Digest, task: Identifier, round: UInt64, stage: UInt32, participant: PublicKey,
        before: [UInt8], after: [UInt8], batches: [[UInt8]]
    ) {
        self.ledger = ledger
        self.task = task
        self.round = round
        self.stage = stage
        self.participant = participant
        self.before = before
        self.after = after
        self.batches = batches
    }
}
