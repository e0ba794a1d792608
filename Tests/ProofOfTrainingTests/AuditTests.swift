import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Honest participants, from data to an accepted answer.
@Suite struct AuditTests {
    @Test(arguments: AuditMode.allCases)
    func honestAnswersAreAccepted(mode: AuditMode) throws {
        let fixture = try AuditFixture.made()
        let task = try fixture.task(mode)
        let training = try AuditedTraining(task)
        let challenge = try training.challenge()
        #expect(challenge.stages.count == (mode == .full ? 6 : 3))
        #expect(challenge.stages.first == 0 && challenge.stages.last == 5)
        let answer = try training.answer(challenge)
        #expect(answer.updates.count == (mode == .bounded ? 6 : 0))
        #expect(try training.verdict(answer, challenge) == nil)

        // Through files.
        let bytes = answer.encoded(stageCount: task.stages)
        let read = try AuditAnswer(encoded: bytes, task: AuditTask(json: task.json))
        #expect(read == answer)
        let sent = try AuditChallenge(json: challenge.json)
        #expect(sent == challenge)
        #expect(try training.verdict(read, sent) == nil)
        #expect(try Trajectory(encoded: training.trajectory.encoded).root == training.trajectory.root)
        #expect(try DatasetCommitment(encoded: training.dataset.encoded).digest == training.dataset.digest)
    }

    /// The trainer takes the same steps as the circuit, and commits to them.
    @Test func theTrainersTrajectoryIsAnswerable() throws {
        let fixture = try AuditFixture.made()
        let task = try fixture.task(.bounded)
        let trainer = try TrajectoryTrainer(task: task, committer: fixture.committer)
        let reference = try AuditedTraining(task)
        let start = try #require(try trainer.start())
        #expect(start == fixture.start)
        let seed = BlindingSeed()
        let result = try trainer.train(
            start: start, data: reference.data, dataset: reference.dataset,
            beacon: AuditedTraining.dataBeacon, participant: "alice", seed: seed)
        var models: [QuantizedModel] = []
        try result.checkpoints.forEach { _, model in
            models.append(model)
            return true
        }
        #expect(models == reference.models)
        #expect(result.model == models.last)
        #expect(result.trajectory.checkpoints.first == reference.trajectory.checkpoints.first)
        // Blindings of its own: not one point is that of the other training.
        for (a, b) in zip(result.trajectory.checkpoints, reference.trajectory.checkpoints).dropFirst() {
            #expect(a != b)
        }
        let challenge = try AuditChallenge(
            task: task, trajectory: result.trajectory, beacon: Digest(sha256: []))
        let prover = try AuditProver(
            task: task, challenge: challenge, stepProver: fixture.prover, updateProver: fixture.updateProver,
            committer: fixture.committer,
            material: .init(
                trajectory: result.trajectory, seed: seed, dataset: reference.dataset,
                dataSeed: reference.dataSeed, data: reference.data))
        var proofs: [AuditProver.Part: Proof<BN254>] = [:]
        for part in prover.parts {
            proofs[part] = try prover.prove(part, before: models[part.stage], after: models[part.stage + 1])
            #expect(
                try prover.verifier(of: part).verify(try #require(proofs[part]), prover.statement(part)))
        }
        #expect(try fixture.verifier(task).verify(prover.answer(proofs), to: challenge) == nil)
        proofs[.steps(0)] = nil
        #expect(throws: MalformedData.self) { try prover.answer(proofs) }
    }

    /// Many answers at once: each is judged for itself.
    @Test func oneBadAnswerAmongMany() throws {
        let fixture = try AuditFixture.made()
        let task = try fixture.task(.bounded)
        var items = try ["alice", "bob", "carol"].map { name in
            let training = try AuditedTraining(task, participant: name)
            let challenge = try training.challenge()
            return (answer: try training.answer(challenge), challenge: challenge)
        }
        let verifier = try fixture.verifier(task)
        #expect(try verifier.verify(items) == [nil, nil, nil])
        items[1].answer.stages[2].proof = items[0].answer.stages[2].proof
        items[2].answer.updates[1] = items[0].answer.updates[1]
        let outcomes = try verifier.verify(items)
        #expect(outcomes[0] == nil)
        #expect(outcomes[1] == .wrongProof(stage: items[1].challenge.stages[2]))
        #expect(outcomes[2] == .wrongUpdate(stage: 1))
        #expect(outcomes[1]?.stage == 5)
        #expect(try verifier.verify([]).isEmpty)
    }

    @Test func blindingsAreDistinctAndReproducible() throws {
        let (seed, other) = (BlindingSeed(), BlindingSeed())
        var seen: Set<[UInt8]> = []
        for index in 0..<50 {
            for purpose in [BlindingSeed.Purpose.batch, .checkpoint] {
                for seed in [seed, other] {
                    let value = seed.opening(purpose, index).value
                    #expect(value == seed.opening(purpose, index).value)
                    #expect(!value.isZero)
                    seen.insert(value.bigEndianBytes)
                }
            }
        }
        #expect(seen.count == 200)
    }

    @Test func seedsAreKeptAndBelongToOneThing() throws {
        try TestFiles.withTemporaryFolder { folder in
            let path = folder.appending(path: "seed").path
            let (seed, subject) = (BlindingSeed(), Digest(sha256: [1]))
            try seed.write(to: path, for: subject)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(throws: MalformedData.self) { try BlindingSeed().write(to: path, for: subject) }
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            let read = try BlindingSeed.read(bytes, for: subject)
            #expect(read.opening(.batch, 3).value == seed.opening(.batch, 3).value)
            #expect(throws: MalformedData.self) { try BlindingSeed.read(bytes, for: Digest(sha256: [2])) }
            for length in 0..<bytes.count {
                #expect(throws: MalformedData.self) {
                    try BlindingSeed.read(Array(bytes[..<length]), for: subject)
                }
            }
            #expect(throws: MalformedData.self) { try BlindingSeed.read(bytes + [0], for: subject) }
        }
    }

