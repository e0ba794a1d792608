import Ledger
import LedgerTestSupport
import Testing

@Suite struct QualityRulesTests {
    @Test func aWholeRound() throws {
        var story = try Story.revealed()
        let (a, b, c) = (story.participants[0], story.participants[1], story.participants[2])
        #expect(
            try story.tell(story.prove(90, chunk: 0, by: a), a).outcome
                == .accepted(.qualityProven(correct: 90, samples: 150)))
        #expect(
            try story.tell(story.prove(40, chunk: 1, by: a), a).outcome
                == .accepted(.qualityProven(correct: 130, samples: 150)))
        try story.tell(story.prove(95, chunk: 0, by: b), b)
        try story.tell(story.prove(45, chunk: 1, by: b), b)
        // c proves one chunk only, and so does not count.
        try story.tell(story.prove(100, chunk: 0, by: c), c)

        let leader = Leader(participant: b.publicKey, correct: 140, samples: 150)
        let finalize = try story.finalize()
        #expect(
            try story.tell(finalize, story.publisher).outcome == .accepted(.roundFinalized(leader: leader)))
        let round = story.state.tasks[Story.task]!.rounds[0]
        #expect(round.ranking == [b.publicKey, a.publicKey])
        // 11·G + 12·G
        #expect(round.outcome?.globalModel?.commitment == ClearProofSystem.commitment(23))
        #expect(round.outcome?.weightSum == 2)
        #expect(!round.isAccepted(c.publicKey))
        try story.expectRefusal(.roundFinalized, finalize, by: story.publisher)
        try story.expectRefusal(.roundFinalized, Story.commit(50), by: story.participants[3])
        try story.expectRefusal(.roundFinalized, Story.prove(99, chunk: 0, proof: []), by: a)
    }

    @Test func weightsFollowTheProvenAccuracy() throws {
        var story = Story()
        try story.tell(Story.openTask(weights: .provenAccuracy), story.publisher)
        let testSet = Story.testSet(chunks: [Story.chunk(100, point: 1)])
        try story.tell(story.openRound(testSet: testSet), story.publisher)
        for index in 0..<2 { try story.tell(Story.commit(UInt64(11 + index)), story.participants[index]) }
        try story.tell(Story.reveal(testSet), story.publisher)
        for (index, correct) in [80, 30].enumerated() {
            let participant = story.participants[index]
            try story.tell(story.prove(UInt64(correct), chunk: 0, by: participant), participant)
        }
        let equal = Story.finalize(commitment: ClearProofSystem.commitment(11 + 12))
        try story.expectRefusal(.aggregateMismatch, equal, by: story.publisher)
        let weighted = Story.finalize(commitment: ClearProofSystem.commitment(80 * 11 + 30 * 12))
        #expect(try story.tell(weighted, story.publisher).isAccepted)
        #expect(story.state.tasks[Story.task]!.rounds[0].outcome?.weightSum == 110)
    }

    @Test func claimsNeedTheirPlace() throws {
        var story = try Story.committed(2)
        let (a, outsider) = (story.participants[0], story.participants[3])
        try story.expectRefusal(.testSetNotRevealed, Story.prove(1, chunk: 0, proof: []), by: a)
        try story.expectRefusal(.testSetNotRevealed, Story.finalize(commitment: nil), by: story.publisher)
        try story.tell(Story.reveal(), story.publisher)
        try story.expectRefusal(.notCommitted, Story.prove(1, chunk: 0, proof: []), by: outsider)
        try story.expectRefusal(.unknownChunk(2), Story.prove(1, chunk: 2, proof: []), by: a)
        try story.expectRefusal(.unknownChunk(.max), Story.prove(1, chunk: .max, proof: []), by: a)
        for correct in [0, 51, .max] as [UInt64] {
            try story.expectRefusal(
                .claimOutOfRange(correct: correct, samples: 50), Story.prove(correct, chunk: 1, proof: []),
                by: a)
        }
        try story.expectRefusal(
            .malformedProof("a proof has 33 bytes"), Story.prove(1, chunk: 0, proof: [1]), by: a)
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
        try story.tell(honest, a)
        // Another's proof, as it is and re-randomised.
        try story.expectRefusal(.replayedProof(of: a.publicKey), honest, by: b)
        let copied = try story.prove(90, chunk: 0, by: b, randomness: 1)
        #expect(copied != honest)
        var rerandomised = body.proof
        rerandomised[32] ^= 1
        try story.expectRefusal(
            .proofDoesNotVerify, Story.prove(90, chunk: 0, proof: rerandomised), by: b)
        // A model other than the committed one.
        let statement = try story.state.qualityStatement(
            task: Story.task, round: 0, chunk: 0, participant: b.publicKey, correct: 100)
        var other = try Story.committed(1)
        try other.tell(Story.commit(77), b)
        try other.tell(Story.reveal(), other.publisher)
        let foreign = try other.state.qualityStatement(
            task: Story.task, round: 0, chunk: 0, participant: b.publicKey, correct: 100)
        #expect(foreign.model != statement.model)
        let proof = ClearProofSystem.proof(of: foreign, key: Story.key)
        try story.expectRefusal(.proofDoesNotVerify, Story.prove(100, chunk: 0, proof: proof), by: b)
    }

    @Test func aProofOfAnEarlierRoundIsWorthNothing() throws {
        var story = try Story.revealed(2)
        let (a, b) = (story.participants[0], story.participants[1])
        let old = try story.prove(90, chunk: 0, by: a)
        try story.tell(old, a)
        try story.tell(story.prove(40, chunk: 1, by: a), a)
        try story.tell(story.finalize(), story.publisher)
        // The same test set and the same models again.
        let testSet = Story.testSet()
        try story.tell(story.openRound(1, testSet: testSet), story.publisher)
        try story.tell(Story.commit(11, round: 1), a)
        try story.tell(Story.commit(11, round: 1), b)
        try story.tell(Story.reveal(round: 1, testSet), story.publisher)
        guard case .proveQuality(let body) = old else { throw TestFailure("not a proof") }
        let replay = Story.prove(90, chunk: 0, round: 1, proof: body.proof)
        try story.expectRefusal(.proofDoesNotVerify, replay, by: a)
        try story.expectRefusal(.replayedProof(of: a.publicKey), replay, by: b)
    }

    /// Claims are kept by statement: another proof of the same claim is not a better claim.
    @Test func onlyABetterClaimReplaces() throws {
        var story = try Story.revealed()
        let a = story.participants[0]
        try story.tell(story.prove(90, chunk: 0, by: a), a)
        try story.expectRefusal(
            .claimNotBetter(than: 90), story.prove(90, chunk: 0, by: a, randomness: 1), by: a)
        try story.expectRefusal(.claimNotBetter(than: 90), story.prove(80, chunk: 0, by: a), by: a)
        #expect(
            try story.tell(story.prove(91, chunk: 0, by: a), a).outcome
                == .accepted(.qualityProven(correct: 91, samples: 150)))
    }

    @Test func tiesGoToWhoCommittedFirst() throws {
        var story = try Story.revealed()
        // The later one proves first.
        for index in [2, 1, 0] {
            let participant = story.participants[index]
            for (chunk, correct) in [(0, index == 0 ? 89 : 90), (1, 40)] {
                let proof = try story.prove(UInt64(correct), chunk: UInt32(chunk), by: participant)
                try story.tell(proof, participant)
            }
        }
        let receipt = try story.tell(story.finalize(), story.publisher)
        let leader = Leader(participant: story.participants[1].publicKey, correct: 130, samples: 150)
        #expect(receipt.outcome == .accepted(.roundFinalized(leader: leader)))
    }

    @Test func theGlobalModelIsChecked() throws {
        var story = try Story.revealed(2)
        let a = story.participants[0]
        try story.expectRefusal(
            .globalModelOfNobody, Story.finalize(commitment: ClearProofSystem.commitment(23)),
            by: story.publisher)
        for chunk in 0..<2 { try story.tell(story.prove(40, chunk: UInt32(chunk), by: a), a) }
        try story.expectRefusal(.globalModelMissing, Story.finalize(commitment: nil), by: story.publisher)
        // b committed but did not prove, so its model is not in the sum.
        for wrong in [23, 12, 10] as [UInt64] {
            try story.expectRefusal(
                .aggregateMismatch, Story.finalize(commitment: ClearProofSystem.commitment(wrong)),
                by: story.publisher)
        }
        try story.expectRefusal(.aggregateMismatch, Story.finalize(commitment: []), by: story.publisher)
        let right = Story.finalize(commitment: ClearProofSystem.commitment(11))
        try story.expectRefusal(.notThePublisher, right, by: a)
        #expect(try story.tell(right, story.publisher).isAccepted)
    }
}
