/// The shape of a model and the integers in which it computes: everything that a circuit has to know.
///
/// All values are integers v that stand for the real number v·2^-f; the fraction bits f are given per kind of value.
/// `Docs/quantization.md` lists the equations.
public struct ModelSpec: Codable, Hashable, Sendable {
    /// A name for messages.
    public var name: String
    /// Units per layer, inputs first: [64, 32, 10].
    public var widths: [Int]
    /// Whether each layer's input is extended by the constant 1 (as 2^f), whose weights are the biases.
    public var bias: Bool
    public var input: InputSpec
    /// Weights w: -2^(bits-1) ≤ w < 2^(bits-1).
    public var weights: FixedPoint
    /// Rescaled pre-activations q: |q| < 2^bits, and so are the halves p = max(q, 0), n = max(-q, 0).
    public var activations: FixedPoint
    /// How it is trained; absent where only quality is proven.
    public var training: TrainingSpec?

    public init(
        name: String, widths: [Int], bias: Bool = false, input: InputSpec, weights: FixedPoint,
        activations: FixedPoint, training: TrainingSpec? = nil
    ) {
        self.name = name
        self.widths = widths
        self.bias = bias
        self.input = input
        self.weights = weights
        self.activations = activations
        self.training = training
    }
}

/// A range in bits, and how many of the bits are a fraction.
public struct FixedPoint: Codable, Hashable, Sendable {
    public var bits: Int
    public var fractionBits: Int

    public init(bits: Int, fractionBits: Int) {
        self.bits = bits
        self.fractionBits = fractionBits
    }
}

/// How a pixel becomes an input: x = pixel·2^shift, or floor(pixel / 2^-shift) for a negative shift.
public struct InputSpec: Codable, Hashable, Sendable {
    /// The largest pixel; a data set with a larger one does not fit the model.
    public var maximum: Int
    public var shift: Int
    /// The input x stands for x·2^-fractionBits.
    public var fractionBits: Int

    public init(maximum: Int, shift: Int, fractionBits: Int) {
        self.maximum = maximum
        self.shift = shift
        self.fractionBits = fractionBits
    }

    /// The largest input.
    public var maximumInput: Int { encode(maximum) }

    @inline(__always)
    func encode(_ pixel: Int) -> Int { shift >= 0 ? pixel << shift : pixel >> -shift }
}

/// The integers of one step of stochastic gradient descent.
public struct TrainingSpec: Codable, Hashable, Sendable {
    public enum Loss: String, Codable, Hashable, Sendable {
        case softmaxCrossEntropy
        case squaredError
    }

    public var loss: Loss
    /// Samples per step, a power of two.
    public var batchSize: Int
    public var learningRate: LearningRate
    /// Gradients g of any layer: |g| < 2^gradientBits.
    public var gradientBits: Int
    /// Fraction bits of the gradient with respect to the logits.
    public var outputGradientFractionBits: Int
    /// Fraction bits of the gradients with respect to the hidden layers' pre-activations.
    public var hiddenGradientFractionBits: Int
    /// Present exactly for `softmaxCrossEntropy`.
    public var softmax: SoftmaxSpec?

    public init(
        loss: Loss = .softmaxCrossEntropy, batchSize: Int, learningRate: LearningRate, gradientBits: Int,
        outputGradientFractionBits: Int, hiddenGradientFractionBits: Int, softmax: SoftmaxSpec?
    ) {
        self.loss = loss
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.gradientBits = gradientBits
        self.outputGradientFractionBits = outputGradientFractionBits
        self.hiddenGradientFractionBits = hiddenGradientFractionBits
        self.softmax = softmax
    }

    /// log2 of the batch size.
    var batchShift: Int { batchSize.trailingZeroBitCount }
}

/// The learning rate numerator·2^-shift, on the gradient averaged over the batch.
public struct LearningRate: Codable, Hashable, Sendable {
    public var numerator: Int
    public var shift: Int

    public init(numerator: Int, shift: Int) {
        self.numerator = numerator
        self.shift = shift
    }

    public var value: Double { Double(numerator) / Double(1 << shift) }
}

/// The integers of the soft-max.
public struct SoftmaxSpec: Codable, Hashable, Sendable {
    /// Fraction bits of the rescaled logits.
    public var logitFractionBits: Int
    /// The table of exponentials has 2^tableBits rows; larger arguments use its last row.
    public var tableBits: Int
    /// The table's values stand for e·2^-exponentFractionBits.
    public var exponentFractionBits: Int

    public init(logitFractionBits: Int, tableBits: Int, exponentFractionBits: Int) {
        self.logitFractionBits = logitFractionBits
        self.tableBits = tableBits
        self.exponentFractionBits = exponentFractionBits
    }
}

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
}
