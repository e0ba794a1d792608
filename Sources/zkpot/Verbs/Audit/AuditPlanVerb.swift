import Foundation
import Incentives
import Presentation

/// `zkpot audit plan`
struct AuditPlanVerb: Verb {
    static let about = About(
        "plan", "Tell the smallest number of audits, and the stake, with which honesty is optimal.",
        discussion: """
            All amounts are in one unit of money. Nothing is optimal in itself: the answer holds under the assumptions that \
            are printed with it, and sampled audits deter skipped work, they do not exclude one foreign jump. Ends with 1 if \
            no number of audits is enough. Docs/incentives.md has the formulas.
            """,
        example: """
            zkpot audit plan --stages 200 --cost 1 --proof-cost 0.5 --reward 300 --gain 50 --stake-limit 1000 --svg plan.svg
            """)

    @Option("E, the number of stages.", check: .in(1...ProverEconomics.mostStages))
    var stages: Int

    @Option("c, what training one stage costs.")
    var cost: Double

    @Option("R, what is paid when all audited stages are proven.")
    var reward: Double

    @Option("The largest stake that participants can be asked for.")
    var stakeLimit: Double

    @Option("p, what proving one audited stage costs.")
    var proofCost: Double = 0

    @Option(
        "G, what passing with a false history is worth besides saved work, such as a stolen model's accuracy."
    )
    var gain: Double = 0

    @Option("κ, what a made-up stage costs, as a part of a true one.")
    var fakeCost: Double = 0

    @Option("q, the probability that a false audited stage is noticed; 1 for proofs.")
    var noticed: Double = 1

    @Option(
        "What participants maximise: the utility of one task, or of their work if there is always another task."
    )
    var objective: ObjectiveChoice = .task

    @Option("v, what running a stage again costs a verifier: plans flags for 'open' mode too.")
    var checkCost: Double?

    @Option("F, what a verifier is paid for a flag that it finds.")
    var flagReward: Double = 0

    @Option("L, what it loses for one that it misses.")
    var missPenalty: Double = 0

    @Option("Plot the utilities over the number of audits.")
    var svg: OutputFile?

    func run(_ console: Console) throws -> ExitCode {
        let plan: AuditPlan
        var flags: FlagPlan?
        do {
            let economics = try ProverEconomics(
                stages: stages, cost: cost, proofCost: proofCost, reward: reward, fakeCost: fakeCost,
                gain: gain, noticed: noticed, objective: objective == .task ? .task : .work)
            plan = try AuditPlan(economics, stakeLimit: stakeLimit)
            if let checkCost {
                flags = try FlagPlan(
                    stages: stages, checkCost: checkCost, flagReward: flagReward, missPenalty: missPenalty)
            }
        } catch let error as IncentiveError { throw UsageError(error.description) }
        if let svg { try svg.write(Data(AuditPlanChart.chart(plan).svg.utf8)) }
        let isDilemmaOpen = checkCost != nil && flags == nil
        try console.present(
            Result(plan, flags: flags, isDilemmaOpen: isDilemmaOpen, svg: svg?.path))
        return plan.smallest == nil || isDilemmaOpen ? .falseStatement : .success
    }

    enum ObjectiveChoice: String, CaseIterable, ArgumentValue { case task, work }

    struct Result: Presentable {
        struct Row: Encodable {
            var audits: Int
            var stake: Double
            var worstFalseStages: Int
            var honestUtility: Double
            var oneJumpPasses: Double
            var isEnough: Bool
        }

        struct Flags: Encodable {
            var flags: Int
            var flagRate: Double
            var stagePay: Double
            var falseReportPenalty: Double
        }

        var isEnough: Bool
        var audits: Int?
        var stake: Double?
        var honestUtility: Double?
        var bestCheatUtility: Double?
        var bestCheatFalseStages: Int?
        var oneJumpPasses: Double?
        var falseStagesThatPassOneInAHundred: Int?
        var obstacle: String?
        var assumptions: [String]
        var promise: String
        var openMode: Flags?
        /// Whether flags were asked for, and no number of them is enough.
        var isDilemmaOpen: Bool
        var rows: [Row]
        var svg: String?

