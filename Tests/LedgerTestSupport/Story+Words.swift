import Ledger

/// What people say.
extension Story {
    public static func openTask(
        _ name: Identifier = Story.task, keys: [QualityKey] = [QualityKey(samples: 100, verifyingKey: key)],
        minimumSamples: UInt64 = 100, weights: AggregationWeights = .equal, mode: ValidationMode = .zk,
        entryShare: UInt16 = 0, audit: AuditPolicy? = nil
    ) -> Transaction {
        .openTask(
            OpenTask(
                task: name, description: "handwritten digits", qualityKeys: keys,
                minimumSamples: minimumSamples, weights: weights, mode: mode, entryShare: entryShare,
                audit: audit))
    }

    /// The test set of a round: two chunks, of 100 and 50 samples.
    public static func testSet(
        round: UInt64 = 0, chunks: [TestSetChunk] = [chunk(100, point: 1000), chunk(50, point: 1001)],
        baseline: UInt64 = 0
    ) -> TestSetOpening {
        TestSetOpening(
            salt: Digest(sha256: [UInt8(truncatingIfNeeded: round)]), dataDigest: Digest(sha256: [1, 2, 3]),
            chunks: chunks, baseline: baseline)
    }

    public static func chunk(_ samples: UInt64, point: UInt64, key: UInt32 = 0) -> TestSetChunk {
        TestSetChunk(samples: samples, key: key, commitment: ClearProofSystem.commitment(point))
    }

    /// Windows of 100 seconds each, from the next thing said on.
    public var windows: OrderWindows {
        OrderWindows(
            from: Timestamp(milliseconds: time.milliseconds + 1000), training: 100_000, each: 100_000)
    }

    public func openOrder(
        _ round: UInt64 = 0, testSet: TestSetOpening? = nil, windows: OrderWindows? = nil,
        reward: UInt64 = 1003, bond: UInt64 = 101, split: RewardSplit = Story.split,
        signers: [SigningKey]? = nil,
        threshold: UInt8 = 2, start: [UInt8] = []
    ) -> Transaction {
        let testSet = testSet ?? Story.testSet(round: round)
        let hash = testSet.saltedHash(ledger: state.identifier, task: Story.task, round: round)
        return .openOrder(
            OpenOrder(
                task: Story.task, round: round, testSetHash: hash, windows: windows ?? self.windows,
                reward: reward, bond: bond, split: split,
                payoutSigners: (signers ?? self.signers).map(\.publicKey), payoutThreshold: threshold,
                start: start))
    }

    /// A participant's part of the beacon.
    public static func secret(of signer: SigningKey) -> Digest {
        Digest(sha256: signer.publicKey.bytes + [1])
    }

    public static func commit(
        _ number: UInt64, round: UInt64 = 0, checkpointRoot: Digest? = nil, by signer: SigningKey
    ) -> Transaction {
        commit(
            ClearProofSystem.commitment(number), round: round, checkpointRoot: checkpointRoot, by: signer)
    }

    public static func commit(
        _ commitment: [UInt8], round: UInt64 = 0, checkpointRoot: Digest? = nil, by signer: SigningKey
    ) -> Transaction {
        .commitModel(
            CommitModel(
                task: task, round: round, commitment: commitment, checkpointRoot: checkpointRoot,
                beaconCommitment: BeaconSecret.commitment(to: secret(of: signer), of: signer.publicKey)))
    }

    public static func reveal(round: UInt64 = 0, _ testSet: TestSetOpening? = nil) -> Transaction {
        .revealTestSet(
            RevealTestSet(task: task, round: round, opening: testSet ?? Story.testSet(round: round)))
    }

    public static func revealSecret(of signer: SigningKey, round: UInt64 = 0) -> Transaction {
        .revealSecret(RevealSecret(task: task, round: round, secret: secret(of: signer)))
    }

    /// An honest proof.
    public func prove(
        _ correct: UInt64, chunk: UInt32, round: UInt64 = 0, by signer: SigningKey, randomness: UInt8 = 0
    ) throws -> Transaction {
        let statement = try state.qualityStatement(
            task: Story.task, round: round, chunk: chunk, participant: signer.publicKey, correct: correct)
        let proof = ClearProofSystem.proof(of: statement, key: Story.key, randomness: randomness)
        return Story.prove(correct, chunk: chunk, round: round, proof: proof)
    }

    public static func prove(
        _ correct: UInt64, chunk: UInt32, round: UInt64 = 0, proof: [UInt8]
    ) -> Transaction {
        .proveQuality(
            ProveQuality(task: task, round: round, chunk: chunk, correct: correct, proof: proof))
    }

    public static func validate(
        _ participant: SigningKey, _ correct: UInt64, round: UInt64 = 0
    ) -> Transaction {
        .validate(
            Validate(task: task, round: round, participant: participant.publicKey, correct: correct))
    }

    public static func challenge(
        _ validator: SigningKey, of participant: SigningKey, round: UInt64 = 0
    ) -> Transaction {
        .challenge(
            Challenge(
                task: task, round: round, participant: participant.publicKey, validator: validator.publicKey))
    }

    public static func check(_ participant: SigningKey, round: UInt64 = 0) -> Transaction {
        .check(CheckScore(task: task, round: round, participant: participant.publicKey))
    }

    public static func report(
        _ subject: ReportSubject, _ complaint: ReportKind = .irretrievable, round: UInt64 = 0
    ) -> Transaction {
        .report(FileReport(task: task, round: round, subject: subject, complaint: complaint))
    }

    public static func vote(_ report: UInt32 = 0, upholds: Bool, round: UInt64 = 0) -> Transaction {
        .vote(CastVote(task: task, round: round, report: report, upholds: upholds))
    }

    /// The right end of a round.
    public func finalize(round: UInt64 = 0) throws -> Transaction {
        let aggregate = try state.aggregate(task: Story.task, round: round)
        return Story.finalize(round: round, commitment: aggregate.commitment)
    }

    public static func finalize(round: UInt64 = 0, commitment: [UInt8]?) -> Transaction {
        .finalize(
            FinalizeOrder(
                task: task, round: round,
                globalModel: commitment.map {
                    GlobalModel(commitment: $0, openingDigest: Digest(sha256: [9]))
                }))
    }

    /// A payout with the signatures of these.
    public func payout(round: UInt64 = 0, by signers: [SigningKey]) throws -> Transaction {
        let digest = try state.payoutDigest(task: Story.task, round: round)
        return .payout(
            Payout(
                task: Story.task, round: round,
                signatures: try signers.map { try AccountSignature(digest, key: $0) }))
    }

    /// Fixes these as survivors, with the signatures of `signers`, who are all of them otherwise.
    public func fixSurvivors(
        _ survivors: [SigningKey], signers: [SigningKey]? = nil, round: UInt64 = 0
    ) throws -> Transaction {
        let accounts = survivors.map(\.publicKey).sorted()
        let digest = FixSurvivors.digest(
            ledger: state.identifier, task: Story.task, round: round, survivors: accounts)
        return .fixSurvivors(
            FixSurvivors(
                task: Story.task, round: round, survivors: accounts,
                signatures: try (signers ?? survivors).map { try AccountSignature(digest, key: $0) }))
    }

    public static func prune(round: UInt64 = 0) -> Transaction {
        .prune(PruneOrder(task: task, round: round))
    }
}
