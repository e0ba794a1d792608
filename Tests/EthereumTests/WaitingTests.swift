import NetworkTestSupport
import Testing

import Ethereum

/// What happens between sending and being sure: pools, fees, reorganisations.
@Suite struct WaitingTests {
    /// Calls `react` at every event of waiting, and keeps the events.
    private final class Watch {
        var events: [TransactionEvent] = []
        func attach(to sender: TransactionSender, _ react: @escaping (TransactionEvent) throws -> Void) {
            sender.observer = { event in
                self.events.append(event)
                do { try react(event) } catch { Issue.record("\(error)") }
            }
        }
    }

    @Test func noncesOfPendingTransactions() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let till = try Till.deploy(by: sender)
        try chain.setAutomine(false)
        var all = try (UInt64(1)...5).map {
            try till.send("add", [.number($0), .string("")], gasLimit: 100_000, by: sender)
        }
        #expect(all.map(\.nonce) == [1, 2, 3, 4, 5])
        #expect(try chain.node.transactionCount(of: sender.key.address) == 1)
        #expect(try chain.node.transactionCount(of: sender.key.address, at: .pending) == 6)
        #expect(try till.call("total") == [.integer(40)])
        // A second sender of the same account counts on.
        let other = try chain.sender()
        all.append(try till.send("add", [.integer(6), .string("")], gasLimit: 100_000, by: other))
        #expect(all[5].nonce == 6)
        try chain.mine()
        for index in all.indices { #expect(try sender.wait(for: &all[index]).succeeded) }
        #expect(try till.call("total") == [.integer(61)])
        // The first sender does not know of it, and asks the node.
        try chain.setAutomine(true)
        try till.transact("add", [.integer(1), .string("")], by: sender)
        // Somebody else's transaction in between makes the remembered nonce old, not wrong.
        try till.transact("add", [.integer(1), .string("")], by: other)
        try till.transact("add", [.integer(1), .string("")], by: sender)
        #expect(try till.call("total") == [.integer(64)])
    }

