/// The rules for commitments to data and models, and for what is revealed.
extension LedgerState {
    /// Commitments to data end when those to models begin, because the order of the batches follows from all of them.
    mutating func commitData(_ body: CommitData, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard task.opening.audit != nil else { throw .auditNotWanted }
        guard sender != task.publisher else { throw .publisherMayNotCompete }
        guard time < order.opening.windows.commitStart else { throw .lateCommitment }
        guard (1...Limits.batchesPerDataSet).contains(body.batches) else {
            throw .batchCountOutOfRange(body.batches)
        }
        if order.dataCommitments[sender] == nil {
            guard order.dataCommitments.count < Int(parameters.maximumParticipants) else {
                throw .tooManyParticipants
            }
            try requireFreeStake(of: sender, as: .participant)
        }
        update(body) {
            $0.dataCommitments[sender] = DataCommitment(
                batchRoot: body.batchRoot, batches: body.batches, dataset: body.dataset)
        }
        return .dataCommitted
    }

    mutating func commitModel(_ body: CommitModel, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard sender != task.publisher else { throw .publisherMayNotCompete }
        try requireTime(from: order.opening.windows.commitStart)
        guard time < order.opening.windows.commitDeadline else { throw .lateCommitment }
        try checkCommitment(body.commitment)
        if task.opening.audit != nil {
            guard order.dataCommitments[sender] != nil else { throw .dataNotCommitted }
            guard body.checkpointRoot != nil else { throw .checkpointRootMissing }
        }
        let isFirst = order.commitments[sender] == nil
        if isFirst {
            guard order.commitments.count < Int(parameters.maximumParticipants) else {
                throw .tooManyParticipants
            }
            try requireFreeStake(of: sender, as: .participant)
            lock(sender, as: .participant)
        }
        let (number, time) = (order.commitmentCount, self.time)
        update(body) {
            $0.commitments[sender] = ModelCommitment(
                order: number, commitment: body.commitment, checkpointRoot: body.checkpointRoot,
                beaconCommitment: body.beaconCommitment, time: time)
            $0.commitmentCount += 1
        }
        return .modelCommitted(order: number)
    }

    mutating func revealTestSet(_ body: RevealTestSet, by sender: PublicKey) throws(Rejection) -> Effect {
        _ = try task(body.task, publishedBy: sender)
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard order.testSet == nil else { throw .testSetAlreadyRevealed }
        try requireTime(from: order.opening.windows.commitDeadline)
        guard time < order.opening.windows.revealDeadline else { throw .lateReveal }
        let hash = body.opening.saltedHash(ledger: identifier, task: body.task, round: body.round)
        guard hash == order.opening.testSetHash else { throw .testSetHashMismatch }
        guard !body.opening.chunks.isEmpty else { throw .malformedTestSet("it has no chunk") }
        for (number, chunk) in body.opening.chunks.enumerated() {
            try checkChunk(chunk, number, of: task)
        }
        let samples = body.opening.samples
        guard body.opening.baseline <= samples else {
            throw .malformedTestSet("its baseline is \(body.opening.baseline) of \(samples) samples")
        }
        guard samples >= task.opening.minimumSamples else {
            throw .testSetTooSmall(samples: samples, minimum: task.opening.minimumSamples)
        }
        let time = self.time
        update(body) {
            $0.testSet = body.opening
            $0.revealed = time
        }
        return .testSetRevealed(samples: samples)
    }

    mutating func revealSecret(_ body: RevealSecret, by sender: PublicKey) throws(Rejection) -> Effect {
        let (_, order) = try openedOrder(body.round, of: body.task)
        guard let commitment = order.commitments[sender] else { throw .notCommitted }
        try requireTime(from: order.opening.windows.commitDeadline)
        guard time < order.opening.windows.revealDeadline else { throw .lateReveal }
        guard order.secrets[sender] == nil else { throw .secretAlreadyRevealed }
        guard BeaconSecret.commitment(to: body.secret, of: sender) == commitment.beaconCommitment else {
            throw .secretMismatch
        }
        update(body) { $0.secrets[sender] = body.secret }
        return .secretRevealed
    }

    private func checkChunk(_ chunk: TestSetChunk, _ number: Int, of task: TaskRecord) throws(Rejection) {
        switch task.opening.mode {
        case .zk:
            guard chunk.key < task.verifiers.count else {
                throw .malformedTestSet("chunk \(number) names quality key \(chunk.key), which is not there")
            }
            let capacity = task.opening.qualityKeys[Int(chunk.key)].samples
            guard (1...capacity).contains(chunk.samples) else {
                throw .malformedTestSet(
                    "chunk \(number) has \(chunk.samples) samples, its key is for 1 to \(capacity)")
            }
        case .open:
            guard chunk.key == 0, (1...UInt64(UInt32.max)).contains(chunk.samples) else {
                throw .malformedTestSet(
                    "chunk \(number) has \(chunk.samples) samples and the key \(chunk.key)")
            }
        }
        try checkCommitment(chunk.commitment)
    }

    // MARK: - Beacons

    /// What shuffles the batches of everybody: known from the time on at which commitments to models open.
    ///
    /// - Throws: a `Rejection` for an unknown order.
    public func dataBeacon(task: Identifier, round: UInt64) throws(Rejection) -> Digest {
        let (_, order) = try order(round, of: task)
        return Beacon.data(
            order: Beacon.name(ledger: identifier, task: task, round: round),
            commitments: order.dataCommitments)
    }

    /// What draws the audited stages, once nobody can reveal any more.
    ///
    /// - Parameter time: now.
    /// - Returns: `nil` while it is not known, or if the test set was not revealed.
    /// - Throws: a `Rejection` for an unknown order.
    public func auditBeacon(task: Identifier, round: UInt64, at time: Timestamp) throws(Rejection) -> Digest?
    {
        let (_, order) = try order(round, of: task)
        guard let testSet = order.testSet, time >= order.opening.windows.revealDeadline else { return nil }
        return Beacon.audit(
            order: Beacon.name(ledger: identifier, task: task, round: round), secrets: order.secrets,
            salt: testSet.salt)
    }
}
