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
        try model.requireArchitecture(of: spec)
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
        model = try FloatModel(weights: updated, architecture: model.architecture)
    }

    /// The gradient of the loss with respect to each layer's weights, summed over the samples.
    public func weightGradients(samples: [Int]) throws(LearningError) -> [Matrix<Float>] {
        let inputs = try spec.realInputs(samples, of: data)
        let layers = model.forward(inputs: inputs, geometries: spec.architecture.geometries)
        let logits = layers[layers.count - 1].products
        var gradient = training.loss == .softmaxCrossEntropy ? softmax(logits) : logits
        for (row, sample) in samples.enumerated() { gradient[row, Int(data.labels[sample])] -= 1 }
        var result = [Matrix<Float>]()
        for layer in (0..<spec.layerCount).reversed() {
            let geometry = layers[layer].geometry
            let byPosition = geometry.byPosition(gradient)
            result.append(layers[layer].windows.transposed.timesTransposed(byPosition.transposed))
            if layer == 0 { break }
            let matrix = model.weights[layer].prefix(rows: geometry.windowLength)
            gradient = layers[layer - 1].beforePooling(
                geometry.scattered(byPosition.timesTransposed(matrix)))
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
