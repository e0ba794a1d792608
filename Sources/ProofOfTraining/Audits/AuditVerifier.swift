import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import TrainingCircuits

/// Verifies answers to the audits of one task: indices, roots, order of batches, chain, start, model, and all proofs of all
/// answers in one batch for each key (Docs/audit.md).
public struct AuditVerifier: Sendable {
    public let task: AuditTask
    private let start: AffinePoint<BN254G1>
    private let steps: Int
    private let stepVerifier: Verifier<BN254>
    private let updateVerifier: Verifier<BN254>?

    /// What is wrong with an answer, `nil` if nothing is.
    public typealias Outcome = AuditRefusal?

    /// - Parameter updateKey: needed in the mode `sampled+bounded` only.
    /// - Throws: `MalformedData` if a key is not the task's; `UnsoundKey`.
    public init(
        task: AuditTask, stepKey: VerifyingKey<BN254>, updateKey: VerifyingKey<BN254>? = nil
    ) throws {
        self.task = task
        start = try task.startPoint
        steps = try task.trainingCircuit.steps
        try task.requireStepKey(stepKey)
        stepVerifier = try Verifier(stepKey)
        guard task.updateKey != nil else {
            updateVerifier = nil
            return
        }
        guard let updateKey else { throw MalformedData("the task needs a key for bounded updates too") }
        try task.requireUpdateKey(updateKey)
        updateVerifier = try Verifier(updateKey)
    }

    /// Whether the answer is right, and the first thing that is wrong with it.
    ///
    /// - Throws: `MalformedData` for a challenge that is not one of this task.
    public func verify(_ answer: AuditAnswer, to challenge: AuditChallenge) throws -> Outcome {
        try verify([(answer, challenge)])[0]
    }

    /// The same for many answers: their proofs are verified in one batch, and one by one if it fails, so that no answer
    /// is blamed for another.
    ///
    /// - Throws: `MalformedData` for a challenge that is not one of this task.
    public func verify(_ items: [(answer: AuditAnswer, challenge: AuditChallenge)]) throws -> [Outcome] {
        for item in items { try item.challenge.requireFit(task) }
        var outcomes = try items.map { item -> Outcome in
            do {
                try check(item.answer, item.challenge)
                return nil
            } catch let refusal as AuditRefusal {
                return refusal
            }
        }
        let sound = items.indices.filter { outcomes[$0] == nil }
        let stages = sound.flatMap { item in
            items[item].answer.stages.map { answer in
                (
                    item: item, stage: answer.stage, proof: answer.proof,
                    statement: statement(answer, items[item].challenge)
                )
            }
        }
        let stageResults = try stepVerifier.verifyBatch(stages.map { ($0.proof, $0.statement) })
        for (stage, isRight) in zip(stages, stageResults) where !isRight && outcomes[stage.item] == nil {
            outcomes[stage.item] = .wrongProof(stage: stage.stage)
        }
        guard let updateVerifier else { return outcomes }
        let updates = sound.flatMap { item in
            items[item].answer.updates.enumerated().map { stage, proof in
                (
                    item: item, stage: stage, proof: proof,
                    statement: updateStatement(
                        stage, items[item].answer.checkpoints, items[item].challenge)
                )
            }
        }
        let updateResults = try updateVerifier.verifyBatch(updates.map { ($0.proof, $0.statement) })
        for (update, isRight) in zip(updates, updateResults) where !isRight && outcomes[update.item] == nil {
            outcomes[update.item] = .wrongUpdate(stage: update.stage)
        }
        return outcomes
    }

    /// Proofs that `verify` checks in an answer.
    public func proofCount(_ answer: AuditAnswer) -> Int { answer.stages.count + answer.updates.count }

    // MARK: Statements

    private func statement(_ answer: StageAnswer, _ challenge: AuditChallenge) -> Statement<BN254> {
        TrainingStepRelation.statement(
            modelBefore: answer.before.point, modelAfter: answer.after.point,
            batches: answer.batches.map(\.point),
            context: task.context(
                participant: challenge.participant, stage: answer.stage,
                roles: stepVerifier.key.linkedSegments))
    }

    private func updateStatement(
        _ stage: Int, _ checkpoints: [AffinePoint<BN254G1>], _ challenge: AuditChallenge
    ) -> Statement<BN254> {
        BoundedUpdateRelation.statement(
            modelBefore: checkpoints[stage], modelAfter: checkpoints[stage + 1],
            context: task.context(
                participant: challenge.participant, stage: stage, roles: BoundedUpdateCircuit.linkedSegments)
        )
    }

