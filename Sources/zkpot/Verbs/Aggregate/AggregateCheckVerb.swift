import ContentStore
import Foundation
import Ledger
import Presentation
import ProofOfTraining
import QuantizedLearning
import SecureAggregation

/// `zkpot aggregate check`
struct AggregateCheckVerb: Verb {
    static let about = About(
        "check", "Anybody: check the published sum against the commitments, and recompute the average.",
        discussion: """
            With --content the sum is stored as the opening of the global model, in the form that 'zkpot ledger verify \
            --content' recomputes, and the result tells what finalize says of it; --transaction writes that transaction, for \
            'zkpot ledger submit'.
            """,
        example: """
            zkpot aggregate check --board board --output global.zkm
            zkpot aggregate check --board board --content blocks --transaction finalize.json
            """)

    @Option("The public folder.")
    var board: Folder

    @Option("Where the global model goes.", short: "o")
    var output: OutputFile?

    @Option(
        "Folder of blocks, as of 'zkpot store', for the opening; it is made if it is missing.",
        valueName: "folder")
    var content: String?

    @Option("Where the transaction goes that finalizes the round with this sum.")
    var transaction: OutputFile?

    func validate() throws {
        if transaction != nil && content == nil {
            throw UsageError("--transaction needs --content: the ledger names the stored opening")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let board = try AggregationBoard(board)
        let specification = try board.specification
        let sum: AggregateSum = try board.required(.sum)
        let path = board.folder.file(AggregationBoard.Broadcast.sum.rawValue)
        let isOpening = try naming(path) {
            try sum.isOpening(
                in: board.session, committer: MaskCommitter(length: board.session.length))
        }
        guard isOpening else {
            try console.present(Result(isValid: false, survivors: sum.survivors))
            return .falseStatement
        }
        let divisor = board.session.totalWeight(of: sum.survivors)
        let model = try naming(path) {
            try FederatedAverage(
                spec: specification, weightedSum: sum.weightedSum, divisor: Int64(clamping: divisor)
            ).model()
        }
        if let output { try output.writing { _ in try model.write(to: output.url) } }
        let global = try content.map { try store(sum, in: $0, of: board.session) }
        if let transaction, let global {
            let body = FinalizeOrder(
                task: board.session.task, round: board.session.round, globalModel: global)
            try transaction.write(try TransactionJSON.encode(body.transaction))
        }
        try console.present(
            Result(
                isValid: true, survivors: sum.survivors, output: output?.path,
                commitment: global?.commitment.hexadecimal, opening: global?.openingDigest, divisor: divisor,
                transaction: transaction?.path))
        return .success
    }

    /// Stores the opening of the global model; the sum has the weights in it already.
    private func store(
        _ sum: AggregateSum, in content: String, of session: AggregationSession
    ) throws -> GlobalModel {
        let opening = AggregateOpening(weightedSum: sum.weightedSum, blinding: sum.blinding)
        let identifier = try LocalStore(folder: content).put(opening.encoded)
        guard let digest = Digest(identifier.digest) else {
            throw CommandError("the block's name is no digest", file: content)
        }
        return GlobalModel(
            commitment: session.weightedCommitment(of: sum.survivors).encoded(as: .compressed),
            openingDigest: digest)
    }

    struct Result: Presentable {
        var isValid: Bool
        var survivors: [Int]
        var output: String?
        /// Of a stored opening: what it opens, a compressed point in hexadecimal, and its SHA-256.
        var commitment: String?
        var opening: Digest?
        /// Σ a_i, by which the sum is divided.
        var divisor: UInt64?
        var transaction: String?

        func text(_ style: TextStyle) -> String {
            guard isValid else {
                return style.red("REFUSED") + ": the sum does not open the commitments of its survivors."
            }
            let names = survivors.map(String.init).joined(separator: ", ")
            var text =
                style.green("VALID") + ": the weighted sum of the committed models of participants \(names)."
            if let output { text += " Wrote the average to \(style.bold(output))." }
            if let opening, let commitment, let divisor {
                text +=
                    "\nStored \(style.bold("\(opening)")), which opens the commitment \(commitment), to be divided by "
                    + "\(divisor)."
            }
            if let transaction {
                text += "\nWrote \(style.bold(transaction)), to be submitted by an aggregator."
            }
            return text
        }
    }
}
