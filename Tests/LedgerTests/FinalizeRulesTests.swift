import Ledger
import LedgerTestSupport
import Testing

@Suite struct FinalizeRulesTests {
    @Test func aWholeOrder() throws {
        var story = try Story.proven(3)
        let (a, b, c) = (story.participants[0], story.participants[1], story.participants[2])
        let (v, w) = (story.validators[0], story.validators[1])
        story.advance(to: \.proofDeadline)
        for validator in [v, w] { try story.accept(Story.validate(a, 130), validator) }
        try story.expectRefusal(try story.tooEarly(\.voteDeadline), story.finalize(), by: story.aggregator)
        story.advance(to: \.voteDeadline)
        let leader = Leader(participant: b.publicKey, correct: 140, samples: 150)
        #expect(try story.accept(story.finalize(), story.aggregator) == .finalized(.settled, leader: leader))
        let order = try story.order
        // 11·G + 12·G + 13·G
        #expect(order.outcome?.globalModel?.commitment == ClearProofSystem.commitment(36))
        #expect(order.outcome?.weightSum == 3)
        #expect(order.outcome?.rewarded == [a, b, c].map(\.publicKey).sorted())
        // All stakes are free again but the aggregator's, and the bond is back.
        for participant in [a, b, c] { #expect(story.locked(participant, .participant) == 0) }
        for validator in [v, w] { #expect(story.locked(validator, .validator) == 0) }
        #expect(story.locked(story.publisher, .publisher) == 0)
        #expect(story.locked(story.aggregator, .aggregator) == 30)
        #expect(story.state.escrow == 1003)
        #expect(story.state.burnt == 0)
        #expect(story.balance(story.publisher) == Story.wealth - 200 - 1003)
        for transaction in [
            Story.commit(50, by: a), Story.reveal(), Story.revealSecret(of: a), Story.validate(a, 1),
            Story.challenge(v, of: a), Story.report(.testSet), Story.finalize(commitment: nil),
            Story.prove(99, chunk: 0, proof: []),
        ] {
            let sender = transaction.kind == .revealTestSet ? story.publisher : a
            try story.expectRefusal(.roundFinalized, transaction, by: sender)
        }
        // Of 1003: participants ⌊⌊1003·0.3001⌋ / 3⌋ = 100, validators ⌊⌊1003·0.1999⌋ / 2⌋ = 100, aggregator ⌊100.3⌋ = 100,
        // the rest the leader's.
        let payments = try story.state.payments(task: Story.task, round: 0)
        func paid(_ signer: SigningKey) -> UInt64? {
            payments.first { $0.account == signer.publicKey }?.amount
        }
        #expect(paid(a) == 100 && paid(c) == 100 && paid(v) == 100 && paid(w) == 100)
        #expect(paid(story.aggregator) == 100)
        #expect(paid(b) == 1003 - 500)
        #expect(payments.map(\.account) == payments.map(\.account).sorted())
    }

    @Test func weightsFollowTheProvenAccuracy() throws {
        let task = Story.openTask(weights: .provenAccuracy)
        let testSet = Story.testSet(chunks: [Story.chunk(100, point: 1)])
        var story = try Story.revealed(2, task: task, testSet: testSet)
        for (index, correct) in [80, 30].enumerated() {
            let participant = story.participants[index]
            try story.accept(story.prove(UInt64(correct), chunk: 0, by: participant), participant)
        }
        story.advance(to: \.voteDeadline)
        let equal = Story.finalize(commitment: ClearProofSystem.commitment(11 + 12))
        try story.expectRefusal(.aggregateMismatch, equal, by: story.aggregator)
        let weighted = Story.finalize(commitment: ClearProofSystem.commitment(80 * 11 + 30 * 12))
        try story.accept(weighted, story.aggregator)
        #expect(try story.order.outcome?.weightSum == 110)
    }

    @Test func tiesGoToWhoCommittedFirst() throws {
        var story = try Story.committed(3)
        // The first one commits again, and so is the last.
        try story.accept(Story.commit(21, by: story.participants[0]), story.participants[0])
        try story.revealAll()
        for index in [2, 0, 1] {
            let participant = story.participants[index]
            try story.accept(story.prove(index == 1 ? 89 : 90, chunk: 0, by: participant), participant)
            try story.accept(story.prove(40, chunk: 1, by: participant), participant)
        }
        story.advance(to: \.voteDeadline)
        let leader = Leader(participant: story.participants[2].publicKey, correct: 130, samples: 150)
        #expect(try story.accept(story.finalize(), story.aggregator) == .finalized(.settled, leader: leader))
    }

    @Test func theGlobalModelIsChecked() throws {
        var story = try Story.revealed(2)
        let a = story.participants[0]
        for chunk in 0..<2 { try story.accept(story.prove(40, chunk: UInt32(chunk), by: a), a) }
        story.advance(to: \.voteDeadline)
        try story.expectRefusal(.globalModelMissing, Story.finalize(commitment: nil), by: story.aggregator)
        // b committed but did not prove, so its model is not in the sum.
        for wrong in [23, 12, 10] as [UInt64] {
            try story.expectRefusal(
                .aggregateMismatch, Story.finalize(commitment: ClearProofSystem.commitment(wrong)),
                by: story.aggregator)
        }
        try story.expectRefusal(.aggregateMismatch, Story.finalize(commitment: []), by: story.aggregator)
        let right = Story.finalize(commitment: ClearProofSystem.commitment(11))
        try story.expectRefusal(.notStaked(.aggregator, free: 0, needs: 30), right, by: a)
        try story.accept(right, story.aggregator)
    }

    /// Without an aggregator an order ends all the same, later.
    @Test func ordersLapse() throws {
        var story = try Story.proven(2)
        let right = try story.finalize()
        story.advance(to: \.finalizeDeadline)
        try story.expectRefusal(.lateFinalize, right, by: story.aggregator)
        let anybody = Story.signer(60)
        let leader = Leader(participant: story.participants[1].publicKey, correct: 140, samples: 150)
        #expect(
            try story.accept(Story.finalize(commitment: nil), anybody) == .finalized(.settled, leader: leader)
        )
        let payments = try story.state.payments(task: Story.task, round: 0)
        #expect(payments.map(\.amount).reduce(0, +) == 1003)
        #expect(Set(payments.map(\.account)) == Set(story.participants[..<2].map(\.publicKey)))
        try story.accept(story.payout(by: Array(story.signers[..<2])), anybody)
    }

    @Test func whoDoesNotRevealIsSlashedAndOut() throws {
        var story = try Story.committed(2)
        let (a, b) = (story.participants[0], story.participants[1])
        story.advance(to: \.commitDeadline)
        try story.accept(Story.reveal(), story.publisher)
        try story.accept(Story.revealSecret(of: a), a)
        for (chunk, correct) in [(0, 90), (1, 40)] as [(UInt32, UInt64)] {
            try story.accept(story.prove(correct, chunk: chunk, by: a), a)
        }
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        // A quarter of 40.
        #expect(story.stake(b, .participant) == 70)
        #expect(story.locked(b, .participant) == 0)
        #expect(story.state.burnt == 10)
        #expect(try story.order.outcome?.weights.map(\.participant) == [a.publicKey])
    }

    @Test func aPublisherThatDoesNotRevealLosesItsBond() throws {
        var story = try Story.committed(3)
        let before = story.participants.map { story.balance($0) }
        let publisher = story.balance(story.publisher)
        try story.expectRefusal(
            try story.tooEarly(\.revealDeadline), Story.finalize(commitment: nil), by: story.publisher)
        story.advance(to: \.revealDeadline)
        try story.expectRefusal(
            .globalModelOfNobody, Story.finalize(commitment: ClearProofSystem.commitment(36)),
            by: story.aggregator)
        #expect(
            try story.accept(Story.finalize(commitment: nil), Story.signer(60))
                == .finalized(.aborted, leader: nil))
        // 101 = 3·33 + 2
        for index in 0..<3 { #expect(story.balance(story.participants[index]) == before[index] + 33) }
        #expect(story.balance(story.participants[3]) == before[3])
        #expect(story.state.burnt == 2)
        #expect(story.state.escrow == 0)
        #expect(story.balance(story.publisher) == publisher + 1003)
        #expect(story.participants[..<3].allSatisfy { story.locked($0, .participant) == 0 })
        try story.expectRefusal(
            .alreadyPaid, .payout(Payout(task: Story.task, round: 0, signatures: [])),
            by: story.publisher)
    }

    @Test func anOrderThatNobodyWantsCostsNothing() throws {
        var story = try Story.opened()
        try story.expectRefusal(
            try story.tooEarly(\.commitDeadline), Story.finalize(commitment: nil), by: story.publisher)
        story.advance(to: \.commitDeadline)
        #expect(
            try story.accept(Story.finalize(commitment: nil), Story.signer(60))
                == .finalized(.empty, leader: nil))
        #expect(story.balance(story.publisher) == Story.wealth - 200)
        #expect(story.state.escrow == 0)
        #expect(story.locked(story.publisher, .publisher) == 0)
    }

