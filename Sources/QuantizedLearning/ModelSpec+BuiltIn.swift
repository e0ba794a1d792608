extension ModelSpec {
    /// The handwritten digits, 8×8, with one hidden layer of 32: 2,368 weights. Weights, halves of the
    /// ReLU and all remainders but the logits' are 12 bits wide.
    public static let digits = ModelSpec(
        name: "digits-64-32-10", widths: [64, 32, 10],
        input: InputSpec(maximum: 16, shift: 4, fractionBits: 8),
        weights: FixedPoint(bits: 12, fractionBits: 9),
        activations: FixedPoint(bits: 12, fractionBits: 5),
        training: TrainingSpec(
            batchSize: 32, learningRate: LearningRate(numerator: 1, shift: 1), gradientBits: 12,
            outputGradientFractionBits: 10, hiddenGradientFractionBits: 7,
            softmax: SoftmaxSpec(logitFractionBits: 5, tableBits: 9, exponentFractionBits: 14)))

    /// MNIST, 28×28, with one hidden layer of 128: 101,632 weights. Weights, halves of the ReLU and
    /// all remainders but the logits' are 14 bits wide.
    public static let mnist = ModelSpec(
        name: "mnist-784-128-10", widths: [784, 128, 10],
        input: InputSpec(maximum: 255, shift: 0, fractionBits: 8),
        weights: FixedPoint(bits: 14, fractionBits: 11),
        activations: FixedPoint(bits: 14, fractionBits: 5),
        training: TrainingSpec(
            batchSize: 64, learningRate: LearningRate(numerator: 1, shift: 1), gradientBits: 14,
            outputGradientFractionBits: 13, hiddenGradientFractionBits: 10,
            softmax: SoftmaxSpec(logitFractionBits: 5, tableBits: 9, exponentFractionBits: 14)))

    /// The handwritten digits with one convolution: 4 channels of 3×3, average 2×2, dense 36→10, biases everywhere;
    /// 410 weights. Weights and all remainders but the logits' are 14 bits wide.
    public static let digitsConvolution = ModelSpec(
        name: "digits-convolution",
        architecture: Architecture(
            input: Shape(channels: 1, height: 8, width: 8),
            layers: [
                .convolution(
                    ConvolutionSpec(
                        channels: 4, kernel: Extent(3), bias: true,
                        pooling: PoolingSpec(.average, window: Extent(2)))),
                .dense(DenseSpec(units: 10, bias: true)),
            ]),
        input: InputSpec(maximum: 16, shift: 4, fractionBits: 8),
        weights: FixedPoint(bits: 14, fractionBits: 11),
        activations: FixedPoint(bits: 13, fractionBits: 5),
        training: TrainingSpec(
            batchSize: 16, learningRate: LearningRate(numerator: 1, shift: 3), gradientBits: 14,
            outputGradientFractionBits: 11, hiddenGradientFractionBits: 10,
            softmax: SoftmaxSpec(logitFractionBits: 5, tableBits: 9, exponentFractionBits: 14)))

    /// LeNet-5 on MNIST's 28×28: LeCun et al., "Gradient-based learning applied to document recognition", 1998, figure 2,
    /// whose 32×32 inputs are MNIST's with a margin of 2. As usual today with ReLU for tanh, plain averages, a full
    /// second convolution and soft-max: 6@5×5 (padding 2), average 2×2, 16@5×5, average 2×2, 120, 84, 10, biases
    /// everywhere; 61,706 weights. Remainders are 14 bits wide, in the layer after 120 units 12.
    public static let lenet5 = ModelSpec(
        name: "lenet-5",
        architecture: Architecture(
            input: Shape(channels: 1, height: 28, width: 28),
            layers: [
                .convolution(
                    ConvolutionSpec(
                        channels: 6, kernel: Extent(5), padding: Extent(2), bias: true,
                        pooling: PoolingSpec(.average, window: Extent(2)))),
                .convolution(
                    ConvolutionSpec(
                        channels: 16, kernel: Extent(5), bias: true,
                        pooling: PoolingSpec(.average, window: Extent(2)))),
                .dense(DenseSpec(units: 120, bias: true)),
                .dense(DenseSpec(units: 84, bias: true)),
                .dense(DenseSpec(units: 10, bias: true)),
            ]),
        input: InputSpec(maximum: 255, shift: 0, fractionBits: 8),
        weights: FixedPoint(bits: 14, fractionBits: 12),
        activations: FixedPoint(bits: 13, fractionBits: 6),
        training: lenetTraining)

    /// LeNet-small, as in the experiments of Fu et al., "Zero-Knowledge Proof-Based Consensus for Blockchain-Secured
    /// Federated Learning" (2025), on 32×32 with three channels: 6@5×5, average 2×2, 16@5×5, average 2×2, 120@4×4, 84,
    /// 10, biases in the dense layers; 74,824 weights.
    public static let lenetSmall = ModelSpec(
        name: "lenet-small",
        architecture: Architecture(
            input: Shape(channels: 3, height: 32, width: 32),
            layers: [
                .convolution(
                    ConvolutionSpec(
                        channels: 6, kernel: Extent(5), pooling: PoolingSpec(.average, window: Extent(2)))),
                .convolution(
                    ConvolutionSpec(
                        channels: 16, kernel: Extent(5), pooling: PoolingSpec(.average, window: Extent(2)))),
                .convolution(ConvolutionSpec(channels: 120, kernel: Extent(4))),
                .dense(DenseSpec(units: 84, bias: true)),
                .dense(DenseSpec(units: 10, bias: true)),
            ]),
        input: InputSpec(maximum: 255, shift: 0, fractionBits: 8),
        weights: FixedPoint(bits: 14, fractionBits: 12),
        activations: FixedPoint(bits: 13, fractionBits: 6),
        training: lenetTraining)

    private static let lenetTraining = TrainingSpec(
        batchSize: 16, learningRate: LearningRate(numerator: 1, shift: 3), gradientBits: 14,
        outputGradientFractionBits: 13, hiddenGradientFractionBits: 11,
        softmax: SoftmaxSpec(logitFractionBits: 5, tableBits: 9, exponentFractionBits: 14))
}
