import Foundation
import Presentation
import QuantizedLearning

/// `zkpot train`
struct TrainVerb: Verb {
    static let about = About(
        "train", "Train a model in integers on private data.",
        discussion: """
            Stochastic gradient descent in exactly the integers that circuits check, from a start that everybody can \
            recompute from the seed. With --commit-trajectory the training is that of an audit's task, in the order that a \
            beacon fixes, and every checkpoint is committed to. With --report the same training is also done in floating point, to show what \
            quantization costs.
            """,
        example: """
            zkpot train --data digits --split train --model digits --epochs 20 --output alice.zkm
            zkpot train --data digits --split train --task task.json --dataset alice.zkd --participant alice \\
                --beacon 64f93e02a4dcf7b3e95d1b35b5c9e9e4f6c5f0a8a94f2a2c1d5c8f6e7b3a9d10 \\
                --commit-trajectory alice --output alice.zkm
            """)

    @Group var data: DataOptions

    @Option(
        "The model's specification: a JSON file, or one of the built-in digits, digits-convolution, mnist, lenet5 and lenet-small.",
        valueName: "name|file")
    var model: String?

    @Option("Passes over the data.", check: .in(1...10000))
    var epochs: Int = 20

    @Option("Seed of the public start and of the order of samples.", check: .atLeast(0))
    var seed: Int = 1

    @Option("Start from this model instead of the public start.")
    var start: InputFile?

    @Group var trajectory: TrajectoryOptions

    @Flag("Also train in floating point, and compare on every fifth sample of the data.")
    var report: Bool

    @Option("Where the model goes.", short: "o")
    var output: OutputFile

    func validate() throws {
        try data.validate()
        try trajectory.validate(model: model)
        if report, trajectory.commitTrajectory != nil {
            throw UsageError("--report is not for --commit-trajectory")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        if let prefix = trajectory.commitTrajectory { return try trainTrajectory(prefix, console) }
        let spec = try ModelFile.specification(model ?? "")
        let samples = try data.load()
        // Before weights are made: a short specification may ask for many.
        try naming(data.name) { _ = try spec.inputs(of: samples.prefix(1)) }
        let initial: QuantizedModel
        if let start {
            initial = try ModelFile.read(start)
            guard initial.spec == spec else {
                throw CommandError(
                    "is a model of another specification, \(initial.spec.name)", file: start.path)
            }
        } else {
            initial = try QuantizedModel.initial(spec: spec, seed: UInt64(seed))
        }
        let begin = ContinuousClock.now
        let trained = try naming(data.name) {
            try initial.trained(on: samples, epochs: epochs, seed: UInt64(seed))
        }
        let duration = ContinuousClock.now - begin
        let correct = try trained.correctCount(on: samples)
        try output.writing { _ in try trained.write(to: output.url) }
        var comparison: Result.Comparison?
        if report {
            let split = samples.split()
            let report = try QuantizationReport(
                spec: spec, train: split.train, test: split.test, epochs: epochs, seeds: [UInt64(seed)])
            comparison = .init(
                float: report.meanFloat, integer: report.meanInteger,
                quantizedAfterwards: report.meanQuantizedAfterwards, lossInPoints: report.lossInPoints)
        }
        try console.present(
            Result(
                model: output.path, weights: spec.weightCount, samples: samples.count, correct: correct,
                seconds: duration / .seconds(1), comparison: comparison))
        return .success
    }

    struct Result: Presentable {
        struct Comparison: Encodable {
            var float: Double
            var integer: Double
            var quantizedAfterwards: Double
            var lossInPoints: Double
        }

        var model: String
        var weights: Int
        var samples: Int
        var correct: Int
        var seconds: Double
        var comparison: Comparison?

        func text(_ style: TextStyle) -> String {
            var lines = [
                "Trained \(Format.count(weights)) weights on \(Format.count(samples)) samples in \(Format.seconds(seconds)).",
                "On its own data the model is right on \(Format.count(correct)) (\(Format.percent(Double(correct) / Double(samples)))).",
            ]
            if let comparison {
                lines.append(
                    """
                    Every fifth sample held out: floating point \(Format.percent(comparison.float)), integers \
                    \(Format.percent(comparison.integer)), quantized after training \
                    \(Format.percent(comparison.quantizedAfterwards)); integers lose \
                    \(Format.fixed(comparison.lossInPoints, decimals: 2)) percentage points.
                    """)
            }
            lines.append("Wrote \(style.bold(model)). It is private: commit to it with 'zkpot commit'.")
            return lines.joined(separator: "\n")
        }
    }
}
