import HTTPTransport

/// Which block a question is about.
public enum BlockTag: Sendable, Hashable {
    case latest, pending, earliest
    case number(UInt64)

    var text: String {
        switch self {
        case .latest: "latest"
        case .pending: "pending"
        case .earliest: "earliest"
        case .number(let number): UInt256(number).quantity
        }
    }
}

/// A message to a contract, or a transfer.
public struct CallRequest: Sendable, Hashable {
    public var from: Address?
    /// `nil` creates a contract.
    public var to: Address?
    public var data: [UInt8]
    public var value: UInt256
    public var gas: UInt64?

    public init(
        from: Address? = nil, to: Address?, data: [UInt8], value: UInt256 = .zero, gas: UInt64? = nil
    ) {
        self.from = from
        self.to = to
        self.data = data
        self.value = value
        self.gas = gas
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["data": .string(Hex.encode(data))]
        if let from { members["from"] = .string(from.description) }
        if let to { members["to"] = .string(to.description) }
        if value != .zero { members["value"] = .string(value.quantity) }
        if let gas { members["gas"] = .string(UInt256(gas).quantity) }
        return .object(members)
    }
}

/// A node of an Ethereum network, asked over JSON-RPC. Its answers are read strictly, but what they say is believed as
/// far as it cannot be checked: ask a node of one's own.
///
/// - SeeAlso: the Ethereum execution API specification.
public final class EthereumNode: Sendable {
    public let rpc: JSONRPCClient

    /// - Parameters:
    ///   - url: `http://127.0.0.1:8545`, or `https://…`.
    ///   - timeout: for each question.
    ///   - maximumAnswerByteCount: what is longer is refused.
    /// - Throws: `HTTPError.invalidURL`.
    public init(
        url: String, timeout: Duration = .seconds(60), maximumAnswerByteCount: Int = 32 << 20
    ) throws(HTTPError) {
        rpc = JSONRPCClient(
            endpoint: try HTTPEndpoint(url),
            client: HTTPClient(timeout: timeout, maximumBodyByteCount: maximumAnswerByteCount))
    }

    /// Scheme, server and port.
    public var name: String { rpc.endpoint.description }

    /// Whether the node runs on this machine, as far as its name tells.
    public var isOnThisMachine: Bool { rpc.endpoint.isLoopback }

    public func chainID() throws(NodeError) -> UInt64 {
        try rpc.call("eth_chainId", as: ShortQuantity.self).value
    }

    public func blockNumber() throws(NodeError) -> UInt64 {
        try rpc.call("eth_blockNumber", as: ShortQuantity.self).value
    }

    /// In wei.
    public func balance(of address: Address, at block: BlockTag = .latest) throws(NodeError) -> UInt256 {
        try rpc.call(
            "eth_getBalance", [.string(address.description), .string(block.text)], as: Quantity.self
        )
        .value
    }

    /// The nonce of the account's next transaction, counting what is pending if `block` is `.pending`.
    public func transactionCount(of address: Address, at block: BlockTag = .latest) throws(NodeError)
        -> UInt64
    {
        try rpc.call(
            "eth_getTransactionCount", [.string(address.description), .string(block.text)],
            as: ShortQuantity.self
        ).value
    }

    /// The code of a contract; empty where there is none.
    public func code(at address: Address, block: BlockTag = .latest) throws(NodeError) -> [UInt8] {
        try rpc.call("eth_getCode", [.string(address.description), .string(block.text)], as: HexBytes.self)
            .value
    }

    /// Wei for a unit of gas.
    public func gasPrice() throws(NodeError) -> UInt256 {
        try rpc.call("eth_gasPrice", as: Quantity.self).value
    }

    /// - Parameters:
    ///   - count: blocks, 1 to 1024.
    ///   - percentile: of the tips in each block, 0 to 100.
    public func feeHistory(count: Int, percentile: Int) throws(NodeError) -> FeeHistory {
        try rpc.call(
            "eth_feeHistory",
            [
                .string(UInt256(UInt64(max(1, count))).quantity), .string("latest"),
                .array([.number(percentile)]),
            ])
    }

    public func estimateGas(_ call: CallRequest) throws(NodeError) -> UInt64 {
        try rpc.call("eth_estimateGas", [call.json], as: ShortQuantity.self).value
    }

    /// What a contract returns, without a transaction.
    public func call(_ call: CallRequest, at block: BlockTag = .latest) throws(NodeError) -> [UInt8] {
        try rpc.call("eth_call", [call.json, .string(block.text)], as: HexBytes.self).value
    }

    /// Hands a transaction to the node.
    ///
    /// - Returns: the transaction's hash, as the node sees it.
    public func sendRawTransaction(_ encoded: [UInt8]) throws(NodeError) -> Hash {
        try rpc.call("eth_sendRawTransaction", [.string(Hex.encode(encoded))])
    }

    /// The receipt of a transaction that is in a block, `nil` for others.
    public func receipt(of hash: Hash) throws(NodeError) -> TransactionReceipt? {
        let receipt = try rpc.call(
            "eth_getTransactionReceipt", [.string(hash.description)], as: TransactionReceipt?.self)
        guard receipt == nil || receipt?.transactionHash == hash else {
            throw .malformed(
                server: name, method: "eth_getTransactionReceipt", reason: "it is of another transaction")
        }
        return receipt
    }

    /// Whether the node knows the transaction, in a block or pending.
    public func knows(_ hash: Hash) throws(NodeError) -> Bool {
        struct Transaction: Decodable { var hash: Hash }
        return try rpc.call(
            "eth_getTransactionByHash", [.string(hash.description)], as: Transaction?.self)?.hash == hash
    }

    /// The block, `nil` if there is none of this number.
    public func block(_ tag: BlockTag) throws(NodeError) -> Block? {
        let block = try rpc.call("eth_getBlockByNumber", [.string(tag.text), .bool(false)], as: Block?.self)
        if case .number(let number) = tag, let block, block.number != number {
            throw .malformed(server: name, method: "eth_getBlockByNumber", reason: "it is another block")
        }
        return block
    }

    /// The last block.
    public func latestBlock() throws(NodeError) -> Block {
        guard let block = try block(.latest) else {
            throw .malformed(server: name, method: "eth_getBlockByNumber", reason: "there is no latest block")
        }
        return block
    }

    /// The logs of a contract in a range of blocks, in their order.
    ///
    /// - Parameter topic: the first topic, any if `nil`.
    public func logs(of address: Address, topic: [UInt8]? = nil, in blocks: ClosedRange<UInt64>)
        throws(NodeError)
        -> [Log]
    {
        var filter: [String: JSONValue] = [
            "address": .string(address.description),
            "fromBlock": .string(BlockTag.number(blocks.lowerBound).text),
            "toBlock": .string(BlockTag.number(blocks.upperBound).text),
        ]
        if let topic { filter["topics"] = .array([.string(Hex.encode(topic))]) }
        let logs = try rpc.call("eth_getLogs", [.object(filter)], as: [Log].self)
        for log in logs {
            guard log.address == address, blocks.contains(log.blockNumber),
                topic == nil || log.topics.first == topic
            else {
                throw .malformed(
                    server: name, method: "eth_getLogs", reason: "a log does not fit the question")
            }
        }
        return logs.filter { !$0.isRemoved }.sorted {
            ($0.blockNumber, $0.index) < ($1.blockNumber, $1.index)
        }
    }
}
