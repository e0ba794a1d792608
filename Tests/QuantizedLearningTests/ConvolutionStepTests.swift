import QuantizedLearning
import Testing

/// The backward equations of `Docs/quantization.md`, with loops over channels, rows and columns.
@Suite struct ConvolutionStepTests {
    @Test(arguments: SampleSpec.convolutional)
    func backwardEquations(spec: ModelSpec) throws {
        let training = try #require(spec.training)
        let data = try SampleSpec.data(for: spec, count: training.batchSize, seed: 8)
        let model = try QuantizedModel.initial(spec: spec, seed: 9)
        let trace = try model.stepTrace(inputs: spec.inputs(of: data), labels: data.labels)
        var gradient = trace.output.gradient
        for layer in (0..<spec.layerCount).reversed() {
            let values = trace.backward[layer]
            #expect(values.gradient == gradient)
            let geometry = spec.geometry(layer: layer)
            let input = trace.forward.layers[layer].input
            var sums = input.map { _ in Int64(0) }
            var products = values.weightGradient.map { _ in Int64(0) }
            for sample in 0..<data.count {
                forEachProduct(geometry) { place, row, output, column in
                    let g = gradient[sample, output]
                    products[row, column] +=
                        (place.map { input[sample, $0] } ?? spec.biasInput(layer: layer)) * g
                    if let place {
                        sums[sample, place] += g * Int64(model.weights[layer][row, column])
                    }
                }
            }
            #expect(values.weightGradient == products)
            checkUpdate(values, layer: layer, model: model, training: training)
            guard let propagated = values.propagated else { continue }
            #expect(propagated.sums == sums)
            checkPropagated(propagated, trace: trace, layer: layer, spec: spec, training: training)
            gradient = propagated.gradient
        }
        #expect(trace.nextModel.weights == trace.backward.map { $0.nextWeights.map { Int16($0) } })
    }

    /// Every product of an input (nil: the constant) and a weight, with the output that it adds to.
    private func forEachProduct(
        _ geometry: LayerGeometry, _ body: (_ input: Int?, _ row: Int, _ output: Int, _ column: Int) -> Void
    ) {
        let (shape, kernel) = (geometry.input, geometry.kernel)
        for channel in 0..<geometry.output.channels {
            for i in 0..<geometry.output.height {
                for j in 0..<geometry.output.width {
                    let output = (channel * geometry.output.height + i) * geometry.output.width + j
                    for c in 0..<shape.channels {
                        for u in 0..<kernel.height {
                            for v in 0..<kernel.width {
                                let y = i * geometry.stride.height + u - geometry.padding.height
                                let x = j * geometry.stride.width + v - geometry.padding.width
                                guard y >= 0, y < shape.height, x >= 0, x < shape.width else { continue }
                                body(
                                    (c * shape.height + y) * shape.width + x,
                                    (c * kernel.height + u) * kernel.width + v, output, channel)
                            }
                        }
                    }
                    if geometry.bias { body(nil, geometry.windowLength, output, channel) }
                }
            }
        }
    }

