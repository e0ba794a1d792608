import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// The files of audits.
extension FileInspector {
    static func audit(_ bytes: [UInt8], _ kind: FileHeader.Kind) throws -> [Fact] {
        switch kind {
        case .dataset:
            let dataset = try DatasetCommitment(encoded: bytes)
            return [
                Fact("batches", Format.count(dataset.points.count)),
                Fact("digest", dataset.digest.description),
            ]
        case .trajectory:
            let trajectory = try Trajectory(encoded: bytes)
            return [
                Fact("participant", trajectory.participant),
                Fact("stages", Format.count(trajectory.stageCount)),
                Fact("root", trajectory.root.description),
                Fact("model", trajectory.model.encoded(as: .compressed).hexadecimal),
                Fact("data set", trajectory.dataset.description),
                Fact("data beacon", trajectory.dataBeacon.description),
            ]
        case .auditAnswer:
            let (answer, stageCount) = try AuditAnswer.parse(bytes)
            return [
                Fact("stages", "\(Format.count(answer.stages.count)) proven of \(Format.count(stageCount))"),
                Fact("bounded updates", Format.count(answer.updates.count)),
                Fact("batches", Format.count(answer.batchCount)),
                Fact("batch root", answer.batchRoot.description),
            ]
        default:
            try BlindingSeed.check(bytes)
            return [Fact("content", "secret, not shown")]
        }
    }

    /// A task or a challenge, `nil` for another document.
    static func auditDocument(_ data: Data) throws -> [Fact]? {
        struct Named: Decodable { var format: String }
        switch (try? JSONDecoder().decode(Named.self, from: data))?.format {
        case AuditTask.formatName:
            let task = try AuditTask(json: data)
            return [
                Fact("kind", "task of audits"), Fact("task", task.task), Fact("ledger", task.ledger),
                Fact("round", "\(task.round)"), Fact("mode", task.mode.rawValue),
                Fact("stages", Format.count(task.stages)), Fact("audits", Format.count(task.audits)),
                Fact("circuit", name(task.circuit)), Fact("start", task.start),
                Fact("digest", try task.digest.description),
            ]
        case AuditChallenge.formatName:
            let challenge = try AuditChallenge(json: data)
            return [
                Fact("kind", "challenge of an audit"), Fact("participant", challenge.participant),
                Fact("stages", challenge.stages.map(String.init).joined(separator: ", ")),
                Fact("root", challenge.checkpointRoot), Fact("model", challenge.model),
                Fact("data set", challenge.dataset), Fact("beacon", challenge.beacon),
                Fact("task", challenge.taskDigest),
            ]
        default: return nil
        }
    }

    static func checkpoints(_ file: InputFile) throws -> [Fact] {
        let archive = try CheckpointArchive.read(from: file.url)
        return [
            Fact("kind", "checkpoints of a training, private"),
            Fact("shape", archive.spec.architecture.summary),
            Fact("checkpoints", Format.count(archive.count)),
        ]
    }

    /// What a circuit proves, in a few words.
    static func name(_ specification: CircuitSpecification) -> String {
        let shape = specification.model.architecture.summary
        switch specification {
        case .quality(_, let samples): return "quality of \(shape) on \(samples) samples"
        case .trainingStep(let model, let steps, let bound):
            let limit = bound.map { ", updates within ±\($0)" } ?? ""
            let batch = model.training.map { ", \($0.batchSize) samples each" } ?? ""
            return "training of \(shape): \(steps) \(steps == 1 ? "step" : "steps")\(batch)\(limit)"
        case .boundedUpdate(_, let bound): return "updates of \(shape) within ±\(bound)"
        }
    }
}
