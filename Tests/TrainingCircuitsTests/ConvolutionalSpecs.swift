import ConstraintSystem
import QuantizedLearning
import TestSupport
import TrainingCircuits

/// Small convolutional networks, with narrow ranges so that tables are small.
enum ConvolutionalSpecs {
    static func spec(
        _ name: String, _ input: Shape, _ layers: [LayerSpec],
        loss: TrainingSpec.Loss = .softmaxCrossEntropy, batch: Int = 2
    ) -> ModelSpec {
        ModelSpec(
            name: name, architecture: Architecture(input: input, layers: layers),
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: 6, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4),
            training: TrainingSpec(
                loss: loss, batchSize: batch, learningRate: LearningRate(numerator: 1, shift: 1),
                gradientBits: 8, outputGradientFractionBits: 6, hiddenGradientFractionBits: 5,
                softmax: loss == .squaredError
                    ? nil : SoftmaxSpec(logitFractionBits: 2, tableBits: 4, exponentFractionBits: 6)))
    }

    private static func convolution(
        _ channels: Int, _ kernel: Extent, stride: Extent = Extent(1), padding: Extent = Extent(0),
        bias: Bool = false, pooling: PoolingSpec? = nil
    ) -> LayerSpec {
        .convolution(
            ConvolutionSpec(
                channels: channels, kernel: kernel, stride: stride, padding: padding, bias: bias,
                pooling: pooling))
    }

    private static func dense(_ units: Int, bias: Bool = false) -> LayerSpec {
        .dense(DenseSpec(units: units, bias: bias))
    }

    /// One layer of averages; the smallest with everything that an average needs.
    static let average = spec(
        "average", Shape(channels: 1, height: 5, width: 5),
        [
            convolution(2, Extent(2), bias: true, pooling: PoolingSpec(.average, window: Extent(2))),
            dense(2, bias: true),
        ])

    /// One layer of maxima, with a margin and steps; a row and a column of outputs belong to no window.
    static let maximum = spec(
        "maximum", Shape(channels: 2, height: 5, width: 5),
        [
            convolution(
                2, Extent(3), stride: Extent(2), padding: Extent(1),
                pooling: PoolingSpec(.maximum, window: Extent(2))),
            dense(2),
        ])

    /// Two convolutions, so that gradients go back through one, over averages.
    static let averageTwice = spec(
        "average twice", Shape(channels: 1, height: 6, width: 6),
        [
            convolution(2, Extent(3), bias: true, pooling: PoolingSpec(.average, window: Extent(2))),
            convolution(2, Extent(2), padding: Extent(1), bias: true),
            dense(3),
        ])

    /// Two convolutions over maxima, the second one's only window the whole input.
    static let maximumTwice = spec(
        "maximum twice", Shape(channels: 1, height: 6, width: 6),
        [
            convolution(2, Extent(3), pooling: PoolingSpec(.maximum, window: Extent(2))),
            convolution(3, Extent(2), bias: true), dense(3, bias: true),
        ])

    /// Steps and windows that are not square, no pooling between two convolutions.
    static let oblong = spec(
        "oblong", Shape(channels: 2, height: 4, width: 7),
        [
            convolution(2, Extent(height: 2, width: 3), stride: Extent(height: 1, width: 2)),
            convolution(
                3, Extent(height: 3, width: 2), stride: Extent(height: 2, width: 1),
                padding: Extent(height: 1, width: 0), bias: true,
                pooling: PoolingSpec(
                    .maximum, window: Extent(height: 1, width: 2), stride: Extent(height: 2, width: 2))),
            dense(2),
        ], loss: .squaredError)

    /// Averages with gaps between the windows, and of one value.
    static let gaps = spec(
        "gaps", Shape(channels: 1, height: 7, width: 6),
        [
            convolution(
                2, Extent(2),
                pooling: PoolingSpec(
                    .average, window: Extent(height: 2, width: 1), stride: Extent(height: 3, width: 2))),
            convolution(1, Extent(1), pooling: PoolingSpec(.average, window: Extent(1))),
            dense(2, bias: true),
        ], batch: 4)

    static let all = [average, maximum, averageTwice, maximumTwice, oblong, gaps]

    /// Any network of one or two convolutions and one or two dense layers.
    static func random(seed: UInt64) throws -> ModelSpec {
        var generator = SeededGenerator(seed: seed)
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        func flip() -> Bool { Bool.random(using: &generator) }
        for _ in 0..<100 {
            let input = Shape(channels: number(1...2), height: number(2...6), width: number(2...6))
            var layers: [LayerSpec] = []
            for _ in 0..<number(1...2) {
                let kernel = Extent(height: number(1...3), width: number(1...3))
                let window = Extent(height: number(1...2), width: number(1...2))
                let stride = Extent(
                    height: window.height + number(0...1), width: window.width + number(0...1))
                let pooling = PoolingSpec(flip() ? .average : .maximum, window: window, stride: stride)
                layers.append(
                    convolution(
                        number(1...2), kernel, stride: Extent(height: number(1...2), width: number(1...2)),
                        padding: Extent(
                            height: number(0...kernel.height - 1), width: number(0...kernel.width - 1)),
                        bias: flip(), pooling: number(0...2) == 0 ? nil : pooling))
            }
            if flip() { layers.append(dense(number(1...3), bias: flip())) }
            layers.append(dense(number(2...3), bias: flip()))
            let spec = spec(
                "random \(seed)", input, layers, loss: flip() ? .squaredError : .softmaxCrossEntropy)
            if (try? spec.validate()) != nil { return spec }
        }
        throw CircuitError.malformed("no such network")
    }
}
