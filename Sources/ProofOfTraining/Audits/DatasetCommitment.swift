import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism
import QuantizedLearning
import TrainingCircuits

/// Hiding commitments to all batches of a private data set, with the Merkle tree over them (Docs/audit.md).
///
/// Batch i is the samples i·B … i·B + B − 1; what is left over at the end is in no batch. The points reveal nothing, but
/// only `digest` has to be published: a participant shows the points of the batches that it is asked about.
public struct DatasetCommitment: Sendable {
    public let points: [AffinePoint<BN254G1>]
    public let tree: MerkleTree

    /// What is published before the data beacon.
    public var digest: Digest { datasetDigest(root: tree.root, batches: points.count) }

    /// - Throws: `MalformedData` if there is no batch or there are too many.
    public init(points: [AffinePoint<BN254G1>]) throws {
        guard (1...BatchOrder.mostBatches).contains(points.count) else {
            throw MalformedData("\(points.count) batches, allowed are 1...\(BatchOrder.mostBatches)")
        }
        self.points = points
        tree = MerkleTree(
            leaves: points.enumerated().map { AuditLeaf.batch($0, commitment: $1.encoded(as: .uncompressed)) }
        )
    }

    /// Commits to all batches of a data set.
    ///
    /// - Throws: an error for samples that do not fit the circuit or are fewer than a batch.
    public init(
        _ data: Dataset, seed: BlindingSeed, committer: TrainingStepCommitter, progress: ProgressBar? = nil
    ) throws {
        let batches = try committer.circuit.batches(of: data)
        try self.init(
            points: try batches.enumerated().map { index, batch in
                defer { progress?.advance(title: "committing to batches") }
                return try committer.commit(toBatch: batch, opening: seed.opening(.batch, index))
            })
    }

    /// The file's bytes: header, number of batches, the uncompressed points. It holds no secret.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .dataset, curve: BN254.fileNumber).encoded)
        writer.appendPoints(points)
        return writer.bytes
    }

    /// - Throws: `MalformedData`, `PointEncodingError`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.dataset, curve: BN254.fileNumber)
        let points = try reader.readPoints("batches", most: BatchOrder.mostBatches)
        try reader.finish("the batches")
        try self.init(points: points)
    }
}

extension TrainingStepCircuit {
    /// All whole batches of a data set, in its order.
    ///
    /// - Throws: `MalformedData` if the samples are fewer than a batch.
    public func batches(of data: Dataset) throws -> [Dataset] {
        let size = batchSize
        guard data.count >= size else {
            throw MalformedData("\(data.count) samples are fewer than a batch of \(size)")
        }
        return (0..<data.count / size).map {
            data.subset($0 * size..<($0 + 1) * size, name: "batch \($0) of \(data.name)")
        }
    }
}

extension ByteWriter {
    /// The number of points as UInt32, then the points, uncompressed.
    mutating func appendPoints(_ points: [AffinePoint<BN254G1>]) {
        append(UInt32(points.count))
        for point in points { append(point.encoded(as: .uncompressed)) }
    }
}

extension ByteReader {
    /// - Throws: `MalformedData` for more points than `most` or than there are bytes, `PointEncodingError`.
    mutating func readPoints(_ what: String, most: Int) throws -> [AffinePoint<BN254G1>] {
        let count = Int(try readInteger(UInt32.self, "the number of \(what)"))
        guard count <= most, count <= remaining / 64 else {
            throw MalformedData("\(count) \(what) do not fit the file")
        }
        return try (0..<count).map { _ in
            try AffinePoint(decoding: read(64, "the commitments to \(what)"), as: .uncompressed)
        }
    }

    /// 32 bytes.
    mutating func readDigest(_ what: String) throws -> Digest {
        guard let digest = Digest(try read(32, what)) else { throw MalformedData("\(what) is no digest") }
        return digest
    }
}
