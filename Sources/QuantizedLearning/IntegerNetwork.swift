/// Forward passes and training steps in tight loops over narrow integers; `StepTrace` is the readable twin.
///
/// Weights are held as outputs × inputs, so that every product is one of rows with rows.
final class IntegerNetwork<Operand: ProductOperand> {
    let spec: ModelSpec
    let capacity: Int
    /// Inputs of each layer, samples × inputs, the constant of the biases last.
    private let inputs: [Scratch<Operand>]
    /// Transposed weights, and those of the next step until it is complete.
    private var weights: [Scratch<Operand>]
    private var nextWeights: [Scratch<Operand>]
    private let sums: Scratch<Int64>
    private let gradients: [Scratch<Operand>]
    private let transposedInput: Scratch<Operand>
    private let transposedGradient: Scratch<Operand>
    private let plainWeights: Scratch<Operand>

    /// A network for batches of at most `capacity` samples.
    init(model: QuantizedModel, capacity: Int) {
        let spec = model.spec
        let shapes = (0..<spec.layerCount).map(spec.weightShape)
        let widest = shapes.map { max($0.rows, $0.columns) }.max() ?? 0
        let largest = shapes.map { $0.rows * $0.columns }.max() ?? 0
        self.spec = spec
        self.capacity = capacity
        inputs = shapes.map { Scratch(capacity * $0.rows) }
        weights = model.weights.map { Scratch($0.transposed.elements.map { Operand($0) }) }
        nextWeights = shapes.map { Scratch($0.rows * $0.columns) }
        sums = Scratch(max(capacity * widest, largest))
        gradients = shapes.map { Scratch(capacity * $0.columns) }
        transposedInput = Scratch(capacity * widest)
        transposedGradient = Scratch(capacity * widest)
        plainWeights = Scratch(largest)
        guard spec.bias else { return }
        for layer in 0..<spec.layerCount {
            let rows = shapes[layer].rows
            for sample in 0..<capacity {
                inputs[layer].base[sample * rows + rows - 1] = Operand(spec.biasInput(layer: layer))
            }
        }
    }

    /// The weights as inputs × outputs.
    var model: QuantizedModel {
        get throws(LearningError) {
            var matrices = [Matrix<Int16>]()
            for layer in 0..<spec.layerCount {
                let (rows, columns) = spec.weightShape(layer: layer)
                matrices.append(
                    Matrix(
                        rows: columns, columns: rows,
                        elements: weights[layer].elements.map { Int16(truncatingIfNeeded: $0) }
                    ).transposed)
            }
            return try QuantizedModel(spec: spec, weights: matrices)
        }
    }

    /// Copies samples in; they must fit the specification.
    func load(samples: [Int], of data: Dataset) {
        precondition(samples.count <= capacity)
        let stride = spec.weightShape(layer: 0).rows
        let target = inputs[0].base
        data.pixels.withUnsafeBufferPointer { pixels in
            for (row, sample) in samples.enumerated() {
                for feature in 0..<data.featureCount {
                    let pixel = Int(pixels[sample * data.featureCount + feature])
                    target[row * stride + feature] = Operand(truncatingIfNeeded: spec.input.encode(pixel))
                }
            }
        }
    }

    /// Runs the loaded samples through all layers; the logits are then in `sums`, samples × classes.
    func forward(count: Int) throws(LearningError) -> UnsafeBufferPointer<Int64> {
        for layer in 0..<spec.layerCount {
            let (rows, columns) = spec.weightShape(layer: layer)
            IntegerProduct.rowsTimesRows(
                inputs[layer].base, m: count, weights[layer].base, n: columns, k: rows,
                bound: spec.maximumAccumulator(layer: layer), into: sums.base)
            if layer < spec.layerCount - 1 { try activate(layer: layer, count: count) }
        }
        return UnsafeBufferPointer(start: sums.base, count: count * spec.classCount)
    }

    /// p = max(floor(z / 2^s), 0) becomes the next layer's input.
    private func activate(layer: Int, count: Int) throws(LearningError) {
        let units = spec.widths[layer + 1]
        let stride = spec.weightShape(layer: layer + 1).rows
        let target = inputs[layer + 1].base
        let shift = Int64(spec.activationShift(layer: layer))
        let range = spec.activationRange
        for row in 0..<count {
            for unit in 0..<units {
                let quotient = try RangeViolation.check(
                    sums.base[row * units + unit] >> shift, in: range, .activation, layer: layer, row: row,
                    column: unit)
                target[row * stride + unit] = Operand(truncatingIfNeeded: max(quotient, 0))
            }
        }
    }

