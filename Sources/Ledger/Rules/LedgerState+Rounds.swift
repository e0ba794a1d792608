/// The rules for tasks, rounds, commitments and test sets.
extension LedgerState {
    mutating func openTask(_ body: OpenTask, by sender: PublicKey) throws(Rejection) -> Effect {
        guard tasks[body.task] == nil else { throw .taskExists }
        guard !body.qualityKeys.isEmpty else { throw .noQualityKey }
        try checkSampleCount(body.minimumSamples)
        var verifiers: [any QualityVerifier] = []
        for key in body.qualityKeys {
            try checkSampleCount(key.samples)
            let verifier: any QualityVerifier
            do {
                verifier = try proofSystem.qualityVerifier(verifyingKey: key.verifyingKey)
            } catch {
                throw .malformedVerifyingKey("\(error)")
            }
            guard configuration.allowsDevelopmentKeys || !verifier.isDevelopmentKey else {
                throw .developmentKeyNotAllowed
            }
            verifiers.append(verifier)
        }
        tasks[body.task] = TaskRecord(publisher: sender, opening: body, opened: time, verifiers: verifiers)
        return .taskOpened
    }

    mutating func openRound(_ body: OpenRound, by sender: PublicKey) throws(Rejection) -> Effect {
        let task = try task(body.task, publishedBy: sender)
        let next = UInt64(task.rounds.count)
        guard body.round == next else { throw .wrongRound(expected: next, actual: body.round) }
        guard task.rounds.allSatisfy({ $0.outcome != nil }) else { throw .previousRoundNotFinalized }
        let ends = [time, body.commitDeadline, body.proofDeadline].compactMap { $0 }
        guard zip(ends, ends.dropFirst()).allSatisfy(<) else { throw .deadlinesOutOfOrder }
        tasks[body.task]!.rounds.append(RoundRecord(opening: body, opened: time))
        return .roundOpened
    }

    mutating func commitModel(_ body: CommitModel, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, index) = try openedRound(body.round, of: body.task)
        let round = task.rounds[index]
        guard sender != task.publisher else { throw .publisherMayNotCompete }
        guard round.commitments[sender] == nil else { throw .alreadyCommitted }
        guard round.testSet == nil, time < (round.opening.commitDeadline ?? .distantFuture) else {
            throw .lateCommitment
        }
        try checkCommitment(body.commitment)
        let order = UInt64(round.commitments.count)
        tasks[body.task]!.rounds[index].commit(
            ModelCommitment(order: order, commitment: body.commitment, time: time), by: sender)
        return .modelCommitted(order: order)
    }

    mutating func revealTestSet(_ body: RevealTestSet, by sender: PublicKey) throws(Rejection) -> Effect {
        let task = try task(body.task, publishedBy: sender)
        let (_, index) = try openedRound(body.round, of: body.task)
        let round = task.rounds[index]
        guard round.testSet == nil else { throw .testSetAlreadyRevealed }
        guard time >= (round.opening.commitDeadline ?? time) else { throw .commitmentsStillOpen }
        let hash = body.opening.saltedHash(ledger: identifier, task: body.task, round: body.round)
        guard hash == round.opening.testSetHash else { throw .testSetHashMismatch }
        guard !body.opening.chunks.isEmpty else { throw .malformedTestSet("it has no chunk") }
        for (number, chunk) in body.opening.chunks.enumerated() {
            guard chunk.key < task.verifiers.count else {
                throw .malformedTestSet("chunk \(number) names quality key \(chunk.key), which is not there")
            }
            let capacity = task.opening.qualityKeys[Int(chunk.key)].samples
            guard (1...capacity).contains(chunk.samples) else {
                throw .malformedTestSet(
                    "chunk \(number) has \(chunk.samples) samples, its key is for 1 to \(capacity)")
            }
            try checkCommitment(chunk.commitment)
        }
        let samples = body.opening.samples
        guard samples >= task.opening.minimumSamples else {
            throw .testSetTooSmall(samples: samples, minimum: task.opening.minimumSamples)
        }
        tasks[body.task]!.rounds[index].reveal(body.opening)
        return .testSetRevealed(samples: samples)
    }

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

    /// The task, and the place of a round that is open.
    func openedRound(
        _ number: UInt64, of name: Identifier
    ) throws(Rejection) -> (task: TaskRecord, index: Int) {
        let task = try task(name)
        guard number < UInt64(task.rounds.count) else { throw .unknownRound }
        let index = Int(number)
        guard task.rounds[index].outcome == nil else { throw .roundFinalized }
        return (task, index)
    }

    private func checkSampleCount(_ count: UInt64) throws(Rejection) {
        // 1024 chunks of so many samples, weighed and summed, stay far below 2^64.
        guard (1...UInt64(UInt32.max)).contains(count) else { throw .sampleCountOutOfRange(count) }
    }

    private func checkCommitment(_ commitment: [UInt8]) throws(Rejection) {
        do {
            try proofSystem.checkCommitment(commitment)
        } catch {
            throw .malformedCommitment("\(error)")
        }
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(milliseconds: .max)
}
