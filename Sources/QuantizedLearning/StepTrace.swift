/// Every integer of one step of stochastic gradient descent, in the form in which a circuit takes them.
///
/// The step is `QuantizedModel.stepTrace(inputs:labels:)`, written by the definition; `IntegerTrainer` computes the
/// same integers fast.
public struct StepTrace: Sendable, Equatable {
    public let labels: [UInt8]
    public let forward: InferenceTrace
    public let output: OutputTrace
    /// One per layer, first layer first.
    public let backward: [BackwardTrace]
    /// The model after the step.
    public let nextModel: QuantizedModel
}

/// From logits to the gradient with respect to them, samples × classes.
public struct OutputTrace: Sendable, Equatable {
    /// t = floor((z + offset) / 2^s); offset is 0 for the soft-max and 2^(s-1) for the squared error.
    public let scaledLogits: Matrix<Int64>
    /// z + offset - t·2^s.
    public let scaledRemainder: Matrix<Int64>
    /// Absent for the squared error.
    public let softmax: SoftmaxTrace?
    /// g = p - 2^g·onehot(label), with t in place of p for the squared error.
    public let gradient: Matrix<Int64>
}

/// What happens in one layer on the way back.
public struct BackwardTrace: Sendable, Equatable {
    /// G, with respect to this layer's accumulators, samples × outputs.
    public let gradient: Matrix<Int64>
    /// What is handed to the layer below; absent for layer 0.
    public let propagated: PropagatedTrace?
    /// dW = Aᵀ·G, inputs × outputs, summed over the batch.
    public let weightGradient: Matrix<Int64>
    /// q = floor((numerator·dW + 2^(s-1)) / 2^s).
    public let update: Matrix<Int64>
    /// numerator·dW + 2^(s-1) - q·2^s.
    public let updateRemainder: Matrix<Int64>
    /// W' = W - q.
    public let nextWeights: Matrix<Int64>
}

/// From a layer's gradient to that of the layer below, samples × units below.
public struct PropagatedTrace: Sendable, Equatable {
    /// R = G·Wᵀ with the weights before the step; the bias row takes no part.
    public let sums: Matrix<Int64>
    /// M, 1 where the unit's p > 0, else 0.
    public let mask: Matrix<Int64>
    /// floor((M·R + 2^(s-1)) / 2^s): the gradient of the layer below.
    public let gradient: Matrix<Int64>
    /// M·R + 2^(s-1) - gradient·2^s.
    public let remainder: Matrix<Int64>
}

extension QuantizedModel {
    /// One step of stochastic gradient descent by its definition, with all intermediate values.
    ///
    /// - Parameters:
    ///   - inputs: batch × inputs as `ModelSpec.inputs(of:)` gives them; exactly the specification's batch size.
    ///   - labels: one per sample.
    /// - Throws: `LearningError.outOfRange` where a value leaves its range, `LearningError.spec` without training part.
    public func stepTrace(inputs: Matrix<Int64>, labels: [UInt8]) throws(LearningError) -> StepTrace {
        let training = try spec.requireTraining()
        guard inputs.rows == training.batchSize, labels.count == training.batchSize else {
            throw .dataset(reason: "\(inputs.rows) samples instead of a batch of \(training.batchSize)")
        }
        guard labels.allSatisfy({ $0 < spec.classCount }) else {
            throw .dataset(reason: "a label is not among the \(spec.classCount) classes")
        }
        let forward = try inferenceTrace(inputs: inputs)
        let output = try OutputTrace(logits: forward.logits, labels: labels, spec: spec, training: training)
        var gradient = output.gradient
        var backward = [BackwardTrace]()
        for layer in (0..<spec.layerCount).reversed() {
            let trace = try backwardTrace(
                layer: layer, input: forward.layers[layer].input, gradient: gradient, training: training)
            gradient = trace.propagated?.gradient ?? gradient
            backward.append(trace)
        }
        backward.reverse()
        let next = try QuantizedModel(
            spec: spec, weights: backward.map { $0.nextWeights.map { Int16(truncatingIfNeeded: $0) } })
        return StepTrace(
            labels: labels, forward: forward, output: output, backward: backward, nextModel: next)
    }

