import Ledger
import LedgerTestSupport
import Testing

@Suite struct QualityRulesTests {
    @Test func claimsNeedTheirPlace() throws {
        var story = try Story.committed(2)
        let (a, b, outsider) = (story.participants[0], story.participants[1], story.participants[3])
        try story.expectRefusal(.testSetNotRevealed, Story.prove(1, chunk: 0, proof: []), by: a)
        story.advance(to: \.commitDeadline)
        try story.accept(Story.reveal(), story.publisher)
        try story.expectRefusal(.notCommitted, Story.prove(1, chunk: 0, proof: []), by: outsider)
        try story.expectRefusal(.unknownChunk(2), Story.prove(1, chunk: 2, proof: []), by: a)
        try story.expectRefusal(.unknownChunk(.max), Story.prove(1, chunk: .max, proof: []), by: a)
        for correct in [0, 51, .max] as [UInt64] {
            try story.expectRefusal(
                .claimOutOfRange(correct: correct, samples: 50), Story.prove(correct, chunk: 1, proof: []),
                by: a)
        }
        try story.expectRefusal(.secretNotRevealed, story.prove(1, chunk: 0, by: a), by: a)
        try story.accept(Story.revealSecret(of: a), a)
        try story.expectRefusal(
            .malformedProof("a proof has 33 bytes"), Story.prove(1, chunk: 0, proof: [1]), by: a)
        try story.expectRefusal(
            .wrongMode(.zk),
            .claimScore(ClaimScore(task: Story.task, round: 0, correct: 1, opening: Digest(sha256: []))),
            by: a)
        // Proofs can be given as soon as the test set is known, and until their deadline.
        #expect(
            try story.accept(story.prove(90, chunk: 0, by: a), a) == .qualityProven(correct: 90, samples: 150)
        )
        story.approach(\.proofDeadline)
        try story.accept(story.prove(91, chunk: 0, by: a), a)
        try story.expectRefusal(.lateProof, story.prove(92, chunk: 0, by: a), by: a)
        try story.expectRefusal(.lateProof, story.prove(92, chunk: 0, by: b), by: b)
    }

    @Test func falseClaimsReplaysAndForeignModelsAreRefused() throws {
        var story = try Story.revealed()
        let (a, b) = (story.participants[0], story.participants[1])
        let honest = try story.prove(90, chunk: 0, by: a)
        guard case .proveQuality(let body) = honest else { throw TestFailure("not a proof") }
        // More than proven.
        try story.expectRefusal(
            .proofDoesNotVerify, Story.prove(91, chunk: 0, proof: body.proof), by: a)
        // For the other chunk.
        try story.expectRefusal(
            .proofDoesNotVerify, Story.prove(50, chunk: 1, proof: body.proof), by: a)
        // Copied before its owner has it accepted.
        try story.expectRefusal(.proofDoesNotVerify, honest, by: b)
        try story.accept(honest, a)
        // Another's proof, as it is and re-randomised.
        try story.expectRefusal(.replayedProof(of: a.publicKey), honest, by: b)
        var rerandomised = body.proof
        rerandomised[32] ^= 1
        try story.expectRefusal(
            .proofDoesNotVerify, Story.prove(90, chunk: 0, proof: rerandomised), by: b)
        // A model other than the committed one.
        let statement = try story.state.qualityStatement(
            task: Story.task, round: 0, chunk: 0, participant: b.publicKey, correct: 100)
        var other = try Story.committed(1)
        try other.accept(Story.commit(77, by: b), b)
        try other.revealAll()
        let foreign = try other.state.qualityStatement(
            task: Story.task, round: 0, chunk: 0, participant: b.publicKey, correct: 100)
        #expect(foreign.model != statement.model)
        let proof = ClearProofSystem.proof(of: foreign, key: Story.key)
        try story.expectRefusal(.proofDoesNotVerify, Story.prove(100, chunk: 0, proof: proof), by: b)
    }

    /// A model that was committed to, and replaced, cannot be proven any more.
    @Test func aReplacedModelIsGone() throws {
        var (story, other) = (try Story.committed(1), try Story.committed(1))
        let a = story.participants[0]
        try story.accept(Story.commit(21, by: a), a)
        try story.revealAll()
        try other.revealAll()
        let old = try other.prove(90, chunk: 0, by: a)
        try story.expectRefusal(.proofDoesNotVerify, old, by: a)
        try other.accept(old, a)
    }

    @Test func aProofOfAnEarlierRoundIsWorthNothing() throws {
        var story = try Story.revealed(2)
        let (a, b) = (story.participants[0], story.participants[1])
        let old = try story.prove(90, chunk: 0, by: a)
        try story.accept(old, a)
        story.advance(to: \.voteDeadline)
        try story.accept(Story.finalize(commitment: nil), story.aggregator)
        // The same test set and the same models again.
        let testSet = Story.testSet()
        try story.accept(story.openOrder(1, testSet: testSet), story.publisher)
        try story.accept(Story.commit(11, round: 1, by: a), a)
        try story.accept(Story.commit(11, round: 1, by: b), b)
        try story.revealAll(round: 1, testSet: testSet)
        guard case .proveQuality(let body) = old else { throw TestFailure("not a proof") }
        let replay = Story.prove(90, chunk: 0, round: 1, proof: body.proof)
        try story.expectRefusal(.proofDoesNotVerify, replay, by: a)
        try story.expectRefusal(.replayedProof(of: a.publicKey), replay, by: b)
        try story.expectRefusal(.roundFinalized, old, by: a)
    }

    /// Claims are kept by statement: another proof of the same claim is not a better claim.
    @Test func onlyABetterClaimReplaces() throws {
        var story = try Story.revealed()
        let a = story.participants[0]
        try story.accept(story.prove(90, chunk: 0, by: a), a)
        try story.expectRefusal(
            .claimNotBetter(than: 90), story.prove(90, chunk: 0, by: a, randomness: 1), by: a)
        try story.expectRefusal(.claimNotBetter(than: 90), story.prove(80, chunk: 0, by: a), by: a)
        #expect(
            try story.accept(story.prove(91, chunk: 0, by: a), a) == .qualityProven(correct: 91, samples: 150)
        )
    }
}
