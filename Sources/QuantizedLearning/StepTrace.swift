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
    /// dW = Aᵀ·G with the windows of A, weight rows × output channels or units, summed over positions and batch.
    public let weightGradient: Matrix<Int64>
    /// q = floor((numerator·dW + 2^(s-1)) / 2^s).
    public let update: Matrix<Int64>
    /// numerator·dW + 2^(s-1) - q·2^s.
    public let updateRemainder: Matrix<Int64>
    /// W' = W - q.
    public let nextWeights: Matrix<Int64>
}

/// From a layer's gradient to that of the layer below, in the geometry of the layer below.
public struct PropagatedTrace: Sendable, Equatable {
    /// R = G·Wᵀ with the weights before the step, samples × inputs of this layer; for a convolution each window's row of
    /// G·Wᵀ is added to the inputs it came from. The bias row takes no part.
    public let sums: Matrix<Int64>
    /// M, 1 where p > 0, else 0: with p this layer's inputs, samples × inputs; below an average with p the outputs
    /// before pooling, samples × outputs.
    public let mask: Matrix<Int64>
    /// g' = floor((M·R + 2^(s-1)) / 2^s), samples × inputs; below an average floor((R + 2^(s-1)) / 2^s).
    public let scaled: Matrix<Int64>
    /// M·R + 2^(s-1) - g'·2^s; below an average R + 2^(s-1) - g'·2^s.
    public let remainder: Matrix<Int64>
    /// The gradient of the layer below, samples × outputs before pooling: g' itself without pooling; below a maximum
    /// selector·g' and below an average M·g', with the g' of an output's window, and 0 for outputs in no window.
    public let gradient: Matrix<Int64>
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
                layer: layer, forward: forward, gradient: gradient, training: training)
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
        layer: Int, forward: InferenceTrace, gradient: Matrix<Int64>, training: TrainingSpec
    ) throws(LearningError) -> BackwardTrace {
        let geometry = spec.geometry(layer: layer)
        let matrix = weights[layer].map(Int64.init)
        let byPosition = geometry.byPosition(gradient)
        let propagated =
            layer == 0
            ? nil
            : try PropagatedTrace(
                sums: geometry.scattered(
                    byPosition.times(matrix.prefix(rows: geometry.windowLength).transposed)),
                below: forward.layers[layer - 1], layer: layer, spec: spec, training: training)
        let weightGradient = forward.layers[layer].windows.transposed.times(byPosition)
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
    /// - Parameter below: the layer that receives the gradient, layer - 1.
    init(
        sums: Matrix<Int64>, below: LayerTrace, layer: Int, spec: ModelSpec, training: TrainingSpec
    ) throws(LearningError) {
        let geometry = spec.geometry(layer: layer - 1)
        let isAverage = geometry.pooling?.kind == .average
        guard let activation = below.activation, let output = below.output else {
            throw .model(reason: "layer \(layer - 1) has no activations")
        }
        let mask = (isAverage ? activation.positive : output).map { $0 > 0 ? 1 : 0 as Int64 }
        var masked = sums
        if !isAverage {
            for index in sums.elements.indices { masked.elements[index] *= mask.elements[index] }
        }
        let shift = training.backwardShift(layer: layer, of: spec)
        let rescaled = try masked.rescaled(
            by: shift, offset: 1 << Int64(shift - 1), range: training.gradientRange, .gradient,
            layer: layer - 1)
        var gradient = rescaled.values
        if let share = below.pooling?.selector ?? (isAverage ? mask : nil) {
            gradient = Matrix(rows: sums.rows, columns: geometry.output.count, repeating: 0)
            for window in geometry.poolingWindows {
                for member in window.members {
                    for sample in 0..<sums.rows {
                        gradient[sample, member] =
                            share[sample, member] * rescaled.values[sample, window.pooled]
                    }
                }
            }
        }
        self.init(
            sums: sums, mask: mask, scaled: rescaled.values, remainder: rescaled.remainders,
            gradient: gradient)
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
