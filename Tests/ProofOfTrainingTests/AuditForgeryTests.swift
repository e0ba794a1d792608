import AuditProtocol
import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import Testing
import TrainingCircuits

/// Answers to audits that must be refused, each with the stage at fault.
@Suite struct AuditForgeryTests {
    let fixture: AuditFixture
    let full: AuditTask
    let sampled: AuditTask
    let bounded: AuditTask

    init() throws {
        fixture = try AuditFixture.made()
        (full, sampled, bounded) = (
            try fixture.task(.full), try fixture.task(.sampled), try fixture.task(.bounded)
        )
    }

    /// One weight off by one unit, which a gradient that is off by one unit comes to at most.
    private static func offByOne(_: QuantizedModel, _ model: QuantizedModel) throws -> QuantizedModel {
        var weights = model.flattened
        weights[2] += weights[2] < 31 ? 1 : -1
        return try QuantizedModel(spec: model.spec, flattened: weights)
    }

    /// Another model altogether, far away in every weight.
    private static func foreign(_: QuantizedModel, _ model: QuantizedModel) throws -> QuantizedModel {
        try QuantizedModel(spec: model.spec, flattened: model.flattened.map { $0 < 0 ? $0 + 30 : $0 - 30 })
    }

    /// No proof is given out for the stage, and one that is forced does not pass.
    private func expectRefused(_ make: @autoclosure () throws -> AuditedTraining, stage: Int) throws {
        let training = try AuditedTraining.deviating(make)
        let challenge = try training.challenge()
        let prover = try training.prover(challenge)
        #expect(throws: ProvingError.self) {
            try prover.prove(
                .steps(stage), before: training.models[stage], after: training.models[stage + 1])
        }
        let forced = try training.forcedAnswer(challenge)
        #expect(try training.verdict(forced, challenge) == .wrongProof(stage: stage))
    }

    // MARK: Steps that were not taken

    @Test func skippedUpdates() throws {
        for stage in [0, 2, 5] {
            try expectRefused(
                AuditedTraining(full, changes: [stage: { before, _ in before }]), stage: stage)
        }
    }

    @Test func onlyOneOfTwoSteps() throws {
        let one = try TrainingStepCircuit(spec: fixture.circuit.spec, steps: 1)
        let data = try fixture.circuit.batches(of: AuditFixture.data())
        try expectRefused(
            AuditedTraining(
                full,
                changes: [
                    3: { before, _ in
                        try one.trace(model: before, batches: [data[0]])[0].nextModel
                    }
                ]), stage: 3)
    }

    @Test func gradientsOffByOneUnit() throws {
        for stage in [0, 4] {
            try expectRefused(AuditedTraining(full, changes: [stage: Self.offByOne]), stage: stage)
        }
    }

    @Test func anotherLearningRate() throws {
        let fast = AuditFixture.spec(rate: 2)
        let training = try AuditedTraining(full, spec: fast)
        let first = try #require(
            (0..<6).first {
                let honest = try? fixture.circuit.trace(
                    model: training.models[$0],
                    batches: training.order.batches(stage: $0, steps: 2).map {
                        try fixture.circuit.batches(of: training.data)[$0]
                    })
                return honest?.last?.nextModel != training.models[$0 + 1]
            })
        try expectRefused(training, stage: first)

        // With proofs of a circuit that has this rate, which hold for its own key only.
        let circuit = try TrainingStepCircuit(spec: fast, steps: 2)
        let prover = try TrainingStepProver(TrainingStepProver.developmentSetup(circuit))
        let challenge = try training.challenge()
        let honest = try training.prover(challenge)
        var answer = try training.forcedAnswer(challenge)
        for index in answer.stages.indices {
            let stage = answer.stages[index].stage
            let batches = try fixture.circuit.batches(of: training.data)
            let indices = training.order.batches(stage: stage, steps: 2)
            let statement = honest.statement(.steps(stage))
            let proven = try prover.prove(
                model: QuantizedModel(spec: fast, flattened: training.models[stage].flattened),
                batches: indices.map { batches[$0] },
                openings: .init(
                    modelBefore: stage == 0 ? .none : training.seed.opening(.checkpoint, stage),
                    modelAfter: training.seed.opening(.checkpoint, stage + 1),
                    batches: indices.map { training.dataSeed.opening(.batch, $0) }),
                context: statement.context, commitments: statement.commitments)
            #expect(try prover.prover.verifier.verify(proven.proof, statement))
            answer.stages[index].proof = proven.proof
        }
        #expect(try training.verdict(answer, challenge) == .wrongProof(stage: 0))
        #expect(throws: MalformedData.self) {
            try AuditVerifier(task: full, stepKey: prover.prover.key.verifyingKey)
        }
    }

    // MARK: Data

    @Test func wrongBatches() throws {
        let training = try AuditedTraining(full)
        let challenge = try training.challenge()
        let honest = try training.answer(challenge)
        let used = honest.stages[1].batches[0].index
        let other = (used + 1) % training.dataset.points.count
        let leaf = CommittedLeaf(
            index: other, point: training.dataset.points[other], path: training.dataset.tree.path(to: other))

        // Another batch of the same data set, by its own name …
        var answer = honest
        answer.stages[1].batches[0] = leaf
        #expect(
            try training.verdict(answer, challenge)
                == .wrongBatch(stage: 1, step: 0, expected: used, given: other))
        // … under the name of the right one …
        answer.stages[1].batches[0] = CommittedLeaf(
            index: used, point: leaf.point, path: training.dataset.tree.path(to: used))
        #expect(try training.verdict(answer, challenge) == .foreignBatch(stage: 1, batch: used))
        // … and the right one, but a proof about another.
        let twisted = try AuditedTraining.deviating {
            try AuditedTraining(
                full,
                changes: [
                    1: { before, _ in
                        let batches = try fixture.circuit.batches(of: training.data)
                        return try fixture.circuit.trace(
                            model: before, batches: [batches[other], batches[other]])[1].nextModel
                    }
                ])
        }
        if twisted.models[2] != training.models[2] { try expectRefused(twisted, stage: 1) }
        // Too few batches, too many.
        answer = honest
        answer.stages[1].batches.removeLast()
        #expect(try training.verdict(answer, challenge)?.stage == 1)
        answer.stages[1].batches = honest.stages[1].batches + [leaf]
        #expect(try training.verdict(answer, challenge)?.stage == 1)
        // A data set that was not published, or one of another size.
        answer = honest
        answer.batchRoot = Digest(sha256: [9])
        #expect(try training.verdict(answer, challenge) == .foreignDataset)
        answer = honest
        answer.batchCount -= 1
        #expect(try training.verdict(answer, challenge) == .foreignDataset)
    }

    @Test func aBatchOrderOfOnesOwn() throws {
        let training = try AuditedTraining(full, ownOrder: Digest(sha256: [77]))
        let challenge = try training.challenge()
        let published = try training.prover(challenge)
        // Proofs that are right, about batches of the prover's choice.
        var stages: [StageAnswer] = []
        let batches = try fixture.circuit.batches(of: training.data)
        for stage in challenge.stages {
            let indices = training.order.batches(stage: stage, steps: 2)
            let statement = TrainingStepRelation.statement(
                modelBefore: training.trajectory.checkpoints[stage],
                modelAfter: training.trajectory.checkpoints[stage + 1],
                batches: indices.map { training.dataset.points[$0] },
                context: published.statement(.steps(stage)).context)
            let proven = try fixture.prover.prove(
                model: training.models[stage], batches: indices.map { batches[$0] },
                openings: .init(
                    modelBefore: stage == 0 ? .none : training.seed.opening(.checkpoint, stage),
                    modelAfter: training.seed.opening(.checkpoint, stage + 1),
                    batches: indices.map { training.dataSeed.opening(.batch, $0) }),
                context: statement.context, commitments: statement.commitments)
            stages.append(
                StageAnswer(
                    stage: stage, before: Self.leaf(training.trajectory, stage),
                    after: Self.leaf(training.trajectory, stage + 1),
                    batches: indices.map {
                        CommittedLeaf(
                            index: $0, point: training.dataset.points[$0],
                            path: training.dataset.tree.path(to: $0))
                    }, proof: proven.proof))
        }
        let answer = AuditAnswer(
            batchRoot: training.dataset.tree.root, batchCount: training.dataset.points.count, stages: stages)
        guard case .wrongBatch(stage: 0, _, _, _) = try training.verdict(answer, challenge) else {
            Issue.record("an order of one's own is accepted")
            return
        }
    }

    private static func leaf(_ trajectory: Trajectory, _ index: Int) -> CommittedLeaf {
        CommittedLeaf(
            index: index, point: trajectory.checkpoints[index], path: trajectory.tree.path(to: index))
    }

    // MARK: Checkpoints

    @Test func swappedCheckpoints() throws {
        let training = try AuditedTraining(full)
        let challenge = try training.challenge()
        let honest = try training.answer(challenge)
        // Another checkpoint of the same tree, with its own path or the right one's.
        for leaf in [
            Self.leaf(training.trajectory, 4),
            CommittedLeaf(
                index: 2, point: training.trajectory.checkpoints[4],
                path: training.trajectory.tree.path(to: 2)),
        ] {
            var answer = honest
            answer.stages[2].before = leaf
            #expect(
                try training.verdict(answer, challenge) == .foreignCheckpoint(stage: 2, checkpoint: 2))
            answer = honest
            answer.stages[1].after = leaf
            #expect(
                try training.verdict(answer, challenge) == .foreignCheckpoint(stage: 1, checkpoint: 2))
        }
        // A path that leads elsewhere, too short or too long.
        var answer = honest
        answer.stages[3].before.path.nodes[0] = Digest(sha256: [])
        #expect(try training.verdict(answer, challenge) == .foreignCheckpoint(stage: 3, checkpoint: 3))
        answer = honest
        answer.stages[3].before.path.nodes.removeLast()
        #expect(try training.verdict(answer, challenge) == .foreignCheckpoint(stage: 3, checkpoint: 3))
        // A trajectory in which two checkpoints change places before the root is published.
        let swapped = try AuditedTraining(
            full,
            changes: [
                1: { _, _ in training.models[3] }, 2: { _, _ in training.models[2] },
                3: { _, _ in training.models[4] },
            ])
        try expectRefused(swapped, stage: 1)
    }

    @Test func foreignStarts() throws {
        let zero = try QuantizedModel.zero(spec: fixture.circuit.spec)
        for task in [full, sampled, bounded] {
            let training = try AuditedTraining(task, start: zero)
            let challenge = try training.challenge()
            #expect(try training.verdict(training.forcedAnswer(challenge), challenge) == .foreignStart)
        }
        // The right model, but blinded: nobody could recompute it.
        let blinded = try AuditedTraining(full, start: fixture.start)
        let challenge = try blinded.challenge()
        #expect(try blinded.verdict(blinded.forcedAnswer(challenge), challenge) == .foreignStart)
        #expect(throws: MalformedData.self) {
            try TrajectoryTrainer(task: full, committer: fixture.committer).requireStart(zero)
        }
    }

    @Test func theLastCheckpointIsTheModel() throws {
        let training = try AuditedTraining(sampled)
        var challenge = try training.challenge()
        let answer = try training.answer(challenge)
        let other = training.trajectory.checkpoints[3].encoded(as: .compressed)
        challenge.model = other.hexadecimal
        #expect(try training.verdict(answer, challenge) == .foreignModel(stage: 5))
    }

    // MARK: Bounded updates

    /// What sampling promises and what it does not: one foreign jump in a stage that is not asked for passes, unless
    /// every stage shows that its update is small.
    @Test func oneForeignJump() throws {
        for (task, passes) in [(sampled, true), (bounded, false)] {
            for stage in 1..<5 {
                let training = try AuditedTraining.deviating {
                    try AuditedTraining(task, changes: [stage: Self.foreign])
                }
                let beacon = try #require(
                    (1..<50).first { try !training.challenge($0).stages.contains(stage) })
                let challenge = try training.challenge(beacon)
                let verdict = try training.verdict(training.forcedAnswer(challenge), challenge)
                #expect(verdict == (passes ? nil : .wrongUpdate(stage: stage)))
                if passes { continue }
                let prover = try training.prover(challenge)
                #expect(throws: CircuitError.self) {
                    try prover.prove(
                        .update(stage), before: training.models[stage], after: training.models[stage + 1])
                }
            }
        }
    }

    @Test func boundedUpdatesAreDemandedWhereTheTaskAsks() throws {
        let training = try AuditedTraining(bounded)
        let challenge = try training.challenge()
        let honest = try training.answer(challenge)
        var answer = honest
        (answer.updates, answer.checkpoints) = ([], [])
        #expect(try training.verdict(answer, challenge) == .updatesMissing)
        answer = honest
        answer.updates.removeLast()
        #expect(try training.verdict(answer, challenge) == .updatesMissing)
        answer = honest
        answer.checkpoints[3] = honest.checkpoints[2]
        #expect(try training.verdict(answer, challenge) == .foreignCheckpoints)
        answer = honest
        answer.updates.swapAt(1, 2)
        #expect(try training.verdict(answer, challenge) == .wrongUpdate(stage: 1))
        // A mode without them has no use for them.
        let plain = try AuditedTraining(sampled)
        let other = try plain.challenge()
        answer = try plain.answer(other)
        (answer.updates, answer.checkpoints) = (honest.updates, honest.checkpoints)
        #expect(try plain.verdict(answer, other) == .updatesNotAsked)
        #expect(throws: MalformedData.self) {
            try AuditVerifier(task: bounded, stepKey: fixture.prover.prover.key.verifyingKey)
        }
        #expect(throws: MalformedData.self) {
            try AuditVerifier(
                task: bounded, stepKey: fixture.prover.prover.key.verifyingKey,
                updateKey: fixture.prover.prover.key.verifyingKey)
        }
    }
}
