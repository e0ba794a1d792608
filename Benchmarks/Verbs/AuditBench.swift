import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// `zkpot-bench audit`
struct AuditBench: Verb {
    static let about = About(
        "audit", "What audits cost beside the training itself, and what verification of many proofs costs.",
        discussion: """
            Digits 64-32-10, batches of 32. For each number of stages the whole training is done, alone and with commitments \
            to all checkpoints, and an audit is answered; every proof is timed. The overhead of α audits is the time of \
            commitments and of the first α proofs over that of training alone. Nothing is extrapolated.
            """,
        example: "zkpot-bench audit --stages 10,30,100,300,1000 --audits 4,8,16 --svg charts")

    @Option("Numbers of stages E.", check: .in(1...100_000))
    var stages: [Int] = [10, 30, 100, 300, 1000]

    @Option("Numbers of audits α.", check: .in(2...1000))
    var audits: [Int] = [4, 8, 16]

    @Option("Steps for each stage.", check: .in(1...9))
    var steps: Int = 4

    @Option("Prove every stage as well, up to so many stages; 0 for none.", check: .in(0...100_000))
    var fullUpTo: Int = 30

    @Option("Numbers of proofs to verify at once.", check: .in(1...100_000))
    var batches: [Int] = [1, 4, 16, 64]

    @Option("Bound of one step, for the proofs of bounded updates.", check: .in(1...2047))
    var bound: Int = 500

    @Option("Also draw the results into this folder.", valueName: "folder")
    var svg: String?

    func run(_ console: Console) throws -> ExitCode {
        console.note("Making the key …")
        let scenario = try AuditScenario(steps: steps)
        var report = Report(
            machine: .init(), circuit: "64-32-10, \(steps) steps of 32 samples a stage",
            constraints: scenario.prover.prover.key.shape.constraintCount,
            weights: scenario.circuit.spec.weightCount, costs: [], verifications: [], updates: nil)
        var items: [(proof: Proof<BN254>, statement: Statement<BN254>)] = []
        let most = audits.max() ?? 2
        for count in stages {
            let isFull = count <= max(fullUpTo, most)
            let training = try scenario.train(stages: count, audits: most, mode: isFull ? .full : .sampled)
            let answered = try scenario.answer(training)
            let verifier = try AuditVerifier(
                task: training.task, stepKey: scenario.prover.prover.key.verifyingKey)
            var refusal: AuditRefusal?
            let verifySeconds = try Timing.seconds {
                refusal = try verifier.verify(answered.answer, to: answered.challenge)
            }
            if let refusal { throw CommandError("a right answer is refused: \(refusal)") }
            let overheads = audits.filter { $0 < count }.map { audits in
                Report.Overhead(
                    audits: audits, seconds: answered.proofSeconds.prefix(audits).reduce(0, +))
            }
            let all = answered.proofSeconds.reduce(0, +)
            report.costs.append(
                Report.Cost(
                    stages: count, trainSeconds: training.trainSeconds,
                    commitSeconds: max(0, training.committedSeconds - training.trainSeconds),
                    checkpointBytes: training.result.checkpoints.serialized.count, overheads: overheads,
                    fullSeconds: isFull ? all : nil, proofs: answered.proofSeconds.count,
                    verifySeconds: verifySeconds))
            if report.updates == nil {
                let (constraints, seconds) = try scenario.boundedUpdate(training, bound: bound)
                report.updates = .init(bound: bound, constraints: constraints, seconds: seconds)
            }
            items += answered.answer.stages.map { stage in
                (
                    stage.proof,
                    TrainingStepRelation.statement(
                        modelBefore: stage.before.point, modelAfter: stage.after.point,
                        batches: stage.batches.map(\.point),
                        context: training.task.context(
                            participant: "bench", stage: stage.stage,
                            roles: scenario.circuit.linkedSegments))
                )
            }
            console.note("\(count) stages: \(Format.seconds(all)) for \(answered.proofSeconds.count) proofs")
        }
        for count in batches where !items.isEmpty {
            let proofs = (0..<count).map { items[$0 % items.count] }
            let verifier = scenario.prover.prover.verifier
            _ = try verifier.verifyBatch(proofs)
            let timing = try Timing.runs(5) {
                guard try verifier.verifyBatch(proofs).allSatisfy(\.self) else { throw VerifyBench.Refused() }
            }
            report.verifications.append(.init(proofs: count, seconds: timing.clock.median))
        }
        if let svg {
            try naming(svg) {
                let folder = URL(fileURLWithPath: svg, isDirectory: true)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try Data(report.chart.svg.utf8).write(
                    to: folder.appending(path: "audit-overhead.svg"), options: .atomic)
            }
        }
        try console.present(report)
        return .success
    }

