/// A contract on a chain, asked and told things by the names in its interface.
public struct ContractClient {
    public let node: EthereumNode
    public let address: Address
    public let interface: ContractInterface

    public init(node: EthereumNode, address: Address, interface: ContractInterface) {
        self.node = node
        self.address = address
        self.interface = interface
    }

    /// Asks, without a transaction.
    ///
    /// - Parameter sender: whom the contract sees as the caller.
    /// - Throws: `TransactionError.reverted`, `.noContract`; `NodeError`; `EncodingError`.
    public func call(
        _ name: String, _ arguments: [ABIValue] = [], from sender: Address? = nil,
        at block: BlockTag = .latest
    ) throws -> [ABIValue] {
        let function = try interface.function(name)
        let request = CallRequest(from: sender, to: address, data: try function.callData(arguments))
        let data: [UInt8]
        do throws(NodeError) {
            data = try node.call(request, at: block)
        } catch {
            throw error.revert(interface).map { TransactionError.reverted($0, transaction: nil) } ?? error
        }
        if data.isEmpty, !function.outputs.isEmpty, try node.code(at: address, block: block).isEmpty {
            throw TransactionError.noContract(address)
        }
        return try function.results(data)
    }

    /// Sends a transaction to the contract, without waiting.
    ///
    /// - Parameter gasLimit: instead of an estimate.
    /// - Throws: `TransactionError`, `NodeError`, `EncodingError`, `EthereumKeyError`.
    public func send(
        _ name: String, _ arguments: [ABIValue] = [], value: UInt256 = .zero, gasLimit: UInt64? = nil,
        by sender: TransactionSender
    ) throws -> PendingTransaction {
        let function = try interface.function(name)
        let data = try function.callData(arguments)
        guard value == .zero || function.isPayable else {
            throw EncodingError("\(function.signature) takes no Ether")
        }
        // Ether sent, and calls made, to an address without code succeed without doing anything.
        guard try !node.code(at: address).isEmpty else { throw TransactionError.noContract(address) }
        return try sender.send(
            to: address, data: data, value: value, gasLimit: gasLimit, interface: interface)
    }

    /// Sends a transaction to the contract and waits until it is confirmed.
    ///
    /// - Throws: as `send`, and what `TransactionSender.wait` throws.
    @discardableResult
    public func transact(
        _ name: String, _ arguments: [ABIValue] = [], value: UInt256 = .zero, gasLimit: UInt64? = nil,
        by sender: TransactionSender
    ) throws -> TransactionReceipt {
        var pending = try send(name, arguments, value: value, gasLimit: gasLimit, by: sender)
        return try sender.wait(for: &pending, interface: interface)
    }

    /// Creates a contract and waits until it is confirmed.
    ///
    /// - Parameters:
    ///   - code: of the constructor, as compilers give it.
    ///   - arguments: of the constructor.
    /// - Throws: as `transact`.
    public static func deploy(
        _ interface: ContractInterface, code: [UInt8], arguments: [ABIValue] = [], value: UInt256 = .zero,
        gasLimit: UInt64? = nil, by sender: TransactionSender
    ) throws -> (contract: ContractClient, receipt: TransactionReceipt) {
        let data = code + (try ABIType.encode(arguments, as: interface.constructorInputs.map(\.type)))
        var pending = try sender.send(
            to: nil, data: data, value: value, gasLimit: gasLimit, interface: interface)
        let receipt = try sender.wait(for: &pending, interface: interface)
        let address = Address.created(by: sender.key.address, nonce: pending.nonce)
        guard receipt.contractAddress == nil || receipt.contractAddress == address else {
            throw TransactionError.inconsistent(
                "the node names another address than \(address) for the contract")
        }
        guard try !sender.node.code(at: address).isEmpty else { throw TransactionError.noContract(address) }
        return (ContractClient(node: sender.node, address: address, interface: interface), receipt)
    }

    /// The contract's own events in a receipt, in order.
    ///
    /// - Throws: `EncodingError` if a log does not fit the interface.
    public func events(in receipt: TransactionReceipt) throws(EncodingError) -> [DecodedEvent] {
        var events: [DecodedEvent] = []
        for log in receipt.logs where log.address == address {
            if let event = try interface.decode(topics: log.topics, data: log.data) { events.append(event) }
        }
        return events
    }
}
