import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

extension TrainingStepCircuit {
    /// The circuit for both modes of the builder, with the values of a witness.
    ///
    /// For tests and for circuits that contain this one; `constraints` and `witness` are what a prover needs.
    public func synthesize<F: PrimeField>(
        _ builder: CircuitBuilder<F>, model: QuantizedModel, batches: [Dataset]
    ) throws {
        _ = try trace(model: model, batches: batches)
        try synthesize(builder, try TrainingStepInputs(model: model, batches: batches, circuit: self))
    }

    /// The circuit itself, for both modes of the builder; `inputs` is `nil` while it is recorded.
    func synthesize<F: PrimeField>(_ builder: CircuitBuilder<F>, _ inputs: TrainingStepInputs?) throws {
        let segments = try linkedSegments.map { try builder.segment($0, isLinked: true) }
        let synthesis = try TrainingStepSynthesis(self, builder)
        var weights = try builder.region("model") {
            // W = W' + (W − W'): the first step's range checks of both terms enforce the interval.
            try builder.wires(
                .committed(segments[0]), "weights", count: spec.weightCount, integers: inputs?.weights
            ).bounded(by: Interval(synthesis.weightRange) + Interval(updateRange))
        }
        for step in 0..<steps {
            let isLast = step == steps - 1
            weights = try builder.region("step \(step + 1)") {
                let batch = try synthesis.batch(.committed(segments[2 + step]), inputs?.batches[step])
                return try synthesis.step(
                    weights, batch, next: isLast ? .committed(segments[1]) : try builder.advice)
            }
        }
    }
}

/// One run of the circuit's code: what all steps share.
struct TrainingStepSynthesis<F: PrimeField> {
    let spec: ModelSpec
    let training: TrainingSpec
    let updateRange: ClosedRange<Int>
    let builder: CircuitBuilder<F>
    let ranges: RangeChecker<F>
    /// Present exactly for the soft-max.
    let exponentials: Exponentials?
    /// All updates that the bound allows, if there is one: a look-up is half of what two ends would cost.
    let boundedUpdates: LookupTable<F>?

    struct Exponentials {
        let table: FunctionTable<F>
        let lastKey: Int
    }

    struct Batch {
        let inputs: ValueMatrix<F>
        let labels: ValueMatrix<F>
    }

    /// What enters a layer.
    struct LayerInput {
        /// A^ℓ without the constant of the biases.
        let values: ValueMatrix<F>
        /// M, 1 where A^ℓ > 0; absent for the first layer.
        let mask: Values<F>?
    }

    init(_ circuit: TrainingStepCircuit, _ builder: CircuitBuilder<F>) throws {
        spec = circuit.spec
        training = circuit.training
        updateRange = circuit.updateRange
        self.builder = builder
        ranges = try RangeChecker(builder)
        boundedUpdates = try circuit.updateBound.map {
            try LookupTable("of updates", keys: -$0...$0, builder)
        }
        exponentials = try training.softmax.map { softmax in
            let values = ExponentTable(softmax).values.map { Int($0) }
            return Exponentials(
                table: try FunctionTable("of exponentials", values: values, builder),
                lastKey: values.count - 1)
        }
    }

    var weightRange: ClosedRange<Int> {
        Int(spec.weightRange.lowerBound)...Int(spec.weightRange.upperBound)
    }

    /// A committed batch: inputs in range, labels one-hot.
    func batch(_ kind: WireKind, _ values: (inputs: [Int], labels: [Int])?) throws -> Batch {
        try builder.region("batch") {
            let (rows, classes) = (training.batchSize, spec.classCount)
            let inputs = try ranges.require(
                try builder.wires(kind, "inputs", count: rows * spec.widths[0], integers: values?.inputs),
                in: 0...spec.input.maximumInput, builder)
            let labels = try builder.requireBoolean(
                try builder.wires(kind, "labels", count: rows * classes, integers: values?.labels))
            try builder.requireEqual(labels.groupSums(size: classes), builder.constants([1]))
            return Batch(
                inputs: try ValueMatrix(rows: rows, columns: spec.widths[0], values: inputs),
                labels: try ValueMatrix(rows: rows, columns: classes, values: labels))
        }
    }

    /// One step: the weights after it, committed as `next`.
    func step(_ weights: Values<F>, _ batch: Batch, next: WireKind) throws -> Values<F> {
        let inputs = try forward(batch.inputs, weights)
        let output = try outputGradient(inputs[spec.layerCount - 1].values, weights, batch.labels)
        let gradients = try backward(output, weights, inputs)
        return .concatenated(
            try (0..<spec.layerCount).map { layer in
                try builder.region("layer \(layer + 1)/update") {
                    try updated(
                        layer, weights[weightIndices(layer)], inputs[layer].values, gradients[layer], next)
                }
            })
    }

