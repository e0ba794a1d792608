import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// Development keys of the two circuits, made once.
final class ProtocolKeys {
    let quality: QualityProver
    let qualityCommitter: QualityCommitter
    let step: TrainingStepProver
    let stepCommitter: TrainingStepCommitter

    init(_ setting: RoundsSetting) throws {
        let qualityCircuit = try QualityCircuit(spec: .digits, sampleCount: setting.samples)
        quality = try QualityProver(try QualityProver.developmentSetup(qualityCircuit))
        qualityCommitter = QualityCommitter(qualityCircuit)
        let stepCircuit = try TrainingStepCircuit(spec: .digits, steps: 1)
        step = try TrainingStepProver(try TrainingStepProver.developmentSetup(stepCircuit))
        stepCommitter = TrainingStepCommitter(stepCircuit)
    }
}

/// One round by the rules of the protocol: who is accepted, and why somebody is not. Every proof is made and verified.
final class ProtocolRound {
    enum Verdict {
        case accepted(QuantizedModel)
        case refused(String)
    }

    /// What a participant publishes and sends.
    private struct Submission {
        var model: QuantizedModel
        var commitment: AffinePoint<BN254G1>
        var claimed: Int
        var proof: Proof<BN254>
        var challenge: AuditChallenge
        /// `nil` if it cannot be made.
        var answer: AuditAnswer?
    }

    private let number: Int
    private let setting: RoundsSetting
    private let keys: ProtocolKeys
    private let global: QuantizedModel
    private let testSet: Dataset
    private let training: LocalTraining
    private let task: AuditTask
    private let testCommitment: AffinePoint<BN254G1>
    private let baseline: Int
    private let verifier: AuditVerifier
    private var firstHonest: Submission?

    init(
        number: Int, setting: RoundsSetting, keys: ProtocolKeys, global: QuantizedModel, testSet: Dataset,
        training: LocalTraining
    ) throws {
        self.number = number
        self.setting = setting
        self.keys = keys
        self.global = global
        self.testSet = testSet
        self.training = training
        testCommitment = try keys.qualityCommitter.commit(to: testSet)
        baseline = try global.correctCount(on: testSet)
        let batches = (training.shards.map(\.count).min() ?? 0) / keys.step.circuit.batchSize
        task = try AuditTask(
            ledger: "simulation", task: "digits", round: UInt64(number), mode: .sampled,
            stages: setting.epochs * batches, audits: setting.audits, circuit: keys.step.circuit,
            stepKey: keys.step.prover.key.verifyingKey,
            start: try keys.stepCommitter.commit(to: global, opening: .none))
        verifier = try AuditVerifier(task: task, stepKey: keys.step.prover.key.verifyingKey)
    }

    /// What becomes of a participant.
    func take(_ participant: Int) throws -> Verdict {
        guard let submission = try submission(of: participant) else {
            return .refused("has no sample right, and so nothing to prove")
        }
        let statement = QualityRelation.statement(
            correct: submission.claimed, model: submission.commitment, testSet: testCommitment,
            context: context(participant))
        guard try keys.quality.prover.verifier.verify(submission.proof, statement) else {
            return .refused("the quality proof does not verify")
        }
        guard Double(submission.claimed) >= setting.entryShare * Double(baseline) else {
            return .refused("proves \(submission.claimed) of \(testSet.count), too few to enter")
        }
        guard let answer = submission.answer else {
            return .refused("no answer to the audit of stages \(submission.challenge.stages)")
        }
        if let refusal = try verifier.verify(answer, to: submission.challenge) {
            return .refused("audit: \(refusal)")
        }
        if firstHonest == nil { firstHonest = submission }
        return .accepted(submission.model)
    }

    private func context(_ participant: Int) -> ProofContext {
        ProofContext(
            ledger: "simulation", task: "digits", round: UInt64(number), participant: name(participant),
            roles: QualityRelation.roles)
    }

