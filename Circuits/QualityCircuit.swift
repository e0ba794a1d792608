import ConstraintSystem
import FieldArithmetic
import Gadgets
import QuantizedLearning

/// Proves that a committed model classifies at least k of N samples of a committed test set correctly.
///
/// Linked segment 0, `model`: all weights, layer after layer, inputs × outputs row by row, biases as the last row
/// (`QuantizedModel.flattened`). Linked segment 1, `test set`: the inputs, N × features, then one-hot labels, N × classes
/// (`testSetValues`); fewer than N samples are padded with zeros, which never count. Whoever relies on a proof
/// recomputes this segment's commitment from the test set, so its ranges and labels are not checked again here.
/// Statement: k.
///
/// **Constrains** weights to their two's complement range; in every layer Z = A·W (a matrix product, or a convolution of
/// all samples), in hidden ones A' = max(⌊Z/2^s⌋, 0) with activations in range, pooled to sums or maxima; the correct
/// samples on the unrescaled logits; their number ≥ k. These are exactly the integers of `QuantizedLearning`'s inference.
///
/// **Costs** about N·n + w + N·b constraints for each layer of n inputs, w weights and b outputs, one range check of each
/// weight and two and one constraint of each hidden value; a maximum two more for each value in its window. It depends on the specification and N only.
public struct QualityCircuit: Sendable, Equatable {
    public let spec: ModelSpec
    /// N.
    public let sampleCount: Int

    /// Circuits for more samples are to be split into chunks.
    public static let mostSamples = 1 << 16

    /// Larger circuits are refused: a short specification must not ask for more memory than any machine has.
    public static let mostConstraints = 1 << 24

    /// - Throws: `LearningError` for a bad specification, `CircuitError.malformed` for an impossible number of samples
    ///   or more than `mostConstraints`.
    public init(spec: ModelSpec, sampleCount: Int) throws {
        try spec.validate()
        guard (1...Self.mostSamples).contains(sampleCount) else {
            throw CircuitError.malformed("\(sampleCount) samples, allowed are 1...\(Self.mostSamples)")
        }
        let products = spec.forwardConstraints(samples: sampleCount)
        guard products <= Self.mostConstraints else {
            throw CircuitError.malformed(
                "about \(products) constraints, allowed are \(Self.mostConstraints): prove fewer samples at once"
            )
        }
        self.spec = spec
        self.sampleCount = sampleCount
    }

    /// Lengths of the linked segments, in order.
    public var linkedLengths: [Int] {
        [spec.weightCount, sampleCount * (spec.architecture.input.count + spec.classCount)]
    }

    /// The names of the linked segments, in order.
    public static let linkedSegments = ["model", "test set"]

    /// Records the circuit.
    ///
    /// - Throws: `CircuitError`, for one if values of this specification could wrap around the field.
    public func constraints<F: PrimeField>(over field: F.Type) throws -> R1CS<F> {
        try R1CS { try synthesize($0, nil) }
    }

    /// The witness that a model is right on at least `least` samples.
    ///
    /// - Throws: `CircuitError.noWitness` if that is not true or an activation leaves its range; `LearningError` or
    ///   `CircuitError.malformed` for a model or a test set that does not fit the circuit.
    public func witness<F: PrimeField>(
        model: QuantizedModel, testSet: Dataset, least: Int, over field: F.Type
    ) throws -> CircuitWitness<F> {
        let inputs = try QualityInputs(model: model, testSet: testSet, least: least, circuit: self)
        return try CircuitWitness { try synthesize($0, inputs) }
    }

    /// - Throws: `CircuitError.malformed` for a model of another specification; names and training do not matter.
    public func requireFit(_ model: QuantizedModel) throws { try QualityInputs.requireShape(of: model, spec) }

    /// - Throws: `LearningError` or `CircuitError.malformed` for a test set of another shape or too many samples.
    public func requireFit(_ testSet: Dataset) throws { try QualityInputs.requireFit(testSet, self) }

    /// The `model` segment's values.
    public func modelValues<F: PrimeField>(_ model: QuantizedModel, over field: F.Type) throws -> [F] {
        try QualityInputs.requireShape(of: model, spec)
        return Numbers<F>.integers(model.flattened.map { Int($0) }).elements
    }

    /// The `test set` segment's values: what anybody recomputes to check its commitment.
    ///
    /// - Throws: `LearningError` or `CircuitError.malformed` for a test set that does not fit the circuit.
    public func testSetValues<F: PrimeField>(_ testSet: Dataset, over field: F.Type) throws -> [F] {
        let (pixels, labels) = try QualityInputs.samples(of: testSet, self)
        return Numbers<F>.integers(pixels + labels).elements
    }
}

/// What a witness of the quality circuit is made from.
struct QualityInputs {
    let weights: [Int]
    /// N × features, padded with zeros.
    let pixels: [Int]
    /// N × classes, one-hot or zero.
    let labels: [Int]
    let least: Int

    init(model: QuantizedModel, testSet: Dataset, least: Int, circuit: QualityCircuit) throws {
        try Self.requireShape(of: model, circuit.spec)
        weights = model.flattened.map { Int($0) }
        (pixels, labels) = try Self.samples(of: testSet, circuit)
        self.least = least
    }

    static func requireShape(of model: QuantizedModel, _ spec: ModelSpec) throws {
        var (given, wanted) = (model.spec, spec)
        (given.name, wanted.name) = ("", "")
        (given.training, wanted.training) = (nil, nil)
        guard given == wanted else {
            throw CircuitError.malformed(
                "the model's specification \(model.spec.name) is not the circuit's, \(spec.name)")
        }
    }

    static func requireFit(_ testSet: Dataset, _ circuit: QualityCircuit) throws {
        guard testSet.count <= circuit.sampleCount else {
            throw CircuitError.malformed(
                "\(testSet.name) has \(testSet.count) samples, the circuit takes \(circuit.sampleCount)")
        }
        _ = try circuit.spec.inputs(of: testSet)
    }

    static func samples(of testSet: Dataset, _ circuit: QualityCircuit) throws -> (
        pixels: [Int], labels: [Int]
    ) {
        let (spec, count) = (circuit.spec, circuit.sampleCount)
        try requireFit(testSet, circuit)
        var pixels = try spec.inputs(of: testSet).elements.map { Int($0) }
        pixels.append(
            contentsOf: repeatElement(0, count: count * spec.architecture.input.count - pixels.count))
        var labels = [Int](repeating: 0, count: count * spec.classCount)
        for (sample, label) in testSet.labels.enumerated() {
            labels[sample * spec.classCount + Int(label)] = 1
        }
        return (pixels, labels)
    }
}
