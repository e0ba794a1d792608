/// The rules for validations, challenges and mandatory checks.
extension LedgerState {
    mutating func validate(_ body: Validate, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        try requireTime(from: order.opening.windows.proofDeadline)
        guard time < order.opening.windows.validationDeadline else { throw .lateValidation }
        guard sender != task.publisher, order.commitments[sender] == nil else { throw .conflictOfInterest }
        guard let samples = order.samples, order.hasCompleteClaim(body.participant) else {
            throw .claimMissing
        }
        guard body.correct <= samples else {
            throw .claimOutOfRange(correct: body.correct, samples: samples)
        }
        guard !order.slashedValidators.contains(sender) else { throw .validatorSlashed }
        let earlier = order.validations[sender, default: [:]]
        guard earlier[body.participant] == nil else { throw .alreadyValidated }
        if earlier.isEmpty {
            guard order.validations.count < Int(parameters.maximumValidators) else {
                throw .tooManyValidators
            }
            try requireFreeStake(of: sender, as: .validator)
            lock(sender, as: .validator)
        }
        let validation = Validation(correct: body.correct, time: time)
        update(body) { $0.validations[sender, default: [:]][body.participant] = validation }
        return .validated
    }

    /// Decided at once: by the accepted proof, or by the protocol's own scoring function.
    mutating func challenge(
        _ body: Challenge, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        try requireTime(from: order.opening.windows.proofDeadline)
        guard time < order.opening.windows.challengeDeadline else { throw .lateChallenge }
        guard let validation = order.validations[body.validator]?[body.participant] else {
            throw .validationMissing
        }
        guard !order.slashedValidators.contains(body.validator) else { throw .validatorSlashed }
        guard !validation.isConfirmed else { throw .alreadyChallenged }
        guard sender != body.validator else { throw .conflictOfInterest }
        try requireFreeStake(of: sender, as: .verifier)
        let score = try score(of: body.participant, task, order, oracle: oracle)
        if task.opening.mode == .open { update(body) { $0.scores[body.participant] = score } }

        let isFalse = validation.correct != score
        let loser = isFalse ? body.validator : sender
        let role = isFalse ? Role.validator : .verifier
        let amount = lockAmount(role)
        let award = BasisPoints.share(amount, parameters.challengerShare)
        slash(loser, as: role, amount, award: (to: isFalse ? sender : body.validator, amount: award))
        if isFalse {
            release(body.validator, as: .validator)
            update(body) { $0.slashedValidators.insert(body.validator) }
        } else {
            update(body) { $0.validations[body.validator]?[body.participant]?.isConfirmed = true }
        }
        return .challengeDecided(isUpheld: isFalse, score: score, slashed: amount, awarded: award)
    }

    mutating func check(
        _ body: CheckScore, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard task.opening.mode == .open else { throw .wrongMode(task.opening.mode) }
        try requireTime(from: order.opening.windows.validationDeadline)
        guard time < order.opening.windows.voteDeadline else { throw .lateVote }
        guard order.hasCompleteClaim(body.participant) else { throw .claimMissing }
        guard order.scores[body.participant] == nil else { throw .alreadyChecked }
        let score = try score(of: body.participant, task, order, oracle: oracle)
        update(body) { $0.scores[body.participant] = score }
        return .scoreChecked(score)
    }

    /// The true score of a claim that is complete.
    private func score(
        of participant: PublicKey, _ task: TaskRecord, _ order: OrderRecord, oracle: Oracle
    ) throws(Rejection) -> UInt64 {
        if let known = order.knownScore(participant, mode: task.opening.mode) { return known }
        guard let testSet = order.testSet, let claim = order.scoreClaims[participant],
            let commitment = order.commitments[participant]
        else { throw .claimMissing }
        let question = ScoreQuestion(
            ledger: identifier, task: task.opening, round: order.opening.round, participant: participant,
            commitment: commitment.commitment, opening: claim.opening, testSet: testSet)
        guard case .score(let score) = oracle.content(.score(question)) else { throw .contentUnavailable }
        return score
    }
}
