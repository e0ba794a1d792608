import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import QuantizedLearning
import TrainingCircuits

/// What a task's publisher fixes before anybody commits to anything: circuit, keys, start, stages, audits, mode.
///
/// A JSON file; a participant chooses nothing in it.
public struct AuditTask: Codable, Sendable, Hashable {
    /// Always "zkpot-audit-task".
    public var format: String
    public var version: Int
    /// Where the proofs count: the same fields as in `ProofContext`.
    public var ledger: String
    public var contract: String
    public var task: String
    public var round: UInt64
    public var mode: AuditMode
    /// E.
    public var stages: Int
    /// α; without meaning in the mode `full`.
    public var audits: Int
    /// The training-step circuit: model, learning rate, batch size, steps for each stage, bound.
    public var circuit: CircuitSpecification
    /// Digest of the verifying key of that circuit.
    public var stepKey: String
    /// Digest of the verifying key for bounded updates; in the mode `sampled+bounded` only.
    public var updateKey: String?
    /// The commitment to the public start, blinding zero, as a compressed point in hexadecimal.
    public var start: String
    /// The start is `QuantizedModel.initial` of this seed; missing if it is another public model.
    public var startSeed: UInt64?

    public static let formatName = "zkpot-audit-task"

    /// The largest file that is one.
    public static let largestFile = 1 << 20

    /// - Throws: `MalformedData`, `CircuitError`, `LearningError` for a task that cannot be.
    public init(
        ledger: String = "", contract: String = "", task: String, round: UInt64 = 0, mode: AuditMode,
        stages: Int, audits: Int, circuit: TrainingStepCircuit, stepKey: VerifyingKey<BN254>,
        updateKey: VerifyingKey<BN254>? = nil, start: AffinePoint<BN254G1>, startSeed: UInt64? = nil
    ) throws {
        format = Self.formatName
        version = 1
        self.ledger = ledger
        self.contract = contract
        self.task = task
        self.round = round
        self.mode = mode
        self.stages = stages
        self.audits = audits
        self.circuit = CircuitSpecification(circuit)
        self.stepKey = stepKey.digest.hexadecimal
        self.updateKey = updateKey?.digest.hexadecimal
        self.start = start.encoded(as: .compressed).hexadecimal
        self.startSeed = startSeed
        try validate()
    }

    /// - Throws: `MalformedData` that says what is wrong.
    public init(json: Data) throws {
        self = try AuditJSON.decode(
            Self.self, from: json, format: Self.formatName, what: "a task of audits")
        try validate()
    }

    public var json: Data { get throws { try AuditJSON.encode(self) } }

    /// SHA-256 of the task's JSON with sorted keys: what other documents name it by.
    public var digest: Digest { get throws { Digest(sha256: try AuditJSON.canonical(self)) } }

    private func validate() throws {
        _ = try trainingCircuit
        guard (1...StageSample.mostStages).contains(stages) else {
            throw MalformedData("\(stages) stages, allowed are 1...\(StageSample.mostStages)")
        }
        guard audits >= 1 else { throw MalformedData("\(audits) audits are none") }
        for text in [ledger, contract, task] where text.utf8.count > 256 {
            throw MalformedData("a name in the task is longer than 256 bytes")
        }
        _ = try startPoint
        guard Digest(hexadecimal: stepKey) != nil else {
            throw MalformedData("\"stepKey\" is no digest of 64 hexadecimal digits")
        }
        guard (mode == .bounded) == (updateKey != nil),
            updateKey.map({ Digest(hexadecimal: $0) != nil }) ?? true
        else {
            throw MalformedData(
                mode == .bounded
                    ? "the mode \(mode.rawValue) needs the digest of a key for bounded updates, \"updateKey\""
                    : "\"updateKey\" belongs to the mode \(AuditMode.bounded.rawValue) only")
        }
        if mode == .bounded, try updateCircuit == nil {
            throw MalformedData("the mode \(mode.rawValue) needs a circuit with a bound")
        }
    }

    /// The circuit of a stage's proof.
    public var trainingCircuit: TrainingStepCircuit { get throws { try circuit.trainingStepCircuit() } }

    /// The circuit that every stage of the mode `sampled+bounded` proves: k steps move a weight by at most k·B.
    public var updateCircuit: BoundedUpdateCircuit? {
        get throws {
            let circuit = try trainingCircuit
            return try circuit.updateBound.map {
                try BoundedUpdateCircuit(spec: circuit.spec, bound: circuit.steps * $0)
            }
        }
    }

    /// Checkpoint 0.
    public var startPoint: AffinePoint<BN254G1> {
        get throws { try AuditJSON.point(start, "the start's commitment") }
    }

    /// The names that beacons are mixed with.
    public func party(of participant: String) -> AuditParty {
        AuditParty(task: task, participant: participant)
    }

    /// Where the proof of a stage counts.
    public func context(participant: String, stage: Int, roles: [String]) -> ProofContext {
        ProofContext(
            ledger: ledger, contract: contract, task: task, round: round, stage: UInt64(stage),
            participant: participant, roles: roles)
    }

    /// - Throws: `MalformedData` if the key is not the task's for training steps.
    public func requireStepKey(_ key: VerifyingKey<BN254>) throws {
        try Self.require(
            key, digest: stepKey, roles: try trainingCircuit.linkedSegments, "training steps")
    }

    /// - Throws: `MalformedData` if the key is not the task's for bounded updates.
    public func requireUpdateKey(_ key: VerifyingKey<BN254>) throws {
        guard let updateKey else { throw MalformedData("the task asks for no bounded updates") }
        try Self.require(
            key, digest: updateKey, roles: BoundedUpdateCircuit.linkedSegments, "bounded updates")
    }

    private static func require(
        _ key: VerifyingKey<BN254>, digest: String, roles: [String], _ what: String
    ) throws {
        guard key.digest.hexadecimal == digest else {
            throw MalformedData("the key for \(what) is not the task's, \(digest.prefix(16))…")
        }
        guard key.linkedSegments == roles, key.publicInputCount == 0, key.bindsContext else {
            throw MalformedData("the key is not one for \(what)")
        }
    }
}