    /// The global model's opening is public, so a copy of it must not earn anything.
    @Test func rewardOnlyAboveTheBaseline() throws {
        let testSet = Story.testSet(baseline: 130)
        var story = try Story.revealed(3, testSet: testSet)
        try story.proveAll(3)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        // a has exactly the baseline, c less: both are in the model, neither is rewarded.
        #expect(try story.order.outcome?.weights.count == 3)
        #expect(try story.order.outcome?.rewarded == [story.participants[1].publicKey])
        let payments = try story.state.payments(task: Story.task, round: 0)
        let paid = [story.participants[1].publicKey, story.aggregator.publicKey]
        #expect(payments.map(\.account) == paid.sorted())

        // Nobody above it: the reward goes back at once, and only the aggregator's stake is left to release.
        var idle = try Story.revealed(1, testSet: Story.testSet(baseline: 150))
        try idle.proveAll(1)
        idle.advance(to: \.voteDeadline)
        try idle.accept(idle.finalize(), idle.aggregator)
        #expect(idle.state.escrow == 0)
        #expect(try idle.state.payments(task: Story.task, round: 0).isEmpty)
        idle.advance(to: \.finalizeDeadline)
        try idle.accept(idle.payout(by: []), idle.publisher)
        #expect(idle.locked(idle.aggregator, .aggregator) == 0)
    }

