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
                testSet, "inputs", count: sampleCount * spec.widths[0],
                interval: Interval(0...spec.input.maximumInput), integers: inputs?.pixels)
            let labels = try builder.wires(
                testSet, "labels", count: sampleCount * spec.classCount, interval: .bit,
                integers: inputs?.labels)
            return (
                try ValueMatrix(rows: sampleCount, columns: spec.widths[0], values: pixels),
                try ValueMatrix(rows: sampleCount, columns: spec.classCount, values: labels)
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
        _ inputs: ValueMatrix<F>, _ weights: Values<F>, _ ranges: RangeChecker<F>,
        _ builder: CircuitBuilder<F>
    ) throws -> ValueMatrix<F> {
        var current = inputs
        var nextWeight = 0
        for layer in 0..<spec.layerCount {
            try builder.region("layer \(layer + 1)") {
                let (width, outputs) = (spec.widths[layer], spec.widths[layer + 1])
                let matrix = try ValueMatrix(
                    rows: width, columns: outputs, values: weights[nextWeight..<nextWeight + width * outputs])
                nextWeight += width * outputs
                var bias: (row: Values<F>, scale: Int)?
                if spec.hasBias(layer: layer) {
                    bias = (weights[nextWeight..<nextWeight + outputs], Int(spec.biasInput(layer: layer)))
                    nextWeight += outputs
                }
                current = try applyLayer(layer, current, matrix, bias, ranges, builder)
            }
        }
        return current
    }

    private func applyLayer<F: PrimeField>(
        _ layer: Int, _ inputs: ValueMatrix<F>, _ weights: ValueMatrix<F>,
        _ bias: (row: Values<F>, scale: Int)?,
        _ ranges: RangeChecker<F>, _ builder: CircuitBuilder<F>
    ) throws -> ValueMatrix<F> {
        let count = sampleCount * weights.columns
        let product = {
            try IntegerMatrix.product(
                try inputs.values.integers(), try weights.values.integers(), inner: weights.rows,
                bias: try bias.map { bias in try bias.row.integers().map { $0 &* bias.scale } })
        }
        if layer == spec.layerCount - 1 {
            let logits = try builder.wires(
                try builder.advice, "logits", count: count, integers: try product())
            return try builder.requireProduct(
                inputs, weights, bias: bias,
                equals: try ValueMatrix(rows: sampleCount, columns: weights.columns, values: logits))
        }
        let activation = try builder.region("activation") {
            try builder.activation(
                count: count, shift: spec.activationShift(layer: layer), bits: spec.activations.bits, ranges,
                accumulators: product)
        }
        _ = try builder.requireProduct(
            inputs, weights, bias: bias,
            equals: try ValueMatrix(
                rows: sampleCount, columns: weights.columns, values: activation.accumulator))
        return try ValueMatrix(rows: sampleCount, columns: weights.columns, values: activation.positive)
    }
}

/// Products of matrices of machine integers, row by row.
enum IntegerMatrix {
    /// x·w, plus a row added to every row of it.
    ///
    /// - Parameter inner: columns of x and rows of w.
    static func product(_ x: [Int], _ w: [Int], inner: Int, bias: [Int]?) throws -> [Int] {
        let rows = x.count / inner
        let columns = w.count / inner
        var result = [Int](repeating: 0, count: rows * columns)
        // Wrapping operators: the circuit's intervals exclude an overflow, and a forged witness must not trap.
        result.withUnsafeMutableBufferPointer { result in
            w.withUnsafeBufferPointer { w in
                for row in 0..<rows {
                    let target = result[row * columns..<(row + 1) * columns]
                    var sums = UnsafeMutableBufferPointer(rebasing: target)
                    if let bias { for column in 0..<columns { sums[column] = bias[column] } }
                    for index in 0..<inner {
                        let factor = x[row * inner + index]
                        if factor == 0 { continue }
                        addMultiple(
                            factor, UnsafeBufferPointer(rebasing: w[index * columns..<(index + 1) * columns]),
                            &sums)
                    }
                }
            }
        }
        return result
    }

    @inline(__always)
    private static func addMultiple(
        _ factor: Int, _ row: UnsafeBufferPointer<Int>, _ sums: inout UnsafeMutableBufferPointer<Int>
    ) {
        for column in 0..<row.count { sums[column] = sums[column] &+ factor &* row[column] }
    }
}
