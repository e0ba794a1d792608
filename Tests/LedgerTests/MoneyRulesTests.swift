import Ledger
import LedgerTestSupport
import Testing

@Suite struct MoneyRulesTests {
    @Test func depositsAreTheOperators() throws {
        var story = Story()
        let (rich, poor) = (Story.signer(0), Story.signer(99).publicKey)
        let supply = story.state.supply
        #expect(supply == 61 * Story.wealth)
        let deposit = Transaction.deposit(Deposit(account: poor, amount: 7))
        #expect(try story.accept(deposit, rich) == .balanceChanged(to: 7))
        #expect(story.state.supply == supply + 7)
        try story.expectRefusal(.notTheOperator, deposit, by: story.publisher)
        try story.expectRefusal(.zeroAmount, .deposit(Deposit(account: poor, amount: 0)), by: rich)
        let room = LedgerConfiguration.maximumSupply - supply - 7
        for amount in [room + 1, .max] {
            try story.expectRefusal(
                .supplyExceeded, .deposit(Deposit(account: poor, amount: amount)), by: rich)
        }
        try story.accept(.deposit(Deposit(account: poor, amount: room)), rich)
        #expect(story.state.supply == LedgerConfiguration.maximumSupply)
    }

    @Test func transfersMoveWhatIsThere() throws {
        var story = Story()
        let (a, b) = (story.participants[0], story.participants[1])
        func transfer(_ amount: UInt64) -> Transaction {
            .transfer(Transfer(to: b.publicKey, amount: amount))
        }
        #expect(try story.accept(transfer(1), a) == .balanceChanged(to: Story.wealth - 1))
        #expect(story.balance(b) == Story.wealth + 1)
        try story.expectRefusal(.zeroAmount, transfer(0), by: a)
        for amount in [Story.wealth, .max] {
            try story.expectRefusal(
                .insufficientBalance(has: Story.wealth - 1, needs: amount), transfer(amount), by: a)
        }
        // To oneself it changes nothing.
        try story.accept(transfer(5), b)
        #expect(story.balance(b) == Story.wealth + 1)
        // Who has nothing gives nothing.
        try story.expectRefusal(.insufficientBalance(has: 0, needs: 1), transfer(1), by: Story.signer(99))
    }

    @Test func stakesAreTakenBackUnlessLocked() throws {
        for role in Role.allCases {
            var story = Story()
            let (a, minimum) = (story.participants[0], Story.parameters.minimumStake[role])
            func register(_ amount: UInt64) -> Transaction { .register(Register(role: role, amount: amount)) }
            let unregister = Transaction.unregister(Unregister(role: role))
            try story.expectRefusal(.notRegistered(role), unregister, by: a)
            try story.expectRefusal(.zeroAmount, register(0), by: a)
            try story.expectRefusal(
                .insufficientBalance(has: Story.wealth, needs: Story.wealth + 1),
                register(Story.wealth + 1), by: a)
            try story.expectRefusal(
                .stakeBelowMinimum(stake: minimum - 1, minimum: minimum), register(minimum - 1), by: a)
            #expect(try story.accept(register(minimum), a) == .stakeChanged(to: minimum))
            // More is added; then it need not be a minimum.
            #expect(try story.accept(register(1), a) == .stakeChanged(to: minimum + 1))
            #expect(story.balance(a) == Story.wealth - minimum - 1)
            #expect(try story.accept(unregister, a) == .stakeChanged(to: 0))
            #expect(story.balance(a) == Story.wealth)
        }
    }

    @Test func lockedStakesStay() throws {
        var story = try Story.committed(1)
        let a = story.participants[0]
        try story.expectRefusal(.stakeLocked(40), .unregister(Unregister(role: .participant)), by: a)
        try story.expectRefusal(
            .stakeLocked(100), .unregister(Unregister(role: .publisher)), by: story.publisher)
        // Who has not committed can leave.
        try story.accept(.unregister(Unregister(role: .participant)), story.participants[1])
        try story.expectRefusal(
            .notStaked(.participant, free: 0, needs: 40), Story.commit(12, by: story.participants[1]),
            by: story.participants[1])
    }

    /// ⌊x·b / 10,000⌋ at the ends of the range.
    @Test func sharesAreExact() throws {
        let all = UInt64(Int64.max)
        for (amount, share, expected) in [
            (1003, 4000, 401), (9999, 1, 0), (10_000, 1, 1), (all, 10_000, all), (all, 0, 0),
            (all, 9999, 9_222_449_699_651_090_329), (UInt64.max, 10_000, UInt64.max),
        ] as [(UInt64, UInt16, UInt64)] {
            #expect(BasisPoints.share(amount, share) == expected)
        }
    }

    @Test func configurationsThatCannotBe() throws {
        let key = Story.signer(1).publicKey
        func problem(
            _ allocations: [Allocation], _ change: (inout ProtocolParameters) -> Void = { _ in }
        ) -> String? {
            var parameters = Story.parameters
            change(&parameters)
            let configuration = LedgerConfiguration(
                name: Story.task, proofSystem: Story.task, operatorKey: key, allowsDevelopmentKeys: false,
                created: Story.start, salt: Digest(sha256: []), parameters: parameters,
                allocations: allocations)
            let decoded = try? LedgerConfiguration(encoded: configuration.encoded)
            #expect((decoded == nil) == (configuration.problem != nil))
            return configuration.problem
        }
        let half = LedgerConfiguration.maximumSupply / 2 + 1
        let other = Story.signer(2).publicKey
        #expect(problem([Allocation(account: key, amount: LedgerConfiguration.maximumSupply)]) == nil)
        #expect(
            problem([Allocation(account: key, amount: half), Allocation(account: other, amount: half)]) != nil
        )
        #expect(problem([Allocation(account: key, amount: .max)]) != nil)
        #expect(problem([Allocation(account: key, amount: 1), Allocation(account: key, amount: 1)]) != nil)
        for role in Role.allCases { #expect(problem([]) { $0.minimumStake[role] = 0 } != nil) }
        #expect(problem([]) { $0.minimumStake.publisher = .max } != nil)
        #expect(problem([]) { $0.minimumBond = 0 } != nil)
        #expect(problem([]) { $0.nonRevealSlash = 10_001 } != nil)
        #expect(problem([]) { $0.challengerShare = 10_001 } != nil)
        #expect(problem([]) { $0.voteQuorum = 0 } != nil)
        #expect(problem([]) { $0.maximumParticipants = 0 } != nil)
        #expect(problem([]) { $0.maximumValidators = 257 } != nil)
    }
}
