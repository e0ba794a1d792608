import Ledger
import LedgerTestSupport
import Parallelism
import TestSupport
import Testing

/// What holds after whatever anybody says.
@Suite struct ConservationTests {
    /// Nothing is lost or made from nothing, no stake is locked twice, and what is refused changes nothing.
    @Test func amountsAreConserved() throws {
        var accepted: [Transaction.Kind: Int] = [:]
        var refusals: Set<String> = []
        var outcomes: Set<OutcomeKind> = []
        for seed in 0..<7 as Range<UInt64> {
            var source = RandomTransactions(seed: 100 + seed)
            var state = Story().state
            var time = Story.start
            for _ in 0..<500 {
                time = source.next(after: time, state)
                let (transaction, signer) = try source.next(state, at: time)
                let before = Untouched(state)
                let signed = try SignedTransaction(
                    transaction, ledger: state.identifier, nonce: state.nextNonce(of: signer.publicKey),
                    key: signer)
                let receipt = try state.apply(signed, at: time)
                switch receipt.outcome {
                case .accepted(let effect):
                    accepted[transaction.kind, default: 0] += 1
                    if case .finalized(let kind, _) = effect { outcomes.insert(kind) }
                case .refused(let code, _):
                    refusals.insert(code)
                    #expect(Untouched(state) == before, "\(transaction)")
                }
                try checkInvariants(of: state, after: transaction)
            }
        }
        // The sequences go everywhere.
        let missing = Set(Transaction.Kind.allCases).subtracting(accepted.keys)
        #expect(missing == [.commitData, .claimScore, .answerAudit, .proveUpdate, .check])
        #expect(outcomes == Set(OutcomeKind.allCases))
        #expect(refusals.count > 38, "\(refusals.sorted())")
    }

    private func checkInvariants(of state: LedgerState, after transaction: Transaction) throws {
        #expect(state.accounted == state.supply, "\(transaction)")
        let isCovered = state.accounts.values.allSatisfy { entry in
            Role.allCases.allSatisfy { entry.locked[$0] <= entry.stakes[$0] }
        }
        #expect(isCovered, "\(transaction)")
        var escrow: UInt64 = 0
        var isAnyOpen = false
        for order in state.tasks.values.flatMap(\.orders) {
            if order.outcome == nil {
                escrow += order.opening.reward + order.opening.bond
                isAnyOpen = true
            } else if order.paid == nil {
                isAnyOpen = true
                if order.outcome?.rewarded.isEmpty == false { escrow += order.opening.reward }
            }
        }
        #expect(state.escrow == escrow, "\(transaction)")
        // Without open orders nothing is locked.
        if !isAnyOpen {
            #expect(state.accounts.values.allSatisfy { $0.locked == RoleAmounts() }, "\(transaction)")
        }
    }

    /// The same transactions give the same state, one by one or in blocks, on any number of threads.
    @Test func equalHistoriesHaveEqualRoots() throws {
        var source = RandomTransactions(seed: 7)
        var single = Story().state
        var blocks: [(time: Timestamp, transactions: [SignedTransaction])] = []
        var time = Story.start
        for _ in 0..<120 {
            time = source.next(after: time, single)
            blocks.append((time, []))
            for _ in 0...source.random.next() % 5 {
                let (transaction, signer) = try source.next(single, at: time)
                let signed = try SignedTransaction(
                    transaction, ledger: single.identifier, nonce: single.nextNonce(of: signer.publicKey),
                    key: signer)
                blocks[blocks.count - 1].transactions.append(signed)
                _ = try single.apply(signed, at: time)
            }
        }
        let configured = Parallelism.threadCount
        defer { Parallelism.threadCount = configured }
        for threads in 1...4 {
            Parallelism.threadCount = threads
            var batched = Story().state
            for block in blocks { _ = batched.applyBatch(block.transactions, at: block.time) }
            #expect(batched.root() == single.root())
        }
    }

    /// Changed bytes of transactions that make sense: they are refused or do something, and never trap.
    @Test func fuzzedTransactionsNeverTrap() throws {
        var random = SeededGenerator(seed: 77)
        var states = [try Story.committed(2).state, try Story.proven(2).state]
        states.append(try AuditRulesTests.audited().story.state)
        let signers = Story().participants + [Story.signer(1), Story.signer(30)]
        var decoded = 0
        for _ in 0..<3000 {
            var bytes = CanonicalEncodingTests.transactions[
                Int(random.next() % UInt64(CanonicalEncodingTests.transactions.count))
            ].encoded
            for _ in 0...random.next() % 3 {
                let index = Int(random.next() % UInt64(bytes.count))
                bytes[index] = random.next() % 3 == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
            }
            guard let transaction = try? Transaction(encoded: bytes) else { continue }
            decoded += 1
            var state = states[Int(random.next() % 3)]
            let signer = signers[Int(random.next() % UInt64(signers.count))]
            let signed = try SignedTransaction(
                transaction, ledger: state.identifier, nonce: state.nextNonce(of: signer.publicKey),
                key: signer)
            let time = Timestamp(milliseconds: state.time.milliseconds + random.next() % 400_000)
            let before = Untouched(state)
            if try !state.apply(signed, at: time).isAccepted { #expect(Untouched(state) == before) }
            #expect(state.accounted == state.supply)
        }
        #expect(decoded > 1000)
    }
}