    // MARK: Weights

    private func weightIndices(_ layer: Int) -> Range<Int> {
        let sizes = (0...layer).map { spec.weightShape(layer: $0).rows * spec.weightShape(layer: $0).columns }
        let start = sizes.dropLast().reduce(0, +)
        return start..<start + sizes[layer]
    }

    /// A layer's weights, inputs × outputs, and the row of biases with the constant that it is multiplied by.
    private func matrix(
        _ weights: Values<F>, _ layer: Int
    ) throws -> (weights: ValueMatrix<F>, bias: (row: Values<F>, scale: Int)?) {
        let (inputs, outputs) = (spec.widths[layer], spec.widths[layer + 1])
        let all = weights[weightIndices(layer)]
        let matrix = try ValueMatrix(rows: inputs, columns: outputs, values: all[0..<inputs * outputs])
        guard spec.hasBias(layer: layer) else { return (matrix, nil) }
        return (matrix, (all[inputs * outputs..<all.count], Int(spec.biasInput(layer: layer))))
    }

    // MARK: Forward

    /// What enters each layer, first layer first.
    private func forward(_ batch: ValueMatrix<F>, _ weights: Values<F>) throws -> [LayerInput] {
        var inputs = [LayerInput(values: batch, mask: nil)]
        for layer in 0..<spec.layerCount - 1 {
            try builder.region("layer \(layer + 1)") {
                let current = inputs[layer].values
                let (matrix, bias) = try matrix(weights, layer)
                let count = current.rows * matrix.columns
                let activated = try builder.region("activation") {
                    try builder.maskedActivation(
                        count: count, shift: spec.activationShift(layer: layer), bits: spec.activations.bits,
                        ranges
                    ) { try product(current, matrix, bias) }
                }
                try require(current, matrix, bias, equals: activated.activation.accumulator)
                inputs.append(
                    LayerInput(
                        values: try ValueMatrix(
                            rows: current.rows, columns: matrix.columns, values: activated.activation.positive
                        ),
                        mask: activated.mask))
            }
        }
        return inputs
    }

    /// The gradient with respect to the last layer's accumulators, which are the logits.
    private func outputGradient(
        _ input: ValueMatrix<F>, _ weights: Values<F>, _ labels: ValueMatrix<F>
    ) throws -> ValueMatrix<F> {
        let layer = spec.layerCount - 1
        let shift = training.logitShift(of: spec)
        let one = 1 << training.outputGradientFractionBits
        // Soft-max: z = t·2^s + rem, |t| < 2^A. Squared error: z + 2^(s−1) = t·2^s + rem, |t| < 2^γ.
        let offset = exponentials == nil ? 1 << (shift - 1) : 0
        let scaled = try builder.region("layer \(layer + 1)") {
            let (matrix, bias) = try matrix(weights, layer)
            let scaled = try builder.region("logits") {
                try builder.activation(
                    count: labels.values.count, shift: shift,
                    bits: exponentials == nil ? training.gradientBits : spec.activations.bits, ranges
                ) { try product(input, matrix, bias).map { $0 &+ offset } }
            }
            try require(input, matrix, bias, equals: scaled.accumulator - offset)
            return scaled.positive - scaled.negative
        }
        return try builder.region("output") {
            let gradient: Values<F>
            if let exponentials {
                let probabilities = try builder.softmax(
                    ValueMatrix(rows: labels.rows, columns: labels.columns, values: scaled),
                    exponentials.table, lastKey: exponentials.lastKey,
                    fractionBits: training.outputGradientFractionBits, ranges)
                // 0 ≤ p ≤ 2^f_g and f_g < γ, so |g| < 2^γ.
                gradient = probabilities - labels.values * one
            } else {
                gradient = try ranges.require(scaled - labels.values * one, in: gradientRange, builder)
            }
            return try ValueMatrix(rows: labels.rows, columns: labels.columns, values: gradient)
        }
    }

    private var gradientRange: ClosedRange<Int> {
        Int(training.gradientRange.lowerBound)...Int(training.gradientRange.upperBound)
    }

    // MARK: Backward

    /// G^ℓ, with respect to the accumulators, of every layer, first layer first.
    private func backward(
        _ output: ValueMatrix<F>, _ weights: Values<F>, _ inputs: [LayerInput]
    ) throws -> [ValueMatrix<F>] {
        var gradients = [output]
        for layer in (0..<spec.layerCount).reversed() {
            guard let mask = inputs[layer].mask else { continue }
            gradients.insert(
                try builder.region("layer \(layer + 1)/backward") {
                    try propagated(gradients[0], try matrix(weights, layer).weights, mask, layer)
                }, at: 0)
        }
        return gradients
    }

