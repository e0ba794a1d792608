/// Forward passes and training steps in tight loops over narrow integers; `StepTrace` is the readable twin.
final class IntegerNetwork<Operand: ProductOperand> {
    let spec: ModelSpec
    let capacity: Int
    private let layers: [IntegerLayer<Operand>]
    /// Results of the latest product.
    private let sums: Scratch<Int64>
    /// One sample's R and rescaled gradients.
    private let propagated: Scratch<Int64>
    private let transposedWindows: Scratch<Operand>
    private let transposedGradient: Scratch<Operand>
    private let plainWeights: Scratch<Operand>

    /// A network for batches of at most `capacity` samples.
    init(model: QuantizedModel, capacity: Int) {
        let spec = model.spec
        let geometries = spec.architecture.geometries
        self.spec = spec
        self.capacity = capacity
        layers = geometries.enumerated().map { layer, geometry in
            IntegerLayer(
                geometry, one: spec.biasInput(layer: layer), weights: model.weights[layer],
                capacity: capacity)
        }
        let largestWeights = layers.map(\.weights.count).max() ?? 0
        let largestOutput = capacity * (geometries.map(\.output.count).max() ?? 0)
        // Products of a dense layer on the way back are those of the batch, of a convolution those of one sample.
        let largestSums = geometries.dropFirst().map {
            $0.isDense ? capacity * $0.windowLength : $0.positions * $0.windowLength
        }
        let largestWindows = geometries.map { $0.positions * $0.weightRows }.max() ?? 0
        sums = Scratch(max(largestOutput, largestWeights, largestSums.max() ?? 0))
        propagated = Scratch(layers.map(\.inputStride).max() ?? 0)
        let isTrained = spec.training != nil
        transposedWindows = Scratch(isTrained ? capacity * largestWindows : 0)
        transposedGradient = Scratch(isTrained ? largestOutput : 0)
        plainWeights = Scratch(isTrained ? largestWeights : 0)
    }

    /// The weights as weight rows × outputs.
    var model: QuantizedModel {
        get throws(LearningError) {
            var matrices = [Matrix<Int16>]()
            for layer in layers {
                matrices.append(
                    Matrix(
                        rows: layer.geometry.output.channels, columns: layer.geometry.weightRows,
                        elements: layer.weights.elements.map { Int16(truncatingIfNeeded: $0) }
                    ).transposed)
            }
            return try QuantizedModel(spec: spec, weights: matrices)
        }
    }

    /// Copies samples in; they must fit the specification.
    func load(samples: [Int], of data: Dataset) {
        precondition(samples.count <= capacity)
        let stride = layers[0].inputStride
        let target = layers[0].input.base
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
        for (index, layer) in layers.enumerated() {
            layer.gather(count: count)
            let geometry = layer.geometry
            IntegerProduct.rowsTimesRows(
                layer.windows.base, m: count * geometry.positions, layer.weights.base,
                n: geometry.output.channels, k: geometry.weightRows, into: sums.base)
            if index < layers.count - 1 {
                try activate(index, count: count)
                layer.pool(into: layers[index + 1], count: count)
            }
        }
        return UnsafeBufferPointer(start: sums.base, count: count * spec.classCount)
    }

    /// p = max(floor(z / 2^s), 0), from (sample, position) × channel to sample × (channel, position).
    private func activate(_ index: Int, count: Int) throws(LearningError) {
        let geometry = layers[index].geometry
        let (positions, channels) = (geometry.positions, geometry.output.channels)
        let shift = Int64(spec.activationShift(layer: index))
        let range = spec.activationRange
        for sample in 0..<count {
            let source = sums.base + sample * geometry.output.count
            let target = layers[index].output.base + sample * geometry.output.count
            for channel in 0..<channels {
                for position in 0..<positions {
                    let unit = channel * positions + position
                    let quotient = try RangeViolation.check(
                        source[position * channels + channel] >> shift, in: range, .activation,
                        layer: index, row: sample, column: unit)
                    target[unit] = Operand(truncatingIfNeeded: max(quotient, 0))
                }
            }
        }
    }

