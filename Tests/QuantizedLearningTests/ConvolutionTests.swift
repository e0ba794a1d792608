import QuantizedLearning
import Testing

/// Convolutions and poolings small enough to be done by hand, and all equations on the samples.
@Suite struct ConvolutionTests {
    /// One convolution and one dense layer with all integers small: x = pixel, s = 1 in the first layer.
    static func spec(_ input: Shape, _ convolution: ConvolutionSpec) -> ModelSpec {
        ModelSpec(
            name: "by hand",
            architecture: Architecture(
                input: input, layers: [.convolution(convolution), .dense(DenseSpec(units: 2))]),
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 2),
            weights: FixedPoint(bits: 6, fractionBits: 1), activations: FixedPoint(bits: 10, fractionBits: 2))
    }

    static func trace(
        _ convolution: ConvolutionSpec, _ input: Shape, pixels: [Int64], weights: [Int16]
    ) throws -> LayerTrace {
        let spec = spec(input, convolution)
        let rest = [Int16](repeating: 1, count: spec.weightCount - weights.count)
        let model = try QuantizedModel(spec: spec, flattened: weights + rest)
        return try model.inferenceTrace(
            inputs: Matrix(rows: 1, columns: pixels.count, elements: pixels)
        ).layers[0]
    }

    /// Rows 1 2 3, 4 5 6, 7 8 9 under the kernel 1 2, 3 4.
    @Test func windowsSlide() throws {
        let layer = try Self.trace(
            ConvolutionSpec(channels: 1, kernel: Extent(2)), Shape(channels: 1, height: 3, width: 3),
            pixels: Array(1...9), weights: [1, 2, 3, 4])
        #expect(layer.accumulator.elements == [37, 47, 67, 77])
        #expect(layer.windows.row(1) == [2, 3, 5, 6])
        #expect(layer.activation?.positive.elements == [18, 23, 33, 38])
        #expect(layer.activation?.remainder.elements == [1, 1, 1, 1])
        #expect(layer.pooling == nil && layer.output == layer.activation?.positive)
    }

    /// The same with a margin of zeros and steps of two.
    @Test func paddingAndStride() throws {
        let layer = try Self.trace(
            ConvolutionSpec(channels: 1, kernel: Extent(2), stride: Extent(2), padding: Extent(1)),
            Shape(channels: 1, height: 3, width: 3), pixels: Array(1...9), weights: [1, 2, 3, 4])
        #expect(layer.windows.elements == [0, 0, 0, 1, 0, 0, 2, 3, 0, 4, 0, 7, 5, 6, 8, 9])
        #expect(layer.accumulator.elements == [4, 18, 36, 77])
    }

    /// Two channels in, two out, biases: rows of the matrix are (channel, u, v), then the constant 2^2.
    @Test func channelsAndBiases() throws {
        let layer = try Self.trace(
            ConvolutionSpec(channels: 2, kernel: Extent(height: 1, width: 2), bias: true),
            Shape(channels: 2, height: 1, width: 3), pixels: [1, 2, 3, 4, 5, 6],
            weights: [1, -1, 2, -2, 3, -3, 4, -4, 5, -6])
        // 1·1 + 2·2 + 4·3 + 5·4 = 37 and 2 + 6 + 15 + 24 = 47, with 4·5 and 4·(-6).
        #expect(layer.accumulator.elements == [57, 67, -61, -71])
        #expect(layer.windows.elements == [1, 2, 4, 5, 4, 2, 3, 5, 6, 4])
        #expect(layer.activation?.positive.elements == [28, 33, 0, 0])
        #expect(layer.activation?.negative.elements == [0, 0, 31, 36])
        #expect(layer.activation?.remainder.elements == [1, 1, 1, 1])
    }

    /// A kernel of one weight 2 makes p the pixels themselves.
    static let plane: [Int64] = [3, 3, 0, 1, 5, 1, 2, 3, 0, 0, 7, 7, 4, 0, 0, 9, 0, 0, 0, 0]

    @Test func maximaTakeTheFirstOfEqualValues() throws {
        // Rows: 3 3 0 1 | 5 1 2 3 | 0 0 7 7 | 4 0 0 9 | 0 0 0 0.
        let layer = try Self.trace(
            ConvolutionSpec(
                channels: 1, kernel: Extent(1),
                pooling: PoolingSpec(.maximum, window: Extent(height: 1, width: 2))),
            Shape(channels: 1, height: 5, width: 4), pixels: Self.plane, weights: [2])
        #expect(layer.pooling?.output.elements == [3, 1, 5, 3, 0, 7, 4, 9, 0, 0])
        #expect(
            layer.pooling?.selector?.elements
                == [1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0])
        #expect(layer.output == layer.pooling?.output)
    }

    @Test func windowsOfPoolingMayLeaveRowsOut() throws {
        let layer = try Self.trace(
            ConvolutionSpec(
                channels: 1, kernel: Extent(1),
                pooling: PoolingSpec(.maximum, window: Extent(2), stride: Extent(height: 3, width: 2))),
            Shape(channels: 1, height: 5, width: 4), pixels: Self.plane, weights: [2])
        #expect(layer.pooling?.output.elements == [5, 3, 4, 9])
        #expect(
            layer.pooling?.selector?.elements
                == [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0])
    }

    @Test func averagesAreSumsWithMoreFractionBits() throws {
        let pooling = PoolingSpec(.average, window: Extent(2))
        let convolution = ConvolutionSpec(channels: 1, kernel: Extent(1), pooling: pooling)
        let shape = Shape(channels: 1, height: 5, width: 4)
        let layer = try Self.trace(convolution, shape, pixels: Self.plane, weights: [2])
        #expect(layer.pooling?.output.elements == [12, 6, 4, 23])
        #expect(layer.pooling?.selector == nil)
        let spec = Self.spec(shape, convolution)
        #expect(spec.inputFractionBits(layer: 1) == 4 && spec.poolingShift(before: 1) == 2)
        #expect(spec.maximumInput(layer: 1) == 4 * 1023)
    }

    /// Every equation of the forward pass, on convolutions written out once more.
    @Test(arguments: SampleSpec.convolutional)
    func forwardEquations(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 5, seed: 2)
        let model = try QuantizedModel.initial(spec: spec, seed: 5)
        let trace = try model.inferenceTrace(inputs: spec.inputs(of: data))
        for (layer, values) in trace.layers.enumerated() {
            // Layer by layer on the trace's own inputs: sums of integers this small are exact in double precision.
            let single = Architecture(
                input: spec.geometry(layer: layer).input, layers: [spec.architecture.layers[layer]])
            let weights = model.weights[layer].map(Double.init)
            for sample in 0..<data.count {
                let one = Double(spec.biasInput(layer: layer))
                var scaled = weights
                if spec.hasBias(layer: layer) {
                    for column in 0..<scaled.columns { scaled[scaled.rows - 1, column] *= one }
                }
                let expected = DirectNetwork.logits(
                    values.input.row(sample).map(Double.init), [scaled], single)
                #expect(values.accumulator.row(sample).map(Double.init) == expected)
            }
            guard let activation = values.activation else { continue }
            let scale = Int64(1) << Int64(spec.activationShift(layer: layer))
            for index in values.accumulator.elements.indices {
                let (p, n) = (activation.positive.elements[index], activation.negative.elements[index])
                let remainder = activation.remainder.elements[index]
                #expect(values.accumulator.elements[index] == (p - n) * scale + remainder)
                #expect(p * n == 0 && p >= 0 && n >= 0 && (0..<scale).contains(remainder))
            }
            #expect(trace.layers[layer + 1].input == values.output)
        }
    }

    /// Floats of the same weights: an integer network is its float network but for roundings.
    @Test(arguments: SampleSpec.convolutional)
    func logitsStandForThoseOfTheFloatNetwork(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 5, seed: 3)
        let model = try QuantizedModel.initial(spec: spec, seed: 6)
        let trace = try model.inferenceTrace(inputs: spec.inputs(of: data))
        let float = FloatModel(model)
        let inputs = try spec.inputs(of: data).map { Float($0) / Float(1 << spec.input.fractionBits) }
        let logits = float.logits(inputs: inputs)
        let scale = Double(
            1 << (spec.inputFractionBits(layer: spec.layerCount - 1) + spec.weights.fractionBits))
        for sample in 0..<data.count {
            let direct = DirectNetwork.logits(
                inputs.row(sample).map(Double.init), float.weights.map { $0.map(Double.init) },
                spec.architecture)
            for column in 0..<spec.classCount {
                #expect(abs(Double(logits[sample, column]) - direct[column]) < 1e-3)
                #expect(abs(Double(trace.logits[sample, column]) / scale - direct[column]) < 0.1)
            }
        }
    }
}
