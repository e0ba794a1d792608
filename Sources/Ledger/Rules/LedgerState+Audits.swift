/// The rules for audits (Docs/audit.md): which stages must be proven, and what an answer must show.
extension LedgerState {
    /// The stages that a participant must prove, in ascending order.
    ///
    /// - Parameter time: now.
    /// - Throws: a `Rejection` for an unknown order, one without audits, a participant that has not committed, or a beacon
    ///   that is not known yet.
    public func auditedStages(
        task name: Identifier, round: UInt64, participant: PublicKey, at time: Timestamp
    ) throws(Rejection) -> [UInt32] {
        let (task, order) = try order(round, of: name)
        guard let policy = task.opening.audit else { throw .auditNotWanted }
        guard let root = order.commitments[participant]?.checkpointRoot else { throw .notCommitted }
        try requireTime(from: order.opening.windows.revealDeadline, at: time)
        guard let beacon = try auditBeacon(task: name, round: round, at: time) else {
            throw .testSetNotRevealed
        }
        return Self.sample(policy, beacon: beacon, task: name, participant: participant, root: root)
    }

    mutating func answerAudit(
        _ body: AnswerAudit, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard let policy = task.opening.audit, let verifier = task.stageVerifier else {
            throw .auditNotWanted
        }
        guard let commitment = order.commitments[sender] else { throw .notCommitted }
        guard order.secrets[sender] != nil else { throw .secretNotRevealed }
        let wanted = try auditedStages(task: body.task, round: body.round, participant: sender, at: time)
        guard time < order.opening.windows.proofDeadline else { throw .lateProof }
        guard wanted.contains(body.stage) else { throw .stageNotSampled(body.stage) }
        guard order.answers[sender]?.contains(body.stage) != true else { throw .stageAlreadyAnswered }
        try checkCheckpoints(
            body.before, body.after, of: body.stage, policy, commitment, start: order.opening.start)
        try checkBatches(body, policy, order, by: sender)
        let statement = StageStatement(
            ledger: identifier, task: body.task, round: body.round, stage: body.stage, participant: sender,
            before: body.before.commitment, after: body.after.commitment,
            batches: body.batches.map(\.commitment))
        try check(
            ProofRequest(verifier: verifier, statement: .stage(statement), proof: body.proof), by: sender,
            oracle: oracle)
        let digest = Digest(sha256: body.proof)
        update(body) {
            $0.answers[sender, default: []].insert(body.stage)
            $0.acceptedProofs[digest] = sender
        }
        proofOwners[digest] = sender
        let answered = (order.answers[sender]?.count ?? 0) + 1
        return .stageProven(answered: UInt32(answered), wanted: UInt32(wanted.count))
    }

    /// Every stage's update is bounded in the mode `bounded`, sampled or not; no beacon decides anything here.
    mutating func proveUpdate(
        _ body: ProveUpdate, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard let policy = task.opening.audit, let verifier = task.updateVerifier else {
            throw .auditNotWanted
        }
        guard let commitment = order.commitments[sender] else { throw .notCommitted }
        guard order.secrets[sender] != nil else { throw .secretNotRevealed }
        guard time < order.opening.windows.proofDeadline else { throw .lateProof }
        guard body.stage < policy.stages else { throw .stageNotSampled(body.stage) }
        guard order.updates[sender]?.contains(body.stage) != true else { throw .stageAlreadyAnswered }
        try checkCheckpoints(
            body.before, body.after, of: body.stage, policy, commitment, start: order.opening.start)
        let statement = StageStatement(
            ledger: identifier, task: body.task, round: body.round, stage: body.stage, participant: sender,
            before: body.before.commitment, after: body.after.commitment, batches: [])
        try check(
            ProofRequest(verifier: verifier, statement: .stage(statement), proof: body.proof), by: sender,
            oracle: oracle)
        let digest = Digest(sha256: body.proof)
        update(body) {
            $0.updates[sender, default: []].insert(body.stage)
            $0.acceptedProofs[digest] = sender
        }
        proofOwners[digest] = sender
        let proven = (order.updates[sender]?.count ?? 0) + 1
        return .stageProven(answered: UInt32(proven), wanted: policy.stages)
    }

