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
    public let parameters: ProtocolParameters
    public let supply: UInt64
    public let burnt: UInt64
    /// Rewards and bonds of orders that are not paid.
    public let escrow: UInt64
    /// In the order of their keys.
    public let accounts: [AccountView]
    public let tasks: [TaskView]
    /// Empty if the view was made without blocks.
    public let blocks: [BlockView]
}

/// An account: what it has, what it has staked, and what of it is locked.
public struct AccountView: Sendable, Hashable, Codable {
    public let account: String
    public let nonce: UInt64
    public let balance: UInt64
    public let stakes: RoleAmounts
    public let locked: RoleAmounts
}

/// A task and its orders.
public struct TaskView: Sendable, Hashable, Codable {
    public let name: String
    public let description: String
    public let publisher: String
    public let opened: Timestamp
    public let minimumSamples: UInt64
    public let weights: String
    public let mode: String
    /// `full`, `sampled` or `bounded`; absent without audits.
    public let audit: String?
    public let verifyingKeys: [String]
    public let orders: [OrderView]
}

/// An order, one round of a task: who took part, what was proven, and how it ended.
public struct OrderView: Sendable, Hashable, Codable {
    public let round: UInt64
    /// `committing`, `proving`, `finalized`, `paid` or `pruned`.
    public let phase: String
    public let opened: Timestamp
    public let windows: OrderWindows
    public let reward: UInt64
    public let bond: UInt64
    public let split: RewardSplit
    public let payoutSigners: [String]
    public let payoutThreshold: UInt8
    public let testSetHash: String
    /// Samples of the revealed test set.
    public let samples: UInt64?
    /// How many of them the current global model classifies correctly.
    public let baseline: UInt64?
    /// SHA-256 of the test set's file, once it is revealed.
    public let testSetDigest: String?
    public let participants: [ParticipantView]
    public let validations: [ValidationView]
    public let reports: [ReportView]
    /// Whose models the global model holds, once that is on record; all that are accepted otherwise.
    public let survivors: [String]?
    /// `empty`, `aborted` or `settled`, once the order is finalized.
    public let outcome: String?
    public let leader: String?
    public let globalCommitment: String?
    /// SHA-256 of the file that opens the global commitment.
    public let globalModelDigest: String?
    public let finalized: Timestamp?
    public let paid: Timestamp?
}

/// What a validator said.
public struct ValidationView: Sendable, Hashable, Codable {
    public let validator: String
    public let participant: String
    public let correct: UInt64
    /// Whether the validator lost its stake in this order.
    public let isSlashed: Bool
}

/// A report on a content.
public struct ReportView: Sendable, Hashable, Codable {
    public let subject: ReportSubject
    public let complaint: ReportKind
    public let reporter: String
    public let upholding: Int
    public let rejecting: Int
    public let decision: ReportDecision
}

/// A participant of an order.
public struct ParticipantView: Sendable, Hashable, Codable {
    public let participant: String
    /// How many commitments the order had accepted before.
    public let order: UInt64
    public let commitment: String
    /// Whether its part of the beacon is revealed.
    public let hasRevealed: Bool
    /// Stages proven of its training, where there are audits.
    public let provenStages: Int
    /// Stages whose updates are proven to be bounded, in the mode `bounded`.
    public let boundedStages: Int
    /// Samples proven to be classified correctly, or claimed in the mode `open`.
    public let provenCorrect: UInt64
    /// The share of all samples, between 0 and 1, once the test set is revealed.
    public let provenAccuracy: Double?
    /// Whether the claim is complete; after the end, whether the model is accepted.
    public let isAccepted: Bool
    /// The weight in the global model, once the order is finalized; absent for who is not in it.
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
    /// The name of a `Transaction.Kind`.
    public let kind: String
    public let task: String?
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
