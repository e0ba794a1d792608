/// Shapes, shifts and ranges that follow from a specification; meaningful after `validate()`.
extension ModelSpec {
    /// Number of weight matrices.
    public var layerCount: Int { widths.count - 1 }

    public var classCount: Int { widths[widths.count - 1] }

    /// Rows and columns of a layer's weight matrix: inputs (with the constant, if there are biases) × outputs.
    public func weightShape(layer: Int) -> (rows: Int, columns: Int) {
        (widths[layer] + (bias ? 1 : 0), widths[layer + 1])
    }

    /// Number of weights in all layers, biases included.
    public var weightCount: Int {
        (0..<layerCount).reduce(0) { $0 + weightShape(layer: $1).rows * weightShape(layer: $1).columns }
    }

    /// The weights' range, two's complement; updates have the same.
    public var weightRange: ClosedRange<Int64> {
        -(1 << (weights.bits - 1))...(1 << (weights.bits - 1)) - 1
    }

    /// The range of rescaled pre-activations and rescaled logits, symmetric.
    public var activationRange: ClosedRange<Int64> {
        -((1 << activations.bits) - 1)...(1 << activations.bits) - 1
    }

    /// Fraction bits of a layer's input.
    public func inputFractionBits(layer: Int) -> Int {
        layer == 0 ? input.fractionBits : activations.fractionBits
    }

    /// The constant 1 that extends a layer's input where there are biases.
    public func biasInput(layer: Int) -> Int64 { 1 << Int64(inputFractionBits(layer: layer)) }

    /// The largest input of a layer, the constant included.
    public func maximumInput(layer: Int) -> Int64 {
        let largest = layer == 0 ? Int64(input.maximumInput) : activationRange.upperBound
        return bias ? max(largest, biasInput(layer: layer)) : largest
    }

    /// The bound inputs·maximumInput·2^(weightBits-1) of a layer's accumulators |z|.
    public func maximumAccumulator(layer: Int) -> Int64 {
        Int64(weightShape(layer: layer).rows) * maximumInput(layer: layer) << Int64(weights.bits - 1)
    }

    /// The shift of a hidden layer's rescale: z = q·2^shift + rem.
    public func activationShift(layer: Int) -> Int {
        inputFractionBits(layer: layer) + weights.fractionBits - activations.fractionBits
    }
}

extension ModelSpec {
    /// The training part, or an error where there is none.
    func requireTraining() throws(LearningError) -> TrainingSpec {
        guard let training else { throw .spec(field: "training", reason: "missing, but needed to train") }
        return training
    }
}

extension TrainingSpec {
    /// The range of all gradients with respect to pre-activations and logits.
    public var gradientRange: ClosedRange<Int64> { -((1 << gradientBits) - 1)...(1 << gradientBits) - 1 }

    /// Fraction bits of the gradient with respect to a layer's pre-activation.
    public func gradientFractionBits(layer: Int, of spec: ModelSpec) -> Int {
        layer == spec.layerCount - 1 ? outputGradientFractionBits : hiddenGradientFractionBits
    }

    /// The shift from logit accumulators to rescaled logits (soft-max) or outputs (squared error).
    public func logitShift(of spec: ModelSpec) -> Int {
        let target = softmax?.logitFractionBits ?? outputGradientFractionBits
        return spec.inputFractionBits(layer: spec.layerCount - 1) + spec.weights.fractionBits - target
    }

    /// The shift of the gradient that layer ≥ 1 hands down: fraction bits of g·Wᵀ minus those of hidden gradients.
    public func backwardShift(layer: Int, of spec: ModelSpec) -> Int {
        gradientFractionBits(layer: layer, of: spec) + spec.weights.fractionBits - hiddenGradientFractionBits
    }

    /// The shift of a layer's update: q = round(numerator·dW / 2^shift), which divides by the batch size too.
    public func updateShift(layer: Int, of spec: ModelSpec) -> Int {
        spec.inputFractionBits(layer: layer) + gradientFractionBits(layer: layer, of: spec) + batchShift
            + learningRate.shift - spec.weights.fractionBits
    }

    /// The bound batch·maximumInput·2^gradientBits of a layer's weight gradients |dW|.
    public func maximumWeightGradient(layer: Int, of spec: ModelSpec) -> Int64 {
        Int64(batchSize) * spec.maximumInput(layer: layer) * gradientRange.upperBound
    }

    /// The bound outputs·2^gradientBits·2^(weightBits-1) of the propagated sums |g·Wᵀ| of layer ≥ 1.
    public func maximumPropagated(layer: Int, of spec: ModelSpec) -> Int64 {
        Int64(spec.widths[layer + 1]) * gradientRange.upperBound << Int64(spec.weights.bits - 1)
    }
}
