import Foundation
import Parallelism

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
        /// Processor time of the trainings.
        public let floatSeconds: Double
        public let integerSeconds: Double

        /// What the integers lose, in percentage points; negative where they win.
        public var lossInPoints: Double { 100 * (float - integer) }
    }

    public let spec: ModelSpec
    public let epochs: Int
    public let trainCount: Int
    public let testCount: Int
    public let runs: [Run]

    /// Trains once per seed, the seeds in parallel; results do not depend on the number of threads.
    ///
    /// - Parameter progress: called after each seed, on any thread.
    /// - Throws: `LearningError`, also where a value leaves its range during integer training.
    public init(
        spec: ModelSpec, train: Dataset, test: Dataset, epochs: Int, seeds: [UInt64],
        progress: @Sendable () -> Void = {}
    ) throws(LearningError) {
        guard !seeds.isEmpty else { throw .dataset(reason: "a report needs at least one seed") }
        let results = parallelMap(seeds.count) { index in
            let result = Result { () throws(LearningError) in
                try Run(spec: spec, train: train, test: test, epochs: epochs, seed: seeds[index])
            }
            progress()
            return result
        }
        var runs = [Run]()
        for result in results { runs.append(try result.get()) }
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

    /// The mean over the seeds.
    public func mean(_ value: KeyPath<Run, Double>) -> Double {
        runs.map { $0[keyPath: value] }.reduce(0, +) / Double(runs.count)
    }

    /// The sample standard deviation over the seeds, 0 for one seed.
    public func deviation(_ value: KeyPath<Run, Double>) -> Double {
        guard runs.count > 1 else { return 0 }
        let mean = mean(value)
        let squares = runs.map { ($0[keyPath: value] - mean) * ($0[keyPath: value] - mean) }
        return (squares.reduce(0, +) / Double(runs.count - 1)).squareRoot()
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

extension QuantizationReport.Run {
    /// Trains in float and in integers from one start, and quantises the float model.
    init(
        spec: ModelSpec, train: Dataset, test: Dataset, epochs: Int, seed: UInt64
    ) throws(LearningError) {
        let start = try QuantizedModel.initial(spec: spec, seed: seed)
        var clock = ThreadClock()
        var trainer = try FloatTrainer(model: FloatModel(start), spec: spec, data: train)
        try trainer.train(epochs: 0..<max(epochs, 0), seed: seed)
        floatSeconds = clock.lap()
        let trained = try start.trained(on: train, epochs: epochs, seed: seed)
        integerSeconds = clock.lap()
        self.seed = seed
        float = try trainer.model.accuracy(on: test, spec: spec)
        integer = try trained.accuracy(on: test)
        quantizedAfterwards = try QuantizedModel(quantizing: trainer.model, spec: spec).accuracy(on: test)
    }
}

/// What the calling thread has used of the processor.
private struct ThreadClock {
    private var last = ThreadClock.now()

    /// Seconds since the lap before.
    mutating func lap() -> Double {
        let now = Self.now()
        defer { last = now }
        return now - last
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
