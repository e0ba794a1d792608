import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism
import QuantizedLearning
import TrainingCircuits

/// Trains in the stages of a task, in the beacon's order of batches, and commits to every checkpoint.
public struct TrajectoryTrainer {
    public let task: AuditTask
    private let committer: TrainingStepCommitter

    /// What training leaves behind; archive and model are private.
    public struct Result {
        public var trajectory: Trajectory
        public var checkpoints: CheckpointArchive
        public var model: QuantizedModel
    }

    /// - Parameter committer: made from the task's circuit.
    /// - Throws: `MalformedData` if the committer is one of another circuit.
    public init(task: AuditTask, committer: TrainingStepCommitter) throws {
        guard try task.trainingCircuit == committer.circuit else {
            throw MalformedData("the task is for another circuit")
        }
        self.task = task
        self.committer = committer
    }

    /// The public start that the task names by a seed, `nil` if it names none.
    ///
    /// - Throws: `MalformedData` if the seed's model is not the one whose commitment the task has.
    public func start() throws -> QuantizedModel? {
        guard let seed = task.startSeed else { return nil }
        let model = try QuantizedModel.initial(spec: committer.circuit.spec, seed: seed)
        try requireStart(model)
        return model
    }

    /// - Throws: `MalformedData` if the model is not the task's public start.
    public func requireStart(_ model: QuantizedModel) throws {
        guard try committer.commit(to: model, opening: .none) == task.startPoint else {
            throw MalformedData("the model is not the task's public start")
        }
    }

    /// All stages.
    ///
    /// - Parameters:
    ///   - start: the task's public start.
    ///   - data: what `dataset` commits to.
    ///   - beacon: drawn after the data set's digest was published.
    ///   - seed: fresh, for this trajectory alone.
    /// - Throws: `LearningError` for a step that leaves its range, `MalformedData` for a step beyond the task's bound or
    ///   data of another size than committed.
    public func train(
        start: QuantizedModel, data: Dataset, dataset: DatasetCommitment, beacon: Digest,
        participant: String, seed: BlindingSeed, progress: ProgressBar? = nil
    ) throws -> Result {
        let circuit = committer.circuit
        let (batchSize, steps) = (circuit.batchSize, circuit.steps)
        guard data.count / batchSize == dataset.points.count,
            let order = BatchOrder(
                batchCount: dataset.points.count, dataset: dataset.digest, beacon: beacon,
                party: task.party(of: participant))
        else {
            throw MalformedData(
                "\(data.count) samples are not the \(dataset.points.count) batches that were committed to")
        }
        let trainer = try IntegerTrainer(model: start, data: data)
        var archive = try CheckpointArchive(spec: circuit.spec)
        try archive.append(start)
        var points = [try task.startPoint]
        var model = start
        let batches = order.batches(stages: Array(0..<task.stages), steps: steps)
        for (stage, indices) in batches.enumerated() {
            for (step, batch) in indices.enumerated() {
                let old = model
                try trainer.step(samples: Array(batch * batchSize..<(batch + 1) * batchSize))
                guard circuit.updateBound != nil || step == steps - 1 else { continue }
                model = try trainer.model
                try requireBound(old, model, stage, step)
            }
            points.append(
                try committer.commit(to: model, opening: seed.opening(.checkpoint, stage + 1)))
            try archive.append(model)
            progress?.advance(title: "training and committing")
        }
        let trajectory = try Trajectory(
            participant: participant, dataset: dataset.digest, dataBeacon: beacon, checkpoints: points)
        return Result(trajectory: trajectory, checkpoints: archive, model: model)
    }

    private func requireBound(
        _ old: QuantizedModel, _ new: QuantizedModel, _ stage: Int, _ step: Int
    ) throws {
        guard let bound = committer.circuit.updateBound else { return }
        let largest = zip(old.flattened, new.flattened).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
        guard largest <= bound else {
            throw MalformedData(
                "stage \(stage), step \(step + 1) moves a weight by \(largest), more than the task's bound \(bound)"
            )
        }
    }
}
