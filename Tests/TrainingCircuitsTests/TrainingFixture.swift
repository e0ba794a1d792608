import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import TrainingCircuits

/// A training-step circuit with a model and batches for it.
struct TrainingFixture {
    let circuit: TrainingStepCircuit
    let model: QuantizedModel
    let batches: [Dataset]
    let trace: [StepTrace]
    let harness: CircuitHarness<Fr>

    init(circuit: TrainingStepCircuit, model: QuantizedModel, batches: [Dataset]) throws {
        self.circuit = circuit
        self.model = model
        self.batches = batches
        trace = try circuit.trace(model: model, batches: batches)
        harness = try CircuitHarness {
            try circuit.synthesize($0, model: model, batches: batches)
        }
    }

    /// A random model and random samples: of the seeds from the given one on, the first for which all values stay in
    /// range and `isWanted` holds.
    init(
        spec: ModelSpec, steps: Int = 1, updateBound: Int? = nil, seed: UInt64 = 1,
        where isWanted: ([StepTrace]) -> Bool = { _ in true }
    ) throws {
        let circuit = try TrainingStepCircuit(spec: spec, steps: steps, updateBound: updateBound)
        for seed in seed..<seed + 500 {
            let (model, batches) = try Self.random(spec, steps: steps, seed: seed)
            if let trace = try? circuit.trace(model: model, batches: batches), isWanted(trace) {
                try self.init(circuit: circuit, model: model, batches: batches)
                return
            }
        }
        throw CircuitError.malformed("no such model and batches")
    }

    static func random(
        _ spec: ModelSpec, steps: Int, seed: UInt64
    ) throws -> (model: QuantizedModel, batches: [Dataset]) {
        var generator = SeededGenerator(seed: seed)
        let half = Int16(1) << Int16(spec.weights.bits - 2)
        let weights = (0..<spec.weightCount).map { _ in Int16.random(in: -half...half, using: &generator) }
        let batches = try (0..<steps).map { _ in
            try batch(spec, using: &generator)
        }
        return (try QuantizedModel(spec: spec, flattened: weights), batches)
    }

    static func batch(_ spec: ModelSpec, using generator: inout SeededGenerator) throws -> Dataset {
        let count = spec.training?.batchSize ?? 1
        let classes = spec.widths[spec.widths.count - 1]
        return try Dataset(
            name: "random", featureCount: spec.widths[0], classCount: classes,
            pixels: (0..<count * spec.widths[0]).map { _ in UInt8.random(in: 0...16, using: &generator) },
            labels: (0..<count).map { _ in UInt8.random(in: 0..<UInt8(classes), using: &generator) })
    }

    /// Narrow ranges, so that tables are small; a table of exponentials so short that gaps are clamped.
    static func spec(
        widths: [Int], bias: Bool = false, loss: TrainingSpec.Loss = .softmaxCrossEntropy, batch: Int = 2,
        rate: LearningRate = LearningRate(numerator: 1, shift: 1)
    ) -> ModelSpec {
        ModelSpec(
            name: "test", widths: widths, bias: bias,
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: 6, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4),
            training: TrainingSpec(
                loss: loss, batchSize: batch, learningRate: rate, gradientBits: 8,
                outputGradientFractionBits: 6, hiddenGradientFractionBits: 5,
                softmax: loss == .squaredError
                    ? nil : SoftmaxSpec(logitFractionBits: 2, tableBits: 4, exponentFractionBits: 6)))
    }

    /// The assignment's values of all wires with a name, in order.
    func values(_ name: String, in assignment: [Fr]) -> [Fr] { harness.values(name, in: assignment) }
}
