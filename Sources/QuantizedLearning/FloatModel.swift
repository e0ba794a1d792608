/// A model with float weights: the baseline, or one that was trained elsewhere.
public struct FloatModel: Sendable, Equatable {
    /// One matrix per layer, values in a window × output channels or units; where there are biases they are the last row.
    public let weights: [Matrix<Float>]
    public let architecture: Architecture

    /// A model of the given matrices.
    ///
    /// - Throws: `LearningError.model` where shapes do not follow on each other or a weight is not finite,
    ///   `LearningError.spec` for an impossible architecture.
    public init(weights: [Matrix<Float>], architecture: Architecture) throws(LearningError) {
        for (layer, matrix) in weights.enumerated() {
            if let index = matrix.elements.firstIndex(where: { !$0.isFinite }) {
                throw .model(
                    reason:
                        "weight (\(index / matrix.columns), \(index % matrix.columns)) of layer \(layer) is "
                        + "\(matrix.elements[index])")
            }
        }
        try architecture.validate()
        guard weights.count == architecture.layers.count else {
            throw .model(
                reason: "\(weights.count) weight matrices instead of \(architecture.layers.count)")
        }
        for (layer, (matrix, geometry)) in zip(weights, architecture.geometries).enumerated() {
            guard matrix.rows == geometry.weightRows, matrix.columns == geometry.output.channels else {
                throw .model(
                    reason: "weights of layer \(layer) are \(matrix.rows)×\(matrix.columns) instead of "
                        + "\(geometry.weightRows)×\(geometry.output.channels)")
            }
        }
        self.weights = weights
        self.architecture = architecture
    }

    /// A model of dense layers.
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
        }
        let widths = [weights[0].rows - (bias ? 1 : 0)] + weights.map(\.columns)
        try self.init(weights: weights, architecture: Architecture(widths: widths, bias: bias))
    }

    /// The real numbers for which a model's integers stand.
    public init(_ model: QuantizedModel) {
        let scale = Float(1 << model.spec.weights.fractionBits)
        weights = model.weights.map { $0.map { Float($0) / scale } }
        architecture = model.spec.architecture
    }

    /// Values of one sample that enter each layer, then the classes.
    public var widths: [Int] { architecture.widths }

    /// The real-valued logits of samples × inputs.
    public func logits(inputs: Matrix<Float>) -> Matrix<Float> {
        forward(inputs: inputs, geometries: architecture.geometries)[architecture.layers.count - 1].products
    }

    /// What each layer computes.
    struct LayerValues {
        let geometry: LayerGeometry
        /// (sample, position) × weight rows.
        let windows: Matrix<Float>
        /// Before the ReLU, samples × outputs.
        let products: Matrix<Float>
        /// After the ReLU and pooling, samples × pooled values.
        let output: Matrix<Float>
    }

    /// All layers on samples × inputs.
    func forward(inputs: Matrix<Float>, geometries: [LayerGeometry]) -> [LayerValues] {
        var current = inputs
        var layers = [LayerValues]()
        for (geometry, matrix) in zip(geometries, weights) {
            let windows = geometry.windows(of: current, one: 1)
            let products = geometry.byChannel(windows.timesTransposed(matrix.transposed))
            current = geometry.pooled(products.map { max($0, 0) })
            layers.append(
                LayerValues(geometry: geometry, windows: windows, products: products, output: current))
        }
        return layers
    }

    /// The share of samples classified correctly, ties to the lowest class; inputs are scaled as the specification says.
    public func accuracy(on data: Dataset, spec: ModelSpec) throws(LearningError) -> Double {
        guard data.count > 0 else { throw .dataset(reason: "\(data.name) is empty") }
        try requireArchitecture(of: spec)
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

extension FloatModel {
    /// - Throws: `LearningError.model` where the specification is one of other layers.
    func requireArchitecture(of spec: ModelSpec) throws(LearningError) {
        guard architecture == spec.architecture else {
            throw .model(
                reason: architecture.summary == spec.architecture.summary
                    ? "layers with other biases, strides or paddings than \(spec.name) has"
                    : "layers \(architecture.summary) instead of \(spec.architecture.summary)")
        }
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
