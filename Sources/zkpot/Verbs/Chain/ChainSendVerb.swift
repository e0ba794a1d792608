import Ethereum
import Presentation

/// `zkpot chain send`
struct ChainSendVerb: Verb {
    static let about = About(
        "send", "Send a transaction to a contract and wait until it is confirmed.",
        discussion: """
            Every transaction of Docs/protocol.md is a function of the registry (Contracts/README.md lists them). The \
            name of a task stands for its SHA-256, that of a role for its number. Exit code 1 if the contract refuses.
            """,
        example: """
            zkpot chain send 0x5FbDB2315678afecb367f032d93F642f64180aa3 deposit --value 1ether --key alice.key
            zkpot chain send 0x5FbDB2315678afecb367f032d93F642f64180aa3 register participant 1000 --key alice.key
            """)

    @Positional("The contract's address.")
    var contract: Address

    @Positional("Function, then its arguments: numbers, addresses, 0x bytes, texts, JSON arrays.")
    var words: [String]

    @Group var interface: ContractOptions

    @Option("Ether that goes along.")
    var value: Amount = Amount(.zero)

    @Group var sender: SenderOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let interface = try interface.load()
        let function = try FunctionArguments.function(words[0], of: interface)
        let arguments = try FunctionArguments.parse(Array(words.dropFirst()), for: function)
        let sender = try sender.sender(node, console)
        let client = ContractClient(node: sender.node, address: contract, interface: interface)
        return try TransactionResult.present(console, client, function: function.signature) {
            try client.transact(
                function.signature, arguments, value: value.value, gasLimit: self.sender.gasLimit, by: sender)
        }
    }
}

/// What came of a transaction.
struct TransactionResult: Presentable {
    var function: String
    var contract: String
    var isRefused = false
    var reason: String?
    var transaction: String?
    var block: UInt64?
    var gasUsed: UInt64?
    var fee: String?
    var events: [Event] = []

    struct Event: Encodable {
        var name: String
        var values: [String: JSONValue]
        var words: String

        enum CodingKeys: String, CodingKey { case name, values }

        init(_ event: DecodedEvent) {
            name = event.name
            values = event.values.mapValues(\.json)
            words = event.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
                separator: ", ")
        }
    }

    /// Runs `body`, and presents its receipt or the contract's refusal.
    ///
    /// - Throws: what is neither.
    static func present(
        _ console: Console, _ client: ContractClient, function: String,
        _ body: () throws -> TransactionReceipt
    ) throws -> ExitCode {
        var result = TransactionResult(function: function, contract: client.address.description)
        do {
            let receipt = try body()
            result.transaction = receipt.transactionHash.description
            result.block = receipt.blockNumber
            result.gasUsed = receipt.gasUsed
            result.fee = receipt.effectiveGasPrice?.multiplied(by: receipt.gasUsed)?.amount
            result.events = try client.events(in: receipt).map(Event.init)
            try console.present(result)
            return .success
        } catch TransactionError.reverted(let reason, let hash) {
            result.isRefused = true
            result.reason = reason.description
            result.transaction = hash?.description
            try console.present(result)
            return .falseStatement
        }
    }

    func text(_ style: TextStyle) -> String {
        if let reason { return style.red("REFUSED") + ": \(reason)." }
        var lines = [style.green("DONE") + " in block \(block ?? 0), \(Format.count(Int(gasUsed ?? 0))) gas"]
        if let fee { lines[0] += ", \(fee)" }
        lines += events.map { "  \($0.name): \($0.words)" }
        if let transaction { lines.append("  \(transaction)") }
        return lines.joined(separator: "\n")
    }
}
