import Ledger
import LedgerTestSupport
import Testing

extension Story {
    /// Says something that must be refused with this code, and changes nothing but the sender's nonce.
    mutating func expectRefusal(
        _ rejection: Rejection, _ transaction: Transaction, by signer: SigningKey,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = state.tasks.mapValues { task in task.rounds.map(RoundView.init) }
        let nonce = state.nextNonce(of: signer.publicKey)
        let receipt = try tell(transaction, signer)
        #expect(
            receipt.outcome == .refused(code: rejection.code, reason: "\(rejection)"),
            sourceLocation: sourceLocation)
        #expect(
            state.tasks.mapValues { task in task.rounds.map(RoundView.init) } == before,
            sourceLocation: sourceLocation)
        #expect(state.nextNonce(of: signer.publicKey) == nonce + 1, sourceLocation: sourceLocation)
    }
}

@Suite struct RoundRulesTests {
    @Test func aTaskIsOpenedOnce() throws {
        var story = Story()
        #expect(try story.tell(Story.openTask(), story.publisher).outcome == .accepted(.taskOpened))
        try story.expectRefusal(.taskExists, Story.openTask(), by: story.publisher)
        try story.expectRefusal(.taskExists, Story.openTask(), by: story.participants[0])
    }

    @Test func aTaskNeedsUsableKeys() throws {
        var story = Story()
        let publisher = story.publisher
        try story.expectRefusal(.noQualityKey, Story.openTask(keys: []), by: publisher)
        try story.expectRefusal(
            .malformedVerifyingKey("a key has two bytes"),
            Story.openTask(keys: [QualityKey(samples: 1, verifyingKey: [1, 2, 3])]), by: publisher)
        try story.expectRefusal(
            .sampleCountOutOfRange(0),
            Story.openTask(keys: [QualityKey(samples: 0, verifyingKey: Story.key)]),
            by: publisher)
        try story.expectRefusal(.sampleCountOutOfRange(0), Story.openTask(minimumSamples: 0), by: publisher)
        let huge = UInt64(UInt32.max) + 1
        try story.expectRefusal(
            .sampleCountOutOfRange(huge), Story.openTask(minimumSamples: huge), by: publisher)
    }

    @Test func developmentKeysOnlyWhereAllowed() throws {
        let marked = ClearProofSystem.key(isDevelopmentKey: true)
        let opening = Story.openTask(keys: [
            QualityKey(samples: 1, verifyingKey: Story.key), QualityKey(samples: 1, verifyingKey: marked),
        ])
        var strict = Story()
        try strict.expectRefusal(.developmentKeyNotAllowed, opening, by: strict.publisher)
        var lax = Story(allowsDevelopmentKeys: true)
        #expect(try lax.tell(opening, lax.publisher).isAccepted)
    }

    @Test func roundsFollowOneAnother() throws {
        var story = Story()
        try story.expectRefusal(.unknownTask, story.openRound(), by: story.publisher)
        try story.tell(Story.openTask(), story.publisher)
        try story.expectRefusal(.notThePublisher, story.openRound(), by: story.participants[0])
        try story.expectRefusal(
            .wrongRound(expected: 0, actual: 1), story.openRound(1), by: story.publisher)
        #expect(try story.tell(story.openRound(), story.publisher).outcome == .accepted(.roundOpened))
        try story.expectRefusal(
            .wrongRound(expected: 1, actual: 0), story.openRound(), by: story.publisher)
        try story.expectRefusal(.previousRoundNotFinalized, story.openRound(1), by: story.publisher)
        try story.tell(Story.reveal(), story.publisher)
        try story.tell(Story.finalize(commitment: nil), story.publisher)
        #expect(try story.tell(story.openRound(1), story.publisher).isAccepted)
    }

