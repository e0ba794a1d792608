/// The rules for amounts and stakes, and the only places where either changes.
extension LedgerState {
    /// Everything that is somewhere; always equal to `supply`.
    public var accounted: UInt64 {
        accounts.values.reduce(burnt &+ escrow) { $0 &+ $1.balance &+ $1.stakes.total }
    }

    mutating func deposit(_ body: Deposit, by sender: PublicKey) throws(Rejection) -> Effect {
        guard sender == configuration.operatorKey else { throw .notTheOperator }
        guard body.amount > 0 else { throw .zeroAmount }
        guard body.amount <= LedgerConfiguration.maximumSupply - supply else { throw .supplyExceeded }
        supply += body.amount
        accounts[body.account, default: Account()].balance += body.amount
        return .balanceChanged(to: balance(of: body.account))
    }

    mutating func transfer(_ body: Transfer, by sender: PublicKey) throws(Rejection) -> Effect {
        guard body.amount > 0 else { throw .zeroAmount }
        try requireBalance(body.amount, of: sender)
        accounts[sender, default: Account()].balance -= body.amount
        accounts[body.to, default: Account()].balance += body.amount
        return .balanceChanged(to: balance(of: sender))
    }

    mutating func register(_ body: Register, by sender: PublicKey) throws(Rejection) -> Effect {
        guard body.amount > 0 else { throw .zeroAmount }
        try requireBalance(body.amount, of: sender)
        let stake = stake(of: sender, as: body.role) + body.amount
        guard stake >= parameters.minimumStake[body.role] else {
            throw .stakeBelowMinimum(stake: stake, minimum: parameters.minimumStake[body.role])
        }
        accounts[sender, default: Account()].balance -= body.amount
        accounts[sender, default: Account()].stakes[body.role] = stake
        return .stakeChanged(to: stake)
    }

    mutating func unregister(_ body: Unregister, by sender: PublicKey) throws(Rejection) -> Effect {
        let stake = stake(of: sender, as: body.role)
        guard stake > 0 else { throw .notRegistered(body.role) }
        let locked = accounts[sender]?.locked[body.role] ?? 0
        guard locked == 0 else { throw .stakeLocked(locked) }
        accounts[sender, default: Account()].stakes[body.role] = 0
        accounts[sender, default: Account()].balance += stake
        return .stakeChanged(to: 0)
    }

    // MARK: - Reading

    public func balance(of account: PublicKey) -> UInt64 { accounts[account]?.balance ?? 0 }

    public func stake(of account: PublicKey, as role: Role) -> UInt64 { accounts[account]?.stakes[role] ?? 0 }

    /// What one engagement in a role locks.
    func lockAmount(_ role: Role) -> UInt64 { parameters.minimumStake[role] }

    func requireBalance(_ amount: UInt64, of account: PublicKey) throws(Rejection) {
        let balance = balance(of: account)
        guard balance >= amount else { throw .insufficientBalance(has: balance, needs: amount) }
    }

    /// Whether an account could lock its stake once more.
    func requireFreeStake(of account: PublicKey, as role: Role) throws(Rejection) {
        let free = stake(of: account, as: role) - (accounts[account]?.locked[role] ?? 0)
        guard free >= lockAmount(role) else {
            throw .notStaked(role, free: free, needs: lockAmount(role))
        }
    }

    // MARK: - Changing, after every check

    /// Locks one engagement.
    mutating func lock(_ account: PublicKey, as role: Role) {
        accounts[account, default: Account()].locked[role] += lockAmount(role)
    }

    /// Ends one engagement, or several.
    mutating func release(_ account: PublicKey, as role: Role, times: UInt64 = 1) {
        accounts[account, default: Account()].locked[role] -= times * lockAmount(role)
    }

    /// Takes `amount` from a stake, and gives `award` of it to whoever found the lie; the rest is burnt.
    ///
    /// - Parameter award: at most `amount`, for an account.
    mutating func slash(
        _ account: PublicKey, as role: Role, _ amount: UInt64, award: (to: PublicKey, amount: UInt64)? = nil
    ) {
        accounts[account, default: Account()].stakes[role] -= amount
        if let award { accounts[award.to, default: Account()].balance += award.amount }
        burnt += amount - (award?.amount ?? 0)
    }

    /// Takes an amount from a balance into escrow.
    mutating func putIntoEscrow(_ amount: UInt64, from account: PublicKey) {
        accounts[account, default: Account()].balance -= amount
        escrow += amount
    }

    /// Pays from escrow.
    mutating func payFromEscrow(_ amount: UInt64, to account: PublicKey) {
        escrow -= amount
        accounts[account, default: Account()].balance += amount
    }

    /// Burns from escrow.
    mutating func burnFromEscrow(_ amount: UInt64) {
        escrow -= amount
        burnt += amount
    }
}
