import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// Reads the files of audits; secrets lie beside the public file that they belong to.
enum AuditFiles {
    /// - Throws: `CommandError` that names the file.
    static func task(_ file: InputFile) throws -> AuditTask {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            guard bytes.count <= AuditTask.largestFile else { throw CommandError("is too large for a task") }
            return try AuditTask(json: Data(bytes))
        }
    }

    /// - Throws: `CommandError` that names the file, also if the challenge is not one of the task.
    static func challenge(_ file: InputFile, of task: AuditTask) throws -> AuditChallenge {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            let challenge = try AuditChallenge(json: Data(bytes))
            try challenge.requireFit(task)
            return challenge
        }
    }

    /// - Throws: `CommandError` that names the file.
    static func dataset(_ file: InputFile) throws -> DatasetCommitment {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in try DatasetCommitment(encoded: bytes) }
    }

    /// - Throws: `CommandError` that names the file.
    static func trajectory(_ file: InputFile) throws -> Trajectory {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in try Trajectory(encoded: bytes) }
    }

    /// The secret of a data set, from the file beside its public one.
    ///
    /// - Throws: `CommandError` that names the file.
    static func seed(of dataset: DatasetCommitment, beside file: InputFile) throws -> BlindingSeed {
        let secret = try InputFile.parse(secretPath(file.path))
        let bytes = try BinaryFile.read(secret)
        return try secret.reading { _ in try BlindingSeed.read(bytes, for: dataset.digest) }
    }

    /// The secret of a trajectory, from the file beside its public one.
    ///
    /// - Throws: `CommandError` that names the file.
    static func seed(of trajectory: Trajectory, beside file: InputFile) throws -> BlindingSeed {
        let secret = try InputFile.parse(secretPath(file.path))
        let bytes = try BinaryFile.read(secret)
        return try secret.reading { _ in try BlindingSeed.read(bytes, for: trajectory.root) }
    }

    /// The checkpoints of a trajectory, from the file beside its public one.
    ///
    /// - Throws: `CommandError` that names the file.
    static func checkpoints(of trajectory: Trajectory, spec: ModelSpec, beside file: InputFile) throws
        -> (file: InputFile, archive: CheckpointArchive)
    {
        let private_ = try InputFile.parse(checkpointPath(file.path))
        let archive = try private_.reading { _ in
            let archive = try CheckpointArchive.read(from: private_.url)
            guard archive.spec == spec, archive.count == trajectory.checkpoints.count else {
                throw CommandError("has other checkpoints than the trajectory")
            }
            return archive
        }
        return (private_, archive)
    }

    /// `alice.zkd` has its secret in `alice.zkds`, `alice.zkt` in `alice.zkts`.
    static func secretPath(_ path: String) -> String { path + "s" }

    /// `alice.zkt` has its checkpoints in `alice.zkck`.
    static func checkpointPath(_ path: String) -> String {
        (path.hasSuffix(".zkt") ? String(path.dropLast(4)) : path) + ".zkck"
    }

    /// A verifying key of the circuit that a specification describes.
    ///
    /// - Throws: `CommandError` that names the file.
    static func verifyingKey(_ file: InputFile, of specification: CircuitSpecification) throws
        -> VerifyingKey<BN254>
    {
        let key = try BinaryFile.verifyingKey(file)
        return try file.reading { _ in
            try Memory.require(for: specification)
            let constraints = try specification.constraints(over: BN254.ScalarField.self)
            guard key.circuitDigest == constraints.digest(specification: specification.encoded) else {
                throw CommandError("is a key of another circuit")
            }
            return key
        }
    }
}
