/// What the end of an order comes to: computed from the state, then compared with what is asked, then applied.
struct Settlement {
    var kind = OutcomeKind.settled
    var slashes: [Slash] = []
    /// Reports with the decisions that the votes make.
    var reports: [Report] = []
    /// Who is accepted, in the order of their commitments.
    var accepted: [PublicKey] = []
    /// Validators that keep their stake.
    var validators: [PublicKey] = []
    /// Claims that two validators disagree about and that nothing decides.
    var unchecked: [PublicKey] = []
    /// Whether the publisher's bond is lost, and to whom a part of it goes first.
    var losesBond = false
    var bondFinder: PublicKey?

    /// A slashed lock.
    struct Slash: Equatable {
        var account: PublicKey
        var role: Role
        var amount: UInt64
        /// Who found the lie, and gets its share.
        var finder: PublicKey?
    }
}

extension LedgerState {
    /// The settlement of an order as it stands, at the end of all windows before finalize.
    ///
    /// Steps a … f of Docs/protocol.md.
    func settlement(_ task: TaskRecord, _ order: OrderRecord) -> Settlement {
        var settlement = Settlement()
        guard !order.commitments.isEmpty else {
            settlement.kind = .empty
            settlement.reports = order.reports
            return settlement
        }
        let quorum = parameters.voteQuorum
        settlement.reports = order.reports.map { report in
            var decided = report
            decided.decision = report.decided(quorum: quorum)
            return decided
        }
        let upheld = settlement.reports.filter { $0.decision == .upheld }
        let finder = upheld.first { $0.subject == .testSet }?.reporter
        if order.testSet == nil || finder != nil {
            settlement.kind = .aborted
            settlement.losesBond = true
            settlement.bondFinder = finder
        } else {
            judgeParticipants(task, order, upheld, &settlement)
            judgeValidators(task, order, &settlement)
        }
        for report in settlement.reports where report.decision == .rejected {
            settlement.slashes.append(
                .init(account: report.reporter, role: .verifier, amount: lockAmount(.verifier)))
        }
        return settlement
    }

    private func judgeParticipants(
        _ task: TaskRecord, _ order: OrderRecord, _ upheld: [Report], _ settlement: inout Settlement
    ) {
        let full = lockAmount(.participant)
        let baseline = order.testSet?.baseline ?? 0
        for participant in order.participants {
            guard order.secrets[participant] != nil else {
                let part = BasisPoints.share(full, parameters.nonRevealSlash)
                settlement.slashes.append(
                    .init(account: participant, role: .participant, amount: part))
                continue
            }
            let score = order.scores[participant]
            if !hasAnsweredAudits(participant, task: task, order: order)
                || score.map({ $0 < order.provenCorrect(participant) }) ?? false
            {
                settlement.slashes.append(.init(account: participant, role: .participant, amount: full))
                continue
            }
            if let report = upheld.first(where: { $0.subject == .model(participant) }) {
                settlement.slashes.append(
                    .init(account: participant, role: .participant, amount: full, finder: report.reporter))
                continue
            }
            guard order.hasCompleteClaim(participant) else { continue }
            if task.opening.mode == .open {
                // Its score is known, or somebody confirms it and nobody disagrees.
                let standing = order.standingValidations(of: participant).map(\.validation.correct)
                if score == nil, Set(standing).count > 1 {
                    settlement.unchecked.append(participant)
                    continue
                }
                let claimed = order.provenCorrect(participant)
                guard score != nil || standing.contains(where: { $0 >= claimed }) else { continue }
            }
            // Refused entry is no offence.
            guard BasisPoints.reaches(order.provenCorrect(participant), task.opening.entryShare, of: baseline)
            else { continue }
            settlement.accepted.append(participant)
        }
    }

    /// A validator with one false validation loses its stake, whoever has or has not challenged it.
    private func judgeValidators(
        _ task: TaskRecord, _ order: OrderRecord, _ settlement: inout Settlement
    ) {
        for validator in order.validations.keys.sorted()
        where !order.slashedValidators.contains(validator) {
            let isTrue = order.validations[validator, default: [:]].allSatisfy { participant, validation in
                guard let score = order.knownScore(participant, mode: task.opening.mode) else { return true }
                return validation.correct == score
            }
            if isTrue {
                settlement.validators.append(validator)
            } else {
                settlement.slashes.append(
                    .init(account: validator, role: .validator, amount: lockAmount(.validator)))
            }
        }
    }

    /// The weights of the global model: of the survivors on record, or of all that are accepted.
    func weights(_ accepted: [PublicKey], _ task: TaskRecord, _ order: OrderRecord) -> [ParticipantWeight] {
        let survivors = order.survivors.map { Set($0) }
        return accepted.filter { survivors?.contains($0) ?? true }.map { participant in
            let weight =
                switch task.opening.weights {
                case .equal: UInt64(1)
                case .provenAccuracy: order.provenCorrect(participant)
                }
            return ParticipantWeight(participant: participant, weight: weight)
        }
    }

    /// Σ a_i·Ĉ_i.
    func weightedSum(_ weights: [ParticipantWeight], _ order: OrderRecord) throws(Rejection) -> [UInt8] {
        let terms = weights.compactMap { entry in
            order.commitments[entry.participant].map { (weight: entry.weight, commitment: $0.commitment) }
        }
        do {
            return try proofSystem.weightedSum(terms)
        } catch {
            throw .malformedCommitment("\(error)")
        }
    }
}
