import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Keys of a tiny training-step circuit of two steps with a bound, and of its bounded updates, made once.
struct AuditFixture: Sendable {
    static let stages = 6
    static let stepBound = 6

    let circuit: TrainingStepCircuit
    let committer: TrainingStepCommitter
    let prover: TrainingStepProver
    let updateProver: BoundedUpdateProver
    let start: QuantizedModel

    static func made() throws -> AuditFixture { try once.get() }
    private static let once = Result { try AuditFixture() }

    static func spec(rate: Int = 1) -> ModelSpec {
        ModelSpec(
            name: "tiny", widths: [4, 3, 2], input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: 6, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4),
            training: TrainingSpec(
                batchSize: 2, learningRate: LearningRate(numerator: rate, shift: 1), gradientBits: 8,
                outputGradientFractionBits: 6, hiddenGradientFractionBits: 5,
                softmax: SoftmaxSpec(logitFractionBits: 2, tableBits: 4, exponentFractionBits: 6)))
    }

    private init() throws {
        circuit = try TrainingStepCircuit(spec: Self.spec(), steps: 2, updateBound: Self.stepBound)
        committer = TrainingStepCommitter(circuit)
        prover = try TrainingStepProver(TrainingStepProver.developmentSetup(circuit))
        updateProver = try BoundedUpdateProver(
            BoundedUpdateProver.developmentSetup(
                BoundedUpdateCircuit(spec: circuit.spec, bound: 2 * Self.stepBound)))
        start = try QuantizedModel.initial(spec: circuit.spec, seed: 1)
    }

    /// Random samples; two are a batch.
    static func data(samples: Int = 11, seed: UInt64 = 1) throws -> Dataset {
        var generator = SeededGenerator(seed: seed)
        return try Dataset(
            name: "random", featureCount: 4, classCount: 2,
            pixels: (0..<4 * samples).map { _ in UInt8.random(in: 0...16, using: &generator) },
            labels: (0..<samples).map { _ in UInt8.random(in: 0...1, using: &generator) })
    }

    func task(
        _ mode: AuditMode, audits: Int = 3, task: String = "tiny", round: UInt64 = 1, ledger: String = "test",
        stages: Int = stages
    ) throws -> AuditTask {
        try AuditTask(
            ledger: ledger, task: task, round: round, mode: mode, stages: stages, audits: audits,
            circuit: circuit, stepKey: prover.prover.key.verifyingKey,
            updateKey: mode == .bounded ? updateProver.prover.key.verifyingKey : nil,
            start: committer.commit(to: start, opening: .none), startSeed: 1)
    }

    func verifier(_ task: AuditTask) throws -> AuditVerifier {
        try AuditVerifier(
            task: task, stepKey: prover.prover.key.verifyingKey,
            updateKey: task.mode == .bounded ? updateProver.prover.key.verifyingKey : nil)
    }
}

/// One participant's whole training, honest or not: every checkpoint is what the participant says it is.
struct AuditedTraining {
    let fixture: AuditFixture
    let task: AuditTask
    let data: Dataset
    let dataset: DatasetCommitment
    let dataSeed: BlindingSeed
    let seed: BlindingSeed
    let models: [QuantizedModel]
    let trajectory: Trajectory
    let order: BatchOrder
    /// Whether every change changed something: an honest update can be zero, and skipping it is no lie.
    let deviates: Bool

    /// The first of some trainings whose changes change something, and after which no weight leaves its range. Blindings
    /// are random, and so the order of batches is.
    static func deviating(_ make: () throws -> AuditedTraining) throws -> AuditedTraining {
        for _ in 0..<100 {
            if let training = try? make(), training.deviates { return training }
        }
        let training = try make()
        try #require(training.deviates)
        return training
    }

    static let dataBeacon = Digest(sha256: "data beacon".utf8)

