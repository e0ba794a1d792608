import Foundation
import Ledger
import Presentation

/// `zkpot ledger init`
struct LedgerInitVerb: Verb {
    static let about = About(
        "init", "Make a new ledger.",
        discussion: """
            What is given here is fixed for good. The parameters are a JSON file; without one they are minimum stakes of 1000 \
            (publisher), 100 (participant), 50 (validator), 50 (verifier) and 100 (aggregator), a minimum bond of 100, and \
            slashing as in Docs/protocol.md.
            """,
        example: """
            zkpot ledger init demo.ledger --name demo --operator operator.pem --allocate $(zkpot key alice.pem)=1000
            """)

    @Positional("The ledger; must not exist yet.")
    var ledger: OutputFile

    @Option("Its name.")
    var name: Identifier

    @Option("The key that seals its blocks, of zkpot key.")
    var `operator`: InputFile

    @Option("What an account has at the beginning: public key=amount. Can be given several times.")
    var allocate: [AllocationArgument]

    @Option("The numbers of the protocol, as a JSON file.")
    var parameters: InputFile?

    @Flag("Accept verifying keys from a single-party setup: whoever ran it can prove anything.")
    var allowDevelopmentKeys: Bool

    func run(_ console: Console) throws -> ExitCode {
        let key = try LedgerFile.signingKey(`operator`)
        var numbers = ProtocolParameters.standard
        if let parameters { numbers = try LedgerFile.json(ProtocolParameters.self, parameters) }
        let made = try make(numbers, key)
        try console.present(
            Result(
                ledger: ledger.path, identifier: made.identifier, operatorKey: key.publicKey,
                supply: made.state.supply, parameters: numbers))
        return .success
    }

    private func make(_ numbers: ProtocolParameters, _ key: SigningKey) throws -> Ledger {
        do {
            return try Ledger.create(
                at: ledger.path, name: name, operatorKey: key, allowsDevelopmentKeys: allowDevelopmentKeys,
                parameters: numbers, allocations: allocate.map(\.allocation))
        } catch let error as LedgerError {
            throw CommandError(LedgerFile.words(of: error), file: ledger.path)
        }
    }

    struct Result: Presentable {
        var ledger: String
        var identifier: Digest
        var operatorKey: PublicKey
        var supply: UInt64
        var parameters: ProtocolParameters

        func text(_ style: TextStyle) -> String {
            """
            Made \(style.bold(printable(ledger))), sealed by \(operatorKey), with \(supply) on its accounts.
            Its identifier, to which signatures and proofs are bound: \(identifier)
            """
        }
    }
}

/// `key=amount`
struct AllocationArgument: ArgumentValue {
    var allocation: Allocation

    static func parse(_ text: String) throws -> AllocationArgument {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let key = PublicKey(hexadecimal: String(parts[0])),
            let amount = UInt64(parts[1])
        else {
            throw UsageError(
                "expects a public key of 64 hexadecimal digits, '=' and an amount, not '\(text)'")
        }
        return AllocationArgument(allocation: Allocation(account: key, amount: amount))
    }

    static var valueName: String { "key=amount" }
    var argumentText: String { "\(allocation.account)=\(allocation.amount)" }
}
