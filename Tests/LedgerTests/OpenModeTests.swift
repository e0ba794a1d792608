import Ledger
import LedgerTestSupport
import Testing

/// The mode in which the model is revealed and the score recomputed.
@Suite struct OpenModeTests {
    private static func opening(_ index: Int) -> Digest { Digest(sha256: [UInt8(index)]) }

    private static func claim(_ correct: UInt64, _ index: Int) -> Transaction {
        .claimScore(ClaimScore(task: Story.task, round: 0, correct: correct, opening: opening(index)))
    }

    /// a claims 130 and has it, b claims 140 and has 135, c claims 100 and has 120.
    private static let truth: [UInt64] = [130, 135, 120]
    private static let claims: [UInt64] = [130, 140, 100]

    private static func claimed() throws -> Story {
        var story = try Story.revealed(3, task: Story.openTask(keys: [], mode: .open))
        story.state.checker = FixedScores(
            Dictionary(uniqueKeysWithValues: truth.enumerated().map { (opening($0.offset), $0.element) }))
        for (index, correct) in claims.enumerated() {
            let effect = try story.accept(claim(correct, index), story.participants[index])
            #expect(effect == .scoreClaimed(correct: correct, samples: 150))
        }
        return story
    }

    @Test func claimsHaveTheirPlace() throws {
        var story = try Story.committed(1, task: Story.openTask(keys: [], mode: .open))
        let a = story.participants[0]
        try story.expectRefusal(.testSetNotRevealed, Self.claim(1, 0), by: a)
        story.advance(to: \.commitDeadline)
        try story.accept(Story.reveal(), story.publisher)
        try story.expectRefusal(.notCommitted, Self.claim(1, 0), by: story.participants[1])
        for correct in [0, 151] as [UInt64] {
            try story.expectRefusal(
                .claimOutOfRange(correct: correct, samples: 150), Self.claim(correct, 0), by: a)
        }
        try story.expectRefusal(.secretNotRevealed, Self.claim(1, 0), by: a)
        try story.accept(Story.revealSecret(of: a), a)
        try story.expectRefusal(.wrongMode(.open), Story.prove(1, chunk: 0, proof: []), by: a)
        try story.accept(Self.claim(5, 0), a)
        try story.expectRefusal(.claimNotBetter(than: 5), Self.claim(5, 1), by: a)
        try story.accept(Self.claim(6, 1), a)
        story.advance(to: \.proofDeadline)
        try story.expectRefusal(.lateProof, Self.claim(7, 0), by: a)
    }

