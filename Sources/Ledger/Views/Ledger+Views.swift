import Foundation

extension Ledger {
    /// The last block, or any other, with its transactions and receipts.
    ///
    /// - Returns: `nil` if there is no such block.
    /// - Throws: `LedgerError` if the file has been changed since it was opened.
    public func block(at height: UInt64) throws(LedgerError) -> Block? {
        var found: Block?
        try forEachBlock(from: height) { block in
            if block.header.height == height { found = block }
            return false
        }
        return found
    }

    /// Hands out blocks in order, from `first` to the last that this object knows. `body` returns whether to
    /// go on.
    ///
    /// - Throws: `LedgerError` if the file has been changed since it was opened.
    public func forEachBlock(from first: UInt64 = 0, _ body: (Block) -> Bool) throws(LedgerError) {
        let last = head.height
        guard first <= last else { return }
        try store.forEachBlock(from: first) { stored throws(LedgerError) in
            guard stored.height <= last else { return false }
            do throws(MalformedEncoding) {
                return body(try Block(stored))
            } catch {
                throw .corrupt(path: path, place: "block \(stored.height)", reason: "\(error)")
            }
        }
    }

    /// The ledger for people and other programs.
    ///
    /// - Throws: `LedgerError` if the file has been changed since it was opened.
    public func view(includingBlocks: Bool = true) throws(LedgerError) -> LedgerView {
        var blocks: [BlockView] = []
        if includingBlocks {
            try forEachBlock { block in
                blocks.append(BlockView(block))
                return true
            }
        }
        return LedgerView(
            name: configuration.name.description, identifier: identifier.description,
            proofSystem: configuration.proofSystem.description,
            operatorKey: configuration.operatorKey.description,
            allowsDevelopmentKeys: configuration.allowsDevelopmentKeys, created: configuration.created,
            height: head.height, headHash: head.hash.description, parameters: state.parameters,
            supply: state.supply, burnt: state.burnt, escrow: state.escrow,
            accounts: state.accounts.sorted { $0.key < $1.key }.map { AccountView($0.key, $0.value) },
            tasks: state.tasks.sorted { ($0.value.opened, $0.key) < ($1.value.opened, $1.key) }
                .map { TaskView($0.key, $0.value) },
            blocks: blocks)
    }

    /// The view as JSON with sorted keys.
    ///
    /// - Throws: as `view`.
    public func json(includingBlocks: Bool = true) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(try view(includingBlocks: includingBlocks))
    }
}

extension Block {
    init(_ stored: StoredBlock) throws(MalformedEncoding) {
        var records: [BlockRecord] = []
        for record in stored.records {
            records.append(
                BlockRecord(
                    transaction: try SignedTransaction(encoded: record.transaction),
                    receipt: try Receipt(encoded: record.receipt)))
        }
        self.init(header: try BlockHeader(encoded: stored.header), seal: stored.seal, records: records)
    }
}

extension BlockView {
    /// A block as it stands.
    public init(_ block: Block) {
        height = block.header.height
        hash = block.header.hash.description
        previous = block.header.previous.description
        time = block.header.time
        stateRoot = block.header.stateRoot.description
        transactions = block.records.map { TransactionView($0) }
    }
}

extension TransactionView {
    /// A recorded transaction.
    public init(_ record: BlockRecord) {
        let signed = record.transaction
        digest = signed.digest.description
        sender = signed.sender.description
        nonce = signed.nonce
        kind = "\(signed.transaction.kind)"
        task = signed.transaction.task?.description
        round = signed.transaction.round
        if case .proveQuality(let body) = signed.transaction {
            chunk = body.chunk
            claimedCorrect = body.correct
            proofDigest = Digest(sha256: body.proof).description
        } else {
            (chunk, claimedCorrect, proofDigest) = (nil, nil, nil)
        }
        bytes = signed.encoded.count
        isAccepted = record.receipt.isAccepted
        if case .refused(let code, let reason) = record.receipt.outcome {
            (refusal, self.reason) = (code, reason)
        } else {
            (refusal, reason) = (nil, nil)
        }
    }
}
