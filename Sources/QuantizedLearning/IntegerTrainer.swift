/// Which samples make up which batch: a function of the numbers below only.
public struct BatchSchedule: Sendable, Equatable {
    public let sampleCount: Int
    public let batchSize: Int
    public let seed: UInt64

    public init(sampleCount: Int, batchSize: Int, seed: UInt64) {
        self.sampleCount = sampleCount
        self.batchSize = batchSize
        self.seed = seed
    }

    public var batchesPerEpoch: Int { sampleCount / batchSize }

    /// The batches of one epoch: a fresh permutation, cut into whole batches; the rest of it sits the epoch out.
    public func batches(epoch: Int) -> [[Int]] {
        var generator = DeterministicGenerator(
            seed: seed, purpose: .batchOrder, index: UInt64(truncatingIfNeeded: epoch))
        let order = generator.permutation(sampleCount)
        return (0..<batchesPerEpoch).map { Array(order[$0 * batchSize..<($0 + 1) * batchSize]) }
    }
}

/// Stochastic gradient descent in the integers that circuits check, on one thread.
///
/// A reference type, as it owns memory that steps write to; not for use from several threads at once.
public final class IntegerTrainer {
    public let spec: ModelSpec
    private let data: Dataset
    private let training: TrainingSpec
    private let engine: IntegerEngine

    /// A trainer that starts from a model.
    ///
    /// - Throws: `LearningError` where the specification has no training part or the data do not fit the model.
    public init(model: QuantizedModel, data: Dataset) throws(LearningError) {
        training = try model.spec.requireTraining()
        try model.spec.checkFits(data)
        guard data.count >= training.batchSize else {
            throw .dataset(
                reason:
                    "\(data.name) has \(data.count) samples, fewer than one batch of \(training.batchSize)")
        }
        spec = model.spec
        self.data = data
        engine = IntegerEngine(model: model, capacity: training.batchSize)
    }

    /// The model as trained so far.
    public var model: QuantizedModel {
        get throws(LearningError) { try engine.model }
    }

    /// One step on the samples at the given indices, exactly one batch.
    ///
    /// - Throws: `LearningError.outOfRange` where a value leaves its range; the model is then the one before the step.
    public func step(samples: [Int]) throws(LearningError) {
        guard samples.count == training.batchSize, samples.allSatisfy({ (0..<data.count).contains($0) })
        else {
            throw .dataset(reason: "\(samples.count) samples are no batch of \(training.batchSize)")
        }
        try engine.step(samples: samples, of: data, training: training)
    }

    /// All steps of the given epochs.
    public func train(epochs: Range<Int>, seed: UInt64) throws(LearningError) {
        let schedule = BatchSchedule(sampleCount: data.count, batchSize: training.batchSize, seed: seed)
        for epoch in epochs {
            for batch in schedule.batches(epoch: epoch) { try step(samples: batch) }
        }
    }
}

extension QuantizedModel {
    /// The model after epochs 0..<epochs of training, the batches in an order given by the seed.
    public func trained(on data: Dataset, epochs: Int, seed: UInt64) throws(LearningError) -> QuantizedModel {
        let trainer = try IntegerTrainer(model: self, data: data)
        try trainer.train(epochs: 0..<max(epochs, 0), seed: seed)
        return try trainer.model
    }
}
