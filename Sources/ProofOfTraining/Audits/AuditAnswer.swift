import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import TrainingCircuits

/// A published commitment and the path from it to the published root.
public struct CommittedLeaf: Sendable, Hashable {
    public var index: Int
    public var point: AffinePoint<BN254G1>
    public var path: MerklePath

    public init(index: Int, point: AffinePoint<BN254G1>, path: MerklePath) {
        self.index = index
        self.point = point
        self.path = path
    }
}

/// The answer for one sampled stage.
public struct StageAnswer: Sendable, Hashable {
    public var stage: Int
    /// Checkpoints `stage` and `stage` + 1.
    public var before: CommittedLeaf
    public var after: CommittedLeaf
    /// One for each step, in the order of the steps.
    public var batches: [CommittedLeaf]
    public var proof: Proof<BN254>

    public init(
        stage: Int, before: CommittedLeaf, after: CommittedLeaf, batches: [CommittedLeaf],
        proof: Proof<BN254>
    ) {
        self.stage = stage
        self.before = before
        self.after = after
        self.batches = batches
        self.proof = proof
    }
}

/// What a participant answers to a challenge: proofs for exactly the sampled stages, and in the mode `sampled+bounded` for
/// every stage one that no weight moved by more than the bound.
public struct AuditAnswer: Sendable, Hashable {
    /// The root over the batches and their number, which the published digest of the data set binds.
    public var batchRoot: Digest
    public var batchCount: Int
    /// Ascending by stage.
    public var stages: [StageAnswer]
    /// All checkpoints and, for each stage, the proof that they differ little; empty in other modes.
    public var checkpoints: [AffinePoint<BN254G1>]
    public var updates: [Proof<BN254>]

    public init(
        batchRoot: Digest, batchCount: Int, stages: [StageAnswer], checkpoints: [AffinePoint<BN254G1>] = [],
        updates: [Proof<BN254>] = []
    ) {
        self.batchRoot = batchRoot
        self.batchCount = batchCount
        self.stages = stages
        self.checkpoints = checkpoints
        self.updates = updates
    }
}

