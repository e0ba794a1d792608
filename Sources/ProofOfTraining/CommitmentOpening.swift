import CFieldKernels
import EllipticCurves
import FieldArithmetic
import Groth16

/// The secret that opens a commitment to a model: the blinding ρ. Wiped when it is released.
public final class CommitmentOpening: @unchecked Sendable {
    private let blinding: UnsafeMutablePointer<BN254ScalarField>

    /// A fresh, uniform blinding: every commitment to private values needs one of its own.
    public convenience init() { self.init(BN254ScalarField.random()) }

    /// The blinding zero of public values, which anybody can recompute the commitment to.
    public static var none: CommitmentOpening { CommitmentOpening(.zero) }

    /// A blinding that comes from elsewhere; the caller's copy is not wiped.
    package init(_ value: BN254ScalarField) {
        blinding = .allocate(capacity: 1)
        blinding.initialize(to: value)
    }

    deinit {
        zk_zeroize(blinding, MemoryLayout<BN254ScalarField>.stride)
        blinding.deallocate()
    }

    package var value: BN254ScalarField { blinding.pointee }

    /// Reads what `write` wrote.
    ///
    /// - Throws: `MalformedData`, `FieldEncodingError`.
    public static func read(_ bytes: [UInt8]) throws -> CommitmentOpening {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.opening, curve: BN254.fileNumber)
        let opening = CommitmentOpening(try BN254ScalarField(bigEndian: reader.read(32, "the blinding")))
        try reader.finish("the opening")
        return opening
    }

    /// Writes the secret to a new file that only its owner can read.
    ///
    /// - Throws: `MalformedData` if the file exists or cannot be written.
    public func write(to path: String) throws {
        try SecretFile.write(
            FileHeader(kind: .opening, curve: BN254.fileNumber).encoded + value.bigEndianBytes, to: path)
    }
}

/// A commitment in a file: what it is of, and the point.
public struct CommitmentFile: Sendable, Hashable {
    /// The role that the commitment has in statements: "model" or "test set".
    public var role: String
    public var point: AffinePoint<BN254G1>

    public init(role: String, point: AffinePoint<BN254G1>) {
        self.role = role
        self.point = point
    }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.append(FileHeader(kind: .commitment, curve: BN254.fileNumber).encoded)
        writer.append(point.encoded(as: .compressed))
        writer.appendPrefixed(Array(role.utf8))
        return writer.bytes
    }

    /// - Throws: `MalformedData`, `PointEncodingError`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.commitment, curve: BN254.fileNumber)
        point = try AffinePoint(decoding: reader.read(32, "the commitment"), as: .compressed)
        let name = try reader.readPrefixed("the role")
        guard name.count <= 64, let role = String(validating: name, as: UTF8.self) else {
            throw MalformedData("the role of the commitment is no short text")
        }
        self.role = role
        try reader.finish("the commitment")
    }
}
