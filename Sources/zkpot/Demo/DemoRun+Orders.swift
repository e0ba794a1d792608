import Ledger
import Presentation

/// The money of the demo.
extension DemoRun {
    /// What everybody has at the beginning.
    static let wealth: UInt64 = 10_000
    private static let reward: UInt64 = 1000
    /// Nobody validates in the demo; what nobody takes is the leader's.
    private static let split = RewardSplit(leader: 5000, participants: 4500, validators: 0, aggregator: 500)

    /// Everybody stakes enough for one order at a time.
    func registerEverybody() throws {
        let minimum = ledger.state.parameters.minimumStake
        for role in [Role.publisher, .aggregator] {
            try submit(.register(Register(role: role, amount: minimum[role])), publisher)
        }
        for participant in participants {
            try submit(
                .register(Register(role: .participant, amount: minimum.participant)), participant.key)
        }
    }

    /// Opens the order of a round, with windows of a minute on the ledger's own clock.
    func openOrder(_ number: Int, _ opening: TestSetOpening) throws -> OrderWindows {
        let windows = OrderWindows(from: clock, training: 60_000, each: 60_000)
        let hash = opening.saltedHash(ledger: ledger.identifier, task: task, round: UInt64(number))
        try submit(
            .openOrder(
                OpenOrder(
                    task: task, round: UInt64(number), testSetHash: hash, windows: windows,
                    reward: Self.reward, bond: ledger.state.parameters.minimumBond, split: Self.split)),
            publisher)
        return windows
    }

    /// Has the reward of a round paid.
    func payOut(_ number: Int) throws {
        let payments = try ledger.state.payments(task: task, round: UInt64(number))
        try submit(.payout(Payout(task: task, round: UInt64(number), signatures: [])), publisher)
        let names = payments.map { payment in
            let name = participants.first { $0.key.publicKey == payment.account }?.name ?? "aggregator"
            return "\(name) \(payment.amount)"
        }
        console.note("  Paid: \(names.joined(separator: ", ")) of \(Self.reward).")
    }
}
