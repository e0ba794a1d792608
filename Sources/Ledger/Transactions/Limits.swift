/// How large the parts of a transaction may be. What is larger is not decoded.
public enum Limits {
    public static let transactionBytes = 1 << 20
    public static let transactionsPerBlock = 4096
    public static let descriptionBytes = 4096
    public static let verifyingKeyBytes = 1 << 18
    public static let verifyingKeysPerTask = 16
    public static let chunksPerTestSet = 1024
    public static let commitmentBytes = 256
    public static let proofBytes = 4096
    public static let payoutSigners = 16
    /// `ProtocolParameters.maximumParticipants` is never more.
    public static let survivors = 256
    public static let batchesPerStage = 1024
    /// The ledger shuffles them for every answer to an audit.
    public static let batchesPerDataSet: UInt32 = 1 << 16
    /// Of a Merkle path; trees have at most 2^24 + 1 leaves.
    public static let pathNodes = 25
    /// Stages that a participant must prove in one order.
    public static let auditedStages: UInt32 = 4096
    public static let reportsPerOrder = 256
    /// Votes, over all reports of an order.
    public static let votesPerOrder = 4096
}
