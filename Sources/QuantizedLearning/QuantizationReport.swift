/// What integers cost in accuracy: float training, integer training and quantisation after float training, side by side.
///
/// All three start from the same weights and see the same batches in the same order.
public struct QuantizationReport: Sendable {
    public struct Run: Sendable, Equatable {
        public let seed: UInt64
        /// Accuracies on the test samples, 0 to 1.
        public let float: Double
        public let integer: Double
        public let quantizedAfterwards: Double
    }

    public let spec: ModelSpec
    public let epochs: Int
    public let trainCount: Int
    public let testCount: Int
    public let runs: [Run]

    /// Trains once per seed.
    ///
    /// - Throws: `LearningError`, also where a value leaves its range during integer training.
    public init(
        spec: ModelSpec, train: Dataset, test: Dataset, epochs: Int, seeds: [UInt64]
    ) throws(LearningError) {
        guard !seeds.isEmpty else { throw .dataset(reason: "a report needs at least one seed") }
        var runs = [Run]()
        for seed in seeds {
            let start = try QuantizedModel.initial(spec: spec, seed: seed)
            var trainer = try FloatTrainer(model: FloatModel(start), spec: spec, data: train)
            try trainer.train(epochs: 0..<epochs, seed: seed)
            let afterwards = try QuantizedModel(quantizing: trainer.model, spec: spec)
            runs.append(
                Run(
                    seed: seed,
                    float: try trainer.model.accuracy(on: test, spec: spec),
                    integer: try start.trained(on: train, epochs: epochs, seed: seed).accuracy(on: test),
                    quantizedAfterwards: try afterwards.accuracy(on: test)))
        }
        self.spec = spec
        self.epochs = epochs
        trainCount = train.count
        testCount = test.count
        self.runs = runs
    }

    public var meanFloat: Double { mean(\.float) }
    public var meanInteger: Double { mean(\.integer) }
    public var meanQuantizedAfterwards: Double { mean(\.quantizedAfterwards) }
    /// What integer training loses against float training, in percentage points; negative where it wins.
    public var lossInPoints: Double { 100 * (meanFloat - meanInteger) }

    private func mean(_ value: KeyPath<Run, Double>) -> Double {
        runs.map { $0[keyPath: value] }.reduce(0, +) / Double(runs.count)
    }

    /// A Markdown table with one line per seed and the means.
    public var markdown: String {
        func percent(_ value: Double) -> String {
            let hundredths = Int((value * 10_000).rounded())
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
        }
        func line(_ name: String, _ float: Double, _ integer: Double, _ afterwards: Double) -> String {
            let points = ((float - integer) * 10_000).rounded() / 100
            return
                "| \(name) | \(percent(float)) | \(percent(integer)) | \(points) | \(percent(afterwards)) |"
        }
        let head = [
            "\(spec.name): \(trainCount) training and \(testCount) test images, \(epochs) epochs", "",
            "| seed | float | integer training | loss (points) | float, then quantised |",
            "|---|---|---|---|---|",
        ]
        let lines = runs.map { line("\($0.seed)", $0.float, $0.integer, $0.quantizedAfterwards) }
        let total = line("**mean**", meanFloat, meanInteger, meanQuantizedAfterwards)
        return (head + lines + [total]).joined(separator: "\n") + "\n"
    }
}
