import Ledger
import Parallelism
import Presentation

/// `zkpot ledger verify`
struct LedgerVerifyVerb: Verb {
    static let about = About(
        "verify", "Replay a ledger from its first block: every link, seal, signature, rule and proof.",
        discussion: """
            Nothing in a file can show that its last blocks were cut off, or that its operator wrote a second history: give a \
            block that is known from elsewhere as --checkpoint. A ledger that does not follow from the rules: exit code 1.

            Scores of revealed models and judgements of openings are recomputed with the blocks in the folder --content \
            ('zkpot store'); without it, and where a block is missing, the receipts are believed about them, and counted.
            """,
        example: "zkpot ledger verify demo.ledger --checkpoint 12:5e0f…")

    @Positional("The ledger.")
    var ledger: InputFile

    @Option("A block that must be in it: height:hash.")
    var checkpoint: CheckpointArgument?

    @Flag("Believe the receipts about proofs.")
    var skipProofs: Bool

    @Option("Folder of blocks with test sets, revealed models and openings.")
    var content: Folder?

    func run(_ console: Console) throws -> ExitCode {
        do {
            let ledger = try Ledger.open(self.ledger.path)
            ledger.checker = try content.map { try StoredContentChecker($0) { console.note(printable($0)) } }
            let bar = ProgressBar(
                "blocks", total: Int(clamping: ledger.head.height &+ 1),
                quiet: console.isQuiet || console.isJSON)
            defer { bar.finish() }
            let report = try ledger.verify(
                checkpoint: checkpoint?.head, verifiesProofs: !skipProofs, progress: bar)
            try console.present(Result(report))
            return .success
        } catch let error as LedgerError {
            switch error {
            case .corrupt, .checkpointMissing:
                try console.present(Result(reason: LedgerFile.words(of: error)))
                return .falseStatement
            default: throw CommandError(LedgerFile.words(of: error), file: self.ledger.path)
            }
        }
    }

    struct Result: Presentable {
        var isValid: Bool
        /// Where it does not follow from the rules, and how.
        var reason: String?
        var blocks: Int?
        var transactions: Int?
        var refused: Int?
        var proofs: Int?
        /// Answers about contents that were recomputed, and those that the receipts are believed about.
        var contents: Int?
        var believedContents: Int?
        var height: UInt64?
        var headHash: Digest?

        init(_ report: Ledger.VerificationReport) {
            isValid = true
            blocks = report.blocks
            transactions = report.transactions
            refused = report.refused
            proofs = report.proofs
            contents = report.contents
            believedContents = report.believedContents
            height = report.head.height
            headHash = report.head.hash
        }

        init(reason: String) {
            isValid = false
            self.reason = reason
        }

        func text(_ style: TextStyle) -> String {
            guard let height, let headHash, let blocks, let transactions, let refused, let proofs else {
                return "\(style.red("REFUSED")): \(printable(reason ?? ""))."
            }
            var about = ""
            if let contents, contents > 0 { about += "\nContents: \(contents) answers recomputed." }
            if let believedContents, believedContents > 0 {
                about += "\nContents: \(believedContents) answers believed, as --content does not have them."
            }
            return """
                \(style.green("VALID")): \(blocks) blocks, \(transactions) transactions of which \(refused) are recorded as \
                refused, \(proofs) proofs checked.\(about)
                The last block is \(height):\(headHash)
                """
        }
    }
}

/// `height:hash`
struct CheckpointArgument: ArgumentValue {
    var head: ChainHead

    static func parse(_ text: String) throws -> CheckpointArgument {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let height = UInt64(parts[0]), let hash = Digest(hexadecimal: parts[1]) else {
            throw UsageError("expects height:hash, not '\(text)'")
        }
        return CheckpointArgument(head: ChainHead(height: height, hash: hash))
    }

    static var valueName: String { "height:hash" }
    var argumentText: String { "\(head.height):\(head.hash)" }
}
