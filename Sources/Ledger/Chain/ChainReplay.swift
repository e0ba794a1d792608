/// Rebuilds the state from stored blocks, and finds whatever does not follow from what came before.
struct ChainReplay {
    private(set) var state: LedgerState
    /// The last block replayed, `nil` before block 0.
    private(set) var head: ChainHead?
    /// The proofs that the receipts speak of, with the verdicts that the receipts imply, not checked here.
    private(set) var pendingProofs: [PendingProof] = []
    /// The questions about contents that the receipts answer, not asked again here.
    private(set) var pendingContents: [PendingContent] = []
    private(set) var transactionCount = 0
    private(set) var refusedCount = 0

    struct PendingProof {
        let request: ProofRequest
        let implied: ProofVerdict
        let place: String
    }

    struct PendingContent {
        let question: ContentQuestion
        let implied: ContentAnswer
        let place: String
    }

    init(configuration: LedgerConfiguration, proofSystem: any ProofSystem) {
        state = LedgerState(configuration: configuration, proofSystem: proofSystem)
    }

    /// Replays the next block: links, seal and roots, every transaction's rules, every receipt.
    ///
    /// Proof verdicts are taken from the receipts; `takePendingProofs` hands them out to be checked.
    ///
    /// - Parameter checksSignatures: whether senders' signatures are checked too. The seal covers them in any
    ///   case.
    /// - Throws: `ReplayFailure` naming the place and the reason.
    mutating func append(_ stored: StoredBlock, checksSignatures: Bool) throws(ReplayFailure) -> Block {
        let place = "block \(stored.height)"
        let header = try decode(BlockHeader.self, stored.header, place: place)
        try check(header, of: stored, place: place)
        guard state.configuration.operatorKey.isSignature(stored.seal, of: header.sealedDigest) else {
            throw ReplayFailure(place: place, reason: "the seal is not the operator's signature")
        }
        guard MerkleTree.root(stored.records.map(\.transaction)) == header.transactionsRoot else {
            throw ReplayFailure(place: place, reason: "the transactions do not have the root in the header")
        }
        guard MerkleTree.root(stored.records.map(\.receipt)) == header.receiptsRoot else {
            throw ReplayFailure(place: place, reason: "the receipts do not have the root in the header")
        }
        var records: [BlockRecord] = []
        for (position, record) in stored.records.enumerated() {
            records.append(
                try replay(
                    record, at: header.time, checksSignature: checksSignatures,
                    place: "\(place), transaction \(position)"))
        }
        guard state.root() == header.stateRoot else {
            throw ReplayFailure(place: place, reason: "the state does not have the root in the header")
        }
        head = ChainHead(height: header.height, hash: header.hash)
        return Block(header: header, seal: stored.seal, records: records)
    }

    /// Hands out the proofs not checked so far, and forgets them.
    mutating func takePendingProofs() -> [PendingProof] {
        defer { pendingProofs = [] }
        return pendingProofs
    }

    /// Hands out the questions not asked so far, and forgets them.
    mutating func takePendingContents() -> [PendingContent] {
        defer { pendingContents = [] }
        return pendingContents
    }

    private func check(
        _ header: BlockHeader, of stored: StoredBlock, place: String
    ) throws(ReplayFailure) {
        let expectedHeight = head.map { $0.height + 1 } ?? 0
        guard stored.height == expectedHeight, header.height == expectedHeight else {
            throw ReplayFailure(place: place, reason: "block \(expectedHeight) should be here")
        }
        guard header.ledger == state.identifier else {
            throw ReplayFailure(place: place, reason: "it belongs to another ledger")
        }
        guard header.previous == head?.hash ?? state.identifier else {
            throw ReplayFailure(place: place, reason: "it does not follow the block before")
        }
        guard header.time >= state.time else {
            throw ReplayFailure(place: place, reason: "its time lies before the block before")
        }
        guard Int(header.transactionCount) == stored.records.count else {
            throw ReplayFailure(
                place: place,
                reason:
                    "it has \(stored.records.count) transactions, its header says \(header.transactionCount)")
        }
        guard (header.height == 0) == stored.records.isEmpty else {
            throw ReplayFailure(place: place, reason: "block 0, and no other, has no transactions")
        }
    }

    private mutating func replay(
        _ record: StoredRecord, at time: Timestamp, checksSignature: Bool, place: String
    ) throws(ReplayFailure) -> BlockRecord {
        let signed = try decode(SignedTransaction.self, record.transaction, place: place)
        let receipt = try decode(Receipt.self, record.receipt, place: place)
        do throws(Rejection) {
            try state.admit(signed, at: time)
        } catch {
            throw ReplayFailure(place: place, reason: "it should not have been recorded: \(error)")
        }
        guard !checksSignature || signed.isSigned else {
            throw ReplayFailure(
                place: place, reason: "it should not have been recorded: \(Rejection.badSignature)")
        }
        var request: ProofRequest?
        var question: ContentQuestion?
        let (implied, answer) = (receipt.impliedVerdict, receipt.impliedAnswer)
        let oracle = Oracle(
            proof: {
                request = $0
                return implied
            },
            content: {
                question = $0
                return answer
            })
        let replayed = state.record(signed, at: time, oracle: oracle)
        guard replayed.agrees(with: receipt) else {
            throw ReplayFailure(place: place, reason: "the receipt is not what the rules give")
        }
        if let request {
            pendingProofs.append(PendingProof(request: request, implied: implied, place: place))
        }
        if let question {
            pendingContents.append(PendingContent(question: question, implied: answer, place: place))
        }
        transactionCount += 1
        if !receipt.isAccepted { refusedCount += 1 }
        return BlockRecord(transaction: signed, receipt: receipt)
    }

    private func decode<Value: CanonicalCodable>(
        _ type: Value.Type, _ bytes: [UInt8], place: String
    ) throws(ReplayFailure) -> Value {
        do throws(MalformedEncoding) {
            return try Value(encoded: bytes)
        } catch {
            throw ReplayFailure(place: place, reason: "\(error)")
        }
    }
}

/// Where a stored chain goes wrong, and how.
struct ReplayFailure: Error {
    let place: String
    let reason: String
}

/// The last block of a chain. Whoever keeps one can later tell that nothing before it has changed or gone.
public struct ChainHead: Sendable, Hashable, CustomStringConvertible {
    public let height: UInt64
    public let hash: Digest

    public init(height: UInt64, hash: Digest) {
        self.height = height
        self.hash = hash
    }

    public var description: String { "block \(height), \(hash)" }
}

extension Receipt {
    /// What the proof, if there was one to check, must have come to for this receipt.
    var impliedVerdict: ProofVerdict {
        switch outcome {
        case .accepted: .valid
        case .refused(Rejection.malformedProof("").code, let reason): .malformed(reason)
        case .refused: .invalid
        }
    }
}

extension Receipt {
    /// What the content, if there was one to look at, must have come to for this receipt.
    var impliedAnswer: ContentAnswer {
        switch outcome {
        case .accepted(.challengeDecided(_, let score, _, _)), .accepted(.scoreChecked(let score)):
            .score(score)
        case .accepted(.reported(_, .upheld)): .isFit(false)
        case .accepted(.reported(_, .rejected)): .isFit(true)
        default: .unavailable
        }
    }
}

extension ProofVerdict {
    /// Whether both are of one kind; the words of a malformed proof do not matter.
    func agrees(with other: ProofVerdict) -> Bool {
        switch (self, other) {
        case (.valid, .valid), (.invalid, .invalid), (.malformed, .malformed): true
        default: false
        }
    }
}