    /// One step on the loaded batch; where it throws, the weights are those before the step.
    func step(labels: [UInt8], training: TrainingSpec) throws(LearningError) {
        let count = training.batchSize
        let logits = Matrix(
            rows: count, columns: spec.classCount, elements: Array(try forward(count: count)))
        let output = try OutputTrace(logits: logits, labels: labels, spec: spec, training: training)
        let last = gradients[spec.layerCount - 1].base
        for (index, value) in output.gradient.elements.enumerated() {
            last[index] = Operand(truncatingIfNeeded: value)
        }
        for layer in (0..<spec.layerCount).reversed() {
            if layer > 0 { try propagate(layer: layer, count: count, training: training) }
            try update(layer: layer, count: count, training: training)
        }
        swap(&weights, &nextWeights)
    }

    /// The gradient of the layer below: floor((mask·(G·Wᵀ) + 2^(s-1)) / 2^s).
    private func propagate(layer: Int, count: Int, training: TrainingSpec) throws(LearningError) {
        let (rows, columns) = spec.weightShape(layer: layer)
        let units = spec.widths[layer]
        IntegerProduct.transpose(weights[layer].base, rows: columns, columns: rows, into: plainWeights.base)
        IntegerProduct.rowsTimesRows(
            gradients[layer].base, m: count, plainWeights.base, n: units, k: columns,
            bound: training.maximumPropagated(layer: layer, of: spec), into: sums.base)
        let shift = Int64(training.backwardShift(layer: layer, of: spec))
        let half = Int64(1) << (shift - 1)
        let range = training.gradientRange
        let activation = inputs[layer].base
        let target = gradients[layer - 1].base
        for row in 0..<count {
            for unit in 0..<units {
                let isActive = activation[row * rows + unit] > 0
                let masked = isActive ? sums.base[row * units + unit] : 0
                let value = try RangeViolation.check(
                    (masked + half) >> shift, in: range, .gradient, layer: layer - 1, row: row, column: unit)
                target[row * units + unit] = Operand(truncatingIfNeeded: value)
            }
        }
    }

    /// W' = W - floor((numerator·Aᵀ·G + 2^(s-1)) / 2^s), all of it transposed.
    private func update(layer: Int, count: Int, training: TrainingSpec) throws(LearningError) {
        let (rows, columns) = spec.weightShape(layer: layer)
        IntegerProduct.transpose(
            inputs[layer].base, rows: count, columns: rows, into: transposedInput.base)
        IntegerProduct.transpose(
            gradients[layer].base, rows: count, columns: columns, into: transposedGradient.base)
        IntegerProduct.rowsTimesRows(
            transposedGradient.base, m: columns, transposedInput.base, n: rows, k: count,
            bound: training.maximumWeightGradient(layer: layer, of: spec), into: sums.base)
        let shift = Int64(training.updateShift(layer: layer, of: spec))
        let half = Int64(1) << (shift - 1)
        let numerator = Int64(training.learningRate.numerator)
        let range = spec.weightRange
        let old = weights[layer].base
        let new = nextWeights[layer].base
        for column in 0..<columns {
            for row in 0..<rows {
                let index = column * rows + row
                let update = try RangeViolation.check(
                    (numerator &* sums.base[index] &+ half) >> shift, in: range, .update, layer: layer,
                    row: row,
                    column: column)
                let weight = try RangeViolation.check(
                    Int64(old[index]) - update, in: range, .weight, layer: layer, row: row, column: column)
                new[index] = Operand(truncatingIfNeeded: weight)
            }
        }
    }
}

/// A network whose entries are as narrow as the specification's ranges allow.
enum IntegerEngine {
    case narrow(IntegerNetwork<Int16>)
    case wide(IntegerNetwork<Int32>)

    init(model: QuantizedModel, capacity: Int) {
        self =
            Self.fitsNarrow(model.spec)
            ? .narrow(IntegerNetwork(model: model, capacity: capacity))
            : .wide(IntegerNetwork(model: model, capacity: capacity))
    }

    /// Whether inputs, activations, weights and gradients all fit 16 bits.
    static func fitsNarrow(_ spec: ModelSpec) -> Bool {
        let limit = Int64(Int16.max)
        let inputs = (0..<spec.layerCount).allSatisfy { spec.maximumInput(layer: $0) <= limit }
        return inputs && (spec.training?.gradientRange.upperBound ?? 0) <= limit
    }

    var model: QuantizedModel {
        get throws(LearningError) {
            switch self {
            case .narrow(let network): try network.model
            case .wide(let network): try network.model
            }
        }
    }

    func logits(samples: [Int], of data: Dataset) throws(LearningError) -> [Int64] {
        switch self {
        case .narrow(let network):
            network.load(samples: samples, of: data)
            return Array(try network.forward(count: samples.count))
        case .wide(let network):
            network.load(samples: samples, of: data)
            return Array(try network.forward(count: samples.count))
        }
    }

    func step(samples: [Int], of data: Dataset, training: TrainingSpec) throws(LearningError) {
        let labels = samples.map { data.labels[$0] }
        switch self {
        case .narrow(let network):
            network.load(samples: samples, of: data)
            try network.step(labels: labels, training: training)
        case .wide(let network):
            network.load(samples: samples, of: data)
            try network.step(labels: labels, training: training)
        }
    }
}
