/// The rules for quality proofs and for the end of a round.
extension LedgerState {
    /// What a participant has to prove: the statement to which its proof must be bound.
    ///
    /// - Throws: a `Rejection` for an unknown or finalized round, a test set not revealed, a model not
    ///   committed, a chunk that is not there, or a claim out of range.
    public func qualityStatement(
        task name: Identifier, round number: UInt64, chunk: UInt32, participant: PublicKey, correct: UInt64
    ) throws(Rejection) -> QualityStatement {
        let (task, index) = try openedRound(number, of: name)
        let round = task.rounds[index]
        guard let testSet = round.testSet else { throw .testSetNotRevealed }
        guard let commitment = round.commitments[participant] else { throw .notCommitted }
        guard chunk < UInt32(testSet.chunks.count) else { throw .unknownChunk(chunk) }
        let piece = testSet.chunks[Int(chunk)]
        guard (1...piece.samples).contains(correct) else {
            throw .claimOutOfRange(correct: correct, samples: piece.samples)
        }
        return QualityStatement(
            ledger: identifier, task: name, round: number, chunk: chunk, participant: participant,
            model: commitment.commitment, testSet: piece.commitment, correct: correct)
    }

    /// Claims are kept by statement (participant, chunk), never by the proof's bytes: anyone can re-randomise
    /// a proof. The digests of accepted proofs serve only to tell a plain copy from other proofs that do not
    /// verify.
    mutating func proveQuality(
        _ body: ProveQuality, by sender: PublicKey, verdict: (ProofRequest) -> ProofVerdict
    ) throws(Rejection) -> Effect {
        let statement = try qualityStatement(
            task: body.task, round: body.round, chunk: body.chunk, participant: sender,
            correct: body.correct)
        let (task, index) = try openedRound(body.round, of: body.task)
        let round = task.rounds[index]
        guard time < (round.opening.proofDeadline ?? .distantFuture) else { throw .lateProof }
        if let claim = round.claims[sender]?[body.chunk], claim.correct >= body.correct {
            throw .claimNotBetter(than: claim.correct)
        }
        let proofDigest = Digest(sha256: body.proof)
        if let owner = acceptedOwner(ofProof: proofDigest), owner != sender {
            throw .replayedProof(of: owner)
        }
        let key = Int(round.testSet!.chunks[Int(body.chunk)].key)
        let request = ProofRequest(
            verifier: task.verifiers[key], statement: statement, proof: body.proof)
        switch verdict(request) {
        case .valid: break
        case .invalid: throw .proofDoesNotVerify
        case .malformed(let reason): throw .malformedProof(reason)
        }
        let claim = QualityClaim(correct: body.correct, proofDigest: proofDigest, time: time)
        tasks[body.task]!.rounds[index].accept(claim, of: body.chunk, by: sender)
        let proven = tasks[body.task]!.rounds[index].provenCorrect(sender)
        return .qualityProven(correct: proven, samples: round.testSet!.samples)
    }

    /// The leader is the accepted participant with the best proven accuracy. The global commitment must be
    /// Σ a_i·Ĉ_i over the accepted participants, which anybody can check, as commitments are homomorphic.
    mutating func finalizeRound(_ body: FinalizeRound, by sender: PublicKey) throws(Rejection) -> Effect {
        _ = try task(body.task, publishedBy: sender)
        let (task, index) = try openedRound(body.round, of: body.task)
        let round = task.rounds[index]
        guard let testSet = round.testSet else { throw .testSetNotRevealed }
        guard time >= (round.opening.proofDeadline ?? time) else { throw .proofsStillOpen }
        let weights = aggregationWeights(of: round, task: task)
        switch body.globalModel {
        case nil: guard weights.isEmpty else { throw .globalModelMissing }
        case let model?:
            guard !weights.isEmpty else { throw .globalModelOfNobody }
            let sum = try weightedSum(weights, of: round)
            guard model.commitment == sum else { throw .aggregateMismatch }
        }
        let leader = round.ranking.first.map {
            Leader(participant: $0, correct: round.provenCorrect($0), samples: testSet.samples)
        }
        tasks[body.task]!.rounds[index].finalize(
            RoundOutcome(leader: leader, globalModel: body.globalModel, weights: weights, time: time))
        return .roundFinalized(leader: leader)
    }

    /// The global model as it stands: who is in it with which weight, and the commitment that `finalizeRound`
    /// must name.
    ///
    /// - Throws: a `Rejection` for an unknown or finalized round, or if nobody has proven every chunk.
    public func aggregate(
        task name: Identifier, round number: UInt64
    ) throws(Rejection) -> (weights: [ParticipantWeight], commitment: [UInt8]) {
        let (task, index) = try openedRound(number, of: name)
        let weights = aggregationWeights(of: task.rounds[index], task: task)
        guard !weights.isEmpty else { throw .globalModelOfNobody }
        return (weights, try weightedSum(weights, of: task.rounds[index]))
    }

    private func aggregationWeights(of round: RoundRecord, task: TaskRecord) -> [ParticipantWeight] {
        round.participants.filter(round.isAccepted).map { participant in
            let weight =
                switch task.opening.weights {
                case .equal: UInt64(1)
                case .provenAccuracy: round.provenCorrect(participant)
                }
            return ParticipantWeight(participant: participant, weight: weight)
        }
    }

    private func weightedSum(
        _ weights: [ParticipantWeight], of round: RoundRecord
    ) throws(Rejection) -> [UInt8] {
        do {
            return try proofSystem.weightedSum(
                weights.map { ($0.weight, round.commitments[$0.participant]!.commitment) })
        } catch {
            throw .malformedCommitment("\(error)")
        }
    }

    private func acceptedOwner(ofProof digest: Digest) -> PublicKey? {
        for task in tasks.values {
            for round in task.rounds {
                if let owner = round.acceptedProofs[digest] { return owner }
            }
        }
        return nil
    }
}
