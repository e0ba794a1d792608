/// The rules for tasks and orders: Put, Get and Manage of arXiv 2307.07066.
extension LedgerState {
    mutating func openTask(_ body: OpenTask, by sender: PublicKey) throws(Rejection) -> Effect {
        let stake = stake(of: sender, as: .publisher)
        guard stake >= parameters.minimumStake.publisher else {
            throw .notStaked(.publisher, free: stake, needs: parameters.minimumStake.publisher)
        }
        guard tasks[body.task] == nil else { throw .taskExists }
        guard !body.qualityKeys.isEmpty || body.mode == .open else { throw .noQualityKey }
        try checkSampleCount(body.minimumSamples)
        guard body.entryShare <= BasisPoints.whole else { throw .entryShareOutOfRange(body.entryShare) }
        var verifiers: [any StatementVerifier] = []
        for key in body.qualityKeys {
            try checkSampleCount(key.samples)
            verifiers.append(
                try verifier { try proofSystem.qualityVerifier(verifyingKey: key.verifyingKey) })
        }
        var stageVerifier: (any StatementVerifier)?
        var updateVerifier: (any StatementVerifier)?
        if let audit = body.audit {
            try checkPolicy(audit)
            stageVerifier = try verifier {
                try proofSystem.stageVerifier(
                    verifyingKey: audit.verifyingKey, batches: Int(audit.stepsPerStage))
            }
            if audit.mode == .bounded {
                updateVerifier = try verifier {
                    try proofSystem.stageVerifier(verifyingKey: audit.updateKey, batches: 0)
                }
            }
        }
        tasks[body.task] = TaskRecord(
            publisher: sender, opening: body, opened: time, verifiers: verifiers,
            stageVerifier: stageVerifier, updateVerifier: updateVerifier)
        return .taskOpened
    }

    mutating func openOrder(_ body: OpenOrder, by sender: PublicKey) throws(Rejection) -> Effect {
        let task = try task(body.task, publishedBy: sender)
        let next = UInt64(task.orders.count)
        guard body.round == next else { throw .wrongRound(expected: next, actual: body.round) }
        guard task.orders.allSatisfy({ $0.outcome != nil }) else { throw .previousRoundNotFinalized }
        guard body.windows.areInOrder(after: time) else { throw .deadlinesOutOfOrder }
        guard body.split.isWhole else { throw .splitNotWhole }
        guard body.bond >= parameters.minimumBond else {
            throw .bondBelowMinimum(bond: body.bond, minimum: parameters.minimumBond)
        }
        try checkSigners(body)
        if task.opening.audit != nil || !body.start.isEmpty { try checkCommitment(body.start) }
        try requireFreeStake(of: sender, as: .publisher)
        let (total, overflow) = body.reward.addingReportingOverflow(body.bond)
        try requireBalance(overflow ? .max : total, of: sender)
        lock(sender, as: .publisher)
        putIntoEscrow(total, from: sender)
        tasks[body.task]!.orders.append(OrderRecord(opening: body, opened: time))
        return .orderOpened
    }

    /// Orders that one can still commit to at a time, by reward per unit of training time, best first; equal ones by the
    /// task's name, then by round.
    public func openOrders(at time: Timestamp) -> [OrderListing] {
        tasks.flatMap { name, task in
            task.orders.filter { $0.isOpen && time < $0.opening.windows.commitDeadline }.map {
                OrderListing(
                    task: name, round: $0.opening.round, publisher: task.publisher, reward: $0.opening.reward,
                    trainingTime: $0.opening.windows.commitDeadline.milliseconds - $0.opened.milliseconds)
            }
        }.sorted(by: <)
    }

    // MARK: - Looking up

    /// A task of this name.
    func task(_ name: Identifier) throws(Rejection) -> TaskRecord {
        guard let task = tasks[name] else { throw .unknownTask }
        return task
    }

    /// A task of this name and this publisher.
    func task(_ name: Identifier, publishedBy sender: PublicKey) throws(Rejection) -> TaskRecord {
        let task = try task(name)
        guard task.publisher == sender else { throw .notThePublisher }
        return task
    }

    /// The task, and an order of it in whatever state.
    func order(
        _ number: UInt64, of name: Identifier
    ) throws(Rejection) -> (task: TaskRecord, order: OrderRecord) {
        let task = try task(name)
        guard number < UInt64(task.orders.count) else { throw .unknownRound }
        return (task, task.orders[Int(number)])
    }

    /// The task, and an order of it that is not finalized.
    func openedOrder(
        _ number: UInt64, of name: Identifier
    ) throws(Rejection) -> (task: TaskRecord, order: OrderRecord) {
        let (task, order) = try order(number, of: name)
        guard order.outcome == nil else { throw .roundFinalized }
        return (task, order)
    }