    /// A useless model, truthfully proven, does not enter the global one; that is no offence.
    @Test func entryNeedsAShareOfTheBaseline() throws {
        let testSet = Story.testSet(baseline: 100)
        // The fourth has proven 90, all others more than 100.
        for (share, count) in [(11_000, nil), (10_000, 3), (9001, 3), (9000, 4), (0, 4)] as [(UInt16, Int?)] {
            let task = Story.openTask(entryShare: share)
            guard let count else {
                var story = try Story.registered()
                try story.expectRefusal(.entryShareOutOfRange(share), task, by: story.publisher)
                continue
            }
            var story = try Story.revealed(4, task: task, testSet: testSet)
            try story.proveAll(4)
            story.advance(to: \.voteDeadline)
            try story.accept(story.finalize(), story.aggregator)
            #expect(try story.order.outcome?.weights.count == count)
            #expect(story.stake(story.participants[3], .participant) == 80)
            #expect(story.state.burnt == 0)
        }
        let most = UInt64.max
        #expect(
            BasisPoints.reaches(most, 10_000, of: most) && !BasisPoints.reaches(most - 1, 10_000, of: most))
    }

    /// The accepted proof is one more validation: whoever disagrees with it is found at the end, challenged or not.
    @Test func falseValidationsAreFoundAtTheEnd() throws {
        var story = try Story.proven(2)
        let (a, v, w) = (story.participants[0], story.validators[0], story.validators[1])
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        try story.accept(Story.validate(a, 129), w)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(story.stake(w, .validator) == 20)
        #expect(story.stake(v, .validator) == 40)
        #expect(story.state.burnt == 20)
        #expect(try story.order.outcome?.validators == [v.publicKey])
    }

    @Test func nobodyAcceptedNoModelNoReward() throws {
        var story = try Story.revealed(2)
        let a = story.participants[0]
        // One chunk of two is no complete claim.
        try story.accept(story.prove(90, chunk: 0, by: a), a)
        story.advance(to: \.voteDeadline)
        try story.expectRefusal(
            .globalModelOfNobody, Story.finalize(commitment: ClearProofSystem.commitment(11)),
            by: story.aggregator)
        #expect(
            try story.accept(Story.finalize(commitment: nil), Story.signer(60))
                == .finalized(.settled, leader: nil))
        #expect(story.state.escrow == 0)
        #expect(story.balance(story.publisher) == Story.wealth - 200)
        // Nobody is slashed for proving nothing.
        #expect(story.state.burnt == 0)
    }
}
