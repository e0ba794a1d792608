import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16

/// Hiding commitments to all checkpoints of one training, with the Merkle tree over them (Docs/audit.md).
///
/// Checkpoint 0 is the public start with blinding zero, checkpoint E the model. The points reveal nothing, but only `root`
/// and the last point have to be published before the audit beacon.
public struct Trajectory: Sendable {
    /// Whose training it is, as in the context of its proofs.
    public let participant: String
    /// What was published about the data, and the beacon that fixed the order of batches.
    public let dataset: Digest
    public let dataBeacon: Digest
    public let checkpoints: [AffinePoint<BN254G1>]
    public let tree: MerkleTree

    public var root: Digest { tree.root }
    /// E.
    public var stageCount: Int { checkpoints.count - 1 }
    /// The model's commitment.
    public var model: AffinePoint<BN254G1> { checkpoints[stageCount] }

    /// - Throws: `MalformedData` for fewer than two checkpoints or too many stages.
    public init(
        participant: String, dataset: Digest, dataBeacon: Digest, checkpoints: [AffinePoint<BN254G1>]
    ) throws {
        guard (1...StageSample.mostStages).contains(checkpoints.count - 1) else {
            throw MalformedData(
                "\(checkpoints.count - 1) stages, allowed are 1...\(StageSample.mostStages)")
        }
        self.participant = participant
        self.dataset = dataset
        self.dataBeacon = dataBeacon
        self.checkpoints = checkpoints
        tree = Self.tree(checkpoints)
    }

    static func tree(_ checkpoints: [AffinePoint<BN254G1>]) -> MerkleTree {
        MerkleTree(leaves: checkpoints.enumerated().map { leaf($0, $1) })
    }

    /// All checkpoints with their paths to the root; none for no checkpoints.
    public static func leaves(_ checkpoints: [AffinePoint<BN254G1>]) -> [CommittedLeaf] {
        guard !checkpoints.isEmpty else { return [] }
        let tree = tree(checkpoints)
        return checkpoints.enumerated().map {
            CommittedLeaf(index: $0.offset, point: $0.element, path: tree.path(to: $0.offset))
        }
    }

    static func leaf(_ index: Int, _ point: AffinePoint<BN254G1>) -> Digest {
        AuditLeaf.checkpoint(index, commitment: point.encoded(as: .uncompressed))
    }

    /// The file's bytes: header, participant, data set's digest, data beacon, the uncompressed points. It holds no secret.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .trajectory, curve: BN254.fileNumber).encoded)
        writer.appendPrefixed(Array(participant.utf8))
        writer.append(dataset.bytes)
        writer.append(dataBeacon.bytes)
        writer.appendPoints(checkpoints)
        return writer.bytes
    }

    /// - Throws: `MalformedData`, `PointEncodingError`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.trajectory, curve: BN254.fileNumber)
        let participant = try reader.readText("the participant")
        let dataset = try reader.readDigest("the data set's digest")
        let beacon = try reader.readDigest("the data beacon")
        let points = try reader.readPoints("checkpoints", most: StageSample.mostStages + 1)
        try reader.finish("the checkpoints")
        try self.init(
            participant: participant, dataset: dataset, dataBeacon: beacon, checkpoints: points)
    }
}

extension ByteReader {
    /// A text of at most 256 bytes behind its length.
    mutating func readText(_ what: String) throws -> String {
        let bytes = try readPrefixed(what)
        guard bytes.count <= 256, let text = String(validating: bytes, as: UTF8.self) else {
            throw MalformedData("\(what) is no short text")
        }
        return text
    }
}