    /// Whether a participant has proven all stages that it must; true where there are no audits.
    func hasAnsweredAudits(
        _ participant: PublicKey, task: TaskRecord, order: OrderRecord
    ) -> Bool {
        guard let policy = task.opening.audit else { return true }
        guard let testSet = order.testSet, let root = order.commitments[participant]?.checkpointRoot else {
            return false
        }
        let name = Beacon.name(ledger: identifier, task: order.opening.task, round: order.opening.round)
        let beacon = Beacon.audit(order: name, secrets: order.secrets, salt: testSet.salt)
        let wanted = Self.sample(
            policy, beacon: beacon, task: order.opening.task, participant: participant, root: root)
        guard policy.mode != .bounded || order.updates[participant]?.count == Int(policy.stages) else {
            return false
        }
        return order.answers[participant, default: []].isSuperset(of: wanted)
    }

    private static func sample(
        _ policy: AuditPolicy, beacon: Digest, task: Identifier, participant: PublicKey, root: Digest
    ) -> [UInt32] {
        let sample =
            switch policy.mode {
            case .full: StageSample(allOf: Int(policy.stages))
            case .sampled, .bounded:
                StageSample(
                    stageCount: Int(policy.stages), auditCount: Int(policy.sampleSize), beacon: beacon,
                    party: party(task, participant), checkpointRoot: root)
            }
        return (sample?.stages ?? []).map { UInt32($0) }
    }

    private static func party(_ task: Identifier, _ participant: PublicKey) -> AuditParty {
        AuditParty(task: task.description, participant: participant.description)
    }

    /// Both checkpoints stand in the committed tree, at the ends of the stage; the first of all is the public start, the
    /// last the committed model.
    private func checkCheckpoints(
        _ before: AuditedCheckpoint, _ after: AuditedCheckpoint, of stage: UInt32, _ policy: AuditPolicy,
        _ commitment: ModelCommitment, start: [UInt8]
    ) throws(Rejection) {
        guard let root = commitment.checkpointRoot else { throw .checkpointRootMissing }
        let size = Int(policy.stages) + 1
        for (index, checkpoint) in [before, after].enumerated() {
            let place = Int(stage) + index
            let leaf = AuditLeaf.checkpoint(place, commitment: try coordinates(of: checkpoint))
            guard MerklePath(nodes: checkpoint.path).verify(leaf: leaf, index: place, size: size, root: root)
            else { throw .auditAnswerMismatch("checkpoint \(place) is not in the committed tree") }
        }
        guard stage > 0 || before.commitment == start else {
            throw .auditAnswerMismatch("the training does not start from the public start")
        }
        guard stage + 1 < policy.stages || after.commitment == commitment.commitment else {
            throw .auditAnswerMismatch("the last checkpoint is not the committed model")
        }
    }

    /// The batches are those that the data beacon gives for this stage, and stand in the committed tree.
    private func checkBatches(
        _ body: AnswerAudit, _ policy: AuditPolicy, _ order: OrderRecord, by sender: PublicKey
    ) throws(Rejection) {
        let steps = Int(policy.stepsPerStage)
        guard let data = order.dataCommitments[sender],
            let batchOrder = BatchOrder(
                batchCount: Int(data.batches), dataset: data.dataset,
                beacon: try dataBeacon(task: body.task, round: body.round),
                party: Self.party(body.task, sender))
        else { throw .dataNotCommitted }
        guard body.batches.count == steps else {
            throw .auditAnswerMismatch("it has \(body.batches.count) batches, the stage has \(steps)")
        }
        let places = batchOrder.batches(stage: Int(body.stage), steps: steps)
        for (place, batch) in zip(places, body.batches) {
            let leaf = AuditLeaf.batch(place, commitment: try coordinates(of: batch))
            let isThere = MerklePath(nodes: batch.path).verify(
                leaf: leaf, index: place, size: Int(data.batches), root: data.batchRoot)
            guard isThere else { throw .auditAnswerMismatch("batch \(place) is not in the committed tree") }
        }
    }

    private func coordinates(of checkpoint: AuditedCheckpoint) throws(Rejection) -> [UInt8] {
        do {
            return try proofSystem.coordinates(of: checkpoint.commitment)
        } catch {
            throw .malformedCommitment("\(error)")
        }
    }
}