    @Test func participantsCommitOnceAndInTime() throws {
        var story = try Story.committed(2)
        let (first, third) = (story.participants[0], story.participants[2])
        try story.expectRefusal(.alreadyCommitted, Story.commit(99), by: first)
        try story.expectRefusal(.publisherMayNotCompete, Story.commit(99), by: story.publisher)
        try story.expectRefusal(.unknownRound, Story.commit(99, round: 1), by: third)
        try story.expectRefusal(.unknownRound, Story.commit(99, round: .max), by: third)
        let (task, curve) = (Story.task, "BN254 G1")
        for (bytes, reason) in [
            ([], "a point of \(curve) has 32 bytes here, not 0"),
            ([0x40] + [UInt8](repeating: 0, count: 31), "the point at infinity commits to nothing"),
            (
                [0xBF] + [UInt8](repeating: 0xFF, count: 31),
                "a coordinate of a point of \(curve) is not below the modulus"
            ),
            ([0x80] + [UInt8](repeating: 0, count: 31), "a point is not on the curve \(curve)"),
            (
                [UInt8](repeating: 0, count: 32),
                "the top bits of a compressed point of \(curve) are not a flag"
            ),
        ] as [([UInt8], String)] {
            let commit = Transaction.commitModel(CommitModel(task: task, round: 0, commitment: bytes))
            try story.expectRefusal(.malformedCommitment(reason), commit, by: third)
        }
        // The same commitment as another's is allowed: refusing it would let a copier block the owner.
        #expect(
            try story.tell(Story.commit(11), third).outcome == .accepted(.modelCommitted(order: 2)))
        try story.tell(Story.reveal(), story.publisher)
        try story.expectRefusal(.lateCommitment, Story.commit(99), by: story.participants[3])
    }

    @Test func deadlinesHold() throws {
        var story = Story()
        try story.tell(Story.openTask(), story.publisher)
        func after(_ seconds: UInt64) -> Timestamp {
            Timestamp(milliseconds: story.time.milliseconds + 1000 * seconds)
        }
        let (t1, t2) = (after(20), after(40))
        try story.expectRefusal(
            .deadlinesOutOfOrder, story.openRound(commitDeadline: story.time), by: story.publisher)
        try story.expectRefusal(
            .deadlinesOutOfOrder, story.openRound(commitDeadline: t2, proofDeadline: t1), by: story.publisher)
        try story.expectRefusal(
            .deadlinesOutOfOrder, story.openRound(proofDeadline: Story.start), by: story.publisher)
        try story.tell(story.openRound(commitDeadline: t1, proofDeadline: t2), story.publisher)
        let (first, second) = (story.participants[0], story.participants[1])
        try story.tell(Story.commit(11), first)
        try story.expectRefusal(.commitmentsStillOpen, Story.reveal(), by: story.publisher)
        // The next second is the deadline itself.
        story.time = Timestamp(milliseconds: t1.milliseconds - 1000)
        try story.expectRefusal(.lateCommitment, Story.commit(12), by: second)
        try story.tell(Story.reveal(), story.publisher)
        try story.tell(story.prove(90, chunk: 0, by: first), first)
        try story.tell(story.prove(50, chunk: 1, by: first), first)
        try story.expectRefusal(.proofsStillOpen, story.finalize(), by: story.publisher)
        story.time = Timestamp(milliseconds: t2.milliseconds - 1000)
        try story.expectRefusal(.lateProof, story.prove(99, chunk: 0, by: first), by: first)
        #expect(try story.tell(story.finalize(), story.publisher).isAccepted)
    }

    @Test func theRevealedTestSetIsTheAnnouncedOne() throws {
        var story = try Story.committed()
        try story.expectRefusal(.notThePublisher, Story.reveal(), by: story.participants[0])
        let announced = Story.testSet()
        let changes: [(inout TestSetOpening) -> Void] = [
            { $0.salt = Digest(sha256: [99]) }, { $0.dataDigest = Digest(sha256: [99]) },
            { $0.chunks[0].samples -= 1 }, { $0.chunks.removeLast() }, { $0.chunks.swapAt(0, 1) },
            { $0.chunks[1].commitment = ClearProofSystem.commitment(1) },
        ]
        for change in changes {
            var other = announced
            change(&other)
            try story.expectRefusal(.testSetHashMismatch, Story.reveal(other), by: story.publisher)
        }
        // The same test set for another task, round or ledger has another hash.
        let (ledger, task) = (story.state.identifier, Story.task)
        let hash = announced.saltedHash(ledger: ledger, task: task, round: 0)
        #expect(announced.saltedHash(ledger: ledger, task: task, round: 1) != hash)
        #expect(announced.saltedHash(ledger: ledger, task: Identifier("x")!, round: 0) != hash)
        #expect(announced.saltedHash(ledger: hash, task: task, round: 0) != hash)

        let receipt = try story.tell(Story.reveal(), story.publisher)
        #expect(receipt.outcome == .accepted(.testSetRevealed(samples: 150)))
        try story.expectRefusal(.testSetAlreadyRevealed, Story.reveal(), by: story.publisher)
    }

    @Test func unusableTestSetsAreRefused() throws {
        let bad: [([TestSetChunk], Rejection)] = [
            ([], .malformedTestSet("it has no chunk")),
            (
                [Story.chunk(101, point: 1)],
                .malformedTestSet("chunk 0 has 101 samples, its key is for 1 to 100")
            ),
            ([Story.chunk(0, point: 1)], .malformedTestSet("chunk 0 has 0 samples, its key is for 1 to 100")),
            (
                [Story.chunk(100, point: 1), Story.chunk(9, point: 1, key: 1)],
                .malformedTestSet("chunk 1 names quality key 1, which is not there")
            ),
            ([Story.chunk(99, point: 1)], .testSetTooSmall(samples: 99, minimum: 100)),
            (
                [TestSetChunk(samples: 100, key: 0, commitment: [1])],
                .malformedCommitment("a point of BN254 G1 has 32 bytes here, not 1")
            ),
        ]
        for (chunks, rejection) in bad {
            var story = Story()
            try story.tell(Story.openTask(), story.publisher)
            let testSet = Story.testSet(chunks: chunks)
            try story.tell(story.openRound(testSet: testSet), story.publisher)
            try story.expectRefusal(rejection, Story.reveal(testSet), by: story.publisher)
        }
    }

    @Test func whatIsNotRecorded() throws {
        var story = try Story.committed()
        let root = story.state.root()
        let signer = story.participants[3]
        let good = try story.sign(Story.commit(50), signer)
        let time = story.time

        let elsewhere = try SignedTransaction(
            Story.commit(50), ledger: Digest(sha256: [1]), nonce: 0, key: signer)
        #expect(throws: Rejection.wrongLedger) { try story.state.apply(elsewhere, at: time) }
        let later = try SignedTransaction(
            Story.commit(50), ledger: story.state.identifier, nonce: 1, key: signer)
        #expect(throws: Rejection.wrongNonce(expected: 0, actual: 1)) {
            try story.state.apply(later, at: time)
        }
        let earlier = Timestamp(milliseconds: time.milliseconds - 1)
        #expect(throws: Rejection.timeRunsBackwards(now: earlier, previous: time)) {
            try story.state.apply(good, at: earlier)
        }
        // Any change of a signed transaction that can still be read breaks the signature, or comes too late.
        for index in good.encoded.indices {
            var bytes = good.encoded
            bytes[index] ^= 1
            guard let forged = try? SignedTransaction(encoded: bytes) else { continue }
            #expect(throws: Rejection.self) { try story.state.apply(forged, at: time) }
        }
        // What cannot be read again is not stored.
        let long = Transaction.openTask(
            OpenTask(
                task: Story.task, description: String(repeating: "x", count: 5000), qualityKeys: [],
                minimumSamples: 1, weights: .equal))
        #expect {
            try story.state.apply(story.sign(long, signer), at: time)
        } throws: {
            ($0 as? Rejection)?.code == "malformed-transaction"
        }
        let huge = Story.prove(1, chunk: 0, proof: [UInt8](repeating: 0, count: Limits.transactionBytes))
        #expect {
            try story.state.apply(story.sign(huge, signer), at: time)
        } throws: {
            ($0 as? Rejection)?.code == "transaction-too-large"
        }
        #expect(story.state.root() == root)

        // Once recorded, a transaction cannot be replayed by anybody.
        #expect(try story.state.apply(good, at: time).isAccepted)
        #expect(throws: Rejection.wrongNonce(expected: 1, actual: 0)) {
            try story.state.apply(good, at: time)
        }
    }
}
