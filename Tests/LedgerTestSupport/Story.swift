import Ledger

/// A ledger in memory with people who have something to stake, and short ways to say what they do.
public struct Story {
    public static let task = Identifier("digits")!
    public static let key = ClearProofSystem.key(isDevelopmentKey: false)
    public static let start = Timestamp(milliseconds: 1_700_000_000_000)
    public static let parameters = ProtocolParameters(
        minimumStake: RoleAmounts(
            publisher: 100, participant: 40, validator: 20, verifier: 10, aggregator: 30),
        minimumBond: 50, nonRevealSlash: 2500, challengerShare: 5000, voteQuorum: 2, maximumParticipants: 8,
        maximumValidators: 4, recomputesOpenings: false)
    /// What everybody has at the beginning.
    public static let wealth: UInt64 = 10_000
    /// The split of the orders: odd numbers, so that something is left over.
    public static let split = RewardSplit(
        leader: 4000, participants: 3001, validators: 1999, aggregator: 1000)

    public let publisher = Story.signer(1)
    public let participants = (2...5).map { Story.signer(UInt8($0)) }
    public let validators = (20...22).map { Story.signer(UInt8($0)) }
    public let verifiers = (30...33).map { Story.signer(UInt8($0)) }
    public let aggregator = Story.signer(40)
    public let signers = (50...52).map { Story.signer(UInt8($0)) }
    public var state: LedgerState
    /// The time of the last thing said.
    public var time = Story.start

    /// A key that is the same in every run.
    public static func signer(_ number: UInt8) -> SigningKey {
        do { return try SigningKey(seed: [UInt8](repeating: number, count: 32)) } catch {
            fatalError("\(error)")
        }
    }

    package init(
        allowsDevelopmentKeys: Bool = false, salt: UInt8 = 7,
        parameters: ProtocolParameters = Story.parameters,
        proofSystem: any ProofSystem = ClearProofSystem()
    ) {
        let rich = (0...60).map {
            Allocation(account: Story.signer($0).publicKey, amount: Story.wealth)
        }
        let configuration = LedgerConfiguration(
            name: Identifier("story")!, proofSystem: proofSystem.name,
            operatorKey: Story.signer(0).publicKey, allowsDevelopmentKeys: allowsDevelopmentKeys,
            created: Story.start, salt: Digest([UInt8](repeating: salt, count: 32))!, parameters: parameters,
            allocations: rich)
        state = LedgerState(configuration: configuration, proofSystem: proofSystem)
    }

    // MARK: - Saying something

    /// Signs with the next nonce.
    public func sign(_ transaction: Transaction, _ signer: SigningKey) throws -> SignedTransaction {
        try SignedTransaction(
            transaction, ledger: state.identifier, nonce: state.nextNonce(of: signer.publicKey), key: signer)
    }

    /// Applies, a second after the last time. Nothing may be lost or made from nothing.
    @discardableResult
    public mutating func tell(_ transaction: Transaction, _ signer: SigningKey) throws -> Receipt {
        time = Timestamp(milliseconds: time.milliseconds + 1000)
        let receipt = try state.apply(sign(transaction, signer), at: time)
        guard state.accounted == state.supply else {
            throw TestFailure("\(transaction.kind): \(state.accounted) of \(state.supply) is accounted for")
        }
        return receipt
    }

    /// Says what must be accepted.
    @discardableResult
    public mutating func accept(_ transaction: Transaction, _ signer: SigningKey) throws -> Effect {
        switch try tell(transaction, signer).outcome {
        case .accepted(let effect): return effect
        case .refused(_, let reason): throw TestFailure("\(transaction.kind) is refused: \(reason)")
        }
    }

    /// What is said next is said at this time of the last order.
    public mutating func advance(to deadline: KeyPath<OrderWindows, Timestamp>, round: UInt64? = nil) {
        guard let orders = state.tasks[Story.task]?.orders, !orders.isEmpty else { return }
        let windows = orders[round.map { Int($0) } ?? orders.count - 1].opening.windows
        let next = Timestamp(milliseconds: windows[keyPath: deadline].milliseconds - 1000)
        if time < next { time = next }
    }