    @Test func theScoringFunctionDecidesChallenges() throws {
        var story = try Self.claimed()
        let (a, b, v, w) = (
            story.participants[0], story.participants[1], story.validators[0], story.validators[1]
        )
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        try story.accept(Story.validate(b, 140), w)
        #expect(
            try story.accept(Story.challenge(v, of: a), story.verifiers[0])
                == .challengeDecided(isUpheld: false, score: 130, slashed: 10, awarded: 5))
        // The claim is false, and who confirmed it too.
        #expect(
            try story.accept(Story.challenge(w, of: b), story.verifiers[1])
                == .challengeDecided(isUpheld: true, score: 135, slashed: 20, awarded: 10))
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(story.stake(b, .participant) == 40)
        // Nobody confirmed c's claim, and nothing is known about it.
        #expect(try story.order.outcome?.weights.map(\.participant) == [a.publicKey])
        #expect(try story.order.outcome?.validators == [v.publicKey])
    }

    @Test func whereValidatorsDisagreeACheckMustRun() throws {
        var story = try Self.claimed()
        let (a, c, v, w) = (
            story.participants[0], story.participants[2], story.validators[0], story.validators[1]
        )
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        try story.accept(Story.validate(a, 129), w)
        try story.expectRefusal(try story.tooEarly(\.validationDeadline), Story.check(a), by: v)
        story.advance(to: \.validationDeadline)
        var unchecked = story
        try story.expectRefusal(.claimMissing, Story.check(story.participants[3]), by: v)
        #expect(try story.accept(Story.check(a), Story.signer(60)) == .scoreChecked(130))
        try story.expectRefusal(.alreadyChecked, Story.check(a), by: v)
        // A claim below the score is not false; checked, it needs no validator.
        try story.accept(Story.check(c), v)
        story.advance(to: \.voteDeadline)
        try story.expectRefusal(.lateVote, Story.check(story.participants[1]), by: v)
        try story.accept(story.finalize(), story.aggregator)
        #expect(story.stake(w, .validator) == 20)
        #expect(try story.order.outcome?.weights.map(\.participant) == [a, c].map(\.publicKey))
        #expect(try story.order.outcome?.leader?.correct == 130)

        // Without the check there is no global model; when the time for one is over, the claim does not count.
        unchecked.advance(to: \.voteDeadline)
        try unchecked.expectRefusal(
            .checkMissing, Story.finalize(commitment: ClearProofSystem.commitment(11)),
            by: unchecked.aggregator)
        try unchecked.expectRefusal(
            .globalModelMissing, Story.finalize(commitment: nil), by: unchecked.aggregator)
        unchecked.advance(to: \.finalizeDeadline)
        #expect(
            try unchecked.accept(Story.finalize(commitment: nil), unchecked.aggregator)
                == .finalized(.settled, leader: nil))
    }

    @Test func whatCannotBeFetchedCannotBeScored() throws {
        var story = try Self.claimed()
        let (a, v) = (story.participants[0], story.validators[0])
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        story.state.checker = nil
        try story.expectRefusal(.contentUnavailable, Story.challenge(v, of: a), by: story.verifiers[0])
        // But reported, and voted on.
        try story.accept(Story.report(.model(a.publicKey)), story.verifiers[0])
        try story.accept(.register(Register(role: .verifier, amount: 10)), a)
        try story.expectRefusal(.conflictOfInterest, Story.vote(upholds: false), by: a)
        for verifier in story.verifiers[1...2] { try story.accept(Story.vote(upholds: true), verifier) }
        let before = story.balance(story.verifiers[0])
        story.advance(to: \.validationDeadline)
        try story.expectRefusal(.contentUnavailable, Story.check(a), by: v)
        story.advance(to: \.voteDeadline)
        try story.accept(Story.finalize(commitment: nil), v)
        #expect(story.stake(a, .participant) == 40)
        #expect(story.balance(story.verifiers[0]) == before + 20)
    }

    /// A ledger that recomputes openings decides reports of unfit ones at once.
    @Test(arguments: [true, false]) func recomputedOpeningsNeedNoVotes(_ fits: Bool) throws {
        var parameters = Story.parameters
        parameters.recomputesOpenings = true
        var story = try Story.proven(1, parameters: parameters)
        story.state.checker = FixedScores(fits: fits)
        let reporter = story.verifiers[0]
        let decision = fits ? ReportDecision.rejected : .upheld
        #expect(
            try story.accept(Story.report(.testSet, .unfit), reporter)
                == .reported(number: 0, decision: decision))
        try story.expectRefusal(.reportDecided, Story.vote(upholds: true), by: story.verifiers[1])
        // What cannot be fetched is still a matter of votes.
        #expect(
            try story.accept(Story.report(.testSet), reporter) == .reported(number: 1, decision: .open))
        story.advance(to: \.voteDeadline)
        let end = fits ? try story.finalize() : Story.finalize(commitment: nil)
        try story.accept(end, story.aggregator)
        #expect(try story.order.outcome?.kind == (fits ? .settled : .aborted))
        #expect(story.stake(reporter, .verifier) == (fits ? 10 : 20))
        story.state.checker = FixedScores()
    }

    /// The ledger's file remembers the answers, so that it can be replayed without the contents; with them, a lie is
    /// found.
    @Test func answersAreReplayedAndCheckedAgain() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        var story = Story()
        let ledger = try StoredStory.create(path)
        let honest = FixedScores([Self.opening(0): 130])
        ledger.checker = honest
        story.state.checker = honest
        func say(_ transaction: Transaction, _ signer: SigningKey) throws {
            let signed = try story.sign(transaction, signer)
            try story.accept(transaction, signer)
            #expect(try ledger.submit(signed, at: story.time).isAccepted)
        }
        for (transaction, signer) in story.registrations { try say(transaction, signer) }
        try say(Story.openTask(keys: [], mode: .open), story.publisher)
        try say(story.openOrder(), story.publisher)
        let (a, v) = (story.participants[0], story.validators[0])
        try say(Story.commit(11, by: a), a)
        story.advance(to: \.commitDeadline)
        try say(Story.reveal(), story.publisher)
        try say(Story.revealSecret(of: a), a)
        try say(Self.claim(130, 0), a)
        story.advance(to: \.proofDeadline)
        try say(Story.validate(a, 130), v)
        try say(Story.challenge(v, of: a), story.verifiers[0])
        var expected = story.state
        let reader = try StoredStory.open(path)
        var state = reader.state
        #expect(state.root() == expected.root())
        #expect(try reader.verify().contents == 0)
        reader.checker = honest
        #expect(try reader.verify().contents == 1)
        reader.checker = FixedScores([Self.opening(0): 131])
        #expect(throws: LedgerError.self) { try reader.verify() }
        #expect(try reader.verify(verifiesProofs: false).contents == 0)
    }
}
