/// The rules for payouts, and for forgetting orders that are paid.
extension LedgerState {
    /// Who gets what when an order is paid now, in the order of the accounts.
    ///
    /// - Throws: a `Rejection` for an unknown order, one that is not finalized, or is paid.
    public func payments(task: Identifier, round: UInt64) throws(Rejection) -> [Payment] {
        let (_, order) = try unpaidOrder(round, of: task)
        return closing(order).payments
    }

    /// What the payout's signers sign: SHA-256 of ledger, task, round and payments.
    ///
    /// - Throws: as `payments`.
    public func payoutDigest(task: Identifier, round: UInt64) throws(Rejection) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(identifier)
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(list: try payments(task: task, round: round)) { encoder, payment in
            encoder.encode(payment.account)
            encoder.encode(payment.amount)
        }
        return Digest(purpose: "ZKPoT payout v1", encoder.bytes)
    }

    mutating func payout(_ body: Payout, by sender: PublicKey) throws(Rejection) -> Effect {
        let (_, order) = try unpaidOrder(body.round, of: body.task)
        try requireTime(from: order.opening.windows.finalizeDeadline)
        let closing = closing(order)
        if !closing.payments.isEmpty { try checkSignatures(body, order.opening) }
        for (verifier, times) in order.verifierLocks { release(verifier, as: .verifier, times: times) }
        if let aggregator = order.outcome?.aggregator { release(aggregator, as: .aggregator) }
        for slash in closing.slashes { apply(slash) }
        for payment in closing.payments { payFromEscrow(payment.amount, to: payment.account) }
        let time = self.time
        update(body) {
            $0.reports = closing.reports
            if closing.isGlobalModelVoid { $0.outcome?.globalModel = nil }
            $0.verifierLocks = [:]
            $0.voters = []
            $0.paid = time
        }
        return .paid(total: closing.payments.reduce(0) { $0 + $1.amount })
    }

    /// The last order of a task stays, with the global model that the next one builds on.
    mutating func prune(_ body: PruneOrder, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try order(body.round, of: body.task)
        guard order.outcome != nil else { throw .notFinalized }
        guard order.paid != nil else { throw .notPaid }
        guard order.sealedDigest == nil else { throw .alreadyPruned }
        guard body.round + 1 < UInt64(task.orders.count) else { throw .roundInUse }
        for proof in order.acceptedProofs.keys { proofOwners[proof] = nil }
        tasks[body.task]?.orders[Int(body.round)].prune()
        return .pruned
    }

    // MARK: -

    /// What a payout comes to, reports on the global model included.
    private struct Closing {
        var reports: [Report]
        var isGlobalModelVoid = false
        var slashes: [Settlement.Slash] = []
        var payments: [Payment] = []
    }

    private func closing(_ order: OrderRecord) -> Closing {
        let quorum = parameters.voteQuorum
        var closing = Closing(reports: order.reports)
        guard var outcome = order.outcome else { return closing }
        for index in closing.reports.indices where closing.reports[index].subject == .globalModel {
            closing.reports[index].decision = closing.reports[index].decided(quorum: quorum)
        }
        let reports = closing.reports.filter { $0.subject == .globalModel }
        if let upheld = reports.first(where: { $0.decision == .upheld }), let aggregator = outcome.aggregator
        {
            closing.isGlobalModelVoid = true
            outcome.globalModel = nil
            closing.slashes.append(
                .init(
                    account: aggregator, role: .aggregator, amount: lockAmount(.aggregator),
                    finder: upheld.reporter))
        }
        for report in reports where report.decision == .rejected {
            closing.slashes.append(
                .init(account: report.reporter, role: .verifier, amount: lockAmount(.verifier)))
        }
        closing.payments = outcome.payments(of: order.opening.reward, split: order.opening.split)
        return closing
    }

    private func unpaidOrder(
        _ round: UInt64, of task: Identifier
    ) throws(Rejection) -> (task: TaskRecord, order: OrderRecord) {
        let (task, order) = try order(round, of: task)
        guard order.outcome != nil else { throw .notFinalized }
        guard order.paid == nil else { throw .alreadyPaid }
        return (task, order)
    }

    private func checkSignatures(_ body: Payout, _ opening: OpenOrder) throws(Rejection) {
        let digest = try payoutDigest(task: body.task, round: body.round)
        var signers: Set<PublicKey> = []
        for signature in body.signatures {
            guard opening.payoutSigners.contains(signature.signer) else {
                throw .unknownPayoutSigner(signature.signer)
            }
            guard signers.insert(signature.signer).inserted else {
                throw .duplicatePayoutSigner(signature.signer)
            }
            guard signature.signer.isSignature(signature.signature, of: digest) else {
                throw .badPayoutSignature(signature.signer)
            }
        }
        guard signers.count >= Int(opening.payoutThreshold) else {
            throw .payoutSignaturesMissing(has: signers.count, needs: Int(opening.payoutThreshold))
        }
    }
}