    /// Every file, cut anywhere and with bits flipped: an error or another value, never a trap.
    @Test func damagedFilesAreRefused() throws {
        let fixture = try AuditFixture.made()
        let task = try fixture.task(.bounded)
        let training = try AuditedTraining(task)
        let challenge = try training.challenge()
        let answer = try training.answer(challenge).encoded(stageCount: task.stages)
        let readers: [(bytes: [UInt8], read: ([UInt8]) throws -> Void)] = [
            (answer, { _ = try AuditAnswer(encoded: $0, task: task) }),
            (training.trajectory.encoded, { _ = try Trajectory(encoded: $0) }),
            (training.dataset.encoded, { _ = try DatasetCommitment(encoded: $0) }),
            ([UInt8](try task.json), { _ = try AuditTask(json: Data($0)) }),
            ([UInt8](try challenge.json), { _ = try AuditChallenge(json: Data($0)) }),
        ]
        var generator = SeededGenerator(seed: 7)
        for (bytes, read) in readers {
            try read(bytes)
            for length in stride(from: 0, to: bytes.count - 2, by: max(1, bytes.count / 60)) {
                #expect(throws: (any Error).self) { try read(Array(bytes[..<length])) }
            }
            for _ in 0..<60 {
                var damaged = bytes
                damaged[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
                do { try read(damaged) } catch {}
            }
        }
        for position in [48, 52, 56] {
            var hostile = answer
            for offset in 0..<4 { hostile[position + offset] = 255 }
            #expect(throws: MalformedData.self) { try AuditAnswer(encoded: hostile, task: task) }
        }
        #expect(throws: (any Error).self) {
            try AuditAnswer(encoded: answer, task: try fixture.task(.bounded, stages: 7))
        }
    }
}
