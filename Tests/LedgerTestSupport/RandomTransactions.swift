import Ledger
import TestSupport

/// Things that people might say: mostly what fits the time, often enough something else.
public struct RandomTransactions {
    public var random: SeededGenerator
    private var story = Story()
    /// Every window of an order, in milliseconds.
    public var window: UInt64 = 8000

    public init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Something to say to a ledger in this state, at `time`.
    public mutating func next(
        _ state: LedgerState, at time: Timestamp
    ) throws -> (transaction: Transaction, signer: SigningKey) {
        story.state = state
        story.time = time
        if chance(4) { return try anything(at: time) }
        return try somethingFitting(at: time)
    }

    /// A time not before `time`: often the same, sometimes the next deadline.
    public mutating func next(after time: Timestamp, _ state: LedgerState) -> Timestamp {
        if chance(24), let windows = state.tasks[Story.task]?.orders.last?.opening.windows,
            let deadline = windows.times.first(where: { $0 > time })
        {
            return deadline
        }
        return Timestamp(milliseconds: time.milliseconds + random.next() % 800)
    }

    private mutating func chance(_ oneIn: UInt64) -> Bool { random.next() % oneIn == 0 }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.next() % UInt64(elements.count))]
    }

    private var everybody: [SigningKey] {
        [story.publisher, story.aggregator] + story.participants + story.validators + story.verifiers
    }

    private mutating func somethingFitting(at time: Timestamp) throws -> (Transaction, SigningKey) {
        if chance(6) { return registration() }
        guard let task = story.state.tasks[Story.task] else { return (Story.openTask(), story.publisher) }
        let round = UInt64(max(1, task.orders.count) - 1)
        guard let order = task.orders.last, order.outcome == nil || order.paid == nil else {
            if chance(3), round > 0 { return (Story.prune(round: random.next() % round), pick(everybody)) }
            return (openOrder(UInt64(task.orders.count), at: time), story.publisher)
        }
        let windows = order.opening.windows
        if order.outcome != nil { return try ending(order, round, at: time) }
        if time < windows.commitDeadline {
            let participant = pick(story.participants)
            return (Story.commit(1 + random.next() % 30, round: round, by: participant), participant)
        }
        if time < windows.revealDeadline {
            if order.testSet == nil, chance(2) {
                return (Story.reveal(round: round, testSet(round)), story.publisher)
            }
            let participant = pick(story.participants)
            if order.testSet == nil || order.secrets[participant.publicKey] == nil || chance(3) {
                return (Story.revealSecret(of: participant, round: round), participant)
            }
        }
        if time < windows.proofDeadline { return try claim(round) }
        if time < windows.validationDeadline, chance(2) {
            let participant = pick(story.participants)
            let score = order.provenCorrect(participant.publicKey)
            return (
                Story.validate(participant, chance(3) ? score ^ 1 : score, round: round),
                pick(story.validators)
            )
        }
        if time < windows.challengeDeadline, chance(2) {
            return (
                Story.challenge(pick(story.validators), of: pick(story.participants), round: round),
                pick(story.verifiers)
            )
        }
        if time < windows.challengeDeadline {
            return (
                Story.report(.testSet, chance(2) ? .unfit : .irretrievable, round: round),
                pick(story.verifiers)
            )
        }
        if time < windows.voteDeadline {
            return (
                Story.vote(UInt32(random.next() % 2), upholds: chance(3), round: round), pick(story.verifiers)
            )
        }
        if chance(2) {
            // Mostly those with a complete claim, so that it is often accepted.
            let claimants = story.participants.filter {
                order.hasCompleteClaim($0.publicKey) || chance(8)
            }
            let survivors = chance(2) ? claimants : Array(claimants.dropLast())
            let signers = chance(4) ? Array(survivors.dropFirst()) : survivors
            return (
                try story.fixSurvivors(survivors, signers: signers, round: round),
                chance(6) ? pick(everybody) : story.aggregator
            )
        }
        let sum = try? story.state.aggregate(task: Story.task, round: round).commitment
        return (Story.finalize(round: round, commitment: chance(5) ? nil : sum), story.aggregator)
    }

    private mutating func ending(
        _ order: OrderRecord, _ round: UInt64, at time: Timestamp
    ) throws -> (Transaction, SigningKey) {
        if time < order.opening.windows.finalizeDeadline {
            return chance(2)
                ? (Story.report(.globalModel, .unfit, round: round), pick(story.verifiers))
                : (
                    Story.vote(UInt32(random.next() % 3), upholds: chance(2), round: round),
                    pick(story.verifiers)
                )
        }
        let signers = Array(story.signers.prefix(chance(4) ? 1 : 2))
        return (try story.payout(round: round, by: signers), pick(everybody))
    }

    private mutating func registration() -> (Transaction, SigningKey) {
        let groups: [(Role, [SigningKey])] = [
            (Role.publisher, [story.publisher]), (.participant, story.participants),
            (.validator, story.validators), (.verifier, story.verifiers), (.aggregator, [story.aggregator]),
        ]
        let (role, members) = pick(groups)
        let signer = pick(members)
        if chance(6) { return (.unregister(Unregister(role: role)), signer) }
        return (.register(Register(role: role, amount: Story.parameters.minimumStake[role])), signer)
    }

    private mutating func openOrder(_ round: UInt64, at time: Timestamp) -> Transaction {
        let windows = OrderWindows(from: time, training: window, each: window)
        return story.openOrder(
            round, testSet: testSet(round), windows: windows, reward: random.next() % 500,
            bond: 50 + random.next() % 50)
    }

    private func testSet(_ round: UInt64) -> TestSetOpening {
        Story.testSet(round: round, baseline: round * 37 % 100)
    }

    private mutating func claim(_ round: UInt64) throws -> (Transaction, SigningKey) {
        let participant = pick(story.participants)
        let chunk = UInt32(random.next() % 2)
        let correct = 1 + random.next() % (chunk == 0 ? 100 : 50)
        if let honest = try? story.prove(correct, chunk: chunk, round: round, by: participant), !chance(5) {
            return (honest, chance(9) ? pick(story.participants) : participant)
        }
        let proof = [UInt8](repeating: 7, count: chance(2) ? 33 : 5)
        return (Story.prove(correct, chunk: chunk, round: round, proof: proof), participant)
    }

    /// Any kind, by anybody, of any round that is or is not there.
    private mutating func anything(at time: Timestamp) throws -> (Transaction, SigningKey) {
        let signer = pick(everybody + [Story.signer(0), Story.signer(99)])
        let (other, round) = (pick(everybody), random.next() % 3)
        let amounts: [UInt64] = [0, 1, 10, 100, 9999, .max]
        let root = Digest(sha256: [1])
        let subjects: [ReportSubject] = [.testSet, .globalModel, .model(other.publicKey)]
        let leaf = AuditedCheckpoint(commitment: ClearProofSystem.commitment(3), path: [root])
        let transactions: [Transaction] = [
            Story.openTask(), openOrder(round, at: time),
            Story.commit(1 + random.next() % 9, round: round, by: signer),
            Story.reveal(round: round), Story.prove(5, chunk: 0, round: round, proof: [1]),
            Story.finalize(round: round, commitment: chance(2) ? nil : ClearProofSystem.commitment(23)),
            .deposit(Deposit(account: other.publicKey, amount: pick(amounts))),
            .transfer(Transfer(to: other.publicKey, amount: pick(amounts))),
            .register(Register(role: pick(Role.allCases), amount: pick(amounts))),
            .unregister(Unregister(role: pick(Role.allCases))),
            .commitData(CommitData(task: Story.task, round: round, batchRoot: root, batches: 4)),
            Story.revealSecret(of: other, round: round),
            .claimScore(ClaimScore(task: Story.task, round: round, correct: 5, opening: root)),
            .answerAudit(
                AnswerAudit(
                    task: Story.task, round: round, stage: 0, before: leaf, after: leaf, batches: [leaf],
                    proof: [])),
            Story.validate(other, random.next() % 200, round: round),
            Story.challenge(other, of: pick(everybody), round: round), Story.check(other, round: round),
            Story.report(pick(subjects), round: round),
            Story.vote(UInt32(random.next() % 3), upholds: chance(2), round: round),
            .payout(
                Payout(
                    task: Story.task, round: round,
                    signatures: [AccountSignature(signer: other.publicKey, signature: [1, 2])])),
            Story.prune(round: round),
            try story.fixSurvivors([pick(everybody), pick(everybody)], signers: [other], round: round),
        ]
        return (pick(transactions), signer)
    }
}
