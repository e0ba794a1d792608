/// The rules for reports on contents that are kept elsewhere, and for votes on them.
extension LedgerState {
    mutating func report(
        _ body: FileReport, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let (task, order) = try orderUnderReport(body.subject, body.round, of: body.task)
        let (responsible, question) = try subject(of: body, task, order)
        guard time < reportDeadline(body.subject, order) else { throw .lateReport }
        guard !order.reports.contains(where: { $0.subject == body.subject && $0.complaint == body.complaint })
        else { throw .alreadyReported }
        guard sender != responsible else { throw .conflictOfInterest }
        guard order.reports.count < Limits.reportsPerOrder else { throw .tooManyReports }
        try requireFreeStake(of: sender, as: .verifier)
        var report = Report(
            subject: body.subject, complaint: body.complaint, reporter: sender, time: time)
        if parameters.recomputesOpenings, body.complaint == .unfit,
            case .isFit(let isFit) = oracle.content(.fitness(question))
        {
            report.decision = isFit ? .rejected : .upheld
        }
        lock(sender, as: .verifier)
        let filed = report
        update(body) {
            $0.verifierLocks[sender, default: 0] += 1
            $0.reports.append(filed)
        }
        return .reported(number: UInt32(order.reports.count), decision: filed.decision)
    }

    mutating func vote(_ body: CastVote, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try order(body.round, of: body.task)
        guard Int(body.report) < order.reports.count else {
            throw order.outcome == nil ? .unknownReport : .roundFinalized
        }
        let report = order.reports[Int(body.report)]
        _ = try orderUnderReport(report.subject, body.round, of: body.task)
        guard report.decision == .open else { throw .reportDecided }
        guard time < voteDeadline(report.subject, order) else { throw .lateVote }
        guard sender != report.reporter, sender != responsible(for: report.subject, task, order) else {
            throw .conflictOfInterest
        }
        guard report.votes[sender] == nil else { throw .alreadyVoted }
        guard order.reports.reduce(0, { $0 + $1.votes.count }) < Limits.votesPerOrder else {
            throw .tooManyReports
        }
        let isFirst = !order.voters.contains(sender)
        if isFirst {
            try requireFreeStake(of: sender, as: .verifier)
            lock(sender, as: .verifier)
        }
        update(body) {
            if isFirst {
                $0.voters.insert(sender)
                $0.verifierLocks[sender, default: 0] += 1
            }
            $0.reports[Int(body.report)].votes[sender] = body.upholds
        }
        return .voted
    }

    /// An order in the state in which such a subject can be reported: the global model's only after the end.
    private func orderUnderReport(
        _ subject: ReportSubject, _ round: UInt64, of task: Identifier
    ) throws(Rejection) -> (task: TaskRecord, order: OrderRecord) {
        guard subject == .globalModel else { return try openedOrder(round, of: task) }
        let (task, order) = try order(round, of: task)
        guard order.outcome != nil else { throw .notFinalized }
        guard order.paid == nil else { throw .alreadyPaid }
        return (task, order)
    }

    /// Who is responsible for a content, and how to ask whether it fits.
    private func subject(
        of body: FileReport, _ task: TaskRecord, _ order: OrderRecord
    ) throws(Rejection) -> (responsible: PublicKey?, FitnessQuestion) {
        let content: FitnessQuestion.Content
        switch body.subject {
        case .testSet:
            guard let testSet = order.testSet else { throw .subjectMissing }
            content = .testSet(
                testSet, current: currentGlobalModel(task), start: order.opening.start)
        case .model(let participant):
            guard let claim = order.scoreClaims[participant], let commitment = order.commitments[participant]
            else { throw .subjectMissing }
            content = .model(commitment: commitment.commitment, opening: claim.opening)
        case .globalModel:
            guard let model = order.outcome?.weightedGlobalModel else { throw .subjectMissing }
            content = .globalModel(model)
        }
        return (
            responsible(for: body.subject, task, order),
            FitnessQuestion(ledger: identifier, task: task.opening, round: body.round, content: content)
        )
    }

    private func responsible(
        for subject: ReportSubject, _ task: TaskRecord, _ order: OrderRecord
    ) -> PublicKey? {
        switch subject {
        case .testSet: task.publisher
        case .model(let participant): participant
        case .globalModel: order.outcome?.aggregator
        }
    }

    private func reportDeadline(_ subject: ReportSubject, _ order: OrderRecord) -> Timestamp {
        let windows = order.opening.windows
        return subject == .globalModel ? windows.finalizeDeadline : windows.challengeDeadline
    }

    private func voteDeadline(_ subject: ReportSubject, _ order: OrderRecord) -> Timestamp {
        let windows = order.opening.windows
        return subject == .globalModel ? windows.finalizeDeadline : windows.voteDeadline
    }

    /// The global model of the last order that has one.
    func currentGlobalModel(_ task: TaskRecord) -> WeightedGlobalModel? {
        task.orders.last { $0.outcome?.globalModel != nil }?.outcome?.weightedGlobalModel
    }
}