    /// What is said next is said a second before this time of the last order.
    public mutating func approach(_ deadline: KeyPath<OrderWindows, Timestamp>) {
        advance(to: deadline)
        time = Timestamp(milliseconds: time.milliseconds - 1000)
    }

    // MARK: - How far a story has got

    /// Everybody is registered.
    public static func registered(parameters: ProtocolParameters = Story.parameters) throws -> Story {
        var story = Story(parameters: parameters)
        for (transaction, signer) in story.registrations { try story.accept(transaction, signer) }
        return story
    }

    /// Registrations of everybody, with enough for two engagements.
    public var registrations: [(Transaction, SigningKey)] {
        func register(_ role: Role, _ signer: SigningKey) -> (Transaction, SigningKey) {
            (.register(Register(role: role, amount: 2 * Story.parameters.minimumStake[role])), signer)
        }
        return [register(.publisher, publisher)] + participants.map { register(.participant, $0) }
            + validators.map { register(.validator, $0) } + verifiers.map { register(.verifier, $0) }
            + [register(.aggregator, aggregator)]
    }

    /// Task and order are open.
    public static func opened(
        task: Transaction = Story.openTask(), testSet: TestSetOpening? = nil,
        parameters: ProtocolParameters = Story.parameters
    ) throws -> Story {
        var story = try Story.registered(parameters: parameters)
        try story.accept(task, story.publisher)
        try story.accept(story.openOrder(testSet: testSet), story.publisher)
        return story
    }

    /// The first `count` participants have committed to the points 11, 12, ….
    public static func committed(
        _ count: Int = 3, task: Transaction = Story.openTask(), testSet: TestSetOpening? = nil,
        parameters: ProtocolParameters = Story.parameters
    ) throws -> Story {
        var story = try Story.opened(task: task, testSet: testSet, parameters: parameters)
        for index in 0..<count {
            let participant = story.participants[index]
            try story.accept(Story.commit(UInt64(11 + index), by: participant), participant)
        }
        return story
    }

    /// The test set and everybody's secrets are revealed.
    public static func revealed(
        _ count: Int = 3, task: Transaction = Story.openTask(), testSet: TestSetOpening? = nil,
        parameters: ProtocolParameters = Story.parameters
    ) throws -> Story {
        var story = try Story.committed(count, task: task, testSet: testSet, parameters: parameters)
        try story.revealAll(testSet: testSet)
        return story
    }

    /// Reveals test set and secrets of the last order.
    public mutating func revealAll(round: UInt64 = 0, testSet: TestSetOpening? = nil) throws {
        advance(to: \.commitDeadline)
        try accept(Story.reveal(round: round, testSet), publisher)
        for participant in participants
        where state.tasks[Story.task]?.orders[Int(round)].commitments[participant.publicKey] != nil {
            try accept(Story.revealSecret(of: participant, round: round), participant)
        }
    }

    /// The participants have proven 90 + 40, 95 + 45, 80 + 30, … of 150 samples.
    public static func proven(
        _ count: Int = 3, task: Transaction = Story.openTask(),
        parameters: ProtocolParameters = Story.parameters
    ) throws -> Story {
        var story = try Story.revealed(count, task: task, parameters: parameters)
        try story.proveAll(count)
        return story
    }

    public static let scores: [(UInt64, UInt64)] = [(90, 40), (95, 45), (80, 30), (70, 20)]

    public mutating func proveAll(_ count: Int, round: UInt64 = 0) throws {
        for index in 0..<count {
            let participant = participants[index]
            let score = Story.scores[index]
            try accept(prove(score.0, chunk: 0, round: round, by: participant), participant)
            try accept(prove(score.1, chunk: 1, round: round, by: participant), participant)
        }
    }

    public var order: OrderRecord {
        get throws {
            guard let order = state.tasks[Story.task]?.orders.last else { throw TestFailure("no order") }
            return order
        }
    }

    public func balance(_ signer: SigningKey) -> UInt64 { state.balance(of: signer.publicKey) }

    public func stake(_ signer: SigningKey, _ role: Role) -> UInt64 {
        state.stake(of: signer.publicKey, as: role)
    }

    public func locked(_ signer: SigningKey, _ role: Role) -> UInt64 {
        state.accounts[signer.publicKey]?.locked[role] ?? 0
    }
}
