/// Every integer of a forward pass, in the form in which a circuit takes them as its witness.
///
/// Layer ℓ computes Z = A·W exactly, over the windows of A where it is a convolution. All but the last rescale and apply
/// ReLU: z = (p - n)·2^s + rem, 0 ≤ rem < 2^s, p·n = 0, 0 ≤ p, n < 2^activationBits. Pooling may follow. The last
/// layer's Z are the logits.
///
/// Rows are samples; the values of a sample lie in the order (channel, row, column).
public struct InferenceTrace: Sendable, Equatable {
    public let layers: [LayerTrace]

    /// The last layer's accumulators, samples × classes.
    public var logits: Matrix<Int64> { layers[layers.count - 1].accumulator }
}

public struct LayerTrace: Sendable, Equatable {
    /// A, samples × inputs, without the constant of the biases.
    public let input: Matrix<Int64>
    /// The windows of A, (sample, position) × weight rows (channel, row, column), the constant of the biases last. For
    /// a dense layer, which has one position, this is A itself with the constant.
    public let windows: Matrix<Int64>
    /// Z, samples × outputs.
    public let accumulator: Matrix<Int64>
    /// Absent for the last layer.
    public let activation: ActivationTrace?
    /// Present where the layer has pooling.
    public let pooling: PoolingTrace?

    /// The next layer's input; nil for the last layer.
    public var output: Matrix<Int64>? { pooling?.output ?? activation?.positive }
}

public struct ActivationTrace: Sendable, Equatable {
    /// p = max(q, 0) for q = floor(z / 2^s).
    public let positive: Matrix<Int64>
    /// n = max(-q, 0).
    public let negative: Matrix<Int64>
    /// rem = z - q·2^s.
    public let remainder: Matrix<Int64>
}

public struct PoolingTrace: Sendable, Equatable {
    /// What the windows are pooled to, samples × pooled values: the largest p, or the sum of all p for averages.
    ///
    /// The sum of 2^m values stands for their average with m fraction bits more, so nothing is rounded.
    public let output: Matrix<Int64>
    /// For maxima, samples × outputs before pooling: 1 at the first largest p of each window, else 0.
    public let selector: Matrix<Int64>?
}

extension PoolingTrace {
    /// Pools samples × outputs; nil where the layer has no pooling.
    init?(_ values: Matrix<Int64>, _ geometry: LayerGeometry) {
        guard let pooling = geometry.pooling else { return nil }
        var output = Matrix<Int64>(rows: values.rows, columns: geometry.pooled.count, repeating: 0)
        var selector = Matrix<Int64>(rows: values.rows, columns: geometry.output.count, repeating: 0)
        let windows = geometry.poolingWindows
        for sample in 0..<values.rows {
            for window in windows {
                let members = window.members.map { values[sample, $0] }
                switch pooling.kind {
                case .average:
                    output[sample, window.pooled] = members.reduce(0, +)
                case .maximum:
                    let best = members.indices.reduce(0) { members[$1] > members[$0] ? $1 : $0 }
                    output[sample, window.pooled] = members[best]
                    selector[sample, window.members[best]] = 1
                }
            }
        }
        self.output = output
        self.selector = pooling.kind == .maximum ? selector : nil
    }
}

extension QuantizedModel {
    /// The forward pass by its definition, with all intermediate values.
    ///
    /// - Parameter inputs: samples × inputs as `ModelSpec.inputs(of:)` gives them.
    /// - Throws: `LearningError.outOfRange` where a pre-activation leaves its range.
    public func inferenceTrace(inputs: Matrix<Int64>) throws(LearningError) -> InferenceTrace {
        guard inputs.columns == spec.architecture.input.count else {
            throw .dataset(
                reason: "\(inputs.columns) features instead of \(spec.architecture.input.count)")
        }
        guard inputs.elements.allSatisfy({ (0...Int64(spec.input.maximumInput)).contains($0) }) else {
            throw .dataset(reason: "an input lies outside 0...\(spec.input.maximumInput)")
        }
        var layers = [LayerTrace]()
        var current = inputs
        for (layer, geometry) in spec.architecture.geometries.enumerated() {
            let windows = geometry.windows(of: current, one: spec.biasInput(layer: layer))
            let accumulator = geometry.byChannel(windows.times(weights[layer].map(Int64.init)))
            let isLast = layer == spec.layerCount - 1
            let activation = isLast ? nil : try activationTrace(accumulator, layer: layer)
            let trace = LayerTrace(
                input: current, windows: windows, accumulator: accumulator, activation: activation,
                pooling: activation.flatMap { PoolingTrace($0.positive, geometry) })
            layers.append(trace)
            current = trace.output ?? accumulator
        }
        return InferenceTrace(layers: layers)
    }

