import Parallelism

extension Ledger {
    /// What a verification went through.
    public struct VerificationReport: Sendable, Hashable {
        public internal(set) var blocks = 0
        public internal(set) var transactions = 0
        /// Transactions recorded as refused.
        public internal(set) var refused = 0
        /// Proofs checked, those that were refused included.
        public internal(set) var proofs = 0
        /// Answers about contents that a checker has confirmed.
        public internal(set) var contents = 0
        /// Answers about contents that the receipts are believed about: there is no checker, or it has not got them.
        public internal(set) var believedContents = 0
        public internal(set) var head: ChainHead
    }

    /// Proofs checked together.
    private static let proofsPerBatch = 256

    /// Reads the whole file again and checks everything from block 0 on: SQLite's own structure, links,
    /// seals, roots, senders' signatures, rules and receipts, and every proof.
    ///
    /// - Parameters:
    ///   - checkpoint: a block known from elsewhere. Without one, nothing in the file can show that its last
    ///     blocks were taken away, or that the operator wrote another history.
    ///   - verifiesProofs: whether proofs are checked too; without, the receipts are believed about them. The same goes for
    ///     contents, of which the ledger's `checker` can say something.
    ///   - progress: is advanced by one for each block.
    /// - Throws: `LedgerError`, which names the file, the place and the reason.
    public func verify(
        checkpoint: ChainHead? = nil, verifiesProofs: Bool = true, progress: ProgressBar? = nil
    ) throws(LedgerError) -> VerificationReport {
        let proofSystem = state.proofSystem
        let (path, checker) = (path, state.checker)
        var report = VerificationReport(head: head)
        try store.snapshot { () throws(LedgerError) in
            try store.checkIntegrity()
            var containsCheckpoint = false
            let (replay, blocks) = try Self.replayed(
                store, checksSignatures: true, proofSystem: { $0 == proofSystem.name ? proofSystem : nil }
            ) { replay throws(LedgerError) in
                if replay.head == checkpoint { containsCheckpoint = true }
                progress?.advance()
                let contents = replay.takePendingContents()
                let confirmed =
                    verifiesProofs ? try Self.check(contents, with: checker, path: path) : 0
                report.contents += confirmed
                report.believedContents += contents.count { $0.implied != .unavailable } - confirmed
                if !verifiesProofs {
                    _ = replay.takePendingProofs()
                } else if replay.pendingProofs.count >= Self.proofsPerBatch {
                    report.proofs += try Self.checkProofs(of: &replay, path: path)
                }
            }
            var last = replay
            report.proofs += try Self.checkProofs(of: &last, path: path)
            if let checkpoint, !containsCheckpoint {
                throw .checkpointMissing(path: path, checkpoint)
            }
            report.blocks = blocks
            report.transactions = replay.transactionCount
            report.refused = replay.refusedCount
            report.head = replay.head!
        }
        return report
    }

    private static func checkProofs(of replay: inout ChainReplay, path: String) throws(LedgerError) -> Int {
        let pending = replay.takePendingProofs()
        for (proof, verdict) in zip(pending, ProofRequest.verify(pending.map(\.request))) {
            guard verdict.agrees(with: proof.implied) else {
                throw .corrupt(
                    path: path, place: proof.place, reason: "its receipt is not what its proof deserves")
            }
        }
        return pending.count
    }

    /// Asks a checker again; a content that is not there any more proves nothing.
    private static func check(
        _ contents: [ChainReplay.PendingContent], with checker: (any ContentChecker)?, path: String
    ) throws(LedgerError) -> Int {
        var confirmed = 0
        for content in contents where content.implied != .unavailable {
            let answer = content.question.answer(checker)
            guard answer != .unavailable else { continue }
            guard answer == content.implied else {
                throw .corrupt(
                    path: path, place: content.place, reason: "its receipt is not what its content deserves")
            }
            confirmed += 1
        }
        return confirmed
    }

    /// Replays a whole file, within a snapshot.
    ///
    /// - Returns: the replay, and the number of blocks.
    static func replayed(
        _ store: LedgerStore, checksSignatures: Bool = false,
        proofSystem: (Identifier) -> (any ProofSystem)?,
        afterEachBlock: (inout ChainReplay) throws(LedgerError) -> Void = {
            _ = ($0.takePendingProofs(), $0.takePendingContents())
        }
    ) throws(LedgerError) -> (ChainReplay, blocks: Int) {
        let path = store.path
        let encoding = try store.configuration()
        let configuration: LedgerConfiguration
        do throws(MalformedEncoding) {
            configuration = try LedgerConfiguration(encoded: encoding)
        } catch {
            throw .corrupt(path: path, place: "configuration", reason: "\(error)")
        }
        guard let system = proofSystem(configuration.proofSystem) else {
            throw .file(path: path, reason: "uses the unknown proof system \(configuration.proofSystem)")
        }
        var replay = ChainReplay(configuration: configuration, proofSystem: system)
        var blocks = 0
        try store.forEachBlock { stored throws(LedgerError) in
            do throws(ReplayFailure) {
                _ = try replay.append(stored, checksSignatures: checksSignatures)
            } catch {
                throw .corrupt(path: path, place: error.place, reason: error.reason)
            }
            try afterEachBlock(&replay)
            blocks += 1
            return true
        }
        try checkEnd(of: replay, blocks: blocks, store)
        return (replay, blocks)
    }

    /// Whether nothing is missing at the end, and nothing is left over.
    private static func checkEnd(
        of replay: ChainReplay, blocks: Int, _ store: LedgerStore
    ) throws(LedgerError) {
        let path = store.path
        let head = try store.head()
        guard replay.head == head else {
            throw .corrupt(path: path, place: "last block", reason: "it should be \(head)")
        }
        guard try store.blockCount() == blocks else {
            throw .corrupt(path: path, place: "blocks", reason: "there are more than the chain has")
        }
        guard try store.recordCount() == replay.transactionCount else {
            throw .corrupt(path: path, place: "transactions", reason: "there are more than the blocks have")
        }
    }
}
