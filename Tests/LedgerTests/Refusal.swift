import Ledger
import LedgerTestSupport
import Testing

/// Everything that a refused transaction must not change.
struct Untouched: Equatable {
    let orders: [Identifier: [OrderView]]
    let balances: [PublicKey: [UInt64]]
    let amounts: [UInt64]

    init(_ state: LedgerState) {
        orders = state.tasks.mapValues { $0.orders.map { OrderView($0) } }
        balances = state.accounts.mapValues { account in
            [account.balance] + Role.allCases.flatMap { [account.stakes[$0], account.locked[$0]] }
        }.filter { $0.value.contains { $0 > 0 } }
        amounts = [state.supply, state.burnt, state.escrow]
    }
}

extension Story {
    /// Says something that must be refused with this reason, and changes nothing but the sender's nonce.
    mutating func expectRefusal(
        _ rejection: Rejection, _ transaction: Transaction, by signer: SigningKey,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = Untouched(state)
        let nonce = state.nextNonce(of: signer.publicKey)
        let receipt = try tell(transaction, signer)
        #expect(
            receipt.outcome == .refused(code: rejection.code, reason: "\(rejection)"),
            sourceLocation: sourceLocation)
        #expect(Untouched(state) == before, sourceLocation: sourceLocation)
        #expect(state.nextNonce(of: signer.publicKey) == nonce + 1, sourceLocation: sourceLocation)
    }

    /// The same, without saying what the words of the reason are.
    mutating func expectRefusal(
        code: String, _ transaction: Transaction, by signer: SigningKey,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = Untouched(state)
        guard case .refused(code, _) = try tell(transaction, signer).outcome else {
            Issue.record("\(transaction.kind) is not refused with \(code)", sourceLocation: sourceLocation)
            return
        }
        #expect(Untouched(state) == before, sourceLocation: sourceLocation)
    }

    /// The refusal of what comes before a time of the last order.
    func tooEarly(_ deadline: KeyPath<OrderWindows, Timestamp>) throws -> Rejection {
        .tooEarly(opens: try order.opening.windows[keyPath: deadline])
    }
}