    private func activationTrace(
        _ accumulator: Matrix<Int64>, layer: Int
    ) throws(LearningError) -> ActivationTrace {
        let shift = spec.activationShift(layer: layer)
        let quotient = try accumulator.rescaled(
            by: shift, range: spec.activationRange, .activation, layer: layer)
        return ActivationTrace(
            positive: quotient.values.map { max($0, 0) }, negative: quotient.values.map { max(-$0, 0) },
            remainder: quotient.remainders)
    }

    /// The logits of all samples, by the fast path.
    ///
    /// - Throws: `LearningError` where the data do not fit or a pre-activation leaves its range.
    public func logits(of data: Dataset) throws(LearningError) -> Matrix<Int64> {
        try spec.checkFits(data)
        var logits = [Int64]()
        logits.reserveCapacity(data.count * spec.classCount)
        // Chunks, so that memory stays small however wide the layers are.
        let chunk = max(1, min(256, (1 << 22) / spec.architecture.largestLayer))
        let engine = IntegerEngine(model: self, capacity: min(max(data.count, 1), chunk))
        for start in stride(from: 0, to: data.count, by: chunk) {
            let samples = Array(start..<min(start + chunk, data.count))
            logits.append(contentsOf: try engine.logits(samples: samples, of: data))
        }
        return Matrix(rows: data.count, columns: spec.classCount, elements: logits)
    }

    /// The predicted class of each sample.
    public func predictions(of data: Dataset) throws(LearningError) -> [Int] {
        let logits = try logits(of: data)
        return (0..<data.count).map { Decision.predictedClass(logits.row($0)) }
    }

    /// How many samples are classified correctly: the number k of the quality proof.
    public func correctCount(on data: Dataset) throws(LearningError) -> Int {
        let logits = try logits(of: data)
        return (0..<data.count).count {
            Decision.isCorrect(logits: logits.row($0), label: Int(data.labels[$0]))
        }
    }

    /// The share of samples classified correctly.
    public func accuracy(on data: Dataset) throws(LearningError) -> Double {
        guard data.count > 0 else { throw .dataset(reason: "\(data.name) is empty") }
        return Double(try correctCount(on: data)) / Double(data.count)
    }
}

/// From logits to a class.
public enum Decision {
    /// The class with the largest logit; of several, the lowest.
    public static func predictedClass(_ logits: ArraySlice<Int64>) -> Int {
        var best = logits.startIndex
        for index in logits.indices where logits[index] > logits[best] { best = index }
        return best - logits.startIndex
    }

    /// Whether z_y > z_i for all i < y and z_y ≥ z_i for all i > y: what the quality circuit checks.
    public static func isCorrect(logits: ArraySlice<Int64>, label: Int) -> Bool {
        let target = logits[logits.startIndex + label]
        return logits.enumerated().allSatisfy {
            $0.offset < label ? target > $0.element : target >= $0.element
        }
    }
}

extension Matrix where Element == Int64 {
    /// q = floor((z + offset) / 2^shift) with its remainder, z + offset = q·2^shift + rem and 0 ≤ rem < 2^shift.
    func rescaled(
        by shift: Int, offset: Int64 = 0, range: ClosedRange<Int64>, _ quantity: RangeViolation.Quantity,
        layer: Int
    ) throws(LearningError) -> (values: Matrix, remainders: Matrix) {
        var values = self
        var remainders = self
        for index in elements.indices {
            let sum = elements[index] + offset
            values.elements[index] = try RangeViolation.check(
                sum >> Int64(shift), in: range, quantity, layer: layer, row: index / columns,
                column: index % columns)
            remainders.elements[index] = sum - values.elements[index] << Int64(shift)
        }
        return (values, remainders)
    }
}
