import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// A participant who trains digits 64-32-10 on the training part of the built-in data, with real keys.
struct AuditScenario {
    let circuit: TrainingStepCircuit
    let committer: TrainingStepCommitter
    let prover: TrainingStepProver
    let data: Dataset
    let start: QuantizedModel
    private let dataSeed = BlindingSeed()
    let dataset: DatasetCommitment
    private let dataBeacon = Digest(sha256: "data beacon of a benchmark".utf8)

    init(steps: Int) throws {
        circuit = try TrainingStepCircuit(spec: .digits, steps: steps)
        committer = TrainingStepCommitter(circuit)
        prover = try TrainingStepProver(TrainingStepProver.developmentSetup(circuit))
        data = try Dataset.digits().split().train
        start = try QuantizedModel.initial(spec: circuit.spec, seed: 1)
        dataset = try DatasetCommitment(data, seed: dataSeed, committer: committer)
    }

    /// One training of so many stages and what it cost.
    struct Training {
        let task: AuditTask
        let seed: BlindingSeed
        let result: TrajectoryTrainer.Result
        /// Training alone, the same steps; the median of five runs.
        let trainSeconds: Double
        /// Training with all commitments.
        let committedSeconds: Double
    }

    func train(stages: Int, audits: Int, mode: AuditMode) throws -> Training {
        let task = try AuditTask(
            task: "benchmark", mode: mode, stages: stages, audits: audits, circuit: circuit,
            stepKey: prover.prover.key.verifyingKey, start: committer.commit(to: start, opening: .none),
            startSeed: 1)
        let trainer = try TrajectoryTrainer(task: task, committer: committer)
        let order = BatchOrder(
            batchCount: dataset.points.count, dataset: dataset.digest, beacon: dataBeacon,
            party: task.party(of: "bench"))
        let batches = order?.batches(stages: Array(0..<stages), steps: circuit.steps).flatMap { $0 } ?? []
        let size = circuit.batchSize
        var plain = try IntegerTrainer(model: start, data: data)
        let alone = try Timing.runs(5) {
            plain = try IntegerTrainer(model: start, data: data)
            for batch in batches { try plain.step(samples: Array(batch * size..<(batch + 1) * size)) }
        }
        let seed = BlindingSeed()
        var result: TrajectoryTrainer.Result?
        let committedSeconds = try Timing.seconds {
            result = try trainer.train(
                start: start, data: data, dataset: dataset, beacon: dataBeacon, participant: "bench",
                seed: seed)
        }
        guard let result, try plain.model == result.model else {
            throw CommandError("training with commitments ends at another model")
        }
        return Training(
            task: task, seed: seed, result: result, trainSeconds: alone.clock.median,
            committedSeconds: committedSeconds)
    }

    /// An answer, the seconds that each of its proofs took, and its challenge.
    struct Answered {
        let answer: AuditAnswer
        let challenge: AuditChallenge
        let proofSeconds: [Double]
    }

    func answer(_ training: Training) throws -> Answered {
        let challenge = try AuditChallenge(
            task: training.task, trajectory: training.result.trajectory,
            beacon: Digest(sha256: "audit beacon of a benchmark".utf8))
        let auditor = try AuditProver(
            task: training.task, challenge: challenge, stepProver: prover, committer: committer,
            material: .init(
                trajectory: training.result.trajectory, seed: training.seed, dataset: dataset,
                dataSeed: dataSeed, data: data))
        var models: [QuantizedModel] = []
        try training.result.checkpoints.forEach { _, model in
            models.append(model)
            return true
        }
        var proofs: [AuditProver.Part: Proof<BN254>] = [:]
        var seconds: [Double] = []
        for part in auditor.parts {
            seconds.append(
                try Timing.seconds {
                    proofs[part] = try auditor.prove(
                        part, before: models[part.stage], after: models[part.stage + 1])
                })
        }
        return Answered(
            answer: try auditor.answer(proofs), challenge: challenge, proofSeconds: seconds)
    }

    /// What a bounded-update proof between two checkpoints costs, as every stage of `sampled+bounded` makes one.
    func boundedUpdate(_ training: Training, bound: Int) throws -> (constraints: Int, seconds: Double) {
        let prover = try BoundedUpdateProver(
            BoundedUpdateProver.developmentSetup(
                BoundedUpdateCircuit(spec: circuit.spec, bound: steps * bound)))
        var models: [QuantizedModel] = []
        try training.result.checkpoints.forEach { index, model in
            models.append(model)
            return index < 1
        }
        guard models.count == 2 else { throw CommandError("a training without a stage") }
        let timing = try Timing.runs(5) {
            _ = try prover.prove(
                before: models[0], after: models[1],
                openings: (.none, training.seed.opening(.checkpoint, 1)),
                context: training.task.context(
                    participant: "bench", stage: 0, roles: BoundedUpdateCircuit.linkedSegments))
        }
        return (prover.prover.key.shape.constraintCount, timing.clock.median)
    }

    private var steps: Int { circuit.steps }
}
