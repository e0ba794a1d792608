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
        try self.init(
            spec: Self.spec(widths: widths, bias: bias, weightBits: weightBits), sampleCount: sampleCount,
            given: given, seed: seed, least: least)
    }

    /// A random model of any specification and random samples: of the seeds from the given one on, the first for which
    /// all activations stay in range, those of padding samples too.
    init(spec: ModelSpec, sampleCount: Int, given: Int? = nil, seed: UInt64 = 1, least: Int? = nil) throws {
        let limit: Int16 = 1 << Int16(spec.weights.bits - 1)
        for seed in seed..<seed + 500 {
            var generator = SeededGenerator(seed: seed)
            let weights = (0..<spec.weightCount).map { _ in
                Int16.random(in: -limit...limit - 1, using: &generator)
            }
            let count = given ?? sampleCount
            let testSet = try Dataset(
                name: "random", featureCount: spec.widths[0], classCount: spec.classCount,
                pixels: (0..<count * spec.widths[0]).map { _ in
                    UInt8.random(in: 0...16, using: &generator)
                },
                labels: (0..<count).map { _ in
                    UInt8.random(in: 0..<UInt8(spec.classCount), using: &generator)
                })
            let model = try QuantizedModel(spec: spec, flattened: weights)
            let padding = Matrix<Int64>(rows: 1, columns: spec.widths[0], repeating: 0)
            guard (try? model.inferenceTrace(inputs: spec.inputs(of: testSet))) != nil,
                (try? model.inferenceTrace(inputs: padding)) != nil
            else { continue }
            try self.init(
                spec: spec, sampleCount: sampleCount, model: model, testSet: testSet, least: least)
            return
        }
        throw CircuitError.malformed("no such model")
    }

    static func spec(widths: [Int], bias: Bool = false, weightBits: Int = 5) -> ModelSpec {
        ModelSpec(
            name: "test", widths: widths, bias: bias,
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: weightBits, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4))
    }
}
