import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import QuantizedLearning
import TrainingCircuits

/// Answers a challenge: the proofs of single stages, in any order and on any day, and the answer that they make up.
public struct AuditProver {
    public let task: AuditTask
    public let challenge: AuditChallenge
    private let stepProver: TrainingStepProver
    private let updateProver: BoundedUpdateProver?
    private let committer: TrainingStepCommitter
    private let trajectory: Trajectory
    private let dataset: DatasetCommitment
    private let batches: [Dataset]
    private let order: [Int: [Int]]
    private let dataSeed: BlindingSeed
    private let seed: BlindingSeed

    /// One proof of the answer.
    public enum Part: Sendable, Hashable {
        /// The steps of a sampled stage.
        case steps(Int)
        /// That the update of a stage is bounded.
        case update(Int)

        public var stage: Int {
            switch self {
            case .steps(let stage), .update(let stage): return stage
            }
        }
    }

    /// What an answer is made from besides the checkpoints.
    public struct Material {
        public var trajectory: Trajectory
        public var seed: BlindingSeed
        public var dataset: DatasetCommitment
        public var dataSeed: BlindingSeed
        public var data: Dataset

        public init(
            trajectory: Trajectory, seed: BlindingSeed, dataset: DatasetCommitment, dataSeed: BlindingSeed,
            data: Dataset
        ) {
            self.trajectory = trajectory
            self.seed = seed
            self.dataset = dataset
            self.dataSeed = dataSeed
            self.data = data
        }
    }

    /// - Parameter updateProver: needed in the mode `sampled+bounded` only.
    /// - Throws: `MalformedData` if keys, challenge, trajectory or data do not belong together.
    public init(
        task: AuditTask, challenge: AuditChallenge, stepProver: TrainingStepProver,
        updateProver: BoundedUpdateProver? = nil, committer: TrainingStepCommitter, material: Material
    ) throws {
        try challenge.requireFit(task)
        guard try task.trainingCircuit == committer.circuit, stepProver.circuit == committer.circuit else {
            throw MalformedData("the key is for another circuit than the task's")
        }
        try task.requireStepKey(stepProver.prover.key.verifyingKey)
        if task.updateKey != nil {
            guard let updateProver else {
                throw MalformedData("the task needs a key for bounded updates too")
            }
            try task.requireUpdateKey(updateProver.prover.key.verifyingKey)
        }
        let trajectory = material.trajectory
        guard try challenge.root == trajectory.root, challenge.participant == trajectory.participant,
            try challenge.datasetDigest == trajectory.dataset,
            try challenge.dataBeaconValue == trajectory.dataBeacon
        else { throw MalformedData("the challenge is about another trajectory") }
        guard trajectory.dataset == material.dataset.digest else {
            throw MalformedData("the trajectory was trained on another data set")
        }
        batches = try committer.circuit.batches(of: material.data)
        guard batches.count == material.dataset.points.count,
            let order = BatchOrder(
                batchCount: batches.count, dataset: trajectory.dataset, beacon: trajectory.dataBeacon,
                party: task.party(of: trajectory.participant))
        else { throw MalformedData("the data are not those that were committed to") }
        self.order = Dictionary(
            uniqueKeysWithValues: zip(
                challenge.stages,
                order.batches(stages: challenge.stages, steps: committer.circuit.steps)))
        self.task = task
        self.challenge = challenge
        self.stepProver = stepProver
        self.updateProver = task.updateKey == nil ? nil : updateProver
        self.committer = committer
        self.trajectory = trajectory
        dataset = material.dataset
        dataSeed = material.dataSeed
        seed = material.seed
    }

    /// All proofs that the answer needs, ascending by stage.
    public var parts: [Part] {
        guard updateProver != nil else { return challenge.stages.map { .steps($0) } }
        let sampled = Set(challenge.stages)
        return (0..<task.stages).flatMap { stage -> [Part] in
            sampled.contains(stage) ? [.steps(stage), .update(stage)] : [.update(stage)]
        }
    }

    /// The verifying key that a part's proof is for.
    public func verifier(of part: Part) -> Verifier<BN254> {
        switch part {
        case .update: return updateProver?.prover.verifier ?? stepProver.prover.verifier
        case .steps: return stepProver.prover.verifier
        }
    }

