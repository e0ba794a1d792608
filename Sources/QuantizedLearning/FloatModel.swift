/// A model with float weights: the baseline, or one that was trained elsewhere.
public struct FloatModel: Sendable, Equatable {
    /// One matrix per layer, inputs × outputs; where there are biases they are the last row.
    public let weights: [Matrix<Float>]
    /// Whether the last row of each matrix holds biases.
    public let bias: Bool

    /// A model of the given matrices.
    ///
    /// - Throws: `LearningError.model` where shapes do not follow on each other or a weight is not finite.
    public init(weights: [Matrix<Float>], bias: Bool) throws(LearningError) {
        guard !weights.isEmpty else { throw .model(reason: "no layers") }
        for (layer, matrix) in weights.enumerated() {
            guard matrix.rows > (bias ? 1 : 0), matrix.columns > 0 else {
                throw .model(reason: "layer \(layer) is empty")
            }
            guard layer == 0 || weights[layer - 1].columns + (bias ? 1 : 0) == matrix.rows else {
                throw .model(
                    reason:
                        "layer \(layer) takes \(matrix.rows - (bias ? 1 : 0)) inputs, but layer \(layer - 1) has "
                        + "\(weights[layer - 1].columns) outputs")
            }
            if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
                throw .model(
                    reason:
                        "weight (\(index / matrix.columns), \(index % matrix.columns)) of layer \(layer) is "
                        + "\(matrix.elements[index])")
            }
        }
        self.weights = weights
        self.bias = bias
    }

    /// The real numbers for which a model's integers stand.
    public init(_ model: QuantizedModel) {
        let scale = Float(1 << model.spec.weights.fractionBits)
        weights = model.weights.map { $0.map { Float($0) / scale } }
        bias = model.spec.bias
    }

    /// Units per layer, inputs first.
    public var widths: [Int] {
        [weights[0].rows - (bias ? 1 : 0)] + weights.map(\.columns)
    }

    /// The real-valued logits of samples × inputs.
    public func logits(inputs: Matrix<Float>) -> Matrix<Float> {
        activations(inputs: inputs, transposed: weights.map(\.transposed)).logits
    }

    /// Each layer's input, the constant of the biases included, and the logits.
    func activations(
        inputs: Matrix<Float>, transposed: [Matrix<Float>]
    ) -> (inputs: [Matrix<Float>], logits: Matrix<Float>) {
        var current = bias ? inputs.appendingColumn(1) : inputs
        var layers = [current]
        for layer in 0..<transposed.count - 1 {
            let positive = current.timesTransposed(transposed[layer]).map { max($0, 0) }
            current = bias ? positive.appendingColumn(1) : positive
            layers.append(current)
        }
        return (layers, current.timesTransposed(transposed[transposed.count - 1]))
    }

    /// The share of samples classified correctly, ties to the lowest class; inputs are scaled as the specification says.
    public func accuracy(on data: Dataset, spec: ModelSpec) throws(LearningError) -> Double {
        guard data.count > 0 else { throw .dataset(reason: "\(data.name) is empty") }
        guard widths == spec.widths else {
            throw .model(reason: "layers \(widths) instead of \(spec.widths)")
        }
        var correct = 0
        for start in stride(from: 0, to: data.count, by: 256) {
            let samples = Array(start..<min(start + 256, data.count))
            let logits = logits(inputs: try spec.realInputs(samples, of: data))
            for (row, sample) in samples.enumerated() {
                let values = logits.row(row)
                let best = values.indices.reduce(values.startIndex) { values[$1] > values[$0] ? $1 : $0 }
                if best - values.startIndex == Int(data.labels[sample]) { correct += 1 }
            }
        }
        return Double(correct) / Double(data.count)
    }
}

extension ModelSpec {
    /// The real numbers for which the inputs of some samples stand.
    func realInputs(_ samples: [Int], of data: Dataset) throws(LearningError) -> Matrix<Float> {
        let inputs = try inputs(of: data.subset(samples))
        let scale = Float(1 << input.fractionBits)
        return inputs.map { Float($0) / scale }
    }
}

extension Matrix where Element == Float {
    /// The product with the transpose of another matrix, eight partial sums at a time.
    func timesTransposed(_ other: Matrix) -> Matrix {
        precondition(columns == other.columns)
        var result = Matrix(rows: rows, columns: other.rows, repeating: 0)
        let whole = columns & ~7
        elements.withUnsafeBytes { left in
            other.elements.withUnsafeBytes { right in
                result.elements.withUnsafeMutableBufferPointer { out in
                    for i in 0..<rows {
                        let a = left.baseAddress! + i * columns * 4
                        for j in 0..<other.rows {
                            let b = right.baseAddress! + j * columns * 4
                            var sums = SIMD8<Float>.zero
                            for t in stride(from: 0, to: whole, by: 8) {
                                sums +=
                                    a.loadUnaligned(fromByteOffset: t * 4, as: SIMD8<Float>.self)
                                    * b.loadUnaligned(fromByteOffset: t * 4, as: SIMD8<Float>.self)
                            }
                            var sum = sums.sum()
                            for t in whole..<columns {
                                sum +=
                                    a.load(fromByteOffset: t * 4, as: Float.self)
                                    * b.load(fromByteOffset: t * 4, as: Float.self)
                            }
                            out[i * other.rows + j] = sum
                        }
                    }
                }
            }
        }
        return result
    }
}
