import AuditProtocol
import EllipticCurves
import Ledger

/// Sizes of what our ledger would send under PBFT, taken from its own encodings.
public struct BlockTraffic: Sendable, Hashable {
    /// Quality proofs, each signed by its participant, in a block.
    public var proofs: Int
    /// Bytes of one signed transaction with a proof.
    public let proofTransactionBytes: Int
    /// Bytes of a block with these proofs: header, seal, transactions.
    public var blockBytes: Int {
        BlockHeader.encodedByteCount + Self.signatureBytes + proofs * proofTransactionBytes
    }

    static let signatureBytes = SigningKey.signatureByteCount
    /// A prepare or commit: phase, view, height, the block's hash, the voter's key and signature.
    public static let voteBytes = 1 + 8 + 8 + 32 + 32 + signatureBytes
    /// A reply: height, the block's hash, the digest of the receipts, the node's key and signature.
    public static let replyBytes = 8 + 32 + 32 + 32 + signatureBytes

    /// - Parameter task: the task's name, which every transaction carries.
    /// - Throws: `KeyError` when OpenSSL makes no key.
    public init(proofs: Int, task: Identifier) throws {
        self.proofs = proofs
        proofTransactionBytes = try Self.proofTransaction(task).encoded.count
    }

    /// A transaction as large as a real one; its proof's bytes are not looked at.
    private static func proofTransaction(_ task: Identifier) throws -> SignedTransaction {
        let key = try SigningKey()
        let points = PointEncoding.compressed
        let proof = [UInt8](
            repeating: 0,
            count: 4 * points.byteCount(of: BN254G1.self) + points.byteCount(of: BN254G2.self))
        let transaction = Transaction.proveQuality(
            ProveQuality(task: task, round: 0, chunk: 0, correct: 90, proof: proof))
        return try SignedTransaction(transaction, ledger: Digest(purpose: "size", []), nonce: 0, key: key)
    }

    /// The agreement on such a block. A client hands its proof to the primary, who proposes it together with the others'.
    ///
    /// - Parameters:
    ///   - signatureSeconds: processor time for one Ed25519 signature.
    ///   - proofSeconds: processor time for one proof in a batch.
    public func agreement(
        nodes: Int, megabits: Double, latency: Double, signatureSeconds: Double, proofSeconds: Double
    ) -> PBFTSimulation {
        var simulation = PBFTSimulation(
            nodes: nodes, requestBytes: proofTransactionBytes, blockBytes: blockBytes + Self.voteBytes,
            voteBytes: Self.voteBytes, replyBytes: Self.replyBytes, megabits: megabits, latency: latency,
            link: .sharedUplink, quorum: .castroLiskov)
        simulation.voteSeconds = signatureSeconds
        simulation.blockSeconds = signatureSeconds + Double(proofs) * (signatureSeconds + proofSeconds)
        return simulation
    }
}
