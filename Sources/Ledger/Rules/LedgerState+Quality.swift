/// The rules for claims: quality proofs, and scores in the mode `open`.
extension LedgerState {
    /// What a participant has to prove: the statement to which its proof must be bound.
    ///
    /// - Throws: a `Rejection` for an unknown or finalized order, the other mode, a test set not revealed, a model not
    ///   committed, a chunk that is not there, or a claim out of range.
    public func qualityStatement(
        task name: Identifier, round number: UInt64, chunk: UInt32, participant: PublicKey, correct: UInt64
    ) throws(Rejection) -> QualityStatement {
        let (task, order) = try openedOrder(number, of: name)
        guard task.opening.mode == .zk else { throw .wrongMode(task.opening.mode) }
        guard let testSet = order.testSet else { throw .testSetNotRevealed }
        guard let commitment = order.commitments[participant] else { throw .notCommitted }
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
        _ body: ProveQuality, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        let statement = try qualityStatement(
            task: body.task, round: body.round, chunk: body.chunk, participant: sender,
            correct: body.correct)
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard let testSet = order.testSet else { throw .testSetNotRevealed }
        guard time < order.opening.windows.proofDeadline else { throw .lateProof }
        guard order.secrets[sender] != nil else { throw .secretNotRevealed }
        if let claim = order.claims[sender]?[body.chunk], claim.correct >= body.correct {
            throw .claimNotBetter(than: claim.correct)
        }
        try check(
            ProofRequest(
                verifier: task.verifiers[Int(testSet.chunks[Int(body.chunk)].key)],
                statement: .quality(statement), proof: body.proof), by: sender, oracle: oracle)
        let claim = QualityClaim(
            correct: body.correct, proofDigest: Digest(sha256: body.proof), time: time)
        update(body) {
            $0.claims[sender, default: [:]][body.chunk] = claim
            $0.acceptedProofs[claim.proofDigest] = sender
        }
        proofOwners[claim.proofDigest] = sender
        let proven = try openedOrder(body.round, of: body.task).order.provenCorrect(sender)
        return .qualityProven(correct: proven, samples: testSet.samples)
    }

    mutating func claimScore(_ body: ClaimScore, by sender: PublicKey) throws(Rejection) -> Effect {
        let (task, order) = try openedOrder(body.round, of: body.task)
        guard task.opening.mode == .open else { throw .wrongMode(task.opening.mode) }
        guard let testSet = order.testSet else { throw .testSetNotRevealed }
        guard order.commitments[sender] != nil else { throw .notCommitted }
        guard (1...testSet.samples).contains(body.correct) else {
            throw .claimOutOfRange(correct: body.correct, samples: testSet.samples)
        }
        guard time < order.opening.windows.proofDeadline else { throw .lateProof }
        guard order.secrets[sender] != nil else { throw .secretNotRevealed }
        if let claim = order.scoreClaims[sender], claim.correct >= body.correct {
            throw .claimNotBetter(than: claim.correct)
        }
        let claim = ScoreClaim(correct: body.correct, opening: body.opening, time: time)
        update(body) { $0.scoreClaims[sender] = claim }
        return .scoreClaimed(correct: body.correct, samples: testSet.samples)
    }

    /// Refuses a proof that is another account's, malformed or invalid.
    func check(_ request: ProofRequest, by sender: PublicKey, oracle: Oracle) throws(Rejection) {
        if let owner = proofOwners[Digest(sha256: request.proof)], owner != sender {
            throw .replayedProof(of: owner)
        }
        switch oracle.proof(request) {
        case .valid: break
        case .invalid: throw .proofDoesNotVerify
        case .malformed(let reason): throw .malformedProof(reason)
        }
    }
}
