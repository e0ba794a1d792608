import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

extension QualityCircuit {
    /// The circuit for both modes of the builder, with the values of a witness.
    ///
    /// For tests and for circuits that contain this one; `constraints` and `witness` are what a prover needs.
    public func synthesize<F: PrimeField>(
        _ builder: CircuitBuilder<F>, model: QuantizedModel, testSet: Dataset, least: Int
    ) throws {
        try synthesize(
            builder, try QualityInputs(model: model, testSet: testSet, least: least, circuit: self))
    }

    /// The circuit itself, for both modes of the builder; `inputs` is `nil` while it is recorded.
    func synthesize<F: PrimeField>(_ builder: CircuitBuilder<F>, _ inputs: QualityInputs?) throws {
        let ranges = try RangeChecker(builder)
        let model = WireKind.committed(try builder.segment(Self.linkedSegments[0], isLinked: true))
        let testSet = WireKind.committed(try builder.segment(Self.linkedSegments[1], isLinked: true))
        let least = try builder.wires(
            .statement, "least correct", count: 1, interval: Interval(0...sampleCount),
            integers: inputs.map { [$0.least] })

        let weights = try builder.region("model") {
            let weights = try builder.wires(
                model, "weights", count: spec.weightCount, integers: inputs?.weights)
            return try ranges.require(
                weights, in: Int(spec.weightRange.lowerBound)...Int(spec.weightRange.upperBound), builder)
        }
        let (pixels, labels) = try builder.region("test set") {
            let pixels = try builder.wires(
                testSet, "inputs", count: sampleCount * spec.architecture.input.count,
                interval: Interval(0...spec.input.maximumInput), integers: inputs?.pixels)
            let labels = try builder.wires(
                testSet, "labels", count: sampleCount * spec.classCount, interval: .bit,
                integers: inputs?.labels)
            return (
                pixels, try ValueMatrix(rows: sampleCount, columns: spec.classCount, values: labels)
            )
        }

        let logits = try forward(pixels, weights, ranges, builder)
        try builder.region("correct") {
            let correct = try builder.correctPredictions(logits: logits, labels: labels, ranges)
            try builder.requireCount(of: correct, atLeast: least, ranges)
        }
    }

    /// All layers: from the inputs to the logits.
    private func forward<F: PrimeField>(
        _ inputs: Values<F>, _ weights: Values<F>, _ ranges: RangeChecker<F>, _ builder: CircuitBuilder<F>
    ) throws -> ValueMatrix<F> {
        var current = inputs
        let layers = try LayerSynthesis.layers(of: spec, samples: sampleCount, builder)
        for (index, layer) in layers.enumerated() {
            try builder.region("layer \(index + 1)") {
                current = try apply(
                    index, layer, current, try layer.weights(of: weights), ranges, builder)
            }
        }
        return try layers[layers.count - 1].bySample(current)
    }

    /// One layer with its ReLU and pooling; of the last the logits.
    private func apply<F: PrimeField>(
        _ index: Int, _ layer: LayerSynthesis<F>, _ inputs: Values<F>, _ weights: LayerSynthesis<F>.Weights,
        _ ranges: RangeChecker<F>, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        if index == spec.layerCount - 1 {
            let logits = try builder.wires(
                try builder.advice, "logits", count: layer.outputCount,
                integers: try layer.accumulators(inputs, weights))
            return try layer.requireAccumulators(inputs, weights, equal: logits, builder)
        }
        let activation = try builder.region("activation") {
            try builder.activation(
                count: layer.outputCount, shift: spec.activationShift(layer: index),
                bits: spec.activations.bits, ranges
            ) { try layer.accumulators(inputs, weights) }
        }
        try layer.requireAccumulators(inputs, weights, equal: activation.accumulator, builder)
        guard let pooling = layer.geometry.pooling else { return activation.positive }
        let windows = try layer.windows(of: activation.positive, pooling)
        switch pooling.kind {
        case .average: return windows.values.groupSums(size: windows.columns)
        case .maximum:
            return try builder.region("pooling") { try builder.greatest(ofRows: windows, ranges) }
        }
    }
}
