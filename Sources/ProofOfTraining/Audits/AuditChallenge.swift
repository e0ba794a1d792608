import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16

/// What one participant published before the audit beacon, the beacon, and the stages that it picks. A JSON file.
///
/// Everything in it is on record elsewhere: a verifier writes its own from what was published, or compares.
public struct AuditChallenge: Codable, Sendable, Hashable {
    /// Always "zkpot-audit-challenge".
    public var format: String
    public var version: Int
    /// `AuditTask.digest`.
    public var taskDigest: String
    public var participant: String
    /// `DatasetCommitment.digest`, published first.
    public var dataset: String
    /// Drawn after that.
    public var dataBeacon: String
    /// Root over the checkpoints, and the model's commitment, a compressed point: published after training.
    public var checkpointRoot: String
    public var model: String
    /// Drawn after that.
    public var beacon: String
    /// The stages to prove: they follow from the rest, and are refused if they do not.
    public var stages: [Int]

    public static let formatName = "zkpot-audit-challenge"

    /// The largest file that is one.
    public static let largestFile = 64 << 20

    /// The challenge that a beacon makes of what was published.
    ///
    /// - Throws: `MalformedData` if the trajectory has another number of stages than the task.
    public init(task: AuditTask, trajectory: Trajectory, beacon: Digest) throws {
        guard trajectory.stageCount == task.stages else {
            throw MalformedData(
                "a trajectory of \(trajectory.stageCount) stages, the task has \(task.stages)")
        }
        format = Self.formatName
        version = 1
        taskDigest = try task.digest.description
        participant = trajectory.participant
        dataset = trajectory.dataset.description
        dataBeacon = trajectory.dataBeacon.description
        checkpointRoot = trajectory.root.description
        model = trajectory.model.encoded(as: .compressed).hexadecimal
        self.beacon = beacon.description
        stages = try Self.sample(
            task, participant: participant, root: trajectory.root, beacon: beacon)
    }

    /// - Throws: `MalformedData` that says what is wrong.
    public init(json: Data) throws {
        self = try AuditJSON.decode(
            Self.self, from: json, format: Self.formatName, what: "a challenge of an audit")
        guard participant.utf8.count <= 256 else { throw MalformedData("the participant is no short text") }
        _ = try (taskID, datasetDigest, dataBeaconValue, root, auditBeacon, modelPoint)
    }

    public var json: Data { get throws { try AuditJSON.encode(self) } }

    /// - Throws: `MalformedData` if the challenge is for another task, or its stages are not those that the beacon picks.
    public func requireFit(_ task: AuditTask) throws {
        guard try taskID == task.digest else { throw MalformedData("the challenge is for another task") }
        let expected = try Self.sample(
            task, participant: participant, root: try root, beacon: try auditBeacon)
        guard stages == expected else {
            throw MalformedData("its stages are not those that the beacon picks")
        }
    }

    private static func sample(
        _ task: AuditTask, participant: String, root: Digest, beacon: Digest
    ) throws -> [Int] {
        let sample =
            task.mode == .full
            ? StageSample(allOf: task.stages)
            : StageSample(
                stageCount: task.stages, auditCount: task.audits, beacon: beacon,
                party: task.party(of: participant), checkpointRoot: root)
        guard let sample else { throw MalformedData("the task has impossible numbers of stages or audits") }
        return sample.stages
    }

    private var taskID: Digest { get throws { try AuditJSON.digest(taskDigest, "\"taskDigest\"") } }
    public var datasetDigest: Digest { get throws { try AuditJSON.digest(dataset, "\"dataset\"") } }
    public var dataBeaconValue: Digest { get throws { try AuditJSON.digest(dataBeacon, "\"dataBeacon\"") } }
    public var root: Digest { get throws { try AuditJSON.digest(checkpointRoot, "\"checkpointRoot\"") } }
    public var auditBeacon: Digest { get throws { try AuditJSON.digest(beacon, "\"beacon\"") } }
    public var modelPoint: AffinePoint<BN254G1> {
        get throws { try AuditJSON.point(model, "\"model\"") }
    }
}