    private func backwardTrace(
        layer: Int, input: Matrix<Int64>, gradient: Matrix<Int64>, training: TrainingSpec
    ) throws(LearningError) -> BackwardTrace {
        let matrix = weights[layer].map(Int64.init)
        let propagated =
            layer == 0
            ? nil
            : try PropagatedTrace(
                gradient: gradient, weights: matrix, input: input, layer: layer, spec: spec,
                training: training)
        let weightGradient = input.transposed.times(gradient)
        let shift = training.updateShift(layer: layer, of: spec)
        let update = try weightGradient.map { $0 * Int64(training.learningRate.numerator) }.rescaled(
            by: shift, offset: 1 << Int64(shift - 1), range: spec.weightRange, .update, layer: layer)
        var next = matrix
        for index in next.elements.indices {
            next.elements[index] = try RangeViolation.check(
                matrix.elements[index] - update.values.elements[index], in: spec.weightRange, .weight,
                layer: layer, row: index / next.columns, column: index % next.columns)
        }
        return BackwardTrace(
            gradient: gradient, propagated: propagated, weightGradient: weightGradient,
            update: update.values, updateRemainder: update.remainders, nextWeights: next)
    }
}

extension PropagatedTrace {
    init(
        gradient: Matrix<Int64>, weights: Matrix<Int64>, input: Matrix<Int64>, layer: Int, spec: ModelSpec,
        training: TrainingSpec
    ) throws(LearningError) {
        let units = spec.widths[layer]
        let withoutBias = Matrix(
            rows: units, columns: weights.columns,
            elements: Array(weights.elements.prefix(units * weights.columns)))
        let sums = gradient.times(withoutBias.transposed)
        var mask = sums
        var masked = sums
        for row in 0..<sums.rows {
            for unit in 0..<units {
                mask[row, unit] = input[row, unit] > 0 ? 1 : 0
                masked[row, unit] = sums[row, unit] * mask[row, unit]
            }
        }
        let shift = training.backwardShift(layer: layer, of: spec)
        let rescaled = try masked.rescaled(
            by: shift, offset: 1 << Int64(shift - 1), range: training.gradientRange, .gradient,
            layer: layer - 1)
        self.init(
            sums: sums, mask: mask, gradient: rescaled.values, remainder: rescaled.remainders)
    }
}

extension OutputTrace {
    init(
        logits: Matrix<Int64>, labels: [UInt8], spec: ModelSpec, training: TrainingSpec
    ) throws(LearningError) {
        let layer = spec.layerCount - 1
        let shift = training.logitShift(of: spec)
        let softmax: SoftmaxTrace?
        var gradient: Matrix<Int64>
        let scaled: (values: Matrix<Int64>, remainders: Matrix<Int64>)
        if let table = training.softmax {
            scaled = try logits.rescaled(by: shift, range: spec.activationRange, .logit, layer: layer)
            let trace = SoftmaxTrace(
                scaledLogits: scaled.values, table: ExponentTable(table),
                fractionBits: training.outputGradientFractionBits)
            softmax = trace
            gradient = trace.probability
        } else {
            scaled = try logits.rescaled(
                by: shift, offset: 1 << Int64(shift - 1), range: training.gradientRange, .logit, layer: layer)
            softmax = nil
            gradient = scaled.values
        }
        for (row, label) in labels.enumerated() {
            gradient[row, Int(label)] = try RangeViolation.check(
                gradient[row, Int(label)] - 1 << Int64(training.outputGradientFractionBits),
                in: training.gradientRange, .gradient, layer: layer, row: row, column: Int(label))
        }
        self.init(
            scaledLogits: scaled.values, scaledRemainder: scaled.remainders, softmax: softmax,
            gradient: gradient)
    }
}
