/// Everything the rules know: a deterministic state machine with no machine learning in it.
///
/// Two states that were fed the same transactions at the same times have the same root.
public struct LedgerState: Sendable {
    public let configuration: LedgerConfiguration
    /// The ledger's name, `configuration.identifier`.
    public let identifier: Digest
    package let proofSystem: any ProofSystem
    /// Scores models and checks contents, where they can be had.
    package var checker: (any ContentChecker)?

    /// The time of the last recorded transaction.
    public private(set) var time: Timestamp
    public internal(set) var accounts: [PublicKey: Account] = [:]
    public internal(set) var tasks: [Identifier: TaskRecord] = [:]
    /// What allocations and deposits brought in.
    public internal(set) var supply: UInt64 = 0
    /// What slashing took from everybody.
    public internal(set) var burnt: UInt64 = 0
    /// Rewards and bonds of orders that are not paid.
    public internal(set) var escrow: UInt64 = 0
    /// Whose each proof accepted in an order that is not pruned is.
    var proofOwners: [Digest: PublicKey] = [:]

    package init(configuration: LedgerConfiguration, proofSystem: any ProofSystem) {
        self.configuration = configuration
        self.proofSystem = proofSystem
        identifier = configuration.identifier
        time = configuration.created
        for allocation in configuration.allocations {
            accounts[allocation.account, default: Account()].balance &+= allocation.amount
            supply &+= allocation.amount
        }
    }

    public var parameters: ProtocolParameters { configuration.parameters }

    /// Applies a transaction: a receipt says whether it was accepted, and if not, why.
    ///
    /// - Throws: a `Rejection` for a transaction that is not to be recorded at all: too large, for another
    ///   ledger, not signed by its sender, not the sender's next, or at a time before the last one. The state
    ///   is then unchanged.
    public mutating func apply(
        _ signed: SignedTransaction, at time: Timestamp
    ) throws(Rejection) -> Receipt {
        try admit(signed, at: time)
        guard signed.isSigned else { throw .badSignature }
        let checker = checker
        return record(
            signed, at: time, oracle: Oracle(proof: { $0.verify() }, content: { $0.answer(checker) }))
    }

    /// The nonce that the next transaction of an account must have.
    public func nextNonce(of account: PublicKey) -> UInt64 { accounts[account]?.nonce ?? 0 }

    /// Everything that decides whether a transaction is recorded, but for its signature.
    func admit(_ signed: SignedTransaction, at time: Timestamp) throws(Rejection) {
        let bytes = signed.encoded
        guard bytes.count <= Limits.transactionBytes else {
            throw .transactionTooLarge(bytes: bytes.count)
        }
        // What cannot be read again must not be stored.
        do throws(MalformedEncoding) {
            _ = try SignedTransaction(encoded: bytes)
        } catch {
            throw .malformedTransaction(error.description)
        }
        guard signed.ledger == identifier else { throw .wrongLedger }
        let expected = nextNonce(of: signed.sender)
        guard signed.nonce == expected else {
            throw .wrongNonce(expected: expected, actual: signed.nonce)
        }
        guard time >= self.time else { throw .timeRunsBackwards(now: time, previous: self.time) }
    }

    /// Records an admitted, signed transaction. What it asks is done or refused; its nonce is used up either
    /// way.
    package mutating func record(
        _ signed: SignedTransaction, at time: Timestamp, oracle: Oracle
    ) -> Receipt {
        self.time = time
        accounts[signed.sender, default: Account()].nonce += 1
        let outcome: Receipt.Outcome
        do throws(Rejection) {
            outcome = .accepted(try perform(signed.transaction, by: signed.sender, oracle: oracle))
        } catch {
            outcome = .refused(code: error.code, reason: error.boundedDescription)
        }
        return Receipt(transaction: signed.digest, outcome: outcome)
    }

    /// Does what a transaction asks. A rule checks everything before it changes anything.
    private mutating func perform(
        _ transaction: Transaction, by sender: PublicKey, oracle: Oracle
    ) throws(Rejection) -> Effect {
        switch transaction {
        case .openTask(let body): try openTask(body, by: sender)
        case .openOrder(let body): try openOrder(body, by: sender)
        case .commitModel(let body): try commitModel(body, by: sender)
        case .revealTestSet(let body): try revealTestSet(body, by: sender)
        case .proveQuality(let body): try proveQuality(body, by: sender, oracle: oracle)
        case .finalize(let body): try finalize(body, by: sender)
        case .deposit(let body): try deposit(body, by: sender)
        case .transfer(let body): try transfer(body, by: sender)
        case .register(let body): try register(body, by: sender)
        case .unregister(let body): try unregister(body, by: sender)
        case .commitData(let body): try commitData(body, by: sender)
        case .revealSecret(let body): try revealSecret(body, by: sender)
        case .claimScore(let body): try claimScore(body, by: sender)
        case .answerAudit(let body): try answerAudit(body, by: sender, oracle: oracle)
        case .proveUpdate(let body): try proveUpdate(body, by: sender, oracle: oracle)
        case .validate(let body): try validate(body, by: sender)
        case .challenge(let body): try challenge(body, by: sender, oracle: oracle)
        case .check(let body): try check(body, by: sender, oracle: oracle)
        case .report(let body): try report(body, by: sender, oracle: oracle)
        case .vote(let body): try vote(body, by: sender)
        case .payout(let body): try payout(body, by: sender)
        case .prune(let body): try prune(body, by: sender)
        case .fixSurvivors(let body): try fixSurvivors(body, by: sender)
        }
    }

    /// SHA-256 over the configuration, the time, the amounts that belong to nobody, and the Merkle roots of accounts and
    /// tasks in the order of their names.
    package mutating func root() -> Digest {
        let accountEntries = accounts.sorted { $0.key < $1.key }.map { key, account in
            key.bytes + account.encoded
        }
        let taskEntries = tasks.keys.sorted().map { name in
            var encoder = CanonicalEncoder()
            name.encode(to: &encoder)
            encoder.encode(tasks[name]!.digest())
            return encoder.bytes
        }
        var encoder = CanonicalEncoder()
        encoder.encode(identifier)
        time.encode(to: &encoder)
        for amount in [supply, burnt, escrow] { encoder.encode(amount) }
        encoder.encode(MerkleTree.root(accountEntries))
        encoder.encode(MerkleTree.root(taskEntries))
        return Digest(purpose: "ZKPoT state v2", encoder.bytes)
    }
}

/// What the ledger knows of an account.
public struct Account: Sendable, Hashable {
    /// Transactions recorded so far.
    public internal(set) var nonce: UInt64 = 0
    public internal(set) var balance: UInt64 = 0
    /// Staked for each role.
    public internal(set) var stakes = RoleAmounts()
    /// The part of each stake that an engagement has locked.
    public internal(set) var locked = RoleAmounts()

    var encoded: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.encode(nonce)
        encoder.encode(balance)
        stakes.encode(to: &encoder)
        locked.encode(to: &encoder)
        return encoder.bytes
    }
}

extension Rejection {
    /// The words, cut where a receipt would become too large to read again.
    var boundedDescription: String {
        let text = description
        guard text.utf8.count > Receipt.textBytes else { return text }
        return String(decoding: text.utf8.prefix(Receipt.textBytes - 3), as: UTF8.self).filter {
            $0 != "\u{FFFD}"
        }
    }
}
