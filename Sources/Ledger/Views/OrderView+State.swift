extension AccountView {
    /// An account as it stands.
    public init(_ key: PublicKey, _ account: Account) {
        self.account = key.description
        nonce = account.nonce
        balance = account.balance
        stakes = account.stakes
        locked = account.locked
    }
}

extension TaskView {
    init(_ name: Identifier, _ task: TaskRecord) {
        self.name = name.description
        description = task.opening.description
        publisher = task.publisher.description
        opened = task.opened
        minimumSamples = task.opening.minimumSamples
        weights = "\(task.opening.weights)"
        mode = "\(task.opening.mode)"
        audit = task.opening.audit.map { "\($0.mode)" }
        verifyingKeys = task.verifyingKeyDigests.map(\.description)
        orders = task.orders.map { OrderView($0) }
    }
}

extension OrderView {
    /// An order as it stands.
    public init(_ order: OrderRecord) {
        round = order.opening.round
        phase =
            if order.sealedDigest != nil {
                "pruned"
            } else if order.paid != nil {
                "paid"
            } else if order.outcome != nil {
                "finalized"
            } else {
                order.testSet != nil ? "proving" : "committing"
            }
        opened = order.opened
        windows = order.opening.windows
        reward = order.opening.reward
        bond = order.opening.bond
        split = order.opening.split
        payoutSigners = order.opening.payoutSigners.map(\.description)
        payoutThreshold = order.opening.payoutThreshold
        testSetHash = order.opening.testSetHash.description
        samples = order.samples
        baseline = order.testSet?.baseline
        testSetDigest = order.testSet?.dataDigest.description
        participants = order.participants.compactMap { ParticipantView($0, in: order) }
        validations = order.validations.sorted { $0.key < $1.key }.flatMap { validator, byParticipant in
            byParticipant.sorted { $0.key < $1.key }.map {
                ValidationView(
                    validator: validator.description, participant: $0.key.description,
                    correct: $0.value.correct, isSlashed: order.slashedValidators.contains(validator))
            }
        }
        reports = order.reports.map { ReportView($0) }
        survivors = order.survivors.map { $0.map(\.description) }
        outcome = order.outcome.map { "\($0.kind)" }
        leader = order.outcome?.leader?.participant.description
        globalCommitment = order.outcome?.globalModel?.commitment.hexadecimal
        globalModelDigest = order.outcome?.globalModel?.openingDigest.description
        finalized = order.outcome?.time
        paid = order.paid
    }
}

extension ReportView {
    init(_ report: Report) {
        subject = report.subject
        complaint = report.complaint
        reporter = report.reporter.description
        upholding = report.votes.values.count { $0 }
        rejecting = report.votes.count - upholding
        decision = report.decision
    }
}

extension ParticipantView {
    init?(_ participant: PublicKey, in order: OrderRecord) {
        guard let commitment = order.commitments[participant] else { return nil }
        self.participant = participant.description
        self.order = commitment.order
        self.commitment = commitment.commitment.hexadecimal
        hasRevealed = order.secrets[participant] != nil
        provenStages = order.answers[participant]?.count ?? 0
        boundedStages = order.updates[participant]?.count ?? 0
        provenCorrect = order.provenCorrect(participant)
        provenAccuracy = order.samples.map { Double(order.provenCorrect(participant)) / Double($0) }
        weight = order.outcome?.weights.first { $0.participant == participant }?.weight
        let isIn = weight != nil
        isAccepted =
            order.outcome.map { isIn || $0.leftOut.contains(participant) }
            ?? order.hasCompleteClaim(participant)
        proofDigests = order.claims[participant, default: [:]].sorted { $0.key < $1.key }
            .map { $0.value.proofDigest.description }
    }
}
