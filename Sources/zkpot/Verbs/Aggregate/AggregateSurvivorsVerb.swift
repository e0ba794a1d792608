import Foundation
import Ledger
import Presentation
import SecureAggregation

/// `zkpot aggregate survivors`
struct AggregateSurvivorsVerb: Verb {
    static let about = About(
        "survivors", "Anybody, after step 5: make the transaction that puts the survivors on the ledger.",
        discussion: """
            The transaction is fixSurvivors, with the signatures of all who consented; an aggregator submits it with 'zkpot \
            ledger submit'. The ledger takes one set in each round, once; participants who look there ('zkpot aggregate \
            unmask --ledger') reveal their shares after that, and for this set only.
            """,
        example: """
            zkpot aggregate survivors --board board --output survivors.json
            zkpot ledger submit demo.ledger survivors.json --key agg.pem --operator operator.pem
            """)

    @Option("The public folder.")
    var board: Folder

    @Option("Where the transaction goes.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        let board = try AggregationBoard(board)
        let survivors: Signed<SurvivorSet> = try board.required(.survivors)
        let consents: Roster<SurvivorConsent> = try board.required(.consents)
        let body = try naming(board.folder.path) {
            try FixSurvivors(survivors, consents: consents, in: board.session)
        }
        try output.write(try TransactionJSON.encode(body.transaction))
        try console.present(
            Result(
                task: body.task, round: body.round, survivors: body.survivors,
                participants: survivors.message.participants, signatures: body.signatures.count,
                survivorsDigest: survivors.message.ledgerDigest(in: board.session), output: output.path))
        return .success
    }

    struct Result: Presentable {
        var task: Identifier
        var round: UInt64
        /// Accounts, in ascending order.
        var survivors: [PublicKey]
        /// The same by their numbers in the session.
        var participants: [Int]
        var signatures: Int
        /// What they signed.
        var survivorsDigest: Digest
        var output: String

        func text(_ style: TextStyle) -> String {
            let names = participants.map(String.init).joined(separator: ", ")
            return """
                Wrote \(style.bold(printable(output))): participants \(names) are the survivors of \(task), round \
                \(round); \(signatures) signatures on \(survivorsDigest). An aggregator submits it.
                """
        }
    }
}
