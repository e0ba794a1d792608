import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// `zkpot-bench specification`
struct SpecificationBench: Verb {
    static let about = About(
        "specification", "Set-up and linked proof of circuits given as files, with stages and peak memory.",
        discussion: """
            Each file is a circuit's specification, such as those in Circuits/specs. Weights are a random start; pixels and \
            labels are random, unless --data and --labels name some. Beside each proof its time is given by weight and by \
            multiplication of the model, those of a step counted forwards and backwards. Keys are written to a file and used \
            from there, as the command line does; every proof is verified before it counts.
            """,
        example: """
            zkpot-bench specification --circuit Circuits/specs/training-step-lenet-5.json --runs 1
            """)

    @Group var options: BenchOptions
    @Option("Specifications of circuits.") var circuit: [InputFile]
    @Option("Images, an IDX file.") var data: InputFile?
    @Option("Labels for --data, an IDX file.") var labels: InputFile?
    @Option(
        "A folder in which keys are kept, and taken from where they are already there.", valueName: "folder")
    var keys: String?

    func validate() throws {
        guard !circuit.isEmpty else { throw UsageError("--circuit is missing") }
        guard (data == nil) == (labels == nil) else {
            throw UsageError("--data and --labels belong together")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        for file in circuit { try measure(file, session) }
        return try options.finish(session, console)
    }

    private func measure(_ file: InputFile, _ session: BenchSession) throws {
        let specification = try file.reading { _ in try CircuitSpecification.read(from: file.url) }
        let name = file.url.deletingPathExtension().lastPathComponent
        let constraints = try specification.constraints(over: Fr.self)
        func subject(_ work: String) -> BenchSession.Subject {
            .init(
                group: "specification", benchmark: "\(work) \(name)", size: nil, unit: "constraint",
                units: constraints.constraintCount)
        }
        let folder = URL(
            fileURLWithPath: keys ?? NSTemporaryDirectory(), isDirectory: true)
        let path = folder.appending(path: "\(name).zkpk").path
        defer { if keys == nil { try? FileManager.default.removeItem(atPath: path) } }
        if keys == nil || !FileManager.default.fileExists(atPath: path) {
            try session.measureParallel(subject("set-up"), warmsUp: false) {
                let key = try KeyGenerator<BN254>.developmentSetup(
                    constraints, specification: specification.encoded)
                try naming(path) { try key.write(to: path) }
                return []
            }
        }
        let prover = try naming(path) { try Prover(ProvingKey<BN254>(path: path)) }
        let run = try SpecifiedProof(specification, samples: samples(for: specification))
        try session.measureParallel(subject("proof"), warmsUp: false) { try run.stages(prover) }
        session.console.note(
            "\(name): key \(Format.bytes(prover.key.byteCount)), \(Format.count(constraints.wireCount)) wires"
        )
        for line in session.lines.suffix(session.threads.count) {
            session.console.note(
                """
                \(line.name): \(Format.seconds(line.median / Double(run.weights))) a weight of \
                \(Format.count(run.weights)), \(Format.seconds(line.median / Double(run.multiplications))) a \
                multiplication of \(Format.count(run.multiplications))
                """)
        }
    }

    /// As many samples as the circuit speaks about.
    private func samples(for specification: CircuitSpecification) throws -> Dataset {
        let spec = specification.model
        let count =
            switch specification {
            case .quality(_, let samples): samples
            case .trainingStep(_, let steps, _): steps * (spec.training?.batchSize ?? 0)
            case .boundedUpdate: 1
            }
        guard let data, let labels else { return try QualityMeasurement.randomSamples(spec, count: count) }
        return try data.reading { _ in
            try Dataset.readIDX(images: data.url, labels: labels.url).prefix(count)
        }
    }
}

/// What a circuit of a specification proves here: a random start, on samples that fill the circuit.
private struct SpecifiedProof {
    let weights: Int
    /// Of numbers in the model's computation, padding included; comparisons where there are none.
    let multiplications: Int
    private let makeWitness: () throws -> CircuitWitness<Fr>
    private let segments: Int
    private let isTraining: Bool

    init(_ specification: CircuitSpecification, samples: Dataset) throws {
        let spec = specification.model
        let model = try QuantizedModel.initial(spec: spec, seed: 1)
        weights = spec.weightCount
        let perLayer = spec.architecture.geometries.map {
            samples.count * $0.positions * $0.windowLength * $0.output.channels
        }
        let forward = perLayer.reduce(0, +)
        switch specification {
        case .quality:
            let circuit = try specification.qualityCircuit()
            let correct = try model.correctCount(on: samples)
            (segments, isTraining, multiplications) = (2, false, forward)
            makeWitness = {
                try circuit.witness(model: model, testSet: samples, least: correct, over: Fr.self)
            }
        case .trainingStep:
            let circuit = try specification.trainingStepCircuit()
            let size = circuit.batchLength / (spec.widths[0] + spec.classCount)
            let batches = (0..<circuit.steps).map { samples.subset(Array($0 * size..<($0 + 1) * size)) }
            // The first layer hands no gradient down.
            (segments, isTraining) = (circuit.linkedSegments.count, true)
            multiplications = 3 * forward - perLayer[0]
            makeWitness = { try circuit.witness(model: model, batches: batches, over: Fr.self) }
        case .boundedUpdate:
            let circuit = try specification.boundedUpdateCircuit()
            // One comparison for each weight.
            (segments, isTraining, multiplications) = (2, true, spec.weightCount)
            makeWitness = { try circuit.witness(before: model, after: model, over: Fr.self) }
        }
    }

    /// Witness and proof.
    func stages(_ prover: Prover<BN254>) throws -> [BenchLine.Stage] {
        var witness: CircuitWitness<Fr>?
        let seconds = try Timing.seconds { witness = try makeWitness() }
        guard let witness else { return [] }
        let first = BenchLine.Stage(name: "witness, before the challenges", seconds: seconds)
        // Models and batches are hidden, a test set is public.
        let blindings = (0..<segments).map { isTraining || $0 == 0 ? Fr.random() : .zero }
        return try [first]
            + BenchLine.Stage.timing { try prover.prove(witness, blindings: SecretScalars(blindings)) }
    }
}
