import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

// The way back: gradients from layer to layer, and the update of the weights.

extension TrainingStepSynthesis {
    /// G^ℓ, with respect to the accumulators, of every layer, first layer first.
    func backward(
        _ output: Values<F>, _ weights: Values<F>, _ inputs: [LayerInput]
    ) throws -> [Values<F>] {
        var gradients = [output]
        for layer in layers.indices.dropFirst().reversed() {
            gradients.insert(
                try builder.region("layer \(layer + 1)/backward") {
                    try propagated(
                        gradients[0], try layers[layer].weights(of: weights), inputs[layer].below, layer)
                }, at: 0)
        }
        return gradients
    }

    /// The gradient of the layer below, from R = G·Wᵀ, added up over the windows of a convolution.
    ///
    /// M·R + 2^(s−1) = g·2^s + rem, 0 ≤ rem < 2^s, |g| < 2^γ; below an average R + 2^(s−1). The gradients of
    /// pooled values go to the members of their windows: s·g below a maximum, M·g below an average.
    private func propagated(
        _ gradient: Values<F>, _ weights: LayerSynthesis<F>.Weights, _ below: Below, _ layer: Int
    ) throws -> Values<F> {
        switch below {
        case .none: throw CircuitError.malformed("the first layer hands no gradient down")
        case .activations(let mask): return try masked(gradient, weights, mask, layer)
        case .maxima(let mask, let selector):
            return try spread(
                try masked(gradient, weights, mask, layer), over: selector, of: layers[layer - 1])
        case .averages(let mask):
            let (shift, half) = backwardShift(layer)
            let count = layers[layer].samples * layers[layer].geometry.input.count
            let scaled = try builder.region("gradient") {
                try builder.activation(count: count, shift: shift, bits: training.gradientBits, ranges) {
                    try layers[layer].inputGradient(gradient, weights).map { $0 &+ half }
                }
            }
            // R needs no wires: it is a linear combination of the rescaled gradient and its remainder.
            try layers[layer].requireInputGradient(
                gradient, weights, equals: scaled.accumulator - half, builder)
            return try spread(scaled.positive - scaled.negative, over: mask, of: layers[layer - 1])
        }
    }

    /// ⌊(M·R + 2^(s−1))/2^s⌋.
    private func masked(
        _ gradient: Values<F>, _ weights: LayerSynthesis<F>.Weights, _ mask: Values<F>, _ layer: Int
    ) throws -> Values<F> {
        let wires = try builder.wires(
            try builder.advice, "sums", count: mask.count,
            integers: try layers[layer].inputGradient(gradient, weights))
        let sums = try layers[layer].requireInputGradient(gradient, weights, equals: wires, builder)
        let (shift, half) = backwardShift(layer)
        let scaled = try builder.region("gradient") {
            try builder.activation(count: mask.count, shift: shift, bits: training.gradientBits, ranges) {
                zip(try sums.integers(), try mask.integers()).map { $0 &* $1 &+ half }
            }
        }
        try builder.constrain(sums, times: mask, equals: scaled.accumulator - half)
        return scaled.positive - scaled.negative
    }

    /// Each window's gradient times its members' bits, 0 for outputs in no window; in the order of the outputs.
    private func spread(
        _ gradient: Values<F>, over bits: Values<F>, of layer: LayerSynthesis<F>
    ) throws -> Values<F> {
        let area = bits.count / gradient.count
        let members = try builder.region("spread") {
            try builder.product(
                gradient.gathered((0..<bits.count).map { $0 / area }), bits,
                kind: try builder.advice, name: "gradient")
        }
        return layer.scattered(members)
    }

    private func backwardShift(_ layer: Int) -> (shift: Int, half: Int) {
        let shift = training.backwardShift(layer: layer, of: spec)
        return (shift, 1 << (shift - 1))
    }

    // MARK: Update

    /// W' with (A^ℓ)ᵀ·(num·G^ℓ) + 2^(s−1) = (W − W')·2^s + rem, 0 ≤ rem < 2^s, W' and W − W' in range.
    ///
    /// The weight gradient needs no wires: it is a linear combination of W, W' and rem.
    func updated(
        _ layer: Int, _ all: Values<F>, _ input: Values<F>, _ gradient: Values<F>, _ kind: WireKind
    ) throws -> Values<F> {
        let weights = all[layers[layer].weightIndices]
        let shift = training.updateShift(layer: layer, of: spec)
        let half = 1 << (shift - 1)
        let scaledGradient = gradient * training.learningRate.numerator
        let sums =
            builder.isWitness
            ? try layers[layer].weightGradient(input, scaledGradient).map { $0 &+ half } : []
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
        try layers[layer].requireWeightGradient(
            input, scaledGradient, equals: update * (1 << shift) + remainder - half, builder)
        return next
    }

    private func inUpdateRange(_ updates: Values<F>) throws -> Values<F> {
        guard let boundedUpdates else { return try ranges.require(updates, in: updateRange, builder) }
        try boundedUpdates.require(updates, builder)
        return updates.bounded(by: Interval(updateRange))
    }
}