    /// What a part's proof must show.
    public func statement(_ part: Part) -> Statement<BN254> {
        let stage = part.stage
        let (before, after) = (trajectory.checkpoints[stage], trajectory.checkpoints[stage + 1])
        switch part {
        case .steps:
            return TrainingStepRelation.statement(
                modelBefore: before, modelAfter: after,
                batches: (order[stage] ?? []).map { dataset.points[$0] },
                context: context(stage, committer.circuit.linkedSegments))
        case .update:
            return BoundedUpdateRelation.statement(
                modelBefore: before, modelAfter: after,
                context: context(stage, BoundedUpdateCircuit.linkedSegments))
        }
    }

    /// Makes a part's proof.
    ///
    /// - Parameters:
    ///   - before: checkpoint number `part.stage`.
    ///   - after: the checkpoint after it.
    /// - Throws: `MalformedData` for a checkpoint or batch that is not the committed one; `ProvingError` if the steps do not
    ///   lead from one to the other; `LearningError`, `CircuitError` for steps that the circuit does not allow.
    public func prove(_ part: Part, before: QuantizedModel, after: QuantizedModel) throws -> Proof<BN254> {
        let statement = statement(part)
        let openings = (before: opening(part.stage), after: opening(part.stage + 1))
        for (index, model, opening) in [
            (part.stage, before, openings.before), (part.stage + 1, after, openings.after),
        ] where try committer.commit(to: model, opening: opening) != trajectory.checkpoints[index] {
            throw MalformedData("checkpoint \(index) is not the one that was committed to")
        }
        switch part {
        case .steps(let stage):
            let indices = order[stage] ?? []
            for index in indices {
                let point = try committer.commit(
                    toBatch: batches[index], opening: dataSeed.opening(.batch, index))
                guard point == dataset.points[index] else {
                    throw MalformedData("batch \(index) of the data is not the one that was committed to")
                }
            }
            return try stepProver.prove(
                model: before, batches: indices.map { batches[$0] },
                openings: .init(
                    modelBefore: openings.before, modelAfter: openings.after,
                    batches: indices.map { dataSeed.opening(.batch, $0) }),
                context: statement.context, commitments: statement.commitments
            ).proof
        case .update:
            guard let updateProver else { throw MalformedData("the task asks for no bounded updates") }
            return try updateProver.prove(
                before: before, after: after, openings: openings, context: statement.context,
                commitments: statement.commitments
            ).proof
        }
    }

    /// The answer, when all parts are there.
    ///
    /// - Throws: `MalformedData` if one is missing.
    public func answer(_ proofs: [Part: Proof<BN254>]) throws -> AuditAnswer {
        func proof(_ part: Part) throws -> Proof<BN254> {
            guard let proof = proofs[part] else {
                throw MalformedData("the proof of stage \(part.stage) is missing")
            }
            return proof
        }
        let stages = try challenge.stages.map { stage in
            StageAnswer(
                stage: stage, before: checkpoint(stage), after: checkpoint(stage + 1),
                batches: (order[stage] ?? []).map {
                    CommittedLeaf(index: $0, point: dataset.points[$0], path: dataset.tree.path(to: $0))
                }, proof: try proof(.steps(stage)))
        }
        var answer = AuditAnswer(
            batchRoot: dataset.tree.root, batchCount: dataset.points.count, stages: stages)
        if updateProver != nil {
            answer.checkpoints = trajectory.checkpoints
            answer.updates = try (0..<task.stages).map { try proof(.update($0)) }
        }
        return answer
    }

    private func checkpoint(_ index: Int) -> CommittedLeaf {
        CommittedLeaf(
            index: index, point: trajectory.checkpoints[index], path: trajectory.tree.path(to: index))
    }

    private func context(_ stage: Int, _ roles: [String]) -> ProofContext {
        task.context(participant: trajectory.participant, stage: stage, roles: roles)
    }

    /// The blinding of a checkpoint; that of the public start is zero.
    private func opening(_ checkpoint: Int) -> CommitmentOpening {
        checkpoint == 0 ? .none : seed.opening(.checkpoint, checkpoint)
    }
}