    // MARK: Everything but the proofs

    /// - Throws: `AuditRefusal` for a wrong answer, `MalformedData` for a wrong challenge.
    private func check(_ answer: AuditAnswer, _ challenge: AuditChallenge) throws {
        try checkIndices(answer.stages.map(\.stage), asked: challenge.stages)
        guard
            datasetDigest(root: answer.batchRoot, batches: answer.batchCount) == (try challenge.datasetDigest)
        else { throw AuditRefusal.foreignDataset }
        guard
            let order = BatchOrder(
                batchCount: answer.batchCount, dataset: try challenge.datasetDigest,
                beacon: try challenge.dataBeaconValue, party: task.party(of: challenge.participant))
        else { throw AuditRefusal.foreignDataset }
        let (root, model) = (try challenge.root, try challenge.modelPoint)
        let batches = order.batches(stages: challenge.stages, steps: steps)
        for (stage, expected) in zip(answer.stages, batches) {
            try checkCheckpoints(of: stage, root: root)
            try checkBatches(of: stage, order: expected, root: answer.batchRoot, count: answer.batchCount)
            if stage.stage == 0, stage.before.point != start { throw AuditRefusal.foreignStart }
            if stage.stage == task.stages - 1, stage.after.point != model {
                throw AuditRefusal.foreignModel(stage: stage.stage)
            }
        }
        for (stage, next) in zip(answer.stages, answer.stages.dropFirst())
        where stage.stage + 1 == next.stage && stage.after.point != next.before.point {
            throw AuditRefusal.brokenChain(stage: next.stage)
        }
        try checkUpdates(answer, root: root)
    }

    private func checkIndices(_ given: [Int], asked: [Int]) throws {
        for (index, stage) in given.enumerated() {
            if index > 0, stage <= given[index - 1] { throw AuditRefusal.stagesOutOfOrder(stage) }
        }
        let answered = Set(given)
        if let missing = asked.first(where: { !answered.contains($0) }) {
            throw AuditRefusal.stageMissing(missing)
        }
        let wanted = Set(asked)
        if let foreign = given.first(where: { !wanted.contains($0) }) {
            throw AuditRefusal.stageNotAsked(foreign)
        }
    }

    private func checkCheckpoints(of answer: StageAnswer, root: Digest) throws {
        for (leaf, index) in [(answer.before, answer.stage), (answer.after, answer.stage + 1)] {
            let isThere =
                leaf.index == index
                && leaf.path.verify(
                    leaf: Trajectory.leaf(index, leaf.point), index: index, size: task.stages + 1, root: root)
            guard isThere else {
                throw AuditRefusal.foreignCheckpoint(stage: answer.stage, checkpoint: index)
            }
        }
    }

    private func checkBatches(of answer: StageAnswer, order: [Int], root: Digest, count: Int) throws {
        for (step, expected) in order.enumerated() {
            guard answer.batches.indices.contains(step) else {
                throw AuditRefusal.wrongBatch(stage: answer.stage, step: step, expected: expected, given: -1)
            }
            let leaf = answer.batches[step]
            guard leaf.index == expected else {
                throw AuditRefusal.wrongBatch(
                    stage: answer.stage, step: step, expected: expected, given: leaf.index)
            }
            let digest = AuditLeaf.batch(expected, commitment: leaf.point.encoded(as: .uncompressed))
            guard leaf.path.verify(leaf: digest, index: expected, size: count, root: root) else {
                throw AuditRefusal.foreignBatch(stage: answer.stage, batch: expected)
            }
        }
        guard answer.batches.count == steps else {
            throw AuditRefusal.wrongBatch(
                stage: answer.stage, step: steps, expected: -1, given: answer.batches[steps].index)
        }
    }

    /// All checkpoints are under the root that the sampled stages' are under: their tree is the published one.
    private func checkUpdates(_ answer: AuditAnswer, root: Digest) throws {
        guard updateVerifier != nil else {
            guard answer.updates.isEmpty, answer.checkpoints.isEmpty else {
                throw AuditRefusal.updatesNotAsked
            }
            return
        }
        guard answer.updates.count == task.stages, answer.checkpoints.count == task.stages + 1 else {
            throw AuditRefusal.updatesMissing
        }
        guard Trajectory.tree(answer.checkpoints).root == root else {
            throw AuditRefusal.foreignCheckpoints
        }
        guard answer.checkpoints[0] == start else { throw AuditRefusal.foreignStart }
    }
}
