import Foundation

/// Plain stochastic gradient descent in float: the same architecture, loss, learning rate and batches as the integer
/// trainer, for comparison. Its results may differ in the last bits between machines.
public struct FloatTrainer {
    public let spec: ModelSpec
    public private(set) var model: FloatModel
    private let data: Dataset
    private let training: TrainingSpec

    public init(model: FloatModel, spec: ModelSpec, data: Dataset) throws(LearningError) {
        training = try spec.requireTraining()
        try spec.checkFits(data)
        guard model.widths == spec.widths, model.bias == spec.bias else {
            throw .model(
                reason: "layers \(model.widths) instead of \(spec.widths), or biases in only one of both")
        }
        self.spec = spec
        self.model = model
        self.data = data
    }

    /// All steps of the given epochs.
    public mutating func train(epochs: Range<Int>, seed: UInt64) throws(LearningError) {
        let schedule = BatchSchedule(sampleCount: data.count, batchSize: training.batchSize, seed: seed)
        for epoch in epochs {
            for batch in schedule.batches(epoch: epoch) { try step(samples: batch) }
        }
    }

    /// One step on the samples at the given indices.
    public mutating func step(samples: [Int]) throws(LearningError) {
        let rate = Float(training.learningRate.value) / Float(samples.count)
        let gradients = try weightGradients(samples: samples)
        var updated = [Matrix<Float>]()
        for (matrix, gradient) in zip(model.weights, gradients) {
            let elements = zip(matrix.elements, gradient.elements).map { $0 - rate * $1 }
            updated.append(Matrix(rows: matrix.rows, columns: matrix.columns, elements: elements))
        }
        model = try FloatModel(weights: updated, bias: model.bias)
    }

    /// The gradient of the loss with respect to each layer's weights, summed over the samples.
    public func weightGradients(samples: [Int]) throws(LearningError) -> [Matrix<Float>] {
        let inputs = try spec.realInputs(samples, of: data)
        let forward = model.activations(inputs: inputs, transposed: model.weights.map(\.transposed))
        var gradient = training.loss == .softmaxCrossEntropy ? softmax(forward.logits) : forward.logits
        for (row, sample) in samples.enumerated() { gradient[row, Int(data.labels[sample])] -= 1 }
        var result = [Matrix<Float>]()
        for layer in (0..<spec.layerCount).reversed() {
            let input = forward.inputs[layer]
            result.append(input.transposed.timesTransposed(gradient.transposed))
            if layer == 0 { break }
            let sums = gradient.timesTransposed(model.weights[layer])
            gradient = Matrix(rows: sums.rows, columns: spec.widths[layer], repeating: 0)
            for row in 0..<sums.rows {
                for unit in 0..<gradient.columns where input[row, unit] > 0 {
                    gradient[row, unit] = sums[row, unit]
                }
            }
        }
        return result.reversed()
    }

    private func softmax(_ logits: Matrix<Float>) -> Matrix<Float> {
        var result = logits
        for row in 0..<logits.rows {
            let largest = logits.row(row).max() ?? 0
            let exponentials = logits.row(row).map { exp($0 - largest) }
            let sum = exponentials.reduce(0, +)
            for column in 0..<logits.columns { result[row, column] = exponentials[column] / sum }
        }
        return result
    }
}
