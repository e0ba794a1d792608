import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import TrainingCircuits

typealias Fr = BN254ScalarField

/// A quality circuit with a model and a test set for it.
struct QualityFixture {
    let circuit: QualityCircuit
    let model: QuantizedModel
    let testSet: Dataset
    let harness: CircuitHarness<Fr>

    init(spec: ModelSpec, sampleCount: Int, model: QuantizedModel, testSet: Dataset, least: Int? = nil) throws
    {
        let circuit = try QualityCircuit(spec: spec, sampleCount: sampleCount)
        let claim = try least ?? model.correctCount(on: testSet)
        self.circuit = circuit
        self.model = model
        self.testSet = testSet
        harness = try CircuitHarness {
            try circuit.synthesize($0, model: model, testSet: testSet, least: claim)
        }
    }

    /// A random model and random samples.
    init(
        widths: [Int], sampleCount: Int, bias: Bool = false, given: Int? = nil, weightBits: Int = 5,
        seed: UInt64 = 1,
        least: Int? = nil
    ) throws {
        let spec = Self.spec(widths: widths, bias: bias, weightBits: weightBits)
        var generator = SeededGenerator(seed: seed)
        let weights = (0..<spec.weightCount).map { _ in
            Int16.random(
                in: -(1 << Int16(weightBits - 1))...(1 << Int16(weightBits - 1)) - 1, using: &generator)
        }
        let count = given ?? sampleCount
        let testSet = try Dataset(
            name: "random", featureCount: widths[0], classCount: widths[widths.count - 1],
            pixels: (0..<count * widths[0]).map { _ in UInt8.random(in: 0...16, using: &generator) },
            labels: (0..<count).map { _ in
                UInt8.random(in: 0..<UInt8(widths[widths.count - 1]), using: &generator)
            })
        try self.init(
            spec: spec, sampleCount: sampleCount, model: QuantizedModel(spec: spec, flattened: weights),
            testSet: testSet,
            least: least)
    }

    static func spec(widths: [Int], bias: Bool = false, weightBits: Int = 5) -> ModelSpec {
        ModelSpec(
            name: "test", widths: widths, bias: bias,
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: weightBits, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4))
    }
}
