/// Follows a contract's logs, block by block, and notices when blocks that were read are taken back.
///
///     var reader = LogReader(of: address, on: node, from: deploymentBlock, confirmations: 12)
///     let batch = try reader.next()
///     if let block = batch.forgetFrom { /* forget what was read of this block and later ones */ }
///     for log in batch.logs { … }
///
/// Blocks are read once they have the wanted number of confirmations. The hashes of the last blocks at which reading
/// stopped are kept, and before reading on the chain is asked whether they are still its own: after a reorganisation
/// that is deeper than the confirmations, reading goes back to the last one that is.
public struct LogReader {
    public struct Batch: Sendable {
        /// In the order of the chain.
        public var logs: [Log] = []
        /// The first block of which earlier batches no longer hold; `nil` if all of them do.
        public var forgetFrom: UInt64?
        /// The last block that has been read, `nil` if none has.
        public var lastBlock: UInt64?
    }

    public let address: Address
    private let node: EthereumNode
    private let topic: [UInt8]?
    private let confirmations: UInt64
    private let firstBlock: UInt64
    /// Blocks in one question.
    private let span: UInt64
    /// Where reading stopped, oldest first.
    private var checkpoints: [(number: UInt64, hash: Hash)] = []

    private static let keptCheckpoints = 256

    /// - Parameters:
    ///   - topic: the first topic, any if `nil`.
    ///   - firstBlock: where reading begins.
    ///   - confirmations: at least 1: blocks from a block on that must stand before it is read.
    ///   - span: the most blocks in one question.
    public init(
        of address: Address, on node: EthereumNode, topic: [UInt8]? = nil, from firstBlock: UInt64 = 0,
        confirmations: UInt64 = 1, span: UInt64 = 1000
    ) {
        self.address = address
        self.node = node
        self.topic = topic
        self.firstBlock = firstBlock
        self.confirmations = max(1, confirmations)
        self.span = max(1, span)
    }

    /// Reads the blocks that have become deep enough since the last call, at most `span` of them.
    ///
    /// - Throws: `NodeError`; `TransactionError.inconsistent` if the chain changes while it is read, every time.
    public mutating func next() throws -> Batch {
        var batch = Batch()
        for _ in 0..<5 {
            batch.forgetFrom = try rollBack() ?? batch.forgetFrom
            let start = checkpoints.last.map { $0.number + 1 } ?? firstBlock
            batch.lastBlock = checkpoints.last?.number
            let head = try node.blockNumber()
            guard head + 1 >= confirmations, head + 1 - confirmations >= start else { return batch }
            let end = min(head + 1 - confirmations, start + span - 1)
            guard let last = try node.block(.number(end)) else { continue }
            let logs = try node.logs(of: address, topic: topic, in: start...end)
            // The logs are those of this chain only if its end, and each block with a log, are still there.
            guard try isPartOfTheChain(logs, last), try node.block(.number(end))?.hash == last.hash,
                try checkpoints.last.map({ try node.block(.number($0.number))?.hash == $0.hash }) ?? true
            else { continue }
            checkpoints.append((end, last.hash))
            if checkpoints.count > Self.keptCheckpoints { checkpoints.removeFirst() }
            batch.logs = logs
            batch.lastBlock = end
            return batch
        }
        throw TransactionError.inconsistent("the chain changes faster than its logs can be read")
    }

    /// Drops checkpoints that are no longer part of the chain.
    ///
    /// - Returns: the first block that no longer holds, if any checkpoint was dropped.
    private mutating func rollBack() throws -> UInt64? {
        var dropped = false
        while let last = checkpoints.last, try node.block(.number(last.number))?.hash != last.hash {
            checkpoints.removeLast()
            dropped = true
        }
        return dropped ? checkpoints.last.map { $0.number + 1 } ?? firstBlock : nil
    }

    private func isPartOfTheChain(_ logs: [Log], _ last: Block) throws -> Bool {
        var known: [UInt64: Hash] = [last.number: last.hash]
        for log in logs {
            if known[log.blockNumber] == nil {
                known[log.blockNumber] = try node.block(.number(log.blockNumber))?.hash
            }
            guard known[log.blockNumber] == log.blockHash else { return false }
        }
        return true
    }
}