    private func name(_ participant: Int) -> String { "participant \(participant)" }

    private func beacon(_ what: String) -> Digest {
        Digest(sha256: "simulated \(what) beacon \(setting.seed) \(number)".utf8)
    }

    private func submission(of participant: Int) throws -> Submission? {
        if training.conduct[participant] == .replay, let copied = firstHonest { return copied }
        let work = try work(of: participant)
        let opening = work.seed.opening(.checkpoint, task.stages)
        let right = try work.model.correctCount(on: testSet)
        guard right > 0 else { return nil }
        let proven = try keys.quality.prove(
            model: work.model, opening: opening, testSet: testSet, correct: right,
            context: context(participant), commitments: (work.trajectory.model, testCommitment))
        let challenge = try AuditChallenge(
            task: task, trajectory: work.trajectory, beacon: beacon("audit"))
        let lies = training.conduct[participant] == .falseAccuracy
        return Submission(
            model: work.model, commitment: work.trajectory.model, claimed: lies ? testSet.count : right,
            proof: proven.proof, challenge: challenge, answer: try answer(challenge, participant, work))
    }

    /// A training, or what is passed off as one.
    private struct Work {
        var model: QuantizedModel
        var checkpoints: [QuantizedModel]
        var trajectory: Trajectory
        var dataset: DatasetCommitment
        var seed: BlindingSeed
        var dataSeed: BlindingSeed
    }

    private func work(of participant: Int) throws -> Work {
        let data = training.shards[participant]
        let dataSeed = BlindingSeed()
        let seed = BlindingSeed()
        let dataset = try DatasetCommitment(data, seed: dataSeed, committer: keys.stepCommitter)
        if training.conduct[participant] == nil {
            let trainer = try TrajectoryTrainer(task: task, committer: keys.stepCommitter)
            let result = try trainer.train(
                start: global, data: data, dataset: dataset, beacon: beacon("data"),
                participant: name(participant), seed: seed)
            var checkpoints = [QuantizedModel]()
            try result.checkpoints.forEach { _, checkpoint in
                checkpoints.append(checkpoint)
                return true
            }
            return Work(
                model: result.model, checkpoints: checkpoints, trajectory: result.trajectory,
                dataset: dataset, seed: seed, dataSeed: dataSeed)
        }
        // Checkpoints that no training has reached: the global model up to the last one.
        let model = try training.model(of: participant, round: number, from: global)
        let checkpoints = Array(repeating: global, count: task.stages) + [model]
        let points = try checkpoints.enumerated().map { index, checkpoint in
            try keys.stepCommitter.commit(
                to: checkpoint, opening: index == 0 ? .none : seed.opening(.checkpoint, index))
        }
        let trajectory = try Trajectory(
            participant: name(participant), dataset: dataset.digest, dataBeacon: beacon("data"),
            checkpoints: points)
        return Work(
            model: model, checkpoints: checkpoints, trajectory: trajectory, dataset: dataset, seed: seed,
            dataSeed: dataSeed)
    }

    /// The answer, or `nil` where a stage's steps do not lead from one checkpoint to the next.
    private func answer(
        _ challenge: AuditChallenge, _ participant: Int, _ work: Work
    ) throws -> AuditAnswer? {
        let prover = try AuditProver(
            task: task, challenge: challenge, stepProver: keys.step, committer: keys.stepCommitter,
            material: .init(
                trajectory: work.trajectory, seed: work.seed, dataset: work.dataset, dataSeed: work.dataSeed,
                data: training.shards[participant]))
        var proofs = [AuditProver.Part: Proof<BN254>]()
        for part in prover.parts {
            do {
                proofs[part] = try prover.prove(
                    part, before: work.checkpoints[part.stage], after: work.checkpoints[part.stage + 1])
            } catch is ProvingError {
                return nil
            }
        }
        return try prover.answer(proofs)
    }
}
