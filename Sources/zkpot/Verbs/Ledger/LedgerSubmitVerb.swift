import Foundation
import Ledger
import Presentation

/// `zkpot ledger submit`
struct LedgerSubmitVerb: Verb {
    static let about = About(
        "submit", "Sign transactions and have them recorded in one block.",
        discussion: """
            Transactions are JSON files, as in Docs/transactions.md. All are signed with the same key. A refused one is \
            recorded too, with the reason, and the exit code is then 1.

            Revealed models are scored, and openings recomputed, with the blocks in the folder --content ('zkpot store'). \
            Without it, or if one is missing there, what depends on it is refused as content-unavailable or left to votes.
            """,
        example: "zkpot ledger submit demo.ledger register.json --key alice.pem --operator operator.pem")

    @Positional("The ledger.")
    var ledger: InputFile

    @Positional("The transactions, in their order.")
    var transactions: [InputFile]

    @Option("The sender's key.")
    var key: InputFile

    @Option("The key that seals the ledger.")
    var `operator`: InputFile

    @Option(
        "The block's time in milliseconds since 1970; the clock's otherwise, but never before the last block."
    )
    var at: UInt64?

    @Option("Folder of blocks with test sets, revealed models and openings.")
    var content: Folder?

    func validate() throws {
        guard transactions.count <= Limits.transactionsPerBlock else {
            throw UsageError("at most \(Limits.transactionsPerBlock) transactions fit in a block")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let bodies = try transactions.map { try LedgerFile.transaction($0) }
        let sender = try LedgerFile.signingKey(key)
        let ledger = try LedgerFile.open(self.ledger, operatorKey: `operator`)
        ledger.checker = try content.map { try StoredContentChecker($0) { console.warn(printable($0)) } }
        let first = ledger.state.nextNonce(of: sender.publicKey)
        let signed = try bodies.enumerated().map { index, body in
            try SignedTransaction(
                body, ledger: ledger.identifier, nonce: first + UInt64(index), key: sender)
        }
        let time = at.map { Timestamp(milliseconds: $0) } ?? max(.now, ledger.state.time)
        let results = try LedgerFile.naming(self.ledger) { try ledger.append(signed, at: time) }
        let answers = zip(zip(transactions, signed), results).map { pair, result in
            Answer(file: pair.0.path, transaction: pair.1, result: result)
        }
        if content == nil, answers.contains(where: { $0.refusal == Rejection.contentUnavailable.code }) {
            console.warn("no content was looked at: name the folder of blocks with --content")
        }
        try console.present(
            Result(
                height: ledger.head.height, headHash: ledger.head.hash, time: time, transactions: answers))
        return answers.allSatisfy(\.isAccepted) ? .success : .falseStatement
    }

    /// What became of one transaction.
    struct Answer: Encodable {
        var file: String
        var kind: Transaction.Kind
        var digest: Digest
        var isAccepted: Bool
        /// What an accepted one did.
        var effect: String?
        /// The code of the reason and its words for a refused one.
        var refusal: String?
        var reason: String?
        /// Whether it is in a block.
        var isRecorded: Bool

        init(file: String, transaction: SignedTransaction, result: Swift.Result<Receipt, Rejection>) {
            self.file = file
            kind = transaction.transaction.kind
            digest = transaction.digest
            switch result {
            case .success(let receipt):
                isRecorded = true
                isAccepted = receipt.isAccepted
                switch receipt.outcome {
                case .accepted(let effect): self.effect = "\(effect)"
                case .refused(let code, let words): (refusal, reason) = (code, words)
                }
            case .failure(let rejection):
                (isRecorded, isAccepted) = (false, false)
                (refusal, reason) = (rejection.code, "\(rejection)")
            }
        }
    }

    struct Result: Presentable {
        var height: UInt64
        var headHash: Digest
        var time: Timestamp
        var transactions: [Answer]

        func text(_ style: TextStyle) -> String {
            let lines = transactions.map { answer in
                let name = "\(answer.kind) of \(printable(answer.file))"
                if let effect = answer.effect { return "\(style.green("accepted")): \(name): \(effect)" }
                let verdict = answer.isRecorded ? "refused" : "not recorded"
                return
                    "\(style.red(verdict)): \(name): \(printable(answer.reason ?? "")) (\(answer.refusal ?? ""))"
            }
            return (lines + ["Block \(height), \(headHash)."]).joined(separator: "\n")
        }
    }
}
