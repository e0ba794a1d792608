import COpenSSL

/// The embedded ledger: an SQLite file of sealed, hash-chained blocks, and the state that follows from them.
///
/// A block is confirmed when the call that appends it returns: it is then synced to disk, and a reopened
/// ledger has it, whatever happened to the process. Not for use from several threads at once.
public final class Ledger {
    /// The state after the last block.
    public private(set) var state: LedgerState
    /// The last block.
    public private(set) var head: ChainHead
    let store: LedgerStore
    private let operatorKey: SigningKey?

    /// Scores revealed models and checks contents; without one, what depends on them is refused or left to votes.
    public var checker: (any ContentChecker)? {
        get { state.checker }
        set { state.checker = newValue }
    }

    public var path: String { store.path }
    public var configuration: LedgerConfiguration { state.configuration }
    /// The ledger's name, to which every signature and every proof is bound.
    public var identifier: Digest { state.identifier }

    private init(state: LedgerState, head: ChainHead, store: LedgerStore, operatorKey: SigningKey?) {
        self.state = state
        self.head = head
        self.store = store
        self.operatorKey = operatorKey
    }

    /// Makes a new ledger, with block 0.
    ///
    /// - Parameters:
    ///   - allowsDevelopmentKeys: whether tasks may use verifying keys from a single-party setup. Whoever ran
    ///     that setup can prove anything.
    ///   - parameters: the numbers of the protocol.
    ///   - allocations: who has what at the beginning, each account once.
    /// - Throws: `LedgerError` if the file is already there or cannot be written, or for unusable parameters or
    ///   allocations.
    public static func create(
        at path: String, name: Identifier, operatorKey: SigningKey, allowsDevelopmentKeys: Bool = false,
        parameters: ProtocolParameters = .standard, allocations: [Allocation] = [], time: Timestamp = .now
    ) throws -> Ledger {
        var salt = [UInt8](repeating: 0, count: Bytes32.count)
        guard RAND_bytes(&salt, Int32(salt.count)) == 1 else {
            throw KeyError.cryptography("OpenSSL has no randomness to name a ledger with")
        }
        let proofSystem = ProofSystems.standard
        let configuration = LedgerConfiguration(
            name: name, proofSystem: proofSystem.name, operatorKey: operatorKey.publicKey,
            allowsDevelopmentKeys: allowsDevelopmentKeys, created: time,
            salt: Digest(sha256: salt), parameters: parameters, allocations: allocations)
        return try create(
            at: path, configuration: configuration, operatorKey: operatorKey, proofSystem: proofSystem)
    }

    package static func create(
        at path: String, configuration: LedgerConfiguration, operatorKey: SigningKey,
        proofSystem: any ProofSystem
    ) throws -> Ledger {
        if let problem = configuration.problem { throw LedgerError.file(path: path, reason: problem) }
        var state = LedgerState(configuration: configuration, proofSystem: proofSystem)
        let block = try Block(
            height: 0, previous: state.identifier, time: configuration.created, records: [],
            stateRoot: state.root(),
            ledger: state.identifier, operatorKey: operatorKey)
        let store = try LedgerStore.create(at: path)
        try store.change { () throws(LedgerError) in
            try store.write(configuration: configuration.encoded)
            try store.write(block, after: nil)
        }
        return Ledger(
            state: state, head: ChainHead(height: 0, hash: block.header.hash), store: store,
            operatorKey: operatorKey)
    }

    /// Opens a ledger, and rebuilds the state: every link, seal, root and rule is checked. Senders'
    /// signatures and proofs are not checked again, as the operator's seals vouch for them; `verify` does
    /// that.
    ///
    /// - Parameter operatorKey: the key that seals the ledger, to append to it; without it the ledger is open
    ///   for reading.
    /// - Throws: `LedgerError`, which names the file and says what is wrong with it.
    public static func open(_ path: String, operatorKey: SigningKey? = nil) throws(LedgerError) -> Ledger {
        try open(path, operatorKey: operatorKey, proofSystem: ProofSystems.named)
    }

    package static func open(
        _ path: String, operatorKey: SigningKey?, proofSystem: (Identifier) -> (any ProofSystem)?
    ) throws(LedgerError) -> Ledger {
        let store = try LedgerStore.open(path, forWriting: operatorKey != nil)
        let (replay, _) = try store.snapshot { () throws(LedgerError) in
            try replayed(store, proofSystem: proofSystem)
        }
        if let operatorKey, operatorKey.publicKey != replay.state.configuration.operatorKey {
            throw .notTheOperator(path: path)
        }
        return Ledger(state: replay.state, head: replay.head!, store: store, operatorKey: operatorKey)
    }

    /// Records one transaction in a block of its own.
    ///
    /// - Returns: the receipt, which says whether the transaction was accepted, and if not, why.
    /// - Throws: a `Rejection` for a transaction that is not to be recorded, `LedgerError` if the block
    ///   cannot be stored.
    public func submit(_ transaction: SignedTransaction, at time: Timestamp) throws -> Receipt {
        try append([transaction], at: time)[0].get()
    }

    /// Records transactions in one block, their proofs checked together.
    ///
    /// - Parameter transactions: at most `Limits.transactionsPerBlock`.
    /// - Returns: for each a receipt, or the `Rejection` of one that is not to be recorded. Without any to be
    ///   recorded there is no block.
    /// - Throws: `LedgerError` if the block cannot be stored; nothing has happened then.
    public func append(
        _ transactions: [SignedTransaction], at time: Timestamp
    ) throws -> [Result<Receipt, Rejection>] {
        guard let operatorKey else { throw LedgerError.readOnly(path: path) }
        guard transactions.count <= Limits.transactionsPerBlock else {
            throw LedgerError.file(
                path: path,
                reason:
                    "\(transactions.count) transactions, at most \(Limits.transactionsPerBlock) fit in a block"
            )
        }
        var next = state
        let results = next.applyBatch(transactions, at: time)
        let records = zip(transactions, results).compactMap { transaction, result in
            (try? result.get()).map { BlockRecord(transaction: transaction, receipt: $0) }
        }
        guard !records.isEmpty else { return results }
        let block = try Block(
            height: head.height + 1, previous: head.hash, time: time, records: records,
            stateRoot: next.root(), ledger: identifier, operatorKey: operatorKey)
        let previous = head
        try store.change { () throws(LedgerError) in try store.write(block, after: previous) }
        state = next
        head = ChainHead(height: block.header.height, hash: block.header.hash)
        return results
    }

    /// Signs a transaction for this ledger, with its sender's next nonce.
    ///
    /// - Throws: `KeyError` when OpenSSL does not sign.
    public func sign(_ transaction: Transaction, with key: SigningKey) throws -> SignedTransaction {
        try SignedTransaction(
            transaction, ledger: identifier, nonce: state.nextNonce(of: key.publicKey), key: key)
    }
}
