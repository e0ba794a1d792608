import EllipticCurves
import Foundation
import Parallelism
import Presentation
import ProofOfTraining
import QuantizedLearning

/// What `zkpot train` needs to commit to every checkpoint.
struct TrajectoryOptions: ArgumentGroup {
    @Option(
        """
        Train in a task's stages and commit to every checkpoint. Prefix of the files: PREFIX.zkt with the commitments, the \
        secret PREFIX.zkts, the checkpoints PREFIX.zkck, and PREFIX.zkc and PREFIX.zko to prove the model's quality. None of \
        the secret ones may exist yet.
        """)
    var commitTrajectory: OutputFile?

    @Option("The task, from 'zkpot audit task'.")
    var task: InputFile?

    @Option("The data set's commitments, from 'zkpot audit data'.")
    var dataset: InputFile?

    @Option("The data beacon, which fixes the order of batches.")
    var beacon: Beacon?

    @Option("Whose training it is.")
    var participant: String = ""

    init() {}

    /// - Throws: `UsageError` for options that do not belong together.
    func validate(model: String?) throws {
        guard commitTrajectory != nil else {
            if model == nil {
                throw UsageError(
                    "--model <digits|mnist|file> is missing: The model's specification, or --commit-trajectory with a task"
                )
            }
            if task != nil || dataset != nil || beacon != nil {
                throw UsageError("--task, --dataset and --beacon belong to --commit-trajectory")
            }
            return
        }
        if task == nil || dataset == nil || beacon == nil {
            throw UsageError("--commit-trajectory needs --task, --dataset and --beacon")
        }
        if model != nil { throw UsageError("the task says which --model is trained") }
    }
}

extension TrainVerb {
    /// Trains in stages and commits to all checkpoints.
    func trainTrajectory(_ prefix: OutputFile, _ console: Console) throws -> ExitCode {
        guard let taskFile = trajectory.task, let datasetFile = trajectory.dataset,
            let beacon = trajectory.beacon
        else { throw UsageError("--commit-trajectory needs --task, --dataset and --beacon") }
        let task = try AuditFiles.task(taskFile)
        let dataset = try AuditFiles.dataset(datasetFile)
        let samples = try data.load()
        let circuit = try task.trainingCircuit
        try naming(data.name) { _ = try circuit.spec.inputs(of: samples.prefix(1)) }
        let files = Files(prefix: prefix.path)
        try files.requireNoSecrets()

        let committer = TrainingStepCommitter(circuit)
        let trainer = try TrajectoryTrainer(task: task, committer: committer)
        let initial: QuantizedModel
        if let start {
            let model = try ModelFile.read(start, of: circuit.spec)
            try start.reading { _ in try trainer.requireStart(model) }
            initial = model
        } else {
            guard let model = try taskFile.reading({ _ in try trainer.start() }) else {
                throw CommandError(
                    "names no seed for its start: give the model with --start", file: taskFile.path)
            }
            initial = model
        }
        let seed = BlindingSeed()
        let bar = ProgressBar(
            "training and committing", total: task.stages, quiet: console.isQuiet || console.isJSON)
        let begin = ContinuousClock.now
        let result = try naming(data.name) {
            try trainer.train(
                start: initial, data: samples, dataset: dataset, beacon: beacon.digest,
                participant: trajectory.participant, seed: seed, progress: bar)
        }
        bar.finish()
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let archive = result.checkpoints.serialized
        try files.write(result, archive: archive, seed: seed)
        try output.writing { _ in try result.model.write(to: output.url) }
        try console.present(
            TrajectoryResult(
                model: output.path, stages: task.stages, steps: task.stages * circuit.steps,
                weights: circuit.spec.weightCount, samples: samples.count,
                correct: try result.model.correctCount(on: samples), root: result.trajectory.root.description,
                commitment: result.trajectory.model.encoded(as: .compressed).hexadecimal,
                trajectory: files.trajectory, secret: files.secret, checkpoints: files.checkpoints,
                checkpointBytes: archive.count, modelCommitment: files.commitment,
                opening: files.opening, seconds: seconds))
        return .success
    }

    /// Where everything goes.
    private struct Files {
        let trajectory: String
        let secret: String
        let checkpoints: String
        let commitment: String
        let opening: String

        init(prefix: String) {
            trajectory = prefix + ".zkt"
            secret = AuditFiles.secretPath(trajectory)
            checkpoints = AuditFiles.checkpointPath(trajectory)
            commitment = prefix + ".zkc"
            opening = prefix + ".zko"
        }

        /// - Throws: `CommandError` if a secret would have to be replaced.
        func requireNoSecrets() throws {
            for path in [secret, checkpoints, opening] where FileManager.default.fileExists(atPath: path) {
                throw CommandError("exists already, and is not replaced", file: path)
            }
        }

        /// Secrets first: a commitment without its secret is lost.
        func write(_ result: TrajectoryTrainer.Result, archive: [UInt8], seed: BlindingSeed) throws {
            let last = result.trajectory.stageCount
            try naming(secret) { try seed.write(to: secret, for: result.trajectory.root) }
            try naming(checkpoints) { try SecretFile.write(archive, to: checkpoints) }
            try naming(opening) { try seed.opening(.checkpoint, last).write(to: opening) }
            try OutputFile(commitment).write(
                Data(
                    CommitmentFile(role: QualityRelation.roles[0], point: result.trajectory.model).encoded))
            try OutputFile(trajectory).write(Data(result.trajectory.encoded))
        }
    }

    struct TrajectoryResult: Presentable {
        var model: String
        var stages: Int
        var steps: Int
        var weights: Int
        var samples: Int
        var correct: Int
        var root: String
        var commitment: String
        var trajectory: String
        var secret: String
        var checkpoints: String
        var checkpointBytes: Int
        var modelCommitment: String
        var opening: String
        var seconds: Double

        func text(_ style: TextStyle) -> String {
            """
            Trained \(Format.count(weights)) weights in \(Format.count(stages)) stages, \(Format.count(steps)) steps, in \(Format.seconds(seconds)).
            On its own data the model is right on \(Format.count(correct)) (\(Format.percent(Double(correct) / Double(samples)))).
            Publish the root \(root)
            and the model's commitment \(commitment).
            Wrote \(style.bold(trajectory)) and \(style.bold(modelCommitment)). Keep secret: \(style.bold(secret)), \(style.bold(opening)), \(style.bold(checkpoints)) (\(Format.bytes(checkpointBytes))), \(style.bold(model)).
            """
        }
    }
}
