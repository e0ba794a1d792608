import Ethereum
import Foundation
import Presentation

/// `zkpot chain key`
struct ChainKeyVerb: Verb {
    static let about = About(
        "key", "Make a secret key for an account.",
        discussion: """
            The file holds 64 hexadecimal digits and can be read by its owner only; whoever has it has the account. It is \
            not encrypted.
            """,
        example: "zkpot chain key --output alice.key")

    @Option("Where the key goes; must not exist yet.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        let key = try EthereumKey()
        try key.write(to: output.path)
        try console.present(Result(address: key.address.description, key: output.path))
        return .success
    }

    struct Result: Presentable {
        var address: String
        var key: String

        func text(_ style: TextStyle) -> String { "\(address)\nThe secret key is in \(printable(key))." }
    }
}

/// `zkpot chain account`
struct ChainAccountVerb: Verb {
    static let about = About(
        "account", "Show an account's money, nonce and code.",
        example: "zkpot chain account 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")

    @Positional("The account; that of --key if it is left out.")
    var address: Address?

    @Option("A secret key, to show its account.")
    var key: InputFile?

    @Option("A registry, to show what the account has there.")
    var registry: Address?

    @Group var node: NodeOptions

    func validate() throws {
        guard (address == nil) != (key == nil) else { throw UsageError("give either an address or --key") }
    }

    func run(_ console: Console) throws -> ExitCode {
        guard let address = try address ?? key.map({ try EthereumKey(file: $0.path).address }) else {
            throw UsageError("give either an address or --key")
        }
        let node = try node.connect()
        var inside: RegistryAccount?
        if let registry { inside = try RegistryAccount(address, at: registry, node) }
        let balance = try node.balance(of: address)
        try console.present(
            Result(
                address: address.description, chain: try node.chainID(), wei: balance.description,
                balance: balance.amount, nonce: try node.transactionCount(of: address),
                pending: try node.transactionCount(of: address, at: .pending),
                codeBytes: try node.code(at: address).count, registry: inside))
        return .success
    }

    struct Result: Presentable {
        var address: String
        var chain: UInt64
        var wei: String
        var balance: String
        var nonce: UInt64
        var pending: UInt64
        var codeBytes: Int
        var registry: RegistryAccount?

        func text(_ style: TextStyle) -> String {
            var text = "\(address) on chain \(chain)\nBalance \(balance), next nonce \(nonce)"
            if pending > nonce { text += ", \(pending - nonce) transactions pending" }
            if codeBytes > 0 { text += "\nA contract of \(Format.bytes(codeBytes))" }
            if let registry { text += "\n" + registry.text }
            return text
        }
    }
}