    /// - Parameters:
    ///   - ownOrder: a beacon of the participant's own choosing for the order of batches.
    ///   - changes: what replaces the model after a stage, given the models before and after it.
    init(
        _ task: AuditTask, participant: String = "alice", samples: Int = 11, ownOrder: Digest? = nil,
        start: QuantizedModel? = nil, spec: ModelSpec? = nil,
        changes: [Int: (QuantizedModel, QuantizedModel) throws -> QuantizedModel] = [:]
    ) throws {
        let fixture = try AuditFixture.made()
        let (data, dataSeed, seed) = (try AuditFixture.data(samples: samples), BlindingSeed(), BlindingSeed())
        let dataset = try DatasetCommitment(data, seed: dataSeed, committer: fixture.committer)
        let order = try #require(
            BatchOrder(
                batchCount: dataset.points.count, dataset: dataset.digest,
                beacon: ownOrder ?? Self.dataBeacon,
                party: task.party(of: participant)))
        var model = start ?? fixture.start
        var models = [model]
        var deviates = true
        for stage in 0..<task.stages {
            // Perhaps with another learning rate than the task's.
            let circuit = try TrainingStepCircuit(spec: spec ?? fixture.circuit.spec, steps: 2)
            let batches = try fixture.circuit.batches(of: data)
            let trained = try #require(
                try circuit.trace(
                    model: QuantizedModel(spec: circuit.spec, flattened: model.flattened),
                    batches: order.batches(stage: stage, steps: 2).map { batches[$0] }
                ).last
            ).nextModel
            let next = try changes[stage]?(model, trained) ?? trained
            if changes[stage] != nil, next.flattened == trained.flattened { deviates = false }
            model = try QuantizedModel(spec: fixture.circuit.spec, flattened: next.flattened)
            models.append(model)
        }
        let points = try models.enumerated().map { index, model in
            try fixture.committer.commit(
                to: model, opening: index == 0 && start == nil ? .none : seed.opening(.checkpoint, index))
        }
        trajectory = try Trajectory(
            participant: participant, dataset: dataset.digest, dataBeacon: Self.dataBeacon,
            checkpoints: points)
        (self.fixture, self.task, self.data, self.dataset) = (fixture, task, data, dataset)
        (self.dataSeed, self.seed, self.models, self.order) = (dataSeed, seed, models, order)
        self.deviates = deviates
    }

    func challenge(_ beacon: Int = 1) throws -> AuditChallenge {
        try AuditChallenge(task: task, trajectory: trajectory, beacon: Digest(sha256: [UInt8(beacon)]))
    }

    func prover(_ challenge: AuditChallenge) throws -> AuditProver {
        try AuditProver(
            task: task, challenge: challenge, stepProver: fixture.prover,
            updateProver: task.mode == .bounded ? fixture.updateProver : nil, committer: fixture.committer,
            material: .init(
                trajectory: trajectory, seed: seed, dataset: dataset, dataSeed: dataSeed, data: data))
    }

    /// What an honest prover answers.
    func answer(_ challenge: AuditChallenge) throws -> AuditAnswer {
        let prover = try prover(challenge)
        var proofs: [AuditProver.Part: Proof<BN254>] = [:]
        for part in prover.parts {
            proofs[part] = try prover.prove(
                part, before: models[part.stage], after: models[part.stage + 1])
        }
        return try prover.answer(proofs)
    }

    /// What a prover answers that gives out proofs without looking whether they are accepted: the witness is that of the
    /// true steps from each checkpoint, the statement says what the trajectory says.
    func forcedAnswer(_ challenge: AuditChallenge) throws -> AuditAnswer {
        let prover = try prover(challenge)
        let all = try fixture.circuit.batches(of: data)
        var generator = SystemRandomNumberGenerator()
        var proofs: [AuditProver.Part: Proof<BN254>] = [:]
        for part in prover.parts {
            let statement = prover.statement(part)
            let checkpoints = [part.stage, part.stage + 1].map {
                $0 == 0 ? CommitmentOpening.none : seed.opening(.checkpoint, $0)
            }
            switch part {
            case .steps(let stage):
                let indices = order.batches(stage: stage, steps: 2)
                proofs[part] = try fixture.prover.prover.prove(
                    fixture.circuit.witness(
                        model: models[stage], batches: indices.map { all[$0] }, over: Fr.self),
                    context: statement.context,
                    blindings: SecretScalars(
                        (checkpoints + indices.map { dataSeed.opening(.batch, $0) }).map(\.value)),
                    commitments: statement.commitments,
                    randomness: SecretScalars(count: 3, using: &generator)
                ).proof
            case .update(let stage):
                // The largest difference that has a witness.
                let bound = Int16(2 * AuditFixture.stepBound)
                let after = zip(models[stage].flattened, models[stage + 1].flattened).map {
                    min($0 + bound, max($0 - bound, $1))
                }
                proofs[part] = try fixture.updateProver.prover.prove(
                    fixture.updateProver.circuit.witness(
                        before: models[stage],
                        after: QuantizedModel(spec: models[stage].spec, flattened: after), over: Fr.self),
                    context: statement.context, blindings: SecretScalars(checkpoints.map(\.value)),
                    commitments: statement.commitments,
                    randomness: SecretScalars(count: 3, using: &generator)
                ).proof
            }
        }
        return try prover.answer(proofs)
    }

    /// What the verifier says to it.
    func verdict(
        _ answer: AuditAnswer, _ challenge: AuditChallenge, task: AuditTask? = nil
    ) throws -> AuditRefusal? {
        try fixture.verifier(task ?? self.task).verify(answer, to: challenge)
    }

    /// A stage between the first and the last that the challenge does not ask for.
    func unasked(_ challenge: AuditChallenge) throws -> Int {
        try #require((1..<task.stages - 1).first { !challenge.stages.contains($0) })
    }
}