    struct Report: Presentable {
        struct Overhead: Encodable {
            var audits: Int
            var seconds: Double
        }

        struct Cost: Encodable {
            var stages: Int
            var trainSeconds: Double
            var commitSeconds: Double
            var checkpointBytes: Int
            var overheads: [Overhead]
            /// Proofs of every stage, where all were made.
            var fullSeconds: Double?
            var proofs: Int
            var verifySeconds: Double
        }

        struct Verification: Encodable {
            var proofs: Int
            var seconds: Double
        }

        struct BoundedUpdates: Encodable {
            var bound: Int
            var constraints: Int
            var seconds: Double
        }

        var machine: BenchReport.Machine
        var circuit: String
        var constraints: Int
        var weights: Int
        var costs: [Cost]
        var verifications: [Verification]
        /// Of each stage in the mode `sampled+bounded`.
        var updates: BoundedUpdates?

        private var audits: [Int] { Set(costs.flatMap { $0.overheads.map(\.audits) }).sorted() }

        private func ratio(_ cost: Cost, _ seconds: Double?) -> Double? {
            seconds.map { (cost.commitSeconds + $0) / cost.trainSeconds }
        }

        private func seconds(_ cost: Cost, audits: Int) -> Double? {
            cost.overheads.first { $0.audits == audits }?.seconds
        }

        /// Overhead over the number of stages, a line for each number of audits.
        var chart: LineChart {
            var series = [
                LineChart.Series(
                    "commitments only",
                    costs.map { .init(Double($0.stages), $0.commitSeconds / $0.trainSeconds) },
                    emphasis: .reference)
            ]
            for count in audits {
                let points = costs.compactMap { cost in
                    ratio(cost, seconds(cost, audits: count)).map {
                        LineChart.Point(Double(cost.stages), $0)
                    }
                }
                series.append(.init("α = \(count)", points))
            }
            let full = costs.compactMap { cost in
                ratio(cost, cost.fullSeconds).map { LineChart.Point(Double(cost.stages), $0) }
            }
            if !full.isEmpty { series.append(.init("every stage", full, emphasis: .strong)) }
            return LineChart(
                "Overhead of audits over training", subtitle: "\(circuit); \(machine.processor)",
                x: Axis("stages E", .count, scale: .logarithmic),
                y: Axis("time of commitments and proofs over time of training", scale: .logarithmic),
                series: series)
        }

        func text(_ style: TextStyle) -> String {
            var columns: [DataTable.Column] = [
                "stages", .seconds("training"), .seconds("commitments"), .bytes("checkpoints"),
            ]
            columns += audits.map { DataTable.Column.number("α = \($0)") }
            columns += [.number("every stage"), .count("proofs"), .seconds("verification")]
            var table = DataTable("time of commitments and proofs over time of training", columns)
            for cost in costs {
                var cells: [DataTable.Cell] = [
                    .init("\(cost.stages)"), .init(cost.trainSeconds), .init(cost.commitSeconds),
                    .init(cost.checkpointBytes),
                ]
                for count in audits { cells.append(.init(ratio(cost, seconds(cost, audits: count)))) }
                cells.append(.init(ratio(cost, cost.fullSeconds)))
                cells += [.init(cost.proofs), .init(cost.verifySeconds)]
                table.add(cells)
            }
            var batches = DataTable(
                "verification at once", [.count("proofs"), .seconds("time"), .seconds("per proof")])
            for line in verifications {
                batches.add(
                    [.init(line.proofs), .init(line.seconds), .init(line.seconds / Double(line.proofs))])
            }
            let bounded = updates.map {
                "\n\nbounded update, ±\($0.bound) a step: \(Format.count($0.constraints)) constraints, "
                    + "\(Format.seconds($0.seconds)) a proof"
            }
            return """
                \(machine.processor), \(machine.cores) cores
                \(circuit): \(Format.count(constraints)) constraints, \(Format.count(weights)) weights

                \(table.text(style))

                \(batches.text(style))\(bounded ?? "")
                """
        }
    }
}
