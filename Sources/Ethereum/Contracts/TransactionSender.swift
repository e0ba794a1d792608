import Foundation

/// A transaction that was handed to a node, in all versions of its fee.
public struct PendingTransaction: Sendable {
    public internal(set) var versions: [SignedEthereumTransaction]

    public var nonce: UInt64 { versions[0].transaction.nonce }
    public var sender: Address { versions[0].sender }
    /// Of the last version.
    public var hash: Hash { Self.hash(versions[versions.count - 1]) }

    init(_ transaction: SignedEthereumTransaction) { versions = [transaction] }

    static func hash(_ version: SignedEthereumTransaction) -> Hash {
        // A Keccak-256 has 32 bytes.
        Hash(version.hash)!
    }
}

/// Signs an account's transactions and sends them, one after the other. For one thread at a time.
public final class TransactionSender {
    public let node: EthereumNode
    public let key: EthereumKey
    public let chainID: UInt64
    public var policy: SendingPolicy
    /// Told of every step.
    public var observer: ((TransactionEvent) -> Void)?
    /// The nonce after the last that was used here, as the node may not count it yet.
    private var nextNonce: UInt64?

    /// - Parameter chainID: the chain that is meant; the node's own if `nil`.
    /// - Throws: `NodeError`; `TransactionError.wrongChain`.
    public init(
        node: EthereumNode, key: EthereumKey, chainID: UInt64? = nil, policy: SendingPolicy = SendingPolicy()
    ) throws {
        self.node = node
        self.key = key
        self.policy = policy
        let actual = try node.chainID()
        self.chainID = chainID ?? actual
        try Self.check(chain: actual, self.chainID)
    }

    private static func check(chain actual: UInt64, _ expected: UInt64) throws(TransactionError) {
        guard actual == expected else { throw .wrongChain(expected: expected, actual: actual) }
    }

    /// Signs and sends, without waiting.
    ///
    /// - Parameters:
    ///   - to: `nil` creates a contract.
    ///   - gasLimit: instead of an estimate with the policy's margin.
    ///   - nonce: instead of the account's next, to replace a transaction that is pending.
    ///   - interface: of the contract, to tell why it refuses.
    /// - Throws: `TransactionError`, `NodeError`, `EthereumKeyError`.
    public func send(
        to: Address?, data: [UInt8] = [], value: UInt256 = .zero, gasLimit: UInt64? = nil,
        nonce: UInt64? = nil,
        interface: ContractInterface? = nil
    ) throws -> PendingTransaction {
        try Self.check(chain: try node.chainID(), chainID)
        let call = CallRequest(from: key.address, to: to, data: data, value: value)
        let block = try node.latestBlock()
        let balance = try node.balance(of: key.address)
        guard balance >= value else {
            throw TransactionError.insufficientFunds(key.address, balance: balance, needed: value)
        }
        let gas = try gasLimit ?? estimate(call, block, interface)
        guard gas <= block.gasLimit else {
            throw TransactionError.gasTooHigh(needed: gas, limit: block.gasLimit)
        }
        let fee = try suggestedFee(block)
        let cost = fee.maximum.multiplied(by: gas)?.adding(value) ?? .max
        guard balance >= cost else {
            throw TransactionError.insufficientFunds(key.address, balance: balance, needed: cost)
        }
        for attempt in 0... {
            let pending = try node.transactionCount(of: key.address, at: .pending)
            let number = nonce ?? max(pending, nextNonce ?? 0)
            let transaction = try EthereumTransaction(
                chainID: chainID, nonce: number, fee: fee, gasLimit: gas, to: to, value: value, data: data
            ).signed(with: key)
            do {
                try broadcast(transaction)
            } catch let error as NodeError where attempt == 0 && nonce == nil && error.saysNonceTooLow {
                // Somebody else uses the account, or the node's count was old.
                nextNonce = nil
                continue
            } catch {
                nextNonce = nil
                throw error
            }
            nextNonce = number + 1
            let sent = PendingTransaction(transaction)
            observer?(.sent(sent.hash))
            return sent
        }
        throw TransactionError.inconsistent("the node takes no nonce of \(key.address)")
    }

    /// Hands a transaction over; that the node has it already is no error.
    func broadcast(_ transaction: SignedEthereumTransaction) throws {
        let expected = PendingTransaction.hash(transaction)
        do throws(NodeError) {
            let hash = try node.sendRawTransaction(transaction.encoded)
            guard hash == expected else {
                throw NodeError.malformed(
                    server: node.name, method: "eth_sendRawTransaction",
                    reason: "it names another transaction than the one that was sent")
            }
        } catch {
            guard error.saysAlreadyKnown else { throw error }
        }
    }