    private func checkUpdate(
        _ values: BackwardTrace, layer: Int, model: QuantizedModel, training: TrainingSpec
    ) {
        let shift = Int64(training.updateShift(layer: layer, of: model.spec))
        for index in values.weightGradient.elements.indices {
            let (update, remainder) = (
                values.update.elements[index], values.updateRemainder.elements[index]
            )
            #expect(
                Int64(training.learningRate.numerator) * values.weightGradient.elements[index]
                    + 1 << (shift - 1) == update << shift + remainder)
            #expect((0..<1 << shift).contains(remainder))
            #expect(
                values.nextWeights.elements[index] == Int64(model.weights[layer].elements[index]) - update)
        }
    }

    /// From R to the gradient of the layer below, through its pooling.
    private func checkPropagated(
        _ values: PropagatedTrace, trace: StepTrace, layer: Int, spec: ModelSpec, training: TrainingSpec
    ) {
        let geometry = spec.geometry(layer: layer - 1)
        let below = trace.forward.layers[layer - 1]
        let input = trace.forward.layers[layer].input
        let shift = Int64(training.backwardShift(layer: layer, of: spec))
        let isAverage = geometry.pooling?.kind == .average
        for sample in 0..<input.rows {
            for unit in 0..<input.columns {
                let isActive = isAverage || input[sample, unit] > 0
                if !isAverage { #expect(values.mask[sample, unit] == (isActive ? 1 : 0)) }
                #expect(
                    (isActive ? values.sums[sample, unit] : 0) + 1 << (shift - 1)
                        == values.scaled[sample, unit] << shift + values.remainder[sample, unit])
                #expect((0..<1 << shift).contains(values.remainder[sample, unit]))
                #expect(training.gradientRange.contains(values.scaled[sample, unit]))
            }
            var expected = [Int64](repeating: 0, count: geometry.output.count)
            for unit in expected.indices {
                guard let pooling = geometry.pooling else {
                    expected[unit] = values.scaled[sample, unit]
                    continue
                }
                let (line, x) = unit.quotientAndRemainder(dividingBy: geometry.output.width)
                let (channel, y) = line.quotientAndRemainder(dividingBy: geometry.output.height)
                let (i, u) = y.quotientAndRemainder(dividingBy: pooling.stride.height)
                let (j, v) = x.quotientAndRemainder(dividingBy: pooling.stride.width)
                guard u < pooling.window.height, v < pooling.window.width, i < geometry.pooled.height,
                    j < geometry.pooled.width
                else { continue }
                let window = (channel * geometry.pooled.height + i) * geometry.pooled.width + j
                let share =
                    below.pooling?.selector?[sample, unit]
                    ?? ((below.activation?.positive[sample, unit] ?? 0) > 0 ? 1 : 0)
                if isAverage { #expect(values.mask[sample, unit] == share) }
                expected[unit] = share * values.scaled[sample, window]
            }
            #expect(Array(values.gradient.row(sample)) == expected)
        }
    }

    @Test func aStepChangesEveryLayer() throws {
        for spec in SampleSpec.convolutional {
            let data = try SampleSpec.data(for: spec, count: 64, seed: 3)
            let start = try QuantizedModel.initial(spec: spec, seed: 6)
            let trained = try start.trained(on: data, epochs: 2, seed: 1)
            for layer in 0..<spec.layerCount { #expect(trained.weights[layer] != start.weights[layer]) }
        }
    }

    /// Pre-activations, gradients, updates and weights that leave their range, in the reference and the fast path alike.
    @Test(arguments: ["rescaled pre-activation", "gradient", "weight update", "weight of"])
    func valuesOutOfRangeAreReported(quantity: String) throws {
        var spec = ModelSpec.digitsConvolution
        switch quantity {
        case "rescaled pre-activation": spec.activations.bits = 3
        case "gradient": spec.training?.hiddenGradientFractionBits = 19
        case "weight update": spec.training?.learningRate = LearningRate(numerator: 1000, shift: 1)
        default: spec.weights.bits = 8
        }
        let data = try Dataset.digits().prefix(16)
        var start = try QuantizedModel.initial(spec: spec, seed: 1)
        if quantity == "weight of" {
            // All weights as large as they can be: the first to grow leaves its range.
            start = try QuantizedModel(
                spec: spec, flattened: [Int16](repeating: 127, count: spec.weightCount))
        }
        let trainer = try IntegerTrainer(model: start, data: data)
        let fast = message { try trainer.step(samples: Array(0..<16)) }
        #expect(fast.contains(quantity), "\(fast)")
        #expect(try trainer.model == start)
        let slow = message {
            _ = try start.stepTrace(inputs: spec.inputs(of: data), labels: data.labels)
        }
        #expect(slow.contains(quantity), "\(slow)")
    }
}