        init(_ plan: AuditPlan, flags: FlagPlan?, isDilemmaOpen: Bool, svg: String?) {
            self.isDilemmaOpen = isDilemmaOpen
            openMode = flags.map {
                Flags(
                    flags: $0.flags, flagRate: $0.flagRate, stagePay: $0.stagePay,
                    falseReportPenalty: $0.falseReportPenalty)
            }
            let economics = plan.economics
            isEnough = plan.smallest != nil
            obstacle = plan.obstacle
            self.svg = svg
            if let row = plan.smallest {
                let best = economics.bestCheat(audits: row.audits, stake: row.stake)
                audits = row.audits
                stake = row.stake
                honestUtility = row.honestUtility
                bestCheatUtility = best.utility
                bestCheatFalseStages = best.bad
                oneJumpPasses = row.oneBadPasses
                falseStagesThatPassOneInAHundred = AuditSampling(
                    stages: economics.stages, audits: row.audits
                ).mostBadStages(passingWithProbabilityAbove: 0.01)
            }
            assumptions = Self.assumptions(economics)
            promise = Self.promise(plan)
            rows = AuditPlanChart.shown(plan).map {
                Row(
                    audits: $0.audits, stake: $0.stake, worstFalseStages: $0.worstBad,
                    honestUtility: $0.honestUtility, oneJumpPasses: $0.oneBadPasses, isEnough: $0.isEnough)
            }
        }

        private static func assumptions(_ economics: ProverEconomics) -> [String] {
            let noticed =
                economics.noticed == 1
                ? "Every false audited stage is noticed, and no true one is refused: audits are proofs."
                : "A false audited stage is noticed with probability \(Format.number(economics.noticed)), and no true one is refused."
            let objective =
                economics.objective == .task
                ? "Participants are rational and neutral to risk, and maximise the expected utility of this task."
                : "Participants are rational and neutral to risk, and maximise the expected utility of their work: time saved goes into other tasks like this one."
            return [
                objective,
                "The beacon is fair, and is drawn after the root of all checkpoints is published. First and last stage are always audited.",
                noticed,
                "Whoever is caught loses reward and stake, and nothing else; a missing answer counts as a false one. The stake is really held and can be taken.",
                "Made-up stages cost \(Format.percent(economics.fakeCost)) of true ones, and can be any number of stages.",
                "Passing with a false history is worth \(Format.number(economics.gain)) besides the work that it saves.",
            ]
        }

        private static func promise(_ plan: AuditPlan) -> String {
            guard let row = plan.smallest, plan.economics.stages > 2 else {
                return "Every stage is audited, or nothing is promised."
            }
            return """
                Sampling promises that making up many stages is noticed, and with this stake does not pay. It does not exclude \
                one foreign jump: a single false stage passes with probability 1 − (α−2)/(E−2), here \
                \(Format.percent(row.oneBadPasses)). Who must exclude it audits all stages ('full'), or bounds every \
                update ('sampled+bounded').
                """
        }

