import Ledger
import LedgerTestSupport
import Testing

@Suite struct CommitRulesTests {
    @Test func commitmentsInTimeAndReplaced() throws {
        var story = try Story.opened()
        let (a, b) = (story.participants[0], story.participants[1])
        try story.expectRefusal(
            .publisherMayNotCompete, Story.commit(99, by: story.publisher), by: story.publisher)
        for round in [1, UInt64.max] {
            try story.expectRefusal(.unknownRound, Story.commit(99, round: round, by: a), by: a)
        }
        #expect(try story.accept(Story.commit(11, by: a), a) == .modelCommitted(order: 0))
        #expect(try story.accept(Story.commit(12, by: b), b) == .modelCommitted(order: 1))
        // A later one replaces the first, and moves to the end; the stake is locked once.
        #expect(try story.accept(Story.commit(21, by: a), a) == .modelCommitted(order: 2))
        #expect(try story.order.participants == [b, a].map(\.publicKey))
        #expect(try story.order.commitments[a.publicKey]?.commitment == ClearProofSystem.commitment(21))
        #expect(story.locked(a, .participant) == 40)
        // The same commitment as another's is allowed: refusing it would let a copier block the owner.
        try story.accept(Story.commit(12, by: story.participants[2]), story.participants[2])
        let outsider = Story.signer(60)
        try story.expectRefusal(
            .notStaked(.participant, free: 0, needs: 40), Story.commit(1, by: outsider), by: outsider)
        story.approach(\.commitDeadline)
        try story.accept(Story.commit(31, by: a), a)
        try story.expectRefusal(.lateCommitment, Story.commit(32, by: a), by: a)
        try story.expectRefusal(
            .lateCommitment, Story.commit(14, by: story.participants[3]), by: story.participants[3])
    }

    @Test func commitmentsDoNotBeginBeforeTheirTime() throws {
        var story = try Story.registered()
        try story.accept(Story.openTask(), story.publisher)
        var windows = story.windows
        windows.commitStart = Timestamp(milliseconds: windows.commitStart.milliseconds + 5000)
        try story.accept(story.openOrder(windows: windows), story.publisher)
        let a = story.participants[0]
        try story.expectRefusal(try story.tooEarly(\.commitStart), Story.commit(11, by: a), by: a)
        story.advance(to: \.commitStart)
        try story.accept(Story.commit(11, by: a), a)
    }

