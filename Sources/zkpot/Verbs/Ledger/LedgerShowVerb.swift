import Foundation
import Ledger
import Presentation

/// `zkpot ledger show`
struct LedgerShowVerb: Verb {
    static let about = About(
        "show", "Tell what a ledger holds: open orders, accounts, or one order.",
        discussion: """
            Orders that one can still commit to are listed by their reward per unit of training time, best first. Times are \
            milliseconds since 1970.
            """,
        example: """
            zkpot ledger show demo.ledger
            zkpot ledger show demo.ledger --task digits --round 0 --json
            """)

    @Positional("The ledger.")
    var ledger: InputFile

    @Option("One task only.")
    var task: Identifier?

    @Option("One order of the task only.")
    var round: UInt64?

    @Option("The time for which open orders are listed and beacons told; the clock's otherwise.")
    var at: UInt64?

    func validate() throws {
        if round != nil && task == nil { throw UsageError("--round needs --task") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let ledger = try LedgerFile.open(self.ledger)
        let view = try LedgerFile.naming(self.ledger) { try ledger.view(includingBlocks: false) }
        guard let task else {
            let time = at.map { Timestamp(milliseconds: $0) } ?? .now
            try console.present(Overview(ledger: view, openOrders: ledger.state.openOrders(at: time)))
            return .success
        }
        guard let found = view.tasks.first(where: { $0.name == task.description }) else {
            throw CommandError("has no task \(task)", file: self.ledger.path)
        }
        guard let round else {
            try console.present(TaskPage(task: found))
            return .success
        }
        guard let order = found.orders.first(where: { $0.round == round }) else {
            throw CommandError("the task \(task) has no round \(round)", file: self.ledger.path)
        }
        let time = at.map { Timestamp(milliseconds: $0) } ?? .now
        let hasAudits = found.audit != nil
        let dataBeacon = try? ledger.state.dataBeacon(task: task, round: round)
        let auditBeacon = try? ledger.state.auditBeacon(task: task, round: round, at: time)
        let payments = try? ledger.state.payments(task: task, round: round)
        let digest = try? ledger.state.payoutDigest(task: task, round: round)
        try console.present(
            OrderPage(
                task: found.name, order: order,
                dataBeacon: hasAudits && time >= order.windows.commitStart ? dataBeacon : nil,
                auditBeacon: hasAudits ? auditBeacon : nil, payments: payments, payoutDigest: digest))
        return .success
    }

    struct Overview: Presentable {
        var ledger: LedgerView
        var openOrders: [OrderListing]

        func text(_ style: TextStyle) -> String {
            var orders = DataTable(
                "Open orders", ["Task", .count("Round"), .count("Reward"), .count("Training time (ms)")])
            for order in openOrders {
                orders.add(
                    .text(order.task.description), .integer(Int(clamping: order.round)),
                    .integer(Int(clamping: order.reward)), .integer(Int(clamping: order.trainingTime)))
            }
            var accounts = DataTable(
                "Accounts", ["Account", .count("Balance"), .count("Staked"), .count("Locked"), "Roles"])
            for account in ledger.accounts {
                let roles = Role.allCases.filter { account.stakes[$0] > 0 }.map { "\($0)" }
                accounts.add(
                    .text(account.account), .integer(Int(clamping: account.balance)),
                    .integer(Int(clamping: Role.allCases.reduce(UInt64(0)) { $0 &+ account.stakes[$1] })),
                    .integer(Int(clamping: Role.allCases.reduce(UInt64(0)) { $0 &+ account.locked[$1] })),
                    .text(roles.joined(separator: ", ")))
            }
            return """
                \(style.bold(printable(ledger.name))), \(ledger.identifier)
                Block \(ledger.height), \(ledger.headHash). \(ledger.tasks.count) tasks, supply \(ledger.supply), in escrow \
                \(ledger.escrow), burnt \(ledger.burnt).

                \(openOrders.isEmpty ? "No open orders." : orders.text(style))

                \(accounts.text(style))
                """
        }
    }

    struct TaskPage: Presentable {
        var task: TaskView

        func text(_ style: TextStyle) -> String {
            var orders = DataTable([
                .count("Round"), "Phase", "Outcome", .count("Reward"), .count("Participants"), "Leader",
            ])
            for order in task.orders {
                orders.add(
                    .integer(Int(clamping: order.round)), .text(order.phase), .text(order.outcome ?? ""),
                    .integer(Int(clamping: order.reward)), .integer(order.participants.count),
                    .text(order.leader ?? ""))
            }
            return """
                \(style.bold(task.name)): \(printable(task.description))
                Published by \(task.publisher), mode \(task.mode), audit \(task.audit ?? "none"), at least \
                \(task.minimumSamples) samples.

                \(orders.text(style))
                """
        }
    }

    struct OrderPage: Presentable {
        var task: String
        var order: OrderView
        /// With audits, once they are fixed: what shuffles the batches, and what picks the stages.
        var dataBeacon: Digest?
        var auditBeacon: Digest?
        /// Who gets what, between the end of the order and its payout.
        var payments: [Payment]?
        /// What the payout's signers sign.
        var payoutDigest: Digest?

        func text(_ style: TextStyle) -> String {
            var participants = DataTable(
                "Participants", ["Participant", .count("Commitment"), .count("Score"), "Accepted"])
            for participant in order.participants {
                participants.add(
                    .text(participant.participant), .integer(Int(clamping: participant.order)),
                    .integer(Int(clamping: participant.provenCorrect)),
                    .text(participant.isAccepted ? "yes" : "no"))
            }
            let times = zip(
                ["t1", "commitDeadline", "t2", "t3", "t4", "t5", "t6", "t7"], order.windows.times
            ).map { "\($0) \($1.milliseconds)" }.joined(separator: ", ")
            var text = """
                \(style.bold("\(task), round \(order.round)")): \(order.phase)\(order.outcome.map { ", \($0)" } ?? "")
                Reward \(order.reward), bond \(order.bond). Opened \(order.opened.milliseconds), \(times).

                \(participants.text(style))
                """
            for validation in order.validations {
                text +=
                    "\n\(validation.validator) says \(validation.correct) of \(validation.participant)"
                    + (validation.isSlashed ? ", slashed" : "")
            }
            for (number, report) in order.reports.enumerated() {
                text +=
                    "\nreport \(number): \(report.complaint), \(report.upholding) uphold, \(report.rejecting) reject: \(report.decision)"
            }
            if let survivors = order.survivors {
                text += "\nThe global model is of the survivors " + survivors.joined(separator: ", ")
            }
            if let dataBeacon { text += "\nData beacon \(dataBeacon)" }
            if let auditBeacon { text += "\nAudit beacon \(auditBeacon)" }
            for payment in payments ?? [] { text += "\npays \(payment.amount) to \(payment.account)" }
            if let payoutDigest { text += "\nThe payout's signers sign \(payoutDigest)." }
            return text
        }
    }
}