    /// Forgets the nonces that were used here; the node's count holds again.
    func forgetNonces() { nextNonce = nil }

    // MARK: - Gas

    /// The node's estimate and a margin.
    private func estimate(_ call: CallRequest, _ block: Block, _ interface: ContractInterface?) throws
        -> UInt64
    {
        do throws(NodeError) {
            let estimate = try node.estimateGas(call)
            let (margin, overflow) = estimate.multipliedReportingOverflow(by: policy.gasMargin)
            guard !overflow, estimate <= block.gasLimit else {
                throw .malformed(
                    server: node.name, method: "eth_estimateGas", reason: "\(estimate) gas fit in no block")
            }
            return min(block.gasLimit, estimate + margin / 100)
        } catch {
            throw error.revert(interface).map { TransactionError.reverted($0, transaction: nil) } ?? error
        }
    }

    /// Twice the base fee, so that it may rise for six blocks, and the tip that half of the others pay.
    func suggestedFee(_ block: Block) throws -> EthereumTransaction.Fee {
        guard let baseFee = block.baseFee else {
            let price = try node.gasPrice()
            guard price <= policy.maximumFee else {
                throw TransactionError.feeTooHigh(price: price, limit: policy.maximumFee)
            }
            return .legacy(gasPrice: price)
        }
        guard baseFee <= policy.maximumFee else {
            throw TransactionError.feeTooHigh(price: baseFee, limit: policy.maximumFee)
        }
        let tip = min(try suggestedTip(), policy.maximumFee)
        let wanted = baseFee.multiplied(by: 2)?.adding(tip) ?? .max
        let maxFee = min(wanted, policy.maximumFee)
        return .market(maxPriorityFee: min(tip, maxFee), maxFee: maxFee)
    }

    /// The median, over the last blocks, of their median tips, at least a tenth of a gwei.
    private func suggestedTip() throws -> UInt256 {
        let least = UInt256(100_000_000)
        do throws(NodeError) {
            let tips = try node.feeHistory(count: 10, percentile: 50).rewards.compactMap(\.first).sorted()
            return tips.isEmpty ? UInt256(1_000_000_000) : max(least, tips[tips.count / 2])
        } catch {
            // Not every node keeps a history.
            guard case .refused = error else { throw error }
            return UInt256(1_000_000_000)
        }
    }

    /// A fee that a node takes in place of `old`, `nil` if the policy allows none.
    ///
    /// Nodes want ten percent more of each part; an eighth is asked for here, or what the market wants if that is more.
    func raisedFee(_ old: EthereumTransaction.Fee, _ block: Block) throws -> EthereumTransaction.Fee? {
        func raised(_ value: UInt256) -> UInt256? {
            value.multiplied(by: 9)?.quotientAndRemainder(dividingBy: 8).quotient.adding(1)
        }
        let fee: EthereumTransaction.Fee
        switch (old, try? suggestedFee(block)) {
        case (.legacy(let price), let market):
            guard let more = raised(price) else { return nil }
            fee = .legacy(gasPrice: max(more, market?.maximum ?? .zero))
        case (.market(let tip, let maxFee), let market):
            guard let moreTip = raised(tip), let more = raised(maxFee) else { return nil }
            let suggested = max(more, market?.maximum ?? .zero)
            fee = .market(maxPriorityFee: min(moreTip, suggested), maxFee: suggested)
        }
        return fee.maximum <= policy.maximumFee ? fee : nil
    }
}

extension NodeError {
    var saysAlreadyKnown: Bool {
        ["already known", "known transaction", "already imported", "already in mempool"].contains {
            refusal.contains($0)
        }
    }

    var saysNonceTooLow: Bool { refusal.contains("nonce too low") || refusal.contains("nonce is too low") }

    /// The data with which a contract undid a call, if the node has them.
    public var revertData: [UInt8]? {
        if case .refused(_, _, _, let data) = self { data } else { nil }
    }

    /// The reason of a contract, if this is a node's word that a call was undone.
    ///
    /// - SeeAlso: geth gives code 3 and the data; others −32000 or −32015 with data, or words only.
    func revert(_ interface: ContractInterface?) -> RevertReason? {
        guard case .refused(_, let code, let message, let data) = self else { return nil }
        if let data { return RevertReason(data, interface: interface) }
        guard code == 3 || message.lowercased().contains("revert") else { return nil }
        // "execution reverted: reason"
        let words = message.split(separator: ":", maxSplits: 1)
        return words.count == 2 ? .message(words[1].trimmingCharacters(in: .whitespaces)) : RevertReason.none
    }
}
