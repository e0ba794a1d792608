/// The shape of a model and the integers in which it computes: everything that a circuit has to know.
///
/// All values are integers v that stand for the real number v·2^-f; the fraction bits f are given per kind of value.
/// `Docs/quantization.md` lists the equations.
public struct ModelSpec: Hashable, Sendable {
    /// A name for messages.
    public var name: String
    /// The shape of samples, and the layers.
    public var architecture: Architecture
    public var input: InputSpec
    /// Weights w: -2^(bits-1) ≤ w < 2^(bits-1).
    public var weights: FixedPoint
    /// Rescaled pre-activations q: |q| < 2^bits, and so are the halves p = max(q, 0), n = max(-q, 0).
    public var activations: FixedPoint
    /// How it is trained; absent where only quality is proven.
    public var training: TrainingSpec?

    public init(
        name: String, architecture: Architecture, input: InputSpec, weights: FixedPoint,
        activations: FixedPoint, training: TrainingSpec? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.input = input
        self.weights = weights
        self.activations = activations
        self.training = training
    }

    /// A multilayer perceptron.
    ///
    /// - Parameter widths: units per layer, inputs first: [64, 32, 10].
    public init(
        name: String, widths: [Int], bias: Bool = false, input: InputSpec, weights: FixedPoint,
        activations: FixedPoint, training: TrainingSpec? = nil
    ) {
        self.init(
            name: name, architecture: Architecture(widths: widths, bias: bias), input: input,
            weights: weights, activations: activations, training: training)
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
