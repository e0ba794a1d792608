/// Everything the rules know: a deterministic state machine with no machine learning in it.
///
/// Two states that were fed the same transactions at the same times have the same root.
public struct LedgerState: Sendable {
    public let configuration: LedgerConfiguration
    /// The ledger's name, `configuration.identifier`.
    public let identifier: Digest
    package let proofSystem: any ProofSystem

    /// The time of the last recorded transaction.
    public private(set) var time: Timestamp
    public private(set) var accounts: [PublicKey: Account] = [:]
    public internal(set) var tasks: [Identifier: TaskRecord] = [:]

    package init(configuration: LedgerConfiguration, proofSystem: any ProofSystem) {
        self.configuration = configuration
        self.proofSystem = proofSystem
        identifier = configuration.identifier
        time = configuration.created
    }

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
        return record(signed, at: time) { $0.verify() }
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
    ///
    /// - Parameter verdict: says whether a proof is valid; asked at most once.
    package mutating func record(
        _ signed: SignedTransaction, at time: Timestamp, verdict: (ProofRequest) -> ProofVerdict
    ) -> Receipt {
        self.time = time
        accounts[signed.sender, default: Account()].nonce += 1
        let outcome: Receipt.Outcome
        do throws(Rejection) {
            outcome = .accepted(try perform(signed.transaction, by: signed.sender, verdict: verdict))
        } catch {
            outcome = .refused(code: error.code, reason: error.boundedDescription)
        }
        return Receipt(transaction: signed.digest, outcome: outcome)
    }

    /// Does what a transaction asks. A rule checks everything before it changes anything.
    private mutating func perform(
        _ transaction: Transaction, by sender: PublicKey, verdict: (ProofRequest) -> ProofVerdict
    ) throws(Rejection) -> Effect {
        switch transaction {
        case .openTask(let body): try openTask(body, by: sender)
        case .openRound(let body): try openRound(body, by: sender)
        case .commitModel(let body): try commitModel(body, by: sender)
        case .revealTestSet(let body): try revealTestSet(body, by: sender)
        case .proveQuality(let body): try proveQuality(body, by: sender, verdict: verdict)
        case .finalizeRound(let body): try finalizeRound(body, by: sender)
        }
    }

    /// SHA-256 over the configuration, the time, and the Merkle roots of accounts and tasks in the order of
    /// their names.
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
        encoder.encode(MerkleTree.root(accountEntries))
        encoder.encode(MerkleTree.root(taskEntries))
        return Digest(purpose: "ZKPoT state v1", encoder.bytes)
    }
}

/// What the ledger knows of a sender.
public struct Account: Sendable, Hashable {
    /// Transactions recorded so far.
    public internal(set) var nonce: UInt64 = 0

    var encoded: [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.encode(nonce)
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
