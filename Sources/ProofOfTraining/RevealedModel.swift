import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import QuantizedLearning

/// A model that is shown to everybody, with the blinding that opens its commitment: what a claim in the ledger's mode
/// `open` names by its SHA-256.
///
/// The file: header of the kind `revealedModel`, the blinding (32 bytes, big-endian), the model's own file behind its
/// length. Revealing it ends the model's privacy; until then a blinding is kept as a `CommitmentOpening`.
public struct RevealedModel: Sendable {
    public var model: QuantizedModel
    public var blinding: BN254ScalarField

    public init(_ model: QuantizedModel, opening: CommitmentOpening) {
        self.model = model
        blinding = opening.value
    }

    public var opening: CommitmentOpening { CommitmentOpening(blinding) }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .revealedModel, curve: BN254.fileNumber).encoded)
        writer.append(blinding.bigEndianBytes)
        writer.appendPrefixed([UInt8](model.serialized()))
        return writer.bytes
    }

    /// - Parameter name: what messages call the file.
    /// - Throws: `MalformedData`, `FieldEncodingError`, `LearningError` for a bad model.
    public init(encoded bytes: [UInt8], name: String) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.revealedModel, curve: BN254.fileNumber)
        blinding = try BN254ScalarField(bigEndian: reader.read(32, "the blinding"))
        let file = try reader.readPrefixed("the model")
        try reader.finish("the model")
        model = try QuantizedModel(serialized: Data(file), name: name)
    }
}

/// The file of a published sum, which `finalize` names by its SHA-256: header of the kind `revealedSum`, the blinding (32
/// bytes, big-endian), the number of weights (32 bits), the sums (64 bits each, little-endian).
extension AggregateOpening {
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .revealedSum, curve: BN254.fileNumber).encoded)
        writer.append(blinding.bigEndianBytes)
        writer.append(UInt32(weightedSum.count))
        for sum in weightedSum { writer.append(sum) }
        return writer.bytes
    }

    /// - Throws: `MalformedData`, `FieldEncodingError`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.revealedSum, curve: BN254.fileNumber)
        blinding = try BN254ScalarField(bigEndian: reader.read(32, "the blinding"))
        let count = Int(try reader.readInteger(UInt32.self, "the number of weights"))
        guard reader.remaining == 8 * count else {
            throw MalformedData("\(count) weights in \(reader.remaining) bytes, 8 bytes each")
        }
        let words = try reader.read(8 * count, "the weights")
        weightedSum = (0..<count).map { index in
            Int64(
                bitPattern: words[8 * index..<8 * index + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
    }
}
