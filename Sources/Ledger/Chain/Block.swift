/// What a block's hash covers.
public struct BlockHeader: Sendable, Hashable {
    /// The version of this encoding.
    public static let version: UInt16 = 1
    /// Bytes of a header's encoding: version, ledger, height, hash before, time, count and three roots.
    public static let encodedByteCount = 2 + 32 + 8 + 32 + 8 + 4 + 3 * 32

    public let ledger: Digest
    /// 0 for the block that creates the ledger and holds no transactions.
    public let height: UInt64
    /// The hash of the block before; for block 0 the ledger's name.
    public let previous: Digest
    public let time: Timestamp
    public let transactionCount: UInt32
    /// Merkle roots of the signed transactions and of their receipts, in their order.
    public let transactionsRoot: Digest
    public let receiptsRoot: Digest
    /// The root of the state after this block.
    public let stateRoot: Digest

    /// The block's hash.
    public var hash: Digest { Digest(purpose: "ZKPoT block v1", encoded) }

    /// What the operator signs.
    var sealedDigest: Digest { Digest(purpose: "ZKPoT block seal v1", hash.bytes) }
}

/// A block: header, the operator's seal, and the transactions with their receipts.
public struct Block: Sendable, Hashable {
    public let header: BlockHeader
    /// The operator's Ed25519 signature, 64 bytes.
    public let seal: [UInt8]
    public let records: [BlockRecord]

    /// Makes the block that follows `previous`.
    ///
    /// - Throws: `KeyError` when OpenSSL does not sign.
    package init(
        height: UInt64, previous: Digest, time: Timestamp, records: [BlockRecord], stateRoot: Digest,
        ledger: Digest, operatorKey: SigningKey
    ) throws {
        header = BlockHeader(
            ledger: ledger, height: height, previous: previous, time: time,
            transactionCount: UInt32(records.count),
            transactionsRoot: MerkleTree.root(records.map(\.transaction.encoded)),
            receiptsRoot: MerkleTree.root(records.map(\.receipt.encoded)), stateRoot: stateRoot)
        seal = try operatorKey.sign(header.sealedDigest)
        self.records = records
    }

    init(header: BlockHeader, seal: [UInt8], records: [BlockRecord]) {
        self.header = header
        self.seal = seal
        self.records = records
    }
}

/// A transaction in a block, and what became of it.
public struct BlockRecord: Sendable, Hashable {
    public let transaction: SignedTransaction
    public let receipt: Receipt

    package init(transaction: SignedTransaction, receipt: Receipt) {
        self.transaction = transaction
        self.receipt = receipt
    }
}

extension BlockHeader: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(Self.version)
        encoder.encode(ledger)
        encoder.encode(height)
        encoder.encode(previous)
        time.encode(to: &encoder)
        encoder.encode(transactionCount)
        encoder.encode(transactionsRoot)
        encoder.encode(receiptsRoot)
        encoder.encode(stateRoot)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let version: UInt16 = try decoder.unsigned("version of the block")
        guard version == Self.version else {
            throw decoder.failure("version of the block", "is \(version), not \(Self.version)", at: start)
        }
        ledger = try decoder.digest("ledger of the block")
        height = try decoder.unsigned("height")
        previous = try decoder.digest("hash of the block before")
        time = try Timestamp(from: &decoder)
        transactionCount = try decoder.unsigned("number of transactions")
        transactionsRoot = try decoder.digest("root of the transactions")
        receiptsRoot = try decoder.digest("root of the receipts")
        stateRoot = try decoder.digest("root of the state")
    }
}
