/// Shapes, shifts and ranges that follow from a specification; meaningful after `validate()`.
extension ModelSpec {
    /// Number of layers with weights.
    public var layerCount: Int { architecture.layers.count }

    /// Values of one sample that enter each layer, then the classes; setting them makes every layer dense.
    public var widths: [Int] {
        get { architecture.widths }
        set { architecture = Architecture(widths: newValue, bias: architecture.layers.first?.bias ?? false) }
    }

    public var classCount: Int {
        guard case .dense(let last)? = architecture.layers.last else { return 0 }
        return last.units
    }

    /// Whether a layer's input is extended by the constant 1 (as 2^f), whose weights are the biases.
    public func hasBias(layer: Int) -> Bool { architecture.layers[layer].bias }

    /// The shapes of a layer.
    public func geometry(layer: Int) -> LayerGeometry { architecture.geometries[layer] }

    /// Rows and columns of a layer's weight matrix: values in a window (with the constant, if there are biases), in the
    /// order (channel, row, column), × output channels or units.
    public func weightShape(layer: Int) -> (rows: Int, columns: Int) {
        let geometry = geometry(layer: layer)
        return (geometry.weightRows, geometry.output.channels)
    }

    /// Number of weights in all layers, biases included.
    public var weightCount: Int {
        architecture.geometries.reduce(0) { $0 + $1.weightRows * $1.output.channels }
    }

    /// The weights' range, two's complement; updates have the same.
    public var weightRange: ClosedRange<Int64> {
        -(1 << (weights.bits - 1))...(1 << (weights.bits - 1)) - 1
    }

    /// The range of rescaled pre-activations and rescaled logits, symmetric.
    public var activationRange: ClosedRange<Int64> {
        -((1 << activations.bits) - 1)...(1 << activations.bits) - 1
    }

    /// m where averages of 2^m activations enter a layer, else 0: these are sums, with m fraction bits more.
    public func poolingShift(before layer: Int) -> Int {
        guard layer > 0, case .convolution(let below) = architecture.layers[layer - 1] else { return 0 }
        return below.pooling?.shift ?? 0
    }

    /// Fraction bits of a layer's input.
    public func inputFractionBits(layer: Int) -> Int {
        layer == 0 ? input.fractionBits : activations.fractionBits + poolingShift(before: layer)
    }

    /// The constant 1 that extends a layer's input where there are biases.
    public func biasInput(layer: Int) -> Int64 { 1 << Int64(inputFractionBits(layer: layer)) }

    /// The largest input of a layer, the constant included.
    public func maximumInput(layer: Int) -> Int64 {
        let largest =
            layer == 0
            ? Int64(input.maximumInput)
            : activationRange.upperBound << Int64(poolingShift(before: layer))
        return hasBias(layer: layer) ? max(largest, biasInput(layer: layer)) : largest
    }

    /// The bound rows·maximumInput·2^(weightBits-1) of a layer's accumulators |z|.
    public func maximumAccumulator(layer: Int) -> Int64 {
        Bound.product(
            Int64(weightShape(layer: layer).rows), maximumInput(layer: layer), 1 << Int64(weights.bits - 1))
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

    /// The shift of the gradient that layer ≥ 1 hands down: fraction bits of g·Wᵀ minus those of hidden gradients, and
    /// the m of averages of 2^m values between the layers.
    public func backwardShift(layer: Int, of spec: ModelSpec) -> Int {
        gradientFractionBits(layer: layer, of: spec) + spec.weights.fractionBits - hiddenGradientFractionBits
            + spec.poolingShift(before: layer)
    }

    /// The shift of a layer's update: q = round(numerator·dW / 2^shift), which divides by the batch size too.
    public func updateShift(layer: Int, of spec: ModelSpec) -> Int {
        spec.inputFractionBits(layer: layer) + gradientFractionBits(layer: layer, of: spec) + batchShift
            + learningRate.shift - spec.weights.fractionBits
    }

    /// The bound batch·positions·maximumInput·2^gradientBits of a layer's weight gradients |dW|.
    public func maximumWeightGradient(layer: Int, of spec: ModelSpec) -> Int64 {
        Bound.product(
            Int64(batchSize), Int64(spec.geometry(layer: layer).positions), spec.maximumInput(layer: layer),
            gradientRange.upperBound)
    }

    /// The bound outputs·windows·2^gradientBits·2^(weightBits-1) of the propagated sums of layer ≥ 1, with as many
    /// windows as contain an input at most.
    public func maximumPropagated(layer: Int, of spec: ModelSpec) -> Int64 {
        let geometry = spec.geometry(layer: layer)
        return Bound.product(
            Int64(geometry.output.channels), Int64(geometry.windowsPerInput), gradientRange.upperBound,
            1 << Int64(spec.weights.bits - 1))
    }
}
