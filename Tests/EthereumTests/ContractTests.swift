import NetworkTestSupport
import Testing

import Ethereum

/// Deploying, asking, sending, and being refused, on a real EVM.
@Suite struct ContractTests {
    @Test func moneyMoves() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let target = try EthereumKey().address
        let before = try chain.node.balance(of: sender.key.address)
        #expect(before.description == "1000000" + String(repeating: "0", count: 18))
        var pending = try sender.send(to: target, value: 12_345)
        let receipt = try sender.wait(for: &pending)
        #expect(receipt.succeeded && receipt.gasUsed == 21_000 && receipt.transactionHash == pending.hash)
        #expect(try chain.node.balance(of: target) == 12_345)
        // What the sender has left: to the wei, as the receipt says.
        let fee = try #require(receipt.effectiveGasPrice?.multiplied(by: receipt.gasUsed))
        let left = before.subtracting(12_345)?.subtracting(fee)
        #expect(try chain.node.balance(of: sender.key.address) == left)
        #expect(try chain.node.transactionCount(of: sender.key.address) == 1)
        #expect(try chain.node.knows(pending.hash))
        let block = try #require(try chain.node.block(.number(receipt.blockNumber)))
        #expect(block.hash == receipt.blockHash)
        #expect(try chain.node.block(.number(block.number + 1)) == nil)
    }

    @Test func contractsAreDeployedAskedAndTold() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let (till, receipt) = try ContractClient.deploy(
            Till.interface(), code: Till.code(), arguments: [.integer(40), .string("till")], value: 5,
            by: sender)
        #expect(receipt.contractAddress == till.address)
        #expect(till.address == Address.created(by: sender.key.address, nonce: 0))
        #expect(try chain.node.balance(of: till.address) == 5)
        #expect(try till.call("total") == [.integer(40)])
        #expect(try till.call("name") == [.string("till")])
        let squares = ABIValue.list([.integer(0), .integer(1), .integer(4), .integer(9)])
        #expect(
            try till.call("many", [.integer(4)], from: sender.key.address)
                == [squares, .string("till"), .address(sender.key.address)])

        let added = try till.transact("add", [.integer(2), .string("two")], by: sender)
        #expect(try till.call("total") == [.integer(42)])
        let events = try till.events(in: added)
        #expect(events.count == 1 && events[0].name == "Added")
        #expect(events[0]["who"]?.address == sender.key.address && events[0]["note"]?.string == "two")
        #expect(events[0]["amount"]?.integer == 2 && events[0]["total"]?.integer == 42)
        // As it was before.
        #expect(try till.call("total", at: .number(added.blockNumber - 1)) == [.integer(40)])
        try till.transact("pay", value: 7, by: sender)
        #expect(try chain.node.balance(of: till.address) == 12)
    }

    /// The reason of a refusal is told whether it is found by asking, by estimating, or in a block.
    @Test func reasonsOfReverts() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let till = try Till.deploy(by: sender)
        let refusals: [(String, [ABIValue], RevertReason)] = [
            ("add", [.integer(0), .string("")], .message("nothing to add")),
            ("pay", [], .message("no money")),
            ("late", [.integer(9)], .failure("Late", [.integer(9)])), ("silent", [], .none),
        ]
        for (name, arguments, reason) in refusals {
            #expect(throws: TransactionError.reverted(reason, transaction: nil), "\(name)") {
                try till.call(name, arguments)
            }
            let nonce = try chain.node.transactionCount(of: sender.key.address)
            #expect(throws: TransactionError.reverted(reason, transaction: nil), "\(name)") {
                try till.transact(name, arguments, by: sender)
            }
            #expect(try chain.node.transactionCount(of: sender.key.address) == nonce)
            var pending = try till.send(name, arguments, gasLimit: 200_000, by: sender)
            #expect(throws: TransactionError.reverted(reason, transaction: pending.hash), "\(name)") {
                try sender.wait(for: &pending, interface: till.interface)
            }
            #expect(try chain.node.transactionCount(of: sender.key.address) == nonce + 1)
        }
        #expect(try till.call("total") == [.integer(40)])
        // A constructor without what it wants.
        #expect(throws: EncodingError.self) {
            try ContractClient.deploy(Till.interface(), code: Till.code(), by: sender)
        }
        #expect(throws: TransactionError.self) {
            try ContractClient.deploy(ContractInterface(), code: [0x60, 0, 0x60, 0, 0xFD], by: sender)
        }
        // A function that takes no money, and one that is not there.
        #expect(throws: EncodingError.self) {
            try till.send("add", [.integer(1), .string("")], value: 1, by: sender)
        }
        #expect(throws: EncodingError.self) { try till.call("nothing") }
        #expect(throws: EncodingError.self) { try till.call("add", [.integer(1)]) }
    }

    @Test func addressesWithoutContracts() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let nobody = try EthereumKey().address
        let till = ContractClient(node: chain.node, address: nobody, interface: try Till.interface())
        #expect(throws: TransactionError.noContract(nobody)) { try till.call("total") }
        #expect(throws: TransactionError.noContract(nobody)) {
            try till.transact("pay", value: 1, by: sender)
        }
        #expect(try chain.node.balance(of: nobody) == 0)
        // A constructor that leaves no code.
        #expect(throws: TransactionError.self) {
            try ContractClient.deploy(ContractInterface(), code: [0x00], by: sender)
        }
    }

    @Test func whatCannotBePaidIsNotSent() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let other = try EthereumKey().address
        let all = try chain.node.balance(of: sender.key.address)
        do {
            _ = try sender.send(to: other, value: all, gasLimit: 21_000)
            Issue.record("more than there is was sent")
        } catch TransactionError.insufficientFunds(sender.key.address, let balance, let needed) {
            #expect(balance == all && needed > all)
        }
        #expect(throws: TransactionError.self) { try sender.send(to: other, value: .max) }
        let poor = try TransactionSender(node: chain.node, key: EthereumKey())
        #expect(throws: TransactionError.self) { try poor.send(to: other, gasLimit: 21_000) }
        #expect(throws: TransactionError.self) { try sender.send(to: other, gasLimit: 1 << 40) }
        let thrifty = try chain.sender(1) { $0.maximumFee = 1000 }
        #expect(throws: TransactionError.self) { try thrifty.send(to: other, value: 1) }
        #expect(try chain.node.transactionCount(of: sender.key.address, at: .pending) == 0)
    }

    @Test func otherChainsAreRefused() throws {
        let chain = try TestChain()
        let chainID = try chain.node.chainID()
        #expect(chainID == 131_277_322_940_537)
        #expect(throws: TransactionError.wrongChain(expected: 1, actual: chainID)) {
            try TransactionSender(node: chain.node, key: TestChain.key(1), chainID: 1)
        }
        // The node refuses what is signed for another chain, too.
        let transaction = EthereumTransaction(
            chainID: 1, nonce: 0, fee: .market(maxPriorityFee: 1, maxFee: 10_000_000_000), gasLimit: 21_000,
            to: .zero)
        let signed = try transaction.signed(with: TestChain.key(1))
        #expect(throws: NodeError.self) { try chain.node.sendRawTransaction(signed.encoded) }
    }

    /// Fees of before EIP-1559 are taken as well, and the EVM finds the same sender.
    @Test func legacyTransactions() throws {
        let chain = try TestChain()
        let key = try TestChain.key(3)
        let transaction = EthereumTransaction(
            chainID: try chain.node.chainID(), nonce: 0, fee: .legacy(gasPrice: 5_000_000_000),
            gasLimit: 21_000,
            to: try TestChain.key(4).address, value: 99)
        let signed = try transaction.signed(with: key)
        let hash = try chain.node.sendRawTransaction(signed.encoded)
        #expect(hash.bytes == signed.hash)
        #expect(try #require(try chain.node.receipt(of: hash)).succeeded)
        #expect(try chain.node.transactionCount(of: key.address) == 1)
    }
}