    @Test func malformedCommitmentsAreRefused() throws {
        var story = try Story.opened()
        let (a, curve) = (story.participants[0], "BN254 G1")
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
            try story.expectRefusal(.malformedCommitment(reason), Story.commit(bytes, by: a), by: a)
        }
    }

    @Test func anOrderHasRoomForSoMany() throws {
        var parameters = Story.parameters
        parameters.maximumParticipants = 2
        var story = try Story.committed(2, parameters: parameters)
        let third = story.participants[2]
        try story.expectRefusal(.tooManyParticipants, Story.commit(13, by: third), by: third)
        try story.accept(Story.commit(21, by: story.participants[0]), story.participants[0])
    }

    @Test func theRevealedTestSetIsTheAnnouncedOne() throws {
        var story = try Story.committed()
        try story.expectRefusal(.notThePublisher, Story.reveal(), by: story.participants[0])
        try story.expectRefusal(try story.tooEarly(\.commitDeadline), Story.reveal(), by: story.publisher)
        story.advance(to: \.commitDeadline)
        let announced = Story.testSet()
        let changes: [(inout TestSetOpening) -> Void] = [
            { $0.salt = Digest(sha256: [99]) }, { $0.dataDigest = Digest(sha256: [99]) },
            { $0.chunks[0].samples -= 1 }, { $0.chunks.removeLast() }, { $0.chunks.swapAt(0, 1) },
            { $0.chunks[1].commitment = ClearProofSystem.commitment(1) }, { $0.baseline = 1 },
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

        #expect(try story.accept(Story.reveal(), story.publisher) == .testSetRevealed(samples: 150))
        try story.expectRefusal(.testSetAlreadyRevealed, Story.reveal(), by: story.publisher)
    }

    @Test func revealsHaveTheirTime() throws {
        var story = try Story.committed()
        let (a, b) = (story.participants[0], story.participants[1])
        try story.expectRefusal(try story.tooEarly(\.commitDeadline), Story.revealSecret(of: a), by: a)
        story.approach(\.revealDeadline)
        try story.accept(Story.revealSecret(of: a), a)
        try story.expectRefusal(.lateReveal, Story.revealSecret(of: b), by: b)
        try story.expectRefusal(.lateReveal, Story.reveal(), by: story.publisher)
    }

    @Test func secretsAreTheCommittedOnes() throws {
        var story = try Story.committed(2)
        story.advance(to: \.commitDeadline)
        let (a, b) = (story.participants[0], story.participants[1])
        let outsider = story.participants[3]
        try story.expectRefusal(.notCommitted, Story.revealSecret(of: outsider), by: outsider)
        // Another's secret is not one's own, even if its commitment was copied.
        try story.expectRefusal(.secretMismatch, Story.revealSecret(of: a), by: b)
        try story.accept(Story.revealSecret(of: a), a)
        try story.expectRefusal(.secretAlreadyRevealed, Story.revealSecret(of: a), by: a)
        #expect(
            BeaconSecret.commitment(to: Story.secret(of: a), of: a.publicKey)
                != BeaconSecret.commitment(to: Story.secret(of: a), of: b.publicKey))
    }

    /// The beacon depends on every secret, on the test set's salt and on the order, and is not there before its time.
    @Test func theBeaconIsEverybodys() throws {
        var story = try Story.revealed(3)
        let deadline = try story.order.opening.windows.revealDeadline
        func beacon(_ story: Story) throws -> Digest? {
            try story.state.auditBeacon(task: Story.task, round: 0, at: deadline)
        }
        #expect(try story.state.auditBeacon(task: Story.task, round: 0, at: story.time) == nil)
        let known = try #require(try beacon(story))
        // The same in another order of reveals.
        var other = try Story.committed(3)
        other.advance(to: \.commitDeadline)
        for participant in other.participants[..<3].reversed() {
            try other.accept(Story.revealSecret(of: participant), participant)
        }
        #expect(try beacon(other) == nil)
        try other.accept(Story.reveal(), other.publisher)
        #expect(try beacon(other) == known)
        // Another without one of them.
        var fewer = try Story.committed(3)
        fewer.advance(to: \.commitDeadline)
        try fewer.accept(Story.reveal(), fewer.publisher)
        for participant in fewer.participants[..<2] {
            try fewer.accept(Story.revealSecret(of: participant), participant)
        }
        #expect(try beacon(fewer) != known)
        story.advance(to: \.revealDeadline)
        #expect(try beacon(story) == known)
    }

    @Test func unusableTestSetsAreRefused() throws {
        let bad: [([TestSetChunk], UInt64, Rejection)] = [
            ([], 0, .malformedTestSet("it has no chunk")),
            (
                [Story.chunk(101, point: 1)], 0,
                .malformedTestSet("chunk 0 has 101 samples, its key is for 1 to 100")
            ),
            (
                [Story.chunk(0, point: 1)], 0,
                .malformedTestSet("chunk 0 has 0 samples, its key is for 1 to 100")
            ),
            (
                [Story.chunk(100, point: 1), Story.chunk(9, point: 1, key: 1)], 0,
                .malformedTestSet("chunk 1 names quality key 1, which is not there")
            ),
            ([Story.chunk(99, point: 1)], 0, .testSetTooSmall(samples: 99, minimum: 100)),
            (
                [TestSetChunk(samples: 100, key: 0, commitment: [1])], 0,
                .malformedCommitment("a point of BN254 G1 has 32 bytes here, not 1")
            ),
            (
                [Story.chunk(100, point: 1)], 101,
                .malformedTestSet("its baseline is 101 of 100 samples")
            ),
        ]
        for (chunks, baseline, rejection) in bad {
            let testSet = Story.testSet(chunks: chunks, baseline: baseline)
            var story = try Story.opened(testSet: testSet)
            story.advance(to: \.commitDeadline)
            try story.expectRefusal(rejection, Story.reveal(testSet), by: story.publisher)
        }
    }
}
