import Ethereum
import Foundation
import HTTPTransport
import Presentation

/// Names a node of an Ethereum network.
struct NodeOptions: ArgumentGroup {
    @Option(
        "The node's JSON-RPC: ZKPOT_NODE, or http://127.0.0.1:8545, unless given.", valueName: "url")
    var node: String?

    @Option("The number of the chain that is meant; any other is refused.")
    var chain: UInt64?

    @Option("Seconds to wait for each answer.", check: .in(1...3600))
    var timeout: Int = 60

    init() {}

    /// - Throws: `UsageError` for what is no URL; `TransactionError.wrongChain`.
    func connect() throws -> EthereumNode {
        let url = node ?? ProcessInfo.processInfo.environment["ZKPOT_NODE"] ?? "http://127.0.0.1:8545"
        let connected: EthereumNode
        do throws(HTTPError) {
            connected = try EthereumNode(url: url, timeout: .seconds(timeout))
        } catch {
            throw UsageError("--node: \(error)")
        }
        if let chain {
            let actual = try connected.chainID()
            guard actual == chain else { throw TransactionError.wrongChain(expected: chain, actual: actual) }
        }
        return connected
    }
}

/// Whose transactions are sent, and how they are paid and waited for.
struct SenderOptions: ArgumentGroup {
    @Option("The sender's secret key, a file of 'zkpot chain key'.")
    var key: InputFile

    @Option(
        "Gas for the transaction; the node's estimate and a fifth unless given.", check: .in(21_000...1 << 40)
    )
    var gas: Int?

    @Option("The most that a unit of gas may cost, tip included.")
    var maxFee: Amount = Amount(UInt256(500_000_000_000))

    @Option("Blocks that must stand from the transaction's own on.", check: .in(1...10_000))
    var confirmations: Int = 1

    @Option(
        "Seconds after which a transaction that no block takes is sent again at a higher fee.",
        check: .in(1...86_400))
    var replaceAfter: Int = 60

    @Option("Seconds after which waiting ends.", check: .in(1...86_400))
    var patience: Int = 900

    init() {}

    var gasLimit: UInt64? { gas.map(UInt64.init) }

    /// A sender that tells on the console what happens.
    ///
    /// - Throws: `EthereumKeyError`, `NodeError`, `TransactionError`.
    func sender(_ options: NodeOptions, _ console: Console) throws -> TransactionSender {
        let key = try EthereumKey(file: self.key.path)
        var policy = SendingPolicy()
        policy.maximumFee = maxFee.value
        policy.confirmations = UInt64(confirmations)
        policy.replaceAfter = .seconds(replaceAfter)
        policy.giveUpAfter = .seconds(patience)
        let node = try options.connect()
        if node.isOnThisMachine { policy.pollInterval = .milliseconds(100) }
        let sender = try TransactionSender(node: node, key: key, chainID: options.chain, policy: policy)
        sender.observer = { event in
            switch event {
            case .sent(let hash): console.note("Sent \(hash).")
            case .replaced(let hash): console.note("No block takes it: sent again at a higher fee, \(hash).")
            case .included(_, let block): console.note("In block \(block).")
            case .reorganized(_, let block):
                console.warn("block \(block) is no longer part of the chain; waiting goes on")
            }
        }
        return sender
    }
}

/// An amount of money.
struct Amount: ArgumentValue, Sendable {
    var value: UInt256

    init(_ value: UInt256) { self.value = value }

    static func parse(_ text: String) throws -> Amount {
        guard let value = UInt256(amount: text) else {
            throw UsageError("expects an amount such as 1.5ether, 20gwei or 7 (wei), not '\(text)'")
        }
        return Amount(value)
    }

    static var valueName: String { "amount" }
    var argumentText: String { value.amount.filter { $0 != " " } }
}

extension Address: ArgumentValue {
    public static func parse(_ text: String) throws -> Address {
        do throws(EncodingError) {
            return try Address(text)
        } catch {
            throw UsageError("\(error)")
        }
    }

    public static var valueName: String { "address" }
    public var argumentText: String { description }
}

extension Ethereum.Hash: ArgumentValue {
    public static func parse(_ text: String) throws -> Ethereum.Hash {
        guard let hash = Ethereum.Hash(text) else {
            throw UsageError("expects 0x and 64 hexadecimal digits")
        }
        return hash
    }

    public static var valueName: String { "hash" }
    public var argumentText: String { description }
}
