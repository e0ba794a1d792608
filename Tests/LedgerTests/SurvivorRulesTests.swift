import Ledger
import LedgerTestSupport
import Testing

/// Whose models the global model holds is fixed once, by those who are in it.
@Suite struct SurvivorRulesTests {
    /// Four are accepted (11, 12, 13, 14; the second leads), and the time has come.
    private static func closed(_ count: Int = 4, task: Transaction = Story.openTask()) throws -> Story {
        var story = try Story.proven(count, task: task)
        story.advance(to: \.voteDeadline)
        return story
    }

    private static func body(_ transaction: Transaction) throws -> FixSurvivors {
        guard case .fixSurvivors(let body) = transaction else { throw TestFailure("not fixSurvivors") }
        return body
    }

    /// Every check, in its order: what fails at one of them fails at all that follow, too.
    @Test func checksInTheirOrder() throws {
        var story = try Story.proven(4)
        let (a, b, c, d) = (
            story.participants[0], story.participants[1], story.participants[2], story.participants[3]
        )
        let (aggregator, stranger) = (story.aggregator, Story.signer(60))
        let order = [a, b, c].map(\.publicKey).sorted()
        let right = try Self.body(story.fixSurvivors([a, b, c]))
        /// Wrong in everything that is looked at after the sender.
        func fix(
            _ survivors: [PublicKey] = order.reversed(), task: Identifier = Story.task, round: UInt64 = 0,
            _ signatures: [AccountSignature]? = nil
        ) -> Transaction {
            .fixSurvivors(
                FixSurvivors(
                    task: task, round: round, survivors: survivors,
                    signatures: signatures ?? [AccountSignature(signer: stranger.publicKey, signature: [])]))
        }
        try story.expectRefusal(.unknownTask, fix(task: Identifier("nothing")!), by: stranger)
        try story.expectRefusal(.unknownRound, fix(round: 1), by: stranger)
        try story.expectRefusal(try story.tooEarly(\.voteDeadline), fix(), by: stranger)
        story.approach(\.voteDeadline)
        try story.expectRefusal(try story.tooEarly(\.voteDeadline), .fixSurvivors(right), by: aggregator)
        story.advance(to: \.voteDeadline)
        try story.expectRefusal(.notStaked(.aggregator, free: 0, needs: 30), fix(), by: stranger)
        // A participant's stake is no aggregator's.
        try story.expectRefusal(.notStaked(.aggregator, free: 0, needs: 30), .fixSurvivors(right), by: a)
        for survivors in [
            [], order.reversed(), [order[0], order[0]], [stranger.publicKey, order[2], order[1]],
        ] {
            try story.expectRefusal(code: "malformed-survivors", fix(survivors), by: aggregator)
        }
        let withStranger = (order + [stranger.publicKey]).sorted()
        try story.expectRefusal(
            .survivorNotAccepted(stranger.publicKey), fix(withStranger), by: aggregator)

        func sign(_ signers: [SigningKey], _ digest: Digest? = nil) throws -> [AccountSignature] {
            let right = FixSurvivors.digest(
                ledger: story.state.identifier, task: Story.task, round: 0, survivors: order)
            return try signers.map { try AccountSignature(digest ?? right, key: $0) }
        }
        let bad = AccountSignature(signer: b.publicKey, signature: try sign([a])[0].signature)
        // d is accepted, but no survivor; of several flaws the first signature's counts.
        try story.expectRefusal(
            .unknownSurvivorSigner(d.publicKey), fix(order, try sign([a, d, a]) + [bad]), by: aggregator)
        try story.expectRefusal(
            .duplicateSurvivorSigner(a.publicKey), fix(order, try sign([a, a, d]) + [bad]), by: aggregator)
        try story.expectRefusal(
            .badSurvivorSignature(b.publicKey), fix(order, try sign([a]) + [bad] + sign([d, a])),
            by: aggregator)
        for count in 0...2 {
            try story.expectRefusal(
                .survivorSignaturesMissing(has: count, needs: 3), fix(order, try sign([a, b].suffix(count))),
                by: aggregator)
        }
        // Nothing of this is left behind, and what is right is accepted: once.
        #expect(try story.order.survivors == nil)
        #expect(
            try story.accept(fix(order, try sign([c, a, b])), aggregator) == .survivorsFixed(count: 3))
        #expect(try story.order.survivors == order)
        #expect(story.locked(aggregator, .aggregator) == 0)
        try story.expectRefusal(.survivorsAlreadyFixed, .fixSurvivors(right), by: aggregator)
        try story.expectRefusal(.survivorsAlreadyFixed, story.fixSurvivors([a, b, d]), by: stranger)
        story.advance(to: \.finalizeDeadline)
        try story.expectRefusal(.lateSurvivors, .fixSurvivors(right), by: stranger)
        try story.accept(Story.finalize(commitment: nil), stranger)
        try story.expectRefusal(.roundFinalized, .fixSurvivors(right), by: stranger)
    }

    /// What the signatures are bound to: the same set elsewhere is another digest.
    @Test func signaturesAreWorthNothingElsewhere() throws {
        var story = try Self.closed()
        let signers = Array(story.participants[..<3])
        let accounts = signers.map(\.publicKey).sorted()
        let (ledger, task) = (story.state.identifier, Story.task)
        func digest(
            _ ledger: Digest, _ task: Identifier, _ round: UInt64, _ survivors: [PublicKey]
        ) -> Digest {
            FixSurvivors.digest(ledger: ledger, task: task, round: round, survivors: survivors)
        }
        let others = [
            digest(Story(salt: 8).state.identifier, task, 0, accounts),
            digest(ledger, Identifier("other")!, 0, accounts), digest(ledger, task, 1, accounts),
            digest(ledger, task, 0, Array(accounts.dropLast())),
            digest(ledger, task, 0, (accounts + [story.participants[3].publicKey])),
            Digest(purpose: "ZKPoT payout v1", []),
        ]
        let right = digest(ledger, task, 0, accounts)
        #expect(Set(others + [right]).count == 7)
        #expect(digest(ledger, task, 0, accounts.reversed()) == right)
        for other in others {
            let signatures = try signers.map { try AccountSignature(other, key: $0) }
            try story.expectRefusal(
                .badSurvivorSignature(signers[0].publicKey),
                .fixSurvivors(
                    FixSurvivors(task: task, round: 0, survivors: accounts, signatures: signatures)),
                by: story.aggregator)
        }
        try story.accept(story.fixSurvivors(signers), story.aggregator)
    }

    /// The global model is the sum over the survivors, with the weights of the task; the leader and the rewards stay.
    @Test(arguments: [AggregationWeights.equal, .provenAccuracy])
    func theGlobalModelIsTheirSum(_ weights: AggregationWeights) throws {
        var story = try Self.closed(task: Story.openTask(weights: weights))
        let (a, b, c, d) = (
            story.participants[0], story.participants[1], story.participants[2], story.participants[3]
        )
        let points: [UInt64] = [11, 12, 13, 14]
        let factors: [UInt64] = weights == .equal ? [1, 1, 1, 1] : [130, 140, 110, 90]
        func sum(_ indices: [Int]) -> UInt64 { indices.reduce(0) { $0 + factors[$1] * points[$1] } }
        #expect(
            try story.state.aggregate(task: Story.task, round: 0).commitment
                == ClearProofSystem.commitment(sum([0, 1, 2, 3])))
        // b, the leader, is left out.
        try story.accept(story.fixSurvivors([a, c, d]), story.aggregator)
        let aggregate = try story.state.aggregate(task: Story.task, round: 0)
        #expect(aggregate.weights.map(\.participant) == [a, c, d].map(\.publicKey))
        #expect(aggregate.weights.map(\.weight) == [factors[0], factors[2], factors[3]])
        #expect(aggregate.commitment == ClearProofSystem.commitment(sum([0, 2, 3])))
        for wrong in [[0, 1, 2, 3], [0, 1, 2], [0, 2], [1]] {
            try story.expectRefusal(
                .aggregateMismatch, Story.finalize(commitment: ClearProofSystem.commitment(sum(wrong))),
                by: story.aggregator)
        }
        try story.expectRefusal(.globalModelMissing, Story.finalize(commitment: nil), by: story.aggregator)
        let leader = Leader(participant: b.publicKey, correct: 140, samples: 150)
        #expect(try story.accept(story.finalize(), story.aggregator) == .finalized(.settled, leader: leader))
        let outcome = try #require(try story.order.outcome)
        #expect(outcome.weights == aggregate.weights)
        #expect(outcome.weightSum == factors[0] + factors[2] + factors[3])
        #expect(outcome.leftOut == [b.publicKey])
        #expect(outcome.rewarded == [a, b, c, d].map(\.publicKey).sorted())
        let view = OrderView(try story.order)
        #expect(view.survivors == [a, c, d].map(\.publicKey).sorted().map(\.description))
        #expect(view.participants.map(\.isAccepted) == [true, true, true, true])
        #expect(view.participants.map(\.weight) == [factors[0], nil, factors[2], factors[3]])
        // Of 1003: participants ⌊301 / 4⌋ = 75 each, aggregator 100, and the leader has the rest.
        let payments = try story.state.payments(task: Story.task, round: 0)
        #expect(payments.first { $0.account == b.publicKey }?.amount == 1003 - 3 * 75 - 100)
        #expect(payments.count == 5)
        story.advance(to: \.finalizeDeadline)
        try story.accept(story.payout(by: Array(story.signers[..<2])), a)
    }

    /// All may be on record, or just more than half of the accepted, and everybody's signature may be there.
    @Test func howManySign() throws {
        for (accepted, survivors, signers, isEnough) in [
            (4, 4, 4, true), (4, 3, 3, true), (4, 4, 3, true), (4, 4, 2, false), (4, 2, 2, false),
            (3, 3, 2, true), (3, 2, 2, true), (3, 2, 1, false), (2, 2, 1, false), (2, 2, 2, true),
            (1, 1, 1, true), (1, 1, 0, false),
        ] {
            var story = try Self.closed(accepted)
            let chosen = Array(story.participants[..<survivors])
            let transaction = try story.fixSurvivors(chosen, signers: Array(chosen[..<signers]))
            if isEnough {
                try story.accept(transaction, story.aggregator)
                try story.accept(story.finalize(), story.aggregator)
            } else {
                try story.expectRefusal(
                    .survivorSignaturesMissing(has: signers, needs: accepted / 2 + 1), transaction,
                    by: story.aggregator)
            }
        }
    }

    /// Who is not accepted is no survivor: no complete claim, no revealed secret, nobody at all.
    @Test func whoIsNotAcceptedIsNoSurvivor() throws {
        var story = try Story.committed(4)
        let (a, b, c, d) = (
            story.participants[0], story.participants[1], story.participants[2], story.participants[3]
        )
        story.advance(to: \.commitDeadline)
        try story.accept(Story.reveal(), story.publisher)
        for participant in [a, b, c] { try story.accept(Story.revealSecret(of: participant), participant) }
        try story.proveAll(2)
        try story.accept(story.prove(80, chunk: 0, by: c), c)
        story.advance(to: \.voteDeadline)
        for other in [c, d, story.validators[0]] {
            try story.expectRefusal(
                .survivorNotAccepted(other.publicKey), story.fixSurvivors([a, b, other]),
                by: story.aggregator)
        }
        try story.accept(story.fixSurvivors([a, b]), story.aggregator)

        // An order that is aborted accepts nobody.
        var aborted = try Story.committed(2)
        aborted.advance(to: \.voteDeadline)
        try aborted.expectRefusal(
            code: "survivor-not-accepted", aborted.fixSurvivors([a, b]), by: aborted.aggregator)
    }

    /// Mode `open`: where validators disagree it is not known who is accepted.
    @Test func aDisputedClaimIsCheckedFirst() throws {
        var story = try Story.revealed(2, task: Story.openTask(keys: [], mode: .open))
        let (a, b, v, w) = (
            story.participants[0], story.participants[1], story.validators[0], story.validators[1]
        )
        story.state.checker = FixedScores([Digest(sha256: [0]): 130, Digest(sha256: [1]): 120])
        for (index, correct) in ([130, 120] as [UInt64]).enumerated() {
            let claim = ClaimScore(
                task: Story.task, round: 0, correct: correct, opening: Digest(sha256: [UInt8(index)]))
            try story.accept(.claimScore(claim), story.participants[index])
        }
        story.advance(to: \.proofDeadline)
        try story.accept(Story.validate(a, 130), v)
        try story.accept(Story.validate(a, 129), w)
        try story.accept(Story.validate(b, 120), v)
        story.advance(to: \.validationDeadline)
        var checked = story
        story.advance(to: \.voteDeadline)
        try story.expectRefusal(.checkMissing, story.fixSurvivors([b]), by: Story.signer(60))
        try checked.accept(Story.check(a), w)
        checked.advance(to: \.voteDeadline)
        try checked.accept(checked.fixSurvivors([a, b]), checked.aggregator)
    }

    /// Without the sum over the fixed set the order lapses; another set is not to be had.
    @Test func fixedSurvivorsCanLapse() throws {
        var story = try Self.closed()
        try story.accept(story.fixSurvivors(Array(story.participants[1...])), story.aggregator)
        story.advance(to: \.finalizeDeadline)
        try story.accept(Story.finalize(commitment: nil), story.publisher)
        let outcome = try #require(try story.order.outcome)
        #expect(outcome.globalModel == nil && outcome.rewarded.count == 4)
        #expect(outcome.leftOut == [story.participants[0].publicKey])
    }

    /// The record is part of the state, and is forgotten with the order's other details.
    @Test func survivorsArePartOfTheState() throws {
        var story = try Self.closed()
        var (before, after) = (story.state, story.state)
        let time = Timestamp(milliseconds: story.time.milliseconds + 1000)
        let signed = try story.sign(story.fixSurvivors(Array(story.participants[..<3])), story.aggregator)
        let refused = try story.sign(story.fixSurvivors([]), story.aggregator)
        #expect(try after.apply(signed, at: time).isAccepted)
        #expect(try !before.apply(refused, at: time).isAccepted)
        #expect(after.root() != before.root())

        try story.accept(story.fixSurvivors(Array(story.participants[..<3])), story.aggregator)
        try story.accept(story.finalize(), story.aggregator)
        story.advance(to: \.finalizeDeadline)
        try story.accept(story.payout(by: Array(story.signers[..<2])), story.publisher)
        try story.accept(story.openOrder(1), story.publisher)
        var task = try #require(story.state.tasks[Story.task])
        let (sealed, outcome) = (task.orders[0].digest(), task.orders[0].outcome)
        try story.accept(Story.prune(), story.publisher)
        var pruned = try #require(story.state.tasks[Story.task])
        #expect(pruned.orders[0].digest() == sealed && pruned.orders[0].outcome == outcome)
        #expect(pruned.orders[0].survivors == nil && pruned.orders[0].outcome?.leftOut.count == 1)
    }

    /// More than 256 are not even read.
    @Test func endlessListsAreNotRead() throws {
        let key = Story.signer(1).publicKey
        for (survivors, signatures) in [(256, 256), (257, 0), (0, 257)] {
            let body = FixSurvivors(
                task: Story.task, round: 0, survivors: Array(repeating: key, count: survivors),
                signatures: Array(repeating: AccountSignature(signer: key, signature: []), count: signatures)
            )
            let decoded = try? Transaction(encoded: Transaction.fixSurvivors(body).encoded)
            #expect((decoded != nil) == (survivors <= 256 && signatures <= 256))
        }
    }
}
