import Ledger
import LedgerTestSupport
import Testing

@Suite struct ReportRulesTests {
    @Test func aTestSetThatNobodyCanFetchEndsTheOrder() throws {
        var story = try Story.revealed(3)
        let (reporter, v, w) = (story.verifiers[0], story.verifiers[1], story.verifiers[2])
        #expect(
            try story.accept(Story.report(.testSet), reporter) == .reported(number: 0, decision: .open))
        #expect(story.locked(reporter, .verifier) == 10)
        for verifier in [v, w] { #expect(try story.accept(Story.vote(upholds: true), verifier) == .voted) }
        try story.proveAll(3)
        let before = (story.balance(reporter), story.balance(story.participants[0]))
        try story.expectRefusal(
            try story.tooEarly(\.voteDeadline), Story.finalize(commitment: nil), by: reporter)
        story.advance(to: \.voteDeadline)
        #expect(
            try story.accept(Story.finalize(commitment: nil), reporter) == .finalized(.aborted, leader: nil))
        // Half of 101 is 50 for the reporter; of 51 each of three gets 17.
        #expect(story.balance(reporter) == before.0 + 50)
        #expect(story.balance(story.participants[0]) == before.1 + 17)
        #expect(story.state.burnt == 0)
        for verifier in [reporter, v, w] { #expect(story.locked(verifier, .verifier) == 0) }
    }

    @Test func aFalseReportCostsItsStake() throws {
        var story = try Story.proven(1)
        let reporter = story.verifiers[0]
        try story.accept(Story.report(.testSet, .unfit), reporter)
        for verifier in story.verifiers[1...2] { try story.accept(Story.vote(upholds: false), verifier) }
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(story.stake(reporter, .verifier) == 10)
        #expect(story.locked(reporter, .verifier) == 0)
        #expect(story.state.burnt == 10)
        #expect(try story.order.reports[0].decision == .rejected)
    }

    /// Too few votes, and as many on one side as on the other, decide nothing.
    @Test(arguments: [[true], [true, false], []]) func undecidedReportsCostNothing(_ votes: [Bool]) throws {
        var story = try Story.proven(1)
        try story.accept(Story.report(.testSet), story.verifiers[0])
        for (index, vote) in votes.enumerated() {
            try story.accept(Story.vote(upholds: vote), story.verifiers[1 + index])
        }
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        #expect(try story.order.reports[0].decision == .undecided)
        #expect(story.state.burnt == 0)
        #expect(
            story.verifiers.allSatisfy {
                story.stake($0, .verifier) == 20 && story.locked($0, .verifier) == 0
            })
    }

    @Test func reportsAndVotesHaveTheirTimeAndPlace() throws {
        var story = try Story.committed(1)
        let (reporter, v) = (story.verifiers[0], story.verifiers[1])
        try story.expectRefusal(.subjectMissing, Story.report(.testSet), by: reporter)
        try story.expectRefusal(.notFinalized, Story.report(.globalModel), by: reporter)
        try story.revealAll()
        try story.expectRefusal(
            .subjectMissing, Story.report(.model(story.participants[0].publicKey)), by: reporter)
        try story.expectRefusal(
            .notStaked(.verifier, free: 0, needs: 10), Story.report(.testSet), by: story.participants[0])
        try story.accept(.register(Register(role: .verifier, amount: 10)), story.publisher)
        try story.expectRefusal(.conflictOfInterest, Story.report(.testSet), by: story.publisher)
        try story.expectRefusal(.unknownReport, Story.vote(upholds: true), by: v)
        try story.accept(Story.report(.testSet), reporter)
        try story.expectRefusal(.alreadyReported, Story.report(.testSet), by: v)
        // Another complaint is another report.
        #expect(
            try story.accept(Story.report(.testSet, .unfit), reporter)
                == .reported(number: 1, decision: .open))
        #expect(story.locked(reporter, .verifier) == 20)
        try story.expectRefusal(.conflictOfInterest, Story.vote(upholds: true), by: reporter)
        try story.expectRefusal(.conflictOfInterest, Story.vote(upholds: false), by: story.publisher)
        try story.expectRefusal(
            .notStaked(.verifier, free: 0, needs: 10), Story.vote(upholds: true), by: story.participants[0])
        try story.accept(Story.vote(upholds: true), v)
        try story.accept(Story.vote(1, upholds: true), v)
        #expect(story.locked(v, .verifier) == 10)
        try story.expectRefusal(.alreadyVoted, Story.vote(upholds: false), by: v)
        try story.expectRefusal(.unknownReport, Story.vote(2, upholds: true), by: v)
        story.advance(to: \.challengeDeadline)
        try story.expectRefusal(.lateReport, Story.report(.testSet), by: story.verifiers[2])
        story.approach(\.voteDeadline)
        try story.accept(Story.vote(upholds: true), story.verifiers[2])
        try story.expectRefusal(.lateVote, Story.vote(upholds: true), by: story.verifiers[3])
    }

    @Test func aGlobalModelThatDoesNotOpenIsVoid() throws {
        var story = try Story.proven(2)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        try story.accept(.register(Register(role: .verifier, amount: 10)), story.aggregator)
        try story.expectRefusal(.conflictOfInterest, Story.report(.globalModel), by: story.aggregator)
        let reporter = story.verifiers[0]
        try story.accept(Story.report(.globalModel, .unfit), reporter)
        let before = (story.balance(reporter), story.balance(story.aggregator))
        let withAggregator = try story.payout(by: Array(story.signers[..<2]))
        for verifier in story.verifiers[1...2] { try story.accept(Story.vote(upholds: true), verifier) }
        story.advance(to: \.finalizeDeadline)
        try story.expectRefusal(.lateVote, Story.vote(upholds: true), by: story.verifiers[3])
        try story.expectRefusal(.lateReport, Story.report(.globalModel), by: story.verifiers[3])
        // What the signers signed before the votes is not the payout any more.
        try story.expectRefusal(
            .badPayoutSignature(story.signers[0].publicKey), withAggregator, by: reporter)
        #expect(
            try story.accept(story.payout(by: Array(story.signers[..<2])), reporter) == .paid(total: 1003))
        #expect(story.balance(reporter) == before.0 + 15)
        #expect(story.balance(story.aggregator) == before.1)
        #expect(story.stake(story.aggregator, .aggregator) == 30)
        #expect(story.state.burnt == 15)
        #expect(try story.order.outcome?.globalModel == nil)
        #expect(story.verifiers.allSatisfy { story.locked($0, .verifier) == 0 })
    }

    @Test func aGoodGlobalModelStands() throws {
        var story = try Story.proven(2)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        try story.accept(Story.report(.globalModel), story.verifiers[0])
        for verifier in story.verifiers[1...2] { try story.accept(Story.vote(upholds: false), verifier) }
        story.advance(to: \.finalizeDeadline)
        try story.accept(story.payout(by: Array(story.signers[..<2])), story.publisher)
        #expect(try story.order.outcome?.globalModel != nil)
        #expect(story.stake(story.verifiers[0], .verifier) == 10)
        #expect(story.stake(story.aggregator, .aggregator) == 60)
    }
}
