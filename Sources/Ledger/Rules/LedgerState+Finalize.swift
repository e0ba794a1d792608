/// The rules for the end of an order.
extension LedgerState {
    /// The global model as it would be now: who is in it with which weight, and the commitment that `finalize` must name.
    /// These are the survivors on record, or all that are accepted.
    ///
    /// - Throws: a `Rejection` for an unknown or finalized order, or if nobody is accepted.
    public func aggregate(
        task name: Identifier, round number: UInt64
    ) throws(Rejection) -> (weights: [ParticipantWeight], commitment: [UInt8]) {
        let (task, order) = try openedOrder(number, of: name)
        let weights = weights(settlement(task, order).accepted, task, order)
        guard !weights.isEmpty else { throw .globalModelOfNobody }
        return (weights, try weightedSum(weights, order))
    }

    mutating func finalize(_ body: FinalizeOrder, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        let windows = order.opening.windows
        let settlement = settlement(task, order)
        let opens =
            switch settlement.kind {
            case .empty: windows.commitDeadline
            case .aborted: order.testSet == nil ? windows.revealDeadline : windows.voteDeadline
            case .settled: windows.voteDeadline
            }
        try requireTime(from: opens)
        let weights = weights(settlement.accepted, task, order)
        if body.globalModel == nil {
            guard
                settlement.accepted.isEmpty && settlement.unchecked.isEmpty
                    || time >= windows.finalizeDeadline
            else { throw .globalModelMissing }
        }
        if let model = body.globalModel {
            guard settlement.kind == .settled, !settlement.accepted.isEmpty || !settlement.unchecked.isEmpty
            else { throw .globalModelOfNobody }
            guard time < windows.finalizeDeadline else { throw .lateFinalize }
            guard settlement.unchecked.isEmpty else { throw .checkMissing }
            try requireFreeStake(of: sender, as: .aggregator)
            guard model.commitment == (try weightedSum(weights, order)) else { throw .aggregateMismatch }
            lock(sender, as: .aggregator)
        }
        let outcome = outcome(
            of: settlement, task, order, weights: weights, globalModel: body.globalModel,
            aggregator: body.globalModel == nil ? nil : sender)
        apply(settlement, to: order, of: task, isEarned: !outcome.rewarded.isEmpty)
        let isPaid = outcome.rewarded.isEmpty && outcome.globalModel == nil
        let time = self.time
        update(body) {
            $0.reports = settlement.reports
            $0.outcome = outcome
            $0.verifierLocks = [:]
            $0.voters = []
            if isPaid { $0.paid = time }
        }
        return .finalized(outcome.kind, leader: outcome.leader)
    }

    private func outcome(
        of settlement: Settlement, _ task: TaskRecord, _ order: OrderRecord, weights: [ParticipantWeight],
        globalModel: GlobalModel?, aggregator: PublicKey?
    ) -> OrderOutcome {
        let best = settlement.accepted.max {
            let (a, b) = (order.provenCorrect($0), order.provenCorrect($1))
            // Of two equals the one that committed earlier is better; `accepted` is in that order.
            return (a, order.commitments[$1]?.order ?? 0) < (b, order.commitments[$0]?.order ?? 0)
        }
        let samples = order.samples ?? 0
        let baseline = order.testSet?.baseline ?? 0
        let rewarded = settlement.accepted.filter {
            task.opening.audit != nil || order.provenCorrect($0) > baseline
        }
        let isIn = Set(weights.map(\.participant))
        let leftOut = settlement.accepted.filter { !isIn.contains($0) }
        return OrderOutcome(
            kind: settlement.kind,
            leader: best.map { Leader(participant: $0, correct: order.provenCorrect($0), samples: samples) },
            globalModel: globalModel, aggregator: aggregator, weights: weights, leftOut: leftOut,
            rewarded: rewarded.sorted(), validators: settlement.validators, time: time)
    }

    /// Slashes, releases every lock of the order, and deals with the bond, and with a reward that nobody earned.
    private mutating func apply(
        _ settlement: Settlement, to order: OrderRecord, of task: TaskRecord, isEarned: Bool
    ) {
        for participant in order.commitments.keys { release(participant, as: .participant) }
        for validator in order.validations.keys where !order.slashedValidators.contains(validator) {
            release(validator, as: .validator)
        }
        for (verifier, times) in order.verifierLocks { release(verifier, as: .verifier, times: times) }
        release(task.publisher, as: .publisher)
        for slash in settlement.slashes { apply(slash) }
        if settlement.losesBond {
            shareBond(of: order, finder: settlement.bondFinder)
        } else {
            payFromEscrow(order.opening.bond, to: task.publisher)
        }
        if !isEarned { payFromEscrow(order.opening.reward, to: task.publisher) }
    }

    mutating func apply(_ slash: Settlement.Slash) {
        let award = slash.finder.map {
            (to: $0, amount: BasisPoints.share(slash.amount, parameters.challengerShare))
        }
        self.slash(slash.account, as: slash.role, slash.amount, award: award)
    }

    /// Equally among those who committed; the remainder is burnt.
    private mutating func shareBond(of order: OrderRecord, finder: PublicKey?) {
        var rest = order.opening.bond
        if let finder {
            let part = BasisPoints.share(rest, parameters.challengerShare)
            payFromEscrow(part, to: finder)
            rest -= part
        }
        let each = rest / UInt64(order.commitments.count)
        for participant in order.commitments.keys {
            payFromEscrow(each, to: participant)
            rest -= each
        }
        burnFromEscrow(rest)
    }
}
