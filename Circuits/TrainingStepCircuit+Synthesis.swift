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
    /// First layer first.
    let layers: [LayerSynthesis<F>]
    /// Present exactly for the soft-max.
    let exponentials: Exponentials?
    /// All updates that the bound allows, if there is one: a look-up is half of what two ends would cost.
    let boundedUpdates: LookupTable<F>?

    struct Exponentials {
        let table: FunctionTable<F>
        let lastKey: Int
    }

    struct Batch {
        let inputs: Values<F>
        let labels: ValueMatrix<F>
    }

    /// What enters a layer, and how its gradient goes back to the accumulators of the layer below.
    struct LayerInput {
        /// A^ℓ without the constant of the biases.
        let values: Values<F>
        let below: Below
    }

    /// Which gradients pass to the layer below.
    enum Below {
        /// There is none: the first layer.
        case none
        /// M, 1 where the input is positive.
        case activations(mask: Values<F>)
        /// Sums of windows; M, 1 where an output before pooling is positive, window by window.
        case averages(mask: Values<F>)
        /// Maxima of windows; M, 1 where the input is positive, and 1 where a window's first maximum is.
        case maxima(mask: Values<F>, selector: Values<F>)
    }

    init(_ circuit: TrainingStepCircuit, _ builder: CircuitBuilder<F>) throws {
        spec = circuit.spec
        training = circuit.training
        updateRange = circuit.updateRange
        self.builder = builder
        ranges = try RangeChecker(builder)
        layers = try LayerSynthesis.layers(of: spec, samples: training.batchSize, builder)
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
                try builder.wires(
                    kind, "inputs", count: rows * spec.architecture.input.count,
                    integers: values?.inputs),
                in: 0...spec.input.maximumInput, builder)
            let labels = try builder.requireBoolean(
                try builder.wires(kind, "labels", count: rows * classes, integers: values?.labels))
            try builder.requireEqual(labels.groupSums(size: classes), builder.constants([1]))
            return Batch(
                inputs: inputs,
                labels: try ValueMatrix(rows: rows, columns: classes, values: labels))
        }
    }

    /// One step: the weights after it, committed as `next`.
    func step(_ weights: Values<F>, _ batch: Batch, next: WireKind) throws -> Values<F> {
        let inputs = try forward(batch.inputs, weights)
        let output = try outputGradient(inputs[spec.layerCount - 1].values, weights, batch.labels)
        let gradients = try backward(output, weights, inputs)
        return .concatenated(
            try layers.indices.map { layer in
                try builder.region("layer \(layer + 1)/update") {
                    try updated(layer, weights, inputs[layer].values, gradients[layer], next)
                }
            })
    }

    // MARK: Forward

    /// What enters each layer, first layer first.
    private func forward(_ batch: Values<F>, _ weights: Values<F>) throws -> [LayerInput] {
        var inputs = [LayerInput(values: batch, below: .none)]
        for (index, layer) in layers.dropLast().enumerated() {
            try builder.region("layer \(index + 1)") {
                let current = inputs[index].values
                inputs.append(try activated(index, layer, current, try layer.weights(of: weights)))
            }
        }
        return inputs
    }

    /// The outputs of a hidden layer, pooled, with what the way back needs.
    private func activated(
        _ index: Int, _ layer: LayerSynthesis<F>, _ input: Values<F>, _ weights: LayerSynthesis<F>.Weights
    ) throws -> LayerInput {
        let (shift, bits) = (spec.activationShift(layer: index), spec.activations.bits)
        let accumulators = { try layer.accumulators(input, weights) }
        if let pooling = layer.geometry.pooling, pooling.kind == .maximum {
            // Only the maxima need a mask.
            let activation = try builder.region("activation") {
                try builder.activation(
                    count: layer.outputCount, shift: shift, bits: bits, ranges, accumulators: accumulators)
            }
            try layer.requireAccumulators(input, weights, equal: activation.accumulator, builder)
            return try builder.region("pooling") {
                let pooled = try builder.firstMaximum(
                    ofRows: layer.windows(of: activation.positive, pooling), ranges)
                return LayerInput(
                    values: pooled.maximum,
                    below: .maxima(
                        mask: try builder.isPositive(pooled.maximum, ranges), selector: pooled.selector.values
                    ))
            }
        }
        let activated = try builder.region("activation") {
            try builder.maskedActivation(
                count: layer.outputCount, shift: shift, bits: bits, ranges, accumulators: accumulators)
        }
        let positive = activated.activation.positive
        try layer.requireAccumulators(input, weights, equal: activated.activation.accumulator, builder)
        guard let pooling = layer.geometry.pooling else {
            return LayerInput(values: positive, below: .activations(mask: activated.mask))
        }
        let windows = try layer.windows(of: positive, pooling)
        return LayerInput(
            values: windows.values.groupSums(size: windows.columns),
            below: .averages(mask: activated.mask.gathered(layer.windowMembers)))
    }

    /// The gradient with respect to the last layer's accumulators, which are the logits.
    private func outputGradient(
        _ input: Values<F>, _ weights: Values<F>, _ labels: ValueMatrix<F>
    ) throws -> Values<F> {
        let layer = spec.layerCount - 1
        let shift = training.logitShift(of: spec)
        let one = 1 << training.outputGradientFractionBits
        // Soft-max: z = t·2^s + rem, |t| < 2^A. Squared error: z + 2^(s−1) = t·2^s + rem, |t| < 2^γ.
        let offset = exponentials == nil ? 1 << (shift - 1) : 0
        let scaled = try builder.region("layer \(layer + 1)") {
            let own = try layers[layer].weights(of: weights)
            let scaled = try builder.region("logits") {
                try builder.activation(
                    count: labels.values.count, shift: shift,
                    bits: exponentials == nil ? training.gradientBits : spec.activations.bits, ranges
                ) { try layers[layer].accumulators(input, own).map { $0 &+ offset } }
            }
            try layers[layer].requireAccumulators(input, own, equal: scaled.accumulator - offset, builder)
            return scaled.positive - scaled.negative
        }
        return try builder.region("output") {
            guard let exponentials else {
                return try ranges.require(scaled - labels.values * one, in: gradientRange, builder)
            }
            let probabilities = try builder.softmax(
                ValueMatrix(rows: labels.rows, columns: labels.columns, values: scaled),
                exponentials.table, lastKey: exponentials.lastKey,
                fractionBits: training.outputGradientFractionBits, ranges)
            // 0 ≤ p ≤ 2^f_g and f_g < γ, so |g| < 2^γ.
            return probabilities - labels.values * one
        }
    }

    private var gradientRange: ClosedRange<Int> {
        Int(training.gradientRange.lowerBound)...Int(training.gradientRange.upperBound)
    }
}
