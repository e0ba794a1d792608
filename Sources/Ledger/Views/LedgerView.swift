/// A ledger for people and other programs: what it holds, in the order in which it came. Keys, digests and
/// points are hexadecimal, times milliseconds since 1970.
public struct LedgerView: Sendable, Hashable, Codable {
    public let name: String
    public let identifier: String
    public let proofSystem: String
    public let operatorKey: String
    public let allowsDevelopmentKeys: Bool
    public let created: Timestamp
    public let height: UInt64
    public let headHash: String
    public let tasks: [TaskView]
    /// Empty if the view was made without blocks.
    public let blocks: [BlockView]
}

/// A task and its rounds.
public struct TaskView: Sendable, Hashable, Codable {
    public let name: String
    public let description: String
    public let publisher: String
    public let opened: Timestamp
    public let minimumSamples: UInt64
    public let weights: String
    public let verifyingKeys: [String]
    public let rounds: [RoundView]
}

/// A round: who took part, what was proven, and how it ended.
public struct RoundView: Sendable, Hashable, Codable {
    public let number: UInt64
    /// `committing`, `proving` or `finalized`.
    public let phase: String
    public let opened: Timestamp
    public let testSetHash: String
    /// Samples of the revealed test set.
    public let samples: UInt64?
    /// SHA-256 of the test set's file, once it is revealed.
    public let testSetDigest: String?
    public let participants: [ParticipantView]
    public let leader: String?
    public let globalCommitment: String?
    /// SHA-256 of the file that opens the global commitment.
    public let globalModelDigest: String?
    public let finalized: Timestamp?
}

/// A participant of a round.
public struct ParticipantView: Sendable, Hashable, Codable {
    public let participant: String
    /// How many committed before.
    public let order: UInt64
    public let commitment: String
    /// Samples proven to be classified correctly.
    public let provenCorrect: UInt64
    /// The share of all samples, between 0 and 1, once the test set is revealed.
    public let provenAccuracy: Double?
    /// Whether every chunk is proven, so that the model counts.
    public let isAccepted: Bool
    /// The weight in the global model, once the round is finalized.
    public let weight: UInt64?
    public let proofDigests: [String]
}

/// A block and its transactions.
public struct BlockView: Sendable, Hashable, Codable {
    public let height: UInt64
    public let hash: String
    public let previous: String
    public let time: Timestamp
    public let stateRoot: String
    public let transactions: [TransactionView]
}

/// A transaction and what became of it.
public struct TransactionView: Sendable, Hashable, Codable {
    public let digest: String
    public let sender: String
    public let nonce: UInt64
    /// `openTask`, `openRound`, `commitModel`, `revealTestSet`, `proveQuality` or `finalizeRound`.
    public let kind: String
    public let task: String
    public let round: UInt64?
    public let chunk: UInt32?
    /// Of a quality proof: the samples claimed to be classified correctly.
    public let claimedCorrect: UInt64?
    /// Of a quality proof: SHA-256 of the proof.
    public let proofDigest: String?
    public let bytes: Int
    public let isAccepted: Bool
    /// Of a refused transaction: a name for the reason, and the reason in words.
    public let refusal: String?
    public let reason: String?
}