    /// One step on the loaded batch; where it throws, the weights are those before the step.
    func step(labels: [UInt8], training: TrainingSpec) throws(LearningError) {
        let count = training.batchSize
        let logits = Matrix(
            rows: count, columns: spec.classCount, elements: Array(try forward(count: count)))
        let output = try OutputTrace(logits: logits, labels: labels, spec: spec, training: training)
        let last = layers[layers.count - 1].gradient.base
        for (index, value) in output.gradient.elements.enumerated() {
            last[index] = Operand(truncatingIfNeeded: value)
        }
        for layer in layers.indices.reversed() {
            if layer > 0 { try propagate(layer, count: count, training: training) }
            try update(layer, count: count, training: training)
        }
        for layer in layers { swap(&layer.weights, &layer.nextWeights) }
    }

    /// The gradient of the layer below.
    private func propagate(_ index: Int, count: Int, training: TrainingSpec) throws(LearningError) {
        let layer = layers[index]
        let geometry = layer.geometry
        let (channels, length) = (geometry.output.channels, geometry.windowLength)
        IntegerProduct.transpose(
            layer.weights.base, rows: channels, columns: geometry.weightRows, into: plainWeights.base)
        if geometry.isDense {
            IntegerProduct.rowsTimesRows(
                layer.gradient.base, m: count, plainWeights.base, n: length, k: channels, into: sums.base)
            for sample in 0..<count {
                propagated.base.update(from: sums.base + sample * length, count: length)
                try rescaleGradient(sample: sample, of: index, training: training)
            }
        } else {
            for sample in 0..<count {
                IntegerProduct.rowsTimesRows(
                    layer.gradient.base + sample * geometry.output.count, m: geometry.positions,
                    plainWeights.base, n: length, k: channels, into: sums.base)
                layer.scatter(sums.base, into: propagated.base)
                try rescaleGradient(sample: sample, of: index, training: training)
            }
        }
    }

    /// g' = floor((mask·R + 2^(s-1)) / 2^s) from R in `propagated`, and from there to the outputs of the layer below.
    private func rescaleGradient(sample: Int, of index: Int, training: TrainingSpec) throws(LearningError) {
        let below = layers[index - 1]
        let shift = Int64(training.backwardShift(layer: index, of: spec))
        let half = Int64(1) << (shift - 1)
        let range = training.gradientRange
        let isAverage = below.geometry.pooling?.kind == .average
        let input = layers[index].input.base + sample * layers[index].inputStride
        for unit in 0..<below.geometry.pooled.count {
            let masked = isAverage || input[unit] > 0 ? propagated.base[unit] : 0
            propagated.base[unit] = try RangeViolation.check(
                (masked + half) >> shift, in: range, .gradient, layer: index - 1, row: sample, column: unit)
        }
        below.unpool(propagated.base, sample: sample)
    }

    /// W' = W - floor((numerator·Aᵀ·G + 2^(s-1)) / 2^s), all of it transposed.
    private func update(_ index: Int, count: Int, training: TrainingSpec) throws(LearningError) {
        let layer = layers[index]
        let (rows, columns) = (layer.geometry.weightRows, layer.geometry.output.channels)
        let lines = count * layer.geometry.positions
        IntegerProduct.transpose(
            layer.windows.base, rows: lines, columns: rows, into: transposedWindows.base)
        IntegerProduct.transpose(
            layer.gradient.base, rows: lines, columns: columns, into: transposedGradient.base)
        IntegerProduct.rowsTimesRows(
            transposedGradient.base, m: columns, transposedWindows.base, n: rows, k: lines, into: sums.base)
        let shift = Int64(training.updateShift(layer: index, of: spec))
        let half = Int64(1) << (shift - 1)
        let numerator = Int64(training.learningRate.numerator)
        let range = spec.weightRange
        let old = layer.weights.base
        let new = layer.nextWeights.base
        for column in 0..<columns {
            for row in 0..<rows {
                let place = column * rows + row
                let update = try RangeViolation.check(
                    (numerator &* sums.base[place] &+ half) >> shift, in: range, .update, layer: index,
                    row: row, column: column)
                let weight = try RangeViolation.check(
                    Int64(old[place]) - update, in: range, .weight, layer: index, row: row, column: column)
                new[place] = Operand(truncatingIfNeeded: weight)
            }
        }
    }
}
