import ConstraintSystem
import FieldArithmetic
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// The built-in models whose quality is proven.
enum QualityModel: String, CaseIterable, ArgumentValue {
    case mnist, digits

    var spec: ModelSpec { self == .mnist ? .mnist : .digits }
}

/// A linked quality proof of a model with random weights on 100 samples.
struct QualityMeasurement {
    private static let samples = 100

    let name: String
    let prover: QualityProver
    let model: QuantizedModel
    let testSet: Dataset
    /// What the model gets right; the claim.
    let correct: Int

    /// - Parameters:
    ///   - data: images for MNIST; random pixels and labels otherwise.
    ///   - key: a proving key's file; a key is made otherwise.
    init(
        _ choice: QualityModel, data: InputFile?, labels: InputFile?, key: InputFile?, _ session: BenchSession
    ) throws {
        let circuit = try QualityCircuit(spec: choice.spec, sampleCount: Self.samples)
        name = "prove quality \(choice.spec.architecture.summary)"
        model = try QuantizedModel.initial(spec: choice.spec, seed: 1)
        if let data, let labels {
            testSet = try data.reading { _ in
                try Dataset.readIDX(images: data.url, labels: labels.url).prefix(Self.samples)
            }
        } else {
            testSet = try Self.randomSamples(choice.spec)
        }
        correct = try model.correctCount(on: testSet)
        if let key {
            prover = try key.reading { try QualityProver(ProvingKey(path: $0)) }
            guard prover.circuit == circuit else {
                throw CommandError(
                    "is not a key for \(choice.rawValue) on \(Self.samples) samples", file: key.path)
            }
        } else {
            session.console.note("Making the key of \(name) …")
            prover = try QualityProver(QualityProver.developmentSetup(circuit))
        }
    }

    /// Pixels and labels, uniform in their ranges.
    static func randomSamples(_ spec: ModelSpec, count: Int = samples) throws -> Dataset {
        var generator = SplitMix64(state: 6)
        return try Dataset(
            name: "random samples", featureCount: spec.widths[0], classCount: spec.classCount,
            pixels: (0..<count * spec.widths[0]).map { _ in
                UInt8(generator.next() % UInt64(spec.input.maximum + 1))
            },
            labels: (0..<count).map { _ in UInt8(generator.next() % UInt64(spec.classCount)) })
    }

    /// Times witness and proof; the opening is fresh, as for a new commitment.
    func measure(_ session: BenchSession) throws {
        let shape = prover.prover.key.shape
        let subject = BenchSession.Subject(
            group: "prove", benchmark: name, size: nil, unit: "constraint", units: shape.constraintCount)
        try session.measureParallel(subject) {
            var witness: CircuitWitness<Fr>?
            let seconds = try Timing.seconds {
                witness = try prover.circuit.witness(
                    model: model, testSet: testSet, least: correct, over: Fr.self)
            }
            guard let witness else { return [] }
            let first = BenchLine.Stage(name: "witness, before the challenges", seconds: seconds)
            return try [first]
                + BenchLine.Stage.timing {
                    try prover.prover.prove(witness, blindings: SecretScalars([Fr.random(), .zero]))
                }
        }
    }
}
