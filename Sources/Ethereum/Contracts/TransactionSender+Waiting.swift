import Foundation

extension TransactionSender {
    /// Waits until a transaction is in a block that has the policy's number of confirmations and is still part of the
    /// chain.
    ///
    /// A receipt is only a receipt while its block is in the chain: the block of its number is asked for again, and
    /// where a reorganisation has taken it back the transaction is sent again and waiting goes on. A transaction that
    /// stays out of blocks is replaced by itself with a higher fee; each of its versions may turn up.
    ///
    /// - Returns: the receipt of a transaction that was carried out.
    /// - Throws: `TransactionError.reverted` if it was undone, `.lost` if its nonce belongs to another transaction,
    ///   `.unconfirmed` after the policy's time; `NodeError`.
    public func wait(for pending: inout PendingTransaction, interface: ContractInterface? = nil) throws
        -> TransactionReceipt
    {
        let begin = ContinuousClock.now
        var lastSent = begin
        var inclusion: (hash: Hash, block: UInt64, blockHash: Hash)?
        while true {
            if let receipt = try receipt(of: pending) {
                if let before = inclusion, before.blockHash != receipt.blockHash {
                    observer?(.reorganized(before.hash, block: before.block))
                    inclusion = nil
                }
                if inclusion == nil {
                    inclusion = (receipt.transactionHash, receipt.blockNumber, receipt.blockHash)
                    observer?(.included(receipt.transactionHash, block: receipt.blockNumber))
                }
                if try isConfirmed(receipt) {
                    guard receipt.succeeded else {
                        throw TransactionError.reverted(
                            reason(of: receipt, pending, interface), transaction: receipt.transactionHash)
                    }
                    return receipt
                }
            } else {
                if let before = inclusion {
                    observer?(.reorganized(before.hash, block: before.block))
                    inclusion = nil
                    try resend(pending)
                    lastSent = .now
                }
                if try isNonceTaken(pending) {
                    // A version of it may have got into a block between the two questions.
                    guard try receipt(of: pending) == nil else { continue }
                    forgetNonces()
                    throw TransactionError.lost(pending.hash, nonce: pending.nonce)
                }
                if ContinuousClock.now - lastSent > policy.replaceAfter,
                    pending.versions.count <= policy.maximumReplacements
                {
                    try replace(&pending)
                    lastSent = .now
                }
            }
            guard ContinuousClock.now - begin < policy.giveUpAfter else {
                forgetNonces()
                throw TransactionError.unconfirmed(pending.hash, seconds: policy.giveUpAfter / .seconds(1))
            }
            Thread.sleep(forTimeInterval: policy.pollInterval / .seconds(1))
        }
    }

    /// The receipt of whichever version is in a block.
    private func receipt(of pending: PendingTransaction) throws -> TransactionReceipt? {
        for version in pending.versions.reversed() {
            if let receipt = try node.receipt(of: PendingTransaction.hash(version)) { return receipt }
        }
        return nil
    }

    /// Whether the receipt's block is deep enough, and is the chain's block of its number.
    private func isConfirmed(_ receipt: TransactionReceipt) throws -> Bool {
        let head = try node.blockNumber()
        guard head >= receipt.blockNumber, head - receipt.blockNumber + 1 >= policy.confirmations else {
            return false
        }
        return try node.block(.number(receipt.blockNumber))?.hash == receipt.blockHash
    }

    /// Whether the account's nonce has passed this transaction's, as deep as a confirmation.
    private func isNonceTaken(_ pending: PendingTransaction) throws -> Bool {
        guard try node.transactionCount(of: pending.sender) > pending.nonce else { return false }
        let head = try node.blockNumber()
        let depth = max(1, policy.confirmations) - 1
        guard head >= depth else { return false }
        return try node.transactionCount(of: pending.sender, at: .number(head - depth)) > pending.nonce
    }

    /// Hands the last version over again after a reorganisation, unless the node has kept it.
    private func resend(_ pending: PendingTransaction) throws {
        let last = pending.versions[pending.versions.count - 1]
        guard try !node.knows(pending.hash) else { return }
        do {
            try broadcast(last)
        } catch let error as NodeError where error.saysNonceTooLow {
            // Whether its nonce is taken for good shows with confirmations.
            return
        }
    }

    private func replace(_ pending: inout PendingTransaction) throws {
        let last = pending.versions[pending.versions.count - 1]
        guard let fee = try raisedFee(last.transaction.fee, node.latestBlock()) else { return }
        var transaction = last.transaction
        transaction.fee = fee
        let signed = try transaction.signed(with: key)
        do {
            try broadcast(signed)
        } catch let error as NodeError {
            // Too late, or the node wants yet more: the versions that it has may still get into a block.
            guard case .refused = error else { throw error }
            return
        }
        pending.versions.append(signed)
        observer?(.replaced(pending.hash))
    }

    /// Why a transaction was undone: its call is made again on the state before its block.
    private func reason(
        of receipt: TransactionReceipt, _ pending: PendingTransaction, _ interface: ContractInterface?
    ) -> RevertReason {
        let transaction = pending.versions[0].transaction
        let call = CallRequest(
            from: pending.sender, to: transaction.to, data: transaction.data, value: transaction.value,
            gas: transaction.gasLimit)
        do throws(NodeError) {
            _ = try node.call(call, at: .number(max(1, receipt.blockNumber) - 1))
            return RevertReason.none
        } catch {
            return error.revert(interface) ?? RevertReason.none
        }
    }
}
