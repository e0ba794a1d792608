import Ledger
import LedgerTestSupport
import Testing

@Suite struct PayoutRulesTests {
    private static func finalized() throws -> Story {
        var story = try Story.proven(2)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        return story
    }

    @Test func payoutsAreSignedAndPaidOnce() throws {
        var story = try Self.finalized()
        let anybody = Story.signer(60)
        let signers = story.signers
        let payments = try story.state.payments(task: Story.task, round: 0)
        let payout = try story.payout(by: [signers[2], signers[0]])
        try story.expectRefusal(try story.tooEarly(\.finalizeDeadline), payout, by: anybody)
        story.advance(to: \.finalizeDeadline)
        try story.expectRefusal(
            .payoutSignaturesMissing(has: 1, needs: 2), story.payout(by: [signers[0]]), by: anybody)
        try story.expectRefusal(
            .duplicatePayoutSigner(signers[0].publicKey), story.payout(by: [signers[0], signers[0]]),
            by: anybody)
        try story.expectRefusal(
            .unknownPayoutSigner(anybody.publicKey), story.payout(by: [signers[0], signers[1], anybody]),
            by: anybody)
        // A signature over anything else, or by somebody else.
        guard case .payout(var forged) = payout else { throw TestFailure("not a payout") }
        forged.signatures[0] = try AccountSignature(Digest(sha256: []), key: signers[2])
        try story.expectRefusal(.badPayoutSignature(signers[2].publicKey), .payout(forged), by: anybody)
        forged.signatures[0] = AccountSignature(
            signer: signers[1].publicKey, signature: forged.signatures[1].signature)
        try story.expectRefusal(.badPayoutSignature(signers[1].publicKey), .payout(forged), by: anybody)

        let before = payments.map { story.state.balance(of: $0.account) }
        #expect(try story.accept(payout, anybody) == .paid(total: 1003))
        for (payment, before) in zip(payments, before) {
            #expect(story.state.balance(of: payment.account) == before + payment.amount)
        }
        #expect(story.state.escrow == 0)
        #expect(story.locked(story.aggregator, .aggregator) == 0)
        try story.expectRefusal(.alreadyPaid, payout, by: anybody)
        try story.expectRefusal(.alreadyPaid, payout, by: signers[0])
    }

    @Test func payoutsHaveTheirPlace() throws {
        var story = try Story.proven(2)
        let empty = Transaction.payout(Payout(task: Story.task, round: 0, signatures: []))
        try story.expectRefusal(.notFinalized, empty, by: story.publisher)
        let unknown = Transaction.payout(Payout(task: Story.task, round: 1, signatures: []))
        try story.expectRefusal(.unknownRound, unknown, by: story.publisher)
    }

    /// The digest that is signed says which ledger, order and payments.
    @Test func signaturesAreForOnePayoutOnly() throws {
        let story = try Self.finalized()
        let digest = try story.state.payoutDigest(task: Story.task, round: 0)
        var other = try Story.proven(3)
        other.advance(to: \.voteDeadline)
        try other.accept(other.finalize(), other.aggregator)
        #expect(try other.state.payoutDigest(task: Story.task, round: 0) != digest)
    }

    @Test func withoutSignersNobodySigns() throws {
        var story = try Story.registered()
        try story.accept(Story.openTask(), story.publisher)
        try story.accept(story.openOrder(signers: [], threshold: 0), story.publisher)
        try story.accept(Story.commit(11, by: story.participants[0]), story.participants[0])
        try story.revealAll()
        try story.proveAll(1)
        story.advance(to: \.voteDeadline)
        try story.accept(story.finalize(), story.aggregator)
        story.advance(to: \.finalizeDeadline)
        try story.expectRefusal(
            .unknownPayoutSigner(story.signers[0].publicKey), story.payout(by: [story.signers[0]]),
            by: story.publisher)
        try story.accept(story.payout(by: []), Story.signer(60))
    }

    @Test func paidOrdersAreForgotten() throws {
        var story = try Self.finalized()
        let anybody = Story.signer(60)
        try story.expectRefusal(.notPaid, Story.prune(), by: anybody)
        story.advance(to: \.finalizeDeadline)
        try story.accept(story.payout(by: Array(story.signers[..<2])), anybody)
        try story.expectRefusal(.roundInUse, Story.prune(), by: anybody)
        try story.accept(story.openOrder(1), story.publisher)
        try story.expectRefusal(.notFinalized, Story.prune(round: 1), by: anybody)
        try story.expectRefusal(.unknownRound, Story.prune(round: 2), by: anybody)
        guard var task = story.state.tasks[Story.task] else { throw TestFailure("no task") }
        let (sealed, outcome) = (task.orders[0].digest(), task.orders[0].outcome)
        #expect(try story.accept(Story.prune(), anybody) == .pruned)
        guard var pruned = story.state.tasks[Story.task] else { throw TestFailure("no task") }
        // Its entry in the state tree stays, and so does what the next orders need.
        #expect(pruned.orders[0].digest() == sealed)
        #expect(pruned.orders[0].outcome == outcome)
        #expect(pruned.orders[0].commitments.isEmpty && pruned.orders[0].claims.isEmpty)
        #expect(pruned.orders[0].testSet == nil && pruned.orders[0].acceptedProofs.isEmpty)
        try story.expectRefusal(.alreadyPruned, Story.prune(), by: anybody)
        try story.expectRefusal(
            .alreadyPaid, .payout(Payout(task: Story.task, round: 0, signatures: [])),
            by: anybody)
        try story.expectRefusal(.roundFinalized, Story.vote(upholds: true), by: anybody)
        try story.expectRefusal(.unknownRound, Story.commit(1, round: 2, by: anybody), by: anybody)
    }
}