        func text(_ style: TextStyle) -> String {
            var parts = [String]()
            if let audits, let stake, let honestUtility, let bestCheatUtility, let bestCheatFalseStages,
                let oneJumpPasses, let falseStagesThatPassOneInAHundred
            {
                parts.append(
                    style.bold(
                        "Audit \(audits) stages and ask for a stake of at least \(Format.number(stake, digits: 6))."
                    )
                        + """

                        An honest participant then gains \(Format.number(honestUtility)); the best that cheating brings is \
                        \(Format.number(bestCheatUtility)), with \(Format.count(bestCheatFalseStages)) \
                        made-up \(bestCheatFalseStages == 1 ? "stage" : "stages").
                        One false stage passes with probability \(Format.percent(oneJumpPasses)), and more than \
                        \(Format.count(falseStagesThatPassOneInAHundred)) pass at most once in a hundred times.
                        """)
            } else {
                parts.append(style.red("No number of audits is enough") + ": \(obstacle ?? "").")
            }
            var table = DataTable([
                .count("audits"), .number("least stake"), .count("worst false stages"),
                .number("honest utility"), .percent("one jump passes"), "enough",
            ])
            for row in rows {
                table.add(
                    .integer(row.audits), row.stake.isFinite ? .number(row.stake) : .text("none"),
                    .integer(row.worstFalseStages), .number(row.honestUtility), .number(row.oneJumpPasses),
                    row.isEnough ? .toned("yes", .good) : .text("no"))
            }
            parts.append(table.text(style))
            parts.append((["Assumed:"] + assumptions.map { "- \($0)" }).joined(separator: "\n"))
            parts.append(promise)
            if let openMode {
                parts.append(
                    """
                    Where verifiers run stages again ('open' mode): flag \(Format.count(openMode.flags)) inner stages \
                    (\(Format.percent(openMode.flagRate))), pay at least \(Format.number(openMode.stagePay)) for a report, and \
                    take at least \(Format.number(openMode.falseReportPenalty)) for accusing a right stage. Without flags \
                    verifiers that run nothing earn most.
                    """)
            } else if isDilemmaOpen {
                parts.append(
                    style.red("No number of flags is enough")
                        + ": more than half of the inner stages would have to be flagged; pay more for a flag, or take more for a missed one."
                )
            }
            if let svg { parts.append("Wrote \(style.bold(svg)).") }
            return parts.joined(separator: "\n\n")
        }
    }
}

/// The plan as a picture.
enum AuditPlanChart {
    /// At most about a dozen rows, the smallest that is enough among them.
    static func shown(_ plan: AuditPlan) -> [AuditPlan.Row] {
        let first = plan.rows.first?.audits ?? 1
        let last = plan.rows.last?.audits ?? 1
        var wanted = Set([first, last])
        var step = 1.0
        while Int(step) < last {
            wanted.insert(first + Int(step))
            step *= 2
        }
        if let smallest = plan.smallest?.audits { wanted.formUnion([smallest - 1, smallest]) }
        return plan.rows.filter { wanted.contains($0.audits) }
    }

    /// Utilities of honesty and of cheating over α, with the stake of the plan, or the largest allowed.
    static func chart(_ plan: AuditPlan) -> LineChart {
        let economics = plan.economics
        let stake = plan.smallest?.stake ?? plan.stakeLimit
        // Far beyond the answer nothing changes: the picture ends at four times it.
        let last = min(economics.stages, plan.smallest.map { max(12, 4 * $0.audits) } ?? economics.stages)
        let audits = plan.rows.map(\.audits).filter { $0 <= last }
        let stride = max(1, (audits.count + 31) / 32)
        let shown = audits.indices.filter { index in
            index.isMultiple(of: stride) || audits[index] == plan.smallest?.audits
        }.map { audits[$0] }
        func series(_ name: String, _ emphasis: LineChart.Emphasis = .normal, _ value: (Int) -> Double)
            -> LineChart.Series
        {
            .init(
                name,
                shown.map {
                    .init(Double($0), value($0), isRinged: emphasis == .strong && $0 == plan.smallest?.audits)
                }, emphasis: emphasis)
        }
        let title =
            plan.smallest.map { "Honesty is optimal from \($0.audits) audits on" }
            ?? "Honesty is not optimal with the stake allowed"
        return LineChart(
            title,
            subtitle:
                "\(Format.count(economics.stages)) stages, stake \(Format.number(stake)), reward \(Format.number(economics.reward)), gain of a false history \(Format.number(economics.gain))",
            x: Axis("audited stages α", .count),
            y: Axis(economics.objective == .task ? "utility" : "utility for each stage's work", .number),
            series: [
                series("honest", .strong) { economics.honestUtility(audits: $0) },
                series("best cheat", .reference) { economics.bestCheat(audits: $0, stake: stake).utility },
                series("one foreign jump") { economics.cheatingUtility(bad: 1, audits: $0, stake: stake) },
                series("one in ten made up") {
                    economics.cheatingUtility(
                        bad: max(1, economics.stages / 10), audits: $0, stake: stake)
                },
            ])
    }
}