    /// R = G·Wᵀ; M·R + 2^(s−1) = g·2^s + rem, 0 ≤ rem < 2^s, |g| < 2^γ.
    private func propagated(
        _ gradient: ValueMatrix<F>, _ weights: ValueMatrix<F>, _ mask: Values<F>, _ layer: Int
    ) throws -> ValueMatrix<F> {
        let transposed = weights.transposed
        let count = gradient.rows * transposed.columns
        let wires = try builder.wires(
            try builder.advice, "sums", count: count, integers: try product(gradient, transposed, nil))
        let sums = try builder.requireProduct(
            gradient, transposed,
            equals: try ValueMatrix(rows: gradient.rows, columns: transposed.columns, values: wires))
        let shift = training.backwardShift(layer: layer, of: spec)
        let half = 1 << (shift - 1)
        let scaled = try builder.region("gradient") {
            try builder.activation(count: count, shift: shift, bits: training.gradientBits, ranges) {
                zip(try sums.values.integers(), try mask.integers()).map { $0 &* $1 &+ half }
            }
        }
        try builder.constrain(sums.values, times: mask, equals: scaled.accumulator - half)
        return try ValueMatrix(
            rows: gradient.rows, columns: transposed.columns, values: scaled.positive - scaled.negative)
    }

    // MARK: Update

    /// W' with (A^ℓ)ᵀ·(num·G^ℓ) + 2^(s−1) = (W − W')·2^s + rem, 0 ≤ rem < 2^s, W' and W − W' in range.
    ///
    /// The weight gradient needs no wires: it is a linear combination of W, W' and rem.
    private func updated(
        _ layer: Int, _ weights: Values<F>, _ input: ValueMatrix<F>, _ gradient: ValueMatrix<F>,
        _ kind: WireKind
    ) throws -> Values<F> {
        let shift = training.updateShift(layer: layer, of: spec)
        let half = 1 << (shift - 1)
        let transposed = try self.transposed(input, layer)
        let scaledGradient = try ValueMatrix(
            rows: gradient.rows, columns: gradient.columns,
            values: gradient.values * training.learningRate.numerator)
        let sums = builder.isWitness ? try product(transposed, scaledGradient, nil).map { $0 &+ half } : []
        let old = builder.isWitness ? try weights.integers() : []

        let next = try ranges.require(
            try builder.wires(
                kind, "weights", count: weights.count,
                integers: zip(old, sums).map { $0 &- ($1 >> shift) }), in: weightRange, builder)
        let remainder = try ranges.require(
            try builder.wires(
                try builder.advice, "rem", count: weights.count,
                integers: sums.map { $0 & (1 << shift - 1) }), in: 0...(1 << shift - 1), builder)
        let update = try inUpdateRange(weights - next)
        _ = try builder.requireProduct(
            transposed, scaledGradient,
            equals: try ValueMatrix(
                rows: transposed.rows, columns: gradient.columns,
                values: update * (1 << shift) + remainder - half))
        return next
    }

    private func inUpdateRange(_ updates: Values<F>) throws -> Values<F> {
        guard let boundedUpdates else { return try ranges.require(updates, in: updateRange, builder) }
        try boundedUpdates.require(updates, builder)
        return updates.bounded(by: Interval(updateRange))
    }

    /// (A^ℓ)ᵀ, the constant of the biases as its last row.
    private func transposed(_ input: ValueMatrix<F>, _ layer: Int) throws -> ValueMatrix<F> {
        let transposed = input.transposed
        guard spec.hasBias(layer: layer) else { return transposed }
        let constants = builder.constants(
            Array(repeating: Int(spec.biasInput(layer: layer)), count: input.rows))
        return try ValueMatrix(
            rows: transposed.rows + 1, columns: input.rows,
            values: .concatenated([transposed.values, constants]))
    }

    // MARK: Products

    /// X·W with biases, while a witness is made.
    private func product(
        _ x: ValueMatrix<F>, _ w: ValueMatrix<F>, _ bias: (row: Values<F>, scale: Int)?
    ) throws -> [Int] {
        try IntegerMatrix.product(
            try x.values.integers(), try w.values.integers(), inner: w.rows,
            bias: try bias.map { bias in try bias.row.integers().map { $0 &* bias.scale } })
    }

    private func require(
        _ x: ValueMatrix<F>, _ w: ValueMatrix<F>, _ bias: (row: Values<F>, scale: Int)?, equals z: Values<F>
    ) throws {
        _ = try builder.requireProduct(
            x, w, bias: bias, equals: try ValueMatrix(rows: x.rows, columns: w.columns, values: z))
    }
}
