import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

extension AuditMode: ArgumentValue {}

/// `zkpot audit task`
struct AuditTaskVerb: Verb {
    static let about = About(
        "task", "Fix what training and audits are about, before anybody commits to anything.",
        discussion: """
            The circuit says which model, learning rate, batch size and number of steps a stage has; a participant \
            chooses none of it. In the mode full every stage is proven, in sampled as many as --audits, in \
            sampled+bounded every stage also shows that no weight moved by more than the circuit's bound allows.
            """,
        example: """
            zkpot audit task --circuit training.json --key training.zkvk --task digits --stages 16 --audits 4 \\
                --mode sampled --output task.json
            """)

    @Option("The training-step circuit: a JSON file (Circuits/README.md).")
    var circuit: InputFile

    @Option("The verifying key of that circuit.")
    var key: InputFile

    @Option("The verifying key for bounded updates, in the mode sampled+bounded.")
    var updateKey: InputFile?

    @Option("Which stages are proven.")
    var mode: AuditMode = .sampled

    @Option("Stages of the training.", check: .in(1...1 << 20))
    var stages: Int

    @Option("Stages to prove, first and last among them.", check: .in(1...1 << 20))
    var audits: Int = 4

    @Option("Seed of the public start.", check: .atLeast(0))
    var seed: Int = 1

    @Option("A public model as the start, instead of the seed's.")
    var start: InputFile?

    @Option("Ledger or chain for which the proofs count.")
    var ledger: String = ""

    @Option("Name of the task.")
    var task: String

    @Option("Round of the task.", check: .atLeast(0))
    var round: Int = 0

    @Option("Where the task goes.", short: "o")
    var output: OutputFile

    func validate() throws {
        if (mode == .bounded) != (updateKey != nil) {
            throw UsageError("--update-key belongs to the mode \(AuditMode.bounded.rawValue), and only there")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let circuit = try CircuitOptions.trainingStep(circuit)
        if mode == .bounded, circuit.updateBound == nil {
            throw CommandError(
                "has no bound, which the mode \(mode.rawValue) needs", file: self.circuit.path)
        }
        let stepKey = try AuditFiles.verifyingKey(key, of: CircuitSpecification(circuit))
        let update = try updateKey.map { file in
            let bound = circuit.steps * (circuit.updateBound ?? 0)
            let wanted = CircuitSpecification(
                try BoundedUpdateCircuit(spec: circuit.spec, bound: bound))
            return try AuditFiles.verifyingKey(file, of: wanted)
        }
        if stepKey.isDevelopmentKey || update?.isDevelopmentKey ?? false { warnOfDevelopmentKey(console) }
        let model = try startModel(circuit)
        let point = try TrainingStepCommitter(circuit).commit(to: model, opening: .none)
        let task = try AuditTask(
            ledger: ledger, task: task, round: UInt64(round), mode: mode, stages: stages, audits: audits,
            circuit: circuit, stepKey: stepKey, updateKey: update, start: point,
            startSeed: start == nil ? UInt64(seed) : nil)
        try output.write(try task.json)
        try console.present(
            Result(
                task: output.path, digest: try task.digest.description, mode: mode.rawValue, stages: stages,
                audits: mode == .full ? stages : min(stages, max(audits, 2)), steps: circuit.steps,
                batchSize: circuit.batchSize, start: task.start))
        return .success
    }

    private func startModel(_ circuit: TrainingStepCircuit) throws -> QuantizedModel {
        guard let start else { return try QuantizedModel.initial(spec: circuit.spec, seed: UInt64(seed)) }
        return try ModelFile.read(start, of: circuit.spec)
    }

    struct Result: Presentable {
        var task: String
        var digest: String
        var mode: String
        var stages: Int
        var audits: Int
        var steps: Int
        var batchSize: Int
        var start: String

        func text(_ style: TextStyle) -> String {
            """
            \(Format.count(stages)) stages of \(steps) steps with \(batchSize) samples each; \(Format.count(audits)) of them will be proven (\(mode)).
            Public start: \(start)
            Wrote \(style.bold(task)), digest \(Format.shortHash(digest)).
            """
        }
    }
}
