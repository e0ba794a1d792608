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
}
