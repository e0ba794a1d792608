/// An aggregator puts on record whose models the global model holds, where they are summed by secure aggregation.
public struct FixSurvivors: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// Accepted participants, in the ascending order of their accounts.
    public var survivors: [PublicKey]
    /// Of survivors, more than half as many as there are accepted participants.
    public var signatures: [AccountSignature]

    public init(task: Identifier, round: UInt64, survivors: [PublicKey], signatures: [AccountSignature]) {
        self.task = task
        self.round = round
        self.survivors = survivors
        self.signatures = signatures
    }

    /// What the survivors sign: SHA-256 of ledger, task, round and survivors. So a signature is worth nothing for another
    /// set, and nowhere else.
    ///
    /// - Parameter survivors: in any order; they are signed in the ascending order of their accounts.
    public static func digest(
        ledger: Digest, task: Identifier, round: UInt64, survivors: some Sequence<PublicKey>
    ) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(ledger)
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(list: survivors.sorted()) { $0.encode($1) }
        return Digest(purpose: "ZKPoT survivors v1", encoder.bytes)
    }

    public static let kind = Transaction.Kind.fixSurvivors
    public var transaction: Transaction { .fixSurvivors(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(list: survivors) { $0.encode($1) }
        encoder.encode(list: signatures) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        survivors = try decoder.list("survivors", maximum: Limits.survivors) {
            decoder throws(MalformedEncoding) in try decoder.publicKey("survivor")
        }
        signatures = try decoder.list(
            "signatures of survivors", maximum: Limits.survivors, AccountSignature.init(from:))
    }
}
