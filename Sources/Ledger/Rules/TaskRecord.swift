/// A task as the ledger knows it.
public struct TaskRecord: Sendable {
    public let publisher: PublicKey
    public let opening: OpenTask
    public let opened: Timestamp
    /// The keys of `opening.qualityKeys`, parsed and checked.
    package let verifiers: [any StatementVerifier]
    /// The key of `opening.audit`, parsed and checked.
    package let stageVerifier: (any StatementVerifier)?
    /// The update key of `opening.audit` in the mode `bounded`, parsed and checked.
    package let updateVerifier: (any StatementVerifier)?
    /// One for each round.
    public package(set) var orders: [OrderRecord] = []

    package init(
        publisher: PublicKey, opening: OpenTask, opened: Timestamp, verifiers: [any StatementVerifier],
        stageVerifier: (any StatementVerifier)?, updateVerifier: (any StatementVerifier)?
    ) {
        self.publisher = publisher
        self.opening = opening
        self.opened = opened
        self.verifiers = verifiers
        self.stageVerifier = stageVerifier
        self.updateVerifier = updateVerifier
    }

    /// The digests of the verifying keys, in the order of `opening.qualityKeys`.
    public var verifyingKeyDigests: [Digest] { verifiers.map(\.digest) }

    /// The task's entry in the state tree.
    mutating func digest() -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(publisher)
        opening.encode(to: &encoder)
        opened.encode(to: &encoder)
        encoder.encode(list: orders.indices.map { orders[$0].digest() }) { $0.encode($1) }
        return Digest(purpose: "ZKPoT task v2", encoder.bytes)
    }
}
