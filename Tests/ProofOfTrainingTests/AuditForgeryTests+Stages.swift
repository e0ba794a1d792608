import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import Testing

/// Answers about other stages than those asked for, and answers from elsewhere.
extension AuditForgeryTests {
    @Test func exactlyTheSampledStages() throws {
        let training = try AuditedTraining(sampled)
        let challenge = try training.challenge()
        let honest = try training.answer(challenge)
        for index in honest.stages.indices {
            // First and last among them.
            var answer = honest
            answer.stages.remove(at: index)
            #expect(try training.verdict(answer, challenge) == .stageMissing(challenge.stages[index]))
            answer = honest
            answer.stages.insert(honest.stages[index], at: index)
            #expect(
                try training.verdict(answer, challenge) == .stagesOutOfOrder(challenge.stages[index]))
        }
        var answer = honest
        answer.stages.reverse()
        #expect(try training.verdict(answer, challenge)?.stage == challenge.stages[1])
        answer.stages = []
        #expect(try training.verdict(answer, challenge) == .stageMissing(0))
        // One that was not asked for, instead of another or besides.
        let everything = try AuditedTraining.everyStage(training)
        #expect(
            try training.verdict(everything, challenge) == .stageNotAsked(training.unasked(challenge)))
        let foreign = try training.unasked(challenge)
        answer = everything
        answer.stages = everything.stages.filter {
            $0.stage == foreign || ($0.stage != challenge.stages[1] && challenge.stages.contains($0.stage))
        }
        #expect(try training.verdict(answer, challenge) == .stageMissing(challenge.stages[1]))
    }

    /// An answer that was made before the beacon is one to another beacon.
    @Test func answersMadeBeforeTheBeacon() throws {
        let training = try AuditedTraining(sampled)
        let guess = try training.challenge(1)
        let early = try training.answer(guess)
        let beacon = try #require((2..<100).first { try training.challenge($0).stages != guess.stages })
        let challenge = try training.challenge(beacon)
        let verdict = try training.verdict(early, challenge)
        #expect(verdict == .stageMissing(try #require(challenge.stages.first { !guess.stages.contains($0) })))
        // Nor can the challenge be bent: stages of one's own, another root to draw from.
        var bent = challenge
        bent.stages = guess.stages
        #expect(throws: MalformedData.self) { try training.verdict(early, bent) }
        bent = try training.challenge(1)
        bent.beacon = challenge.beacon
        #expect(throws: MalformedData.self) { try training.verdict(early, bent) }
        // A root changed after the beacon draws other stages, and no path leads there.
        bent = challenge
        bent.checkpointRoot = Digest(sha256: [3]).description
        #expect(throws: (any Error).self) {
            if let refusal = try training.verdict(training.answer(challenge), bent) { throw refusal }
        }
    }

    // MARK: Replays

    /// With one batch and all stages, so that nothing but the context differs.
    @Test func replaysForAnotherParticipantRoundTaskOrLedger() throws {
        func same(_ task: AuditTask, _ participant: String = "alice") throws -> AuditedTraining {
            try AuditedTraining(task, participant: participant, samples: 2)
        }
        let training = try same(full)
        let challenge = try training.challenge()
        let answer = try training.answer(challenge)
        #expect(try training.verdict(answer, challenge) == nil)

        var stolen = challenge
        stolen.participant = "bob"
        #expect(try training.verdict(answer, stolen) == .wrongProof(stage: 0))
        for other in [
            try fixture.task(.full, round: 2), try fixture.task(.full, task: "other"),
            try fixture.task(.full, ledger: "elsewhere"),
        ] {
            // For another task the challenge itself does not fit …
            #expect(throws: MalformedData.self) { try training.verdict(answer, challenge, task: other) }
            // … and one that does has no use for the proofs.
            let fitting = try AuditChallenge(
                task: other, trajectory: training.trajectory, beacon: Digest(sha256: [1]))
            #expect(try training.verdict(answer, fitting, task: other) == .wrongProof(stage: 0))
        }
        // The proof of one stage in the place of another.
        var moved = answer
        moved.stages[1].proof = answer.stages[0].proof
        #expect(try training.verdict(moved, challenge) == .wrongProof(stage: 1))
    }
}

extension AuditedTraining {
    /// Right proofs for all stages, whatever the challenge asks.
    static func everyStage(_ training: AuditedTraining) throws -> AuditAnswer {
        let task = try training.fixture.task(.full)
        let challenge = try AuditChallenge(
            task: task, trajectory: training.trajectory, beacon: Digest(sha256: []))
        let prover = try AuditProver(
            task: task, challenge: challenge, stepProver: training.fixture.prover,
            committer: training.fixture.committer,
            material: .init(
                trajectory: training.trajectory, seed: training.seed, dataset: training.dataset,
                dataSeed: training.dataSeed, data: training.data))
        var proofs: [AuditProver.Part: Proof<BN254>] = [:]
        for part in prover.parts {
            proofs[part] = try prover.prove(
                part, before: training.models[part.stage], after: training.models[part.stage + 1])
        }
        return try prover.answer(proofs)
    }
}