extension AuditAnswer {
    /// The file's bytes: header, batch root and number of batches, number of stages E, the stages' answers, and the checkpoints
    /// and proofs of bounded updates. Points are compressed; the lengths of paths follow from indices and numbers.
    public func encoded(stageCount: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .auditAnswer, curve: BN254.fileNumber).encoded)
        writer.append(batchRoot.bytes)
        writer.append(UInt32(batchCount))
        writer.append(UInt32(stageCount))
        writer.append(UInt32(stages.count))
        for stage in stages {
            writer.append(UInt32(stage.stage))
            writer.append(UInt32(stage.batches.count))
            for leaf in [stage.before, stage.after] + stage.batches {
                writer.append(UInt32(leaf.index))
                writer.append(leaf.point.encoded(as: .compressed))
                writer.append(leaf.path.encoded)
            }
            writer.append(stage.proof.encoded)
        }
        writer.append(UInt32(updates.count))
        if !updates.isEmpty {
            for point in checkpoints { writer.append(point.encoded(as: .compressed)) }
            for proof in updates { writer.append(proof.encoded) }
        }
        return writer.bytes
    }

    /// Reads what `encoded` gives; every point is checked to be canonical, on its curve and in its subgroup.
    ///
    /// - Throws: `MalformedData`, also for numbers that are not those of the task; `PointEncodingError`.
    public init(encoded bytes: [UInt8], task: AuditTask) throws {
        let steps = try task.trainingCircuit.steps
        let (answer, stageCount) = try Self.parse(bytes)
        guard stageCount == task.stages else {
            throw MalformedData("an answer about \(stageCount) stages, the task has \(task.stages)")
        }
        if let stage = answer.stages.first(where: { $0.batches.count != steps }) {
            throw MalformedData(
                "\(stage.batches.count) batches in stage \(stage.stage), the circuit has \(steps) steps")
        }
        self = answer
    }

    /// The answer in a file to whatever task, and the number of stages E that it says the task has.
    ///
    /// - Throws: `MalformedData`, `PointEncodingError`.
    public static func parse(_ bytes: [UInt8]) throws -> (answer: AuditAnswer, stageCount: Int) {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.auditAnswer, curve: BN254.fileNumber)
        let root = try reader.readDigest("the root over the batches")
        let batchCount = Int(try reader.readInteger(UInt32.self, "the number of batches"))
        guard (1...BatchOrder.mostBatches).contains(batchCount) else {
            throw MalformedData("\(batchCount) batches, allowed are 1...\(BatchOrder.mostBatches)")
        }
        let stageCount = Int(try reader.readInteger(UInt32.self, "the number of stages"))
        guard (1...StageSample.mostStages).contains(stageCount) else {
            throw MalformedData("\(stageCount) stages, allowed are 1...\(StageSample.mostStages)")
        }
        let answered = Int(try reader.readInteger(UInt32.self, "the number of answered stages"))
        guard answered <= stageCount else {
            throw MalformedData("\(answered) answered stages of \(stageCount)")
        }
        var answer = AuditAnswer(batchRoot: root, batchCount: batchCount, stages: [])
        for _ in 0..<answered {
            answer.stages.append(
                try StageAnswer(&reader, stageCount: stageCount, batchCount: batchCount))
        }
        let updateCount = Int(try reader.readInteger(UInt32.self, "the number of bounded updates"))
        guard updateCount == 0 || updateCount == stageCount else {
            throw MalformedData("\(updateCount) proofs of bounded updates for \(stageCount) stages")
        }
        if updateCount > 0 {
            for _ in 0...stageCount { answer.checkpoints.append(try reader.readPoint("a checkpoint")) }
            for _ in 0..<stageCount {
                answer.updates.append(try reader.readLinkedProof("a bounded update's proof"))
            }
        }
        try reader.finish("the answer")
        return (answer, stageCount)
    }
}

extension StageAnswer {
    fileprivate init(_ reader: inout ByteReader, stageCount: Int, batchCount: Int) throws {
        stage = Int(try reader.readInteger(UInt32.self, "a stage's number"))
        guard stage < stageCount else {
            throw MalformedData("stage \(stage) of \(stageCount)")
        }
        let count = Int(try reader.readInteger(UInt32.self, "the number of batches of stage \(stage)"))
        guard (1...TrainingStepCircuit.mostSteps).contains(count) else {
            throw MalformedData(
                "\(count) batches in stage \(stage), allowed are 1...\(TrainingStepCircuit.mostSteps)")
        }
        before = try CommittedLeaf(&reader, count: stageCount + 1, "a checkpoint of stage \(stage)")
        after = try CommittedLeaf(&reader, count: stageCount + 1, "a checkpoint of stage \(stage)")
        batches = []
        for _ in 0..<count {
            batches.append(try CommittedLeaf(&reader, count: batchCount, "a batch of stage \(stage)"))
        }
        proof = try reader.readLinkedProof("the proof of stage \(stage)")
    }
}

extension CommittedLeaf {
    fileprivate init(_ reader: inout ByteReader, count: Int, _ what: String) throws {
        index = Int(try reader.readInteger(UInt32.self, "the index of \(what)"))
        point = try reader.readPoint(what)
        guard let length = MerklePath.length(index: index, size: count),
            let path = MerklePath(
                encoded: try reader.read(32 * length, "the path of \(what)"), index: index, size: count)
        else { throw MalformedData("\(what) has index \(index) among \(count)") }
        self.path = path
    }
}

extension ByteReader {
    /// A compressed point.
    mutating func readPoint(_ what: String) throws -> AffinePoint<BN254G1> {
        try AffinePoint(decoding: read(32, what), as: .compressed)
    }

    /// A proof with a link, 192 bytes.
    mutating func readLinkedProof(_ what: String) throws -> Proof<BN254> {
        try Proof(encoded: read(192, what))
    }
}
