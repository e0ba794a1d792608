/// An aggregator ends an order with the global model; anybody ends one that has none.
public struct FinalizeOrder: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// The global model; absent if nobody is accepted, or after the end of the time for it.
    public var globalModel: GlobalModel?

    public init(task: Identifier, round: UInt64, globalModel: GlobalModel?) {
        self.task = task
        self.round = round
        self.globalModel = globalModel
    }

    public static let kind = Transaction.Kind.finalize
    public var transaction: Transaction { .finalize(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(optional: globalModel) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        globalModel = try decoder.optional("global model", GlobalModel.init(from:))
    }
}

/// The weighted sum of the accepted models, or of those of the survivors on record. Dividing by the sum of the weights gives the average.
public struct GlobalModel: CanonicalCodable, Codable, Hashable {
    /// Σ a_i·Ĉ_i over these participants, a compressed point of G1.
    @HexadecimalBytes public var commitment: [UInt8]
    /// SHA-256 of the published file with Σ a_i·W_i and Σ a_i·ρ_i, which open that commitment.
    public var openingDigest: Digest

    public init(commitment: [UInt8], openingDigest: Digest) {
        self.commitment = commitment
        self.openingDigest = openingDigest
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(commitment)
        encoder.encode(openingDigest)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        commitment = try decoder.bytes("global commitment", maximum: Limits.commitmentBytes)
        openingDigest = try decoder.digest("digest of the global model")
    }
}

/// Somebody has an order's reward paid, with the signatures of the payout's signers.
public struct Payout: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var signatures: [AccountSignature]

    public init(task: Identifier, round: UInt64, signatures: [AccountSignature]) {
        self.task = task
        self.round = round
        self.signatures = signatures
    }

    public static let kind = Transaction.Kind.payout
    public var transaction: Transaction { .payout(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(list: signatures) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        signatures = try decoder.list(
            "payout signatures", maximum: Limits.payoutSigners, AccountSignature.init(from:))
    }
}

/// Somebody asks the ledger to forget the details of an order that is paid.
public struct PruneOrder: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64

    public init(task: Identifier, round: UInt64) {
        self.task = task
        self.round = round
    }

    public static let kind = Transaction.Kind.prune
    public var transaction: Transaction { .prune(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
    }
}