    /// A transaction that stays in the pool is sent again with higher fees until a block takes it.
    @Test func stuckTransactionsAreReplaced() throws {
        let chain = try TestChain()
        let sender = try chain.sender { $0.replaceAfter = .milliseconds(20) }
        try chain.setAutomine(false)
        let watch = Watch()
        var replacements = 0
        watch.attach(to: sender) { event in
            if case .replaced = event {
                replacements += 1
                if replacements == 3 { try chain.mine() }
            }
        }
        var pending = try sender.send(to: .zero, value: 1)
        let first = pending.versions[0].transaction
        let receipt = try sender.wait(for: &pending)
        #expect(pending.versions.count == 4 && receipt.transactionHash == pending.hash)
        #expect(
            pending.versions.allSatisfy { $0.transaction.nonce == first.nonce && $0.transaction.value == 1 })
        let fees = pending.versions.map(\.transaction.fee.maximum)
        for (lower, higher) in zip(fees, fees.dropFirst()) {
            #expect(higher.multiplied(by: 10)! >= lower.multiplied(by: 11)!)
        }
        #expect(try chain.node.transactionCount(of: sender.key.address) == 1)
    }

    @Test func feesStayBelowTheirLimit() throws {
        let chain = try TestChain()
        let sender = try chain.sender {
            $0.replaceAfter = .milliseconds(5)
            $0.giveUpAfter = .milliseconds(1500)
            $0.maximumReplacements = 100
            $0.maximumFee = 5_000_000_000
        }
        try chain.setAutomine(false)
        var pending = try sender.send(to: .zero, value: 1)
        #expect(throws: TransactionError.self) { try sender.wait(for: &pending) }
        #expect(pending.versions.allSatisfy { $0.transaction.fee.maximum <= 5_000_000_000 })
        #expect((2...12).contains(pending.versions.count))
        // It is not lost: a block still takes it.
        try chain.mine()
        sender.policy.giveUpAfter = .seconds(30)
        #expect(try sender.wait(for: &pending).succeeded)
    }

    @Test func waitingForConfirmations() throws {
        let chain = try TestChain()
        let sender = try chain.sender {
            $0.confirmations = 4
            $0.giveUpAfter = .milliseconds(200)
        }
        var pending = try sender.send(to: .zero, value: 1)
        let hash = pending.hash
        try chain.mine(2)
        #expect(throws: TransactionError.unconfirmed(hash, seconds: 0.2)) { try sender.wait(for: &pending) }
        try chain.mine()
        #expect(try sender.wait(for: &pending).blockNumber == 1)
    }

    /// A reorganisation takes the transaction's block back before it is confirmed: it is sent again, and the receipt is
    /// that of the block which stays.
    @Test func reorganisationsAreSurvived() throws {
        let chain = try TestChain()
        let sender = try chain.sender { $0.confirmations = 3 }
        let till = try Till.deploy(by: chain.sender())
        try chain.setAutomine(false)
        let before = try chain.snapshot()
        let watch = Watch()
        var taken: Hash?
        watch.attach(to: sender) { event in
            switch event {
            case .sent: try chain.mine()
            case .included(_, let number):
                if taken == nil {
                    taken = try chain.node.block(.number(number))?.hash
                    try chain.revert(to: before)
                    try chain.mine(2)
                } else {
                    try chain.mine(2)
                }
            case .reorganized: break
            case .replaced: break
            }
        }
        var pending = try till.send("add", [.integer(2), .string("")], gasLimit: 100_000, by: sender)
        // It is sent again once the reorganisation is noticed; only then a block can take it.
        sender.policy.replaceAfter = .milliseconds(30)
        let mining = watch
        let inner = sender.observer
        sender.observer = { event in
            inner?(event)
            if case .replaced = event { do { try chain.mine() } catch { Issue.record("\(error)") } }
        }
        let receipt = try sender.wait(for: &pending, interface: till.interface)
        #expect(receipt.blockHash != taken && taken != nil)
        #expect(try chain.node.block(.number(receipt.blockNumber))?.hash == receipt.blockHash)
        #expect(mining.events.contains { if case .reorganized = $0 { true } else { false } })
        #expect(try till.call("total") == [.integer(42)])
    }

    /// After a reorganisation another transaction of the account has the nonce.
    @Test func lostTransactionsAreReported() throws {
        let chain = try TestChain()
        let sender = try chain.sender { $0.confirmations = 2 }
        try chain.setAutomine(false)
        let before = try chain.snapshot()
        let watch = Watch()
        watch.attach(to: sender) { event in
            guard case .included = event else { return }
            try chain.revert(to: before)
            let rival = try chain.sender()
            _ = try rival.send(to: .zero, value: 99)
            try chain.mine(2)
        }
        var pending = try sender.send(to: .zero, value: 1)
        let hash = pending.hash
        try chain.mine()
        #expect(throws: TransactionError.lost(hash, nonce: 0)) { try sender.wait(for: &pending) }
        #expect(try chain.node.balance(of: .zero) >= 99)
        // The sender goes on with the next nonce.
        sender.observer = nil
        try chain.setAutomine(true)
        sender.policy.confirmations = 1
        var next = try sender.send(to: .zero, value: 1)
        #expect(next.nonce == 1)
        #expect(try sender.wait(for: &next).succeeded)
    }

    // MARK: - Logs

    private func notes(_ batch: LogReader.Batch, _ till: ContractClient) throws -> [String] {
        try batch.logs.map { log in
            try #require(try till.interface.decode(topics: log.topics, data: log.data)?["note"]?.string)
        }
    }

    @Test func logsAreReadInOrder() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let till = try Till.deploy(by: sender)
        var reader = LogReader(of: till.address, on: chain.node, confirmations: 2, span: 2)
        for index in 0..<5 { try till.transact("add", [.integer(1), .string("\(index)")], by: sender) }
        var (all, last): ([String], UInt64?) = ([], nil)
        while true {
            let batch = try reader.next()
            #expect(batch.forgetFrom == nil)
            if batch.lastBlock == last { break }
            last = batch.lastBlock
            all += try notes(batch, till)
        }
        // The last block is not deep enough yet.
        #expect(all == ["0", "1", "2", "3"] && last == 5)
        try chain.mine()
        #expect(try notes(reader.next(), till) == ["4"])
        #expect(try reader.next().logs.isEmpty)
        let topic = try till.interface.event("Added").topic
        var others = LogReader(of: .zero, on: chain.node, topic: topic)
        #expect(try others.next().logs.isEmpty)
    }

    @Test func logsThatAreTakenBack() throws {
        let chain = try TestChain()
        let sender = try chain.sender()
        let till = try Till.deploy(by: sender)
        var reader = LogReader(of: till.address, on: chain.node, from: 2)
        func add(_ note: String) throws {
            let fresh = try chain.sender()
            try till.transact("add", [.integer(1), .string(note)], by: fresh)
        }
        try add("a")
        #expect(try notes(reader.next(), till) == ["a"])
        let before = try chain.snapshot()
        try add("b")
        #expect(try notes(reader.next(), till) == ["b"])
        try add("c")
        #expect(try notes(reader.next(), till) == ["c"])
        try chain.revert(to: before)
        try add("d")
        let batch = try reader.next()
        #expect(batch.forgetFrom == 3)
        #expect(try notes(batch, till) == ["d"])
        #expect(try reader.next().forgetFrom == nil)
        // A chain that is shorter than what was read.
        try chain.revert(to: before)
        let shorter = try reader.next()
        #expect(shorter.forgetFrom == 3 && shorter.logs.isEmpty && shorter.lastBlock == 2)
    }
}