    /// Changes an order that is there.
    mutating func update(_ body: some OrderTransactionBody, _ change: (inout OrderRecord) -> Void) {
        update(body.task, body.round, change)
    }

    /// Changes an order that is there.
    mutating func update(_ task: Identifier, _ round: UInt64, _ change: (inout OrderRecord) -> Void) {
        tasks[task]?.orders[Int(round)].update(change)
    }

    /// Refuses what comes before its window.
    func requireTime(from start: Timestamp) throws(Rejection) { try requireTime(from: start, at: time) }

    func requireTime(from start: Timestamp, at time: Timestamp) throws(Rejection) {
        guard time >= start else { throw .tooEarly(opens: start) }
    }

    func checkCommitment(_ commitment: [UInt8]) throws(Rejection) {
        do {
            try proofSystem.checkCommitment(commitment)
        } catch {
            throw .malformedCommitment("\(error)")
        }
    }

    // MARK: - Checks of openings

    private func verifier(
        _ make: () throws -> any StatementVerifier
    ) throws(Rejection) -> any StatementVerifier {
        let verifier: any StatementVerifier
        do {
            verifier = try make()
        } catch {
            throw .malformedVerifyingKey("\(error)")
        }
        guard configuration.allowsDevelopmentKeys || !verifier.isDevelopmentKey else {
            throw .developmentKeyNotAllowed
        }
        return verifier
    }

    private func checkSampleCount(_ count: UInt64) throws(Rejection) {
        // 1024 chunks of so many samples, weighed and summed, stay far below 2^64.
        guard (1...UInt64(UInt32.max)).contains(count) else { throw .sampleCountOutOfRange(count) }
    }

    private func checkPolicy(_ audit: AuditPolicy) throws(Rejection) {
        guard (1...UInt32(StageSample.mostStages)).contains(audit.stages) else {
            throw .malformedAuditPolicy("it has \(audit.stages) stages")
        }
        guard (1...UInt32(Limits.batchesPerStage)).contains(audit.stepsPerStage) else {
            throw .malformedAuditPolicy("a stage has \(audit.stepsPerStage) steps")
        }
        guard audit.mode == .full || audit.sampleSize >= 1 else {
            throw .malformedAuditPolicy("it samples no stage")
        }
        // Every stage of an audit is one transaction of a participant, and one entry of the state.
        let wanted = audit.mode == .sampled ? min(audit.stages, audit.sampleSize) : audit.stages
        guard wanted <= Limits.auditedStages else {
            throw .malformedAuditPolicy("it wants \(wanted) stages proven, more than \(Limits.auditedStages)")
        }
        guard (audit.mode == .bounded) == (audit.bound > 0) else {
            throw .malformedAuditPolicy("the mode \(audit.mode) has the bound \(audit.bound)")
        }
        guard audit.mode == .bounded || audit.updateKey.isEmpty else {
            throw .malformedAuditPolicy("the mode \(audit.mode) has a key for updates")
        }
    }

    private func checkSigners(_ body: OpenOrder) throws(Rejection) {
        let signers = Set(body.payoutSigners)
        guard signers.count == body.payoutSigners.count else {
            throw .malformedPayoutSigners("an account stands twice among them")
        }
        let least = signers.isEmpty ? 0 : 1
        guard (least...signers.count).contains(Int(body.payoutThreshold)) else {
            throw .malformedPayoutSigners("\(body.payoutThreshold) of \(signers.count) cannot sign")
        }
    }
}

/// An order that one can commit to.
public struct OrderListing: Sendable, Hashable, Comparable, Codable {
    public let task: Identifier
    public let round: UInt64
    public let publisher: PublicKey
    public let reward: UInt64
    /// ΔT_train in milliseconds, at least 1.
    public let trainingTime: UInt64

    package init(
        task: Identifier, round: UInt64, publisher: PublicKey, reward: UInt64, trainingTime: UInt64
    ) {
        self.task = task
        self.round = round
        self.publisher = publisher
        self.reward = reward
        self.trainingTime = trainingTime
    }

    /// Best reward per time first; exact, by cross-multiplication in 128 bits.
    public static func < (a: Self, b: Self) -> Bool {
        let left = a.reward.multipliedFullWidth(by: b.trainingTime)
        let right = b.reward.multipliedFullWidth(by: a.trainingTime)
        if left.high != right.high { return left.high > right.high }
        if left.low != right.low { return left.low > right.low }
        return (a.task, a.round) < (b.task, b.round)
    }
}
