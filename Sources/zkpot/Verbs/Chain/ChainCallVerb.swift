import Ethereum
import Presentation

/// `zkpot chain call`
struct ChainCallVerb: Verb {
    static let about = About(
        "call", "Ask a contract, without a transaction.",
        discussion: "Exit code 1 if the contract refuses.",
        example: """
            zkpot chain call 0x5FbDB2315678afecb367f032d93F642f64180aa3 balanceOf \\
                0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf
            """)

    @Positional("The contract's address.")
    var contract: Address

    @Positional("Function, then its arguments: numbers, addresses, 0x bytes, texts, JSON arrays.")
    var words: [String]

    @Group var interface: ContractOptions

    @Option("Whom the contract sees as the caller.")
    var from: Address?

    @Option("On the state after this block; the latest unless given.")
    var block: UInt64?

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let interface = try interface.load()
        let function = try FunctionArguments.function(words[0], of: interface)
        let arguments = try FunctionArguments.parse(Array(words.dropFirst()), for: function)
        let client = ContractClient(node: try node.connect(), address: contract, interface: interface)
        do {
            let values = try client.call(
                function.signature, arguments, from: from, at: block.map { .number($0) } ?? .latest)
            try console.present(
                Result(
                    function: function.signature, isRefused: false, reason: nil, values: values.map(\.json),
                    lines: values.map(\.description)))
            return .success
        } catch TransactionError.reverted(let reason, _) {
            try console.present(
                Result(
                    function: function.signature, isRefused: true, reason: reason.description, values: [],
                    lines: []))
            return .falseStatement
        }
    }

    struct Result: Presentable {
        var function: String
        var isRefused: Bool
        var reason: String?
        var values: [JSONValue]
        private var lines: [String]

        init(function: String, isRefused: Bool, reason: String?, values: [JSONValue], lines: [String]) {
            (self.function, self.isRefused, self.reason) = (function, isRefused, reason)
            (self.values, self.lines) = (values, lines)
        }

        enum CodingKeys: String, CodingKey { case function, isRefused, reason, values }

        func text(_ style: TextStyle) -> String {
            if let reason { return style.red("REFUSED") + ": \(reason)." }
            return lines.isEmpty ? "It returns nothing." : lines.joined(separator: "\n")
        }
    }
}
