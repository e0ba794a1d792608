import Ethereum
import Presentation

/// `zkpot chain receipt`
struct ChainReceiptVerb: Verb {
    static let about = About(
        "receipt", "Show what came of a transaction.",
        discussion: "Exit code 1 if it was undone, is in no block yet, or its block has left the chain.",
        example: "zkpot chain receipt 0xb94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9")

    @Positional("The transaction's hash.")
    var hash: Ethereum.Hash

    @Group var interface: ContractOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let interface = try interface.load()
        let node = try node.connect()
        var result = Result(transaction: hash.description, isKnown: try node.knows(hash))
        if let receipt = try node.receipt(of: hash) {
            let head = try node.blockNumber()
            result.isKnown = true
            result.block = receipt.blockNumber
            result.succeeded = receipt.succeeded
            result.gasUsed = receipt.gasUsed
            result.contractCreated = receipt.contractAddress?.description
            result.isInChain = try node.block(.number(receipt.blockNumber))?.hash == receipt.blockHash
            result.confirmations = head >= receipt.blockNumber ? head - receipt.blockNumber + 1 : 0
            for log in receipt.logs {
                if let event = try interface.decode(topics: log.topics, data: log.data) {
                    result.events.append(.init(event))
                }
            }
        }
        try console.present(result)
        return result.succeeded == true && result.isInChain == true ? .success : .falseStatement
    }

    struct Result: Presentable {
        var transaction: String
        var isKnown: Bool
        var block: UInt64?
        var succeeded: Bool?
        var gasUsed: UInt64?
        var contractCreated: String?
        var isInChain: Bool?
        var confirmations: UInt64?
        var events: [TransactionResult.Event] = []

        func text(_ style: TextStyle) -> String {
            guard let block, let succeeded else {
                return isKnown ? "It is in no block yet." : "The node does not know it."
            }
            var lines = [
                (succeeded ? style.green("DONE") : style.red("UNDONE"))
                    + " in block \(block), \(Format.count(Int(gasUsed ?? 0))) gas, \(confirmations ?? 0) confirmations"
            ]
            if isInChain == false { lines.append(style.red("Its block is no longer part of the chain.")) }
            if let contractCreated { lines.append("  created \(contractCreated)") }
            lines += events.map { "  \($0.name): \($0.words)" }
            return lines.joined(separator: "\n")
        }
    }
}

/// `zkpot chain logs`
struct ChainLogsVerb: Verb {
    static let about = About(
        "logs", "List what a contract has logged.",
        example: "zkpot chain logs 0x5FbDB2315678afecb367f032d93F642f64180aa3 --from 100")

    @Positional("The contract's address.")
    var contract: Address

    @Option("The first block.")
    var from: UInt64 = 0

    @Option("Events of this name only.")
    var event: String?

    @Option("Blocks that must stand from a block on before it is read.", check: .in(1...10_000))
    var confirmations: Int = 1

    @Group var interface: ContractOptions

    @Group var node: NodeOptions

    func run(_ console: Console) throws -> ExitCode {
        let interface = try interface.load()
        let topic: [UInt8]? = try event.map { name in
            guard let event = interface.events.first(where: { $0.name == name }) else {
                let names = Set(interface.events.map(\.name)).sorted().joined(separator: ", ")
                throw UsageError("the interface has no event \(name); it has \(names)")
            }
            return event.topic
        }
        var reader = LogReader(
            of: contract, on: try node.connect(), topic: topic, from: from,
            confirmations: UInt64(confirmations))
        var result = Result(contract: contract.description, events: [])
        var last: UInt64?
        while true {
            let batch = try reader.next()
            if let first = batch.forgetFrom { result.events.removeAll { $0.block >= first } }
            for log in batch.logs {
                if let event = try interface.decode(topics: log.topics, data: log.data) {
                    result.events.append(
                        Entry(
                            block: log.blockNumber, transaction: log.transactionHash.description,
                            event: .init(event)))
                }
            }
            if batch.lastBlock == last && batch.forgetFrom == nil { break }
            last = batch.lastBlock
        }
        result.lastBlock = last
        try console.present(result)
        return .success
    }

    struct Entry: Encodable {
        var block: UInt64
        var transaction: String
        var event: TransactionResult.Event
    }

    struct Result: Presentable {
        var contract: String
        var lastBlock: UInt64?
        var events: [Entry]

        func text(_ style: TextStyle) -> String {
            let lines = events.map { "\($0.block)  \($0.event.name): \($0.event.words)" }
            return (lines + ["\(events.count) events up to block \(lastBlock ?? 0)"]).joined(separator: "\n")
        }
    }
}
