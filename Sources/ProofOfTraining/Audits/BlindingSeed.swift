import AuditProtocol
import CFieldKernels
import EllipticCurves
import FieldArithmetic
import Groth16

/// One secret from which the blindings of many commitments follow, for exactly one data set or one trajectory.
///
/// ρ = (H(tag ‖ seed ‖ purpose ‖ u64 index ‖ 0) ‖ H(tag ‖ seed ‖ purpose ‖ u64 index ‖ 1)) mod r with H = SHA-256: on inputs of a
/// fixed length a pseudo-random function of the seed, and 512 bits modulo r are uniform but for 2^-256. Each blinding is
/// thereby as good as a fresh one ⚠, as long as the seed is not used for a second data set or trajectory: `write` never
/// replaces a file, and whoever trains or commits again draws a new seed.
public final class BlindingSeed: @unchecked Sendable {
    /// What a blinding is for.
    public enum Purpose: UInt8, Sendable {
        case batch = 1
        case checkpoint = 2
    }

    private static let byteCount = 32
    private let bytes: UnsafeMutablePointer<UInt8>

    /// A fresh seed from the system's generator.
    public convenience init() {
        var generator = SystemRandomNumberGenerator()
        self.init((0..<Self.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    private init(_ seed: [UInt8]) {
        bytes = .allocate(capacity: Self.byteCount)
        bytes.initialize(from: seed, count: Self.byteCount)
    }

    deinit {
        zk_zeroize(bytes, Self.byteCount)
        bytes.deallocate()
    }

    /// The opening of one commitment.
    public func opening(_ purpose: Purpose, _ index: Int) -> CommitmentOpening {
        let halves = [UInt8(0), 1].map { half in
            var hash = SHA256()
            hash.update(Array("ZKPOT-V1-BLINDING".utf8))
            hash.update(UnsafeRawBufferPointer(start: bytes, count: Self.byteCount))
            hash.update([purpose.rawValue])
            hash.update(withUnsafeBytes(of: UInt64(index).bigEndian) { Array($0) })
            hash.update([half])
            return hash.finalize()
        }
        return CommitmentOpening(BN254ScalarField(reducingBigEndian: halves[0] + halves[1]))
    }

    /// Reads what `write` wrote.
    ///
    /// - Parameter subject: the public digest that the seed must be for.
    /// - Throws: `MalformedData`, also for a seed of something else.
    public static func read(_ content: [UInt8], for subject: Digest) throws -> BlindingSeed {
        var reader = ByteReader(content)
        try FileHeader(reading: &reader).expect(.blindingSeed, curve: BN254.fileNumber)
        guard try reader.read(32, "what the seed is for") == subject.bytes else {
            throw MalformedData("the secret of another data set or trajectory")
        }
        let seed = BlindingSeed(try reader.read(byteCount, "the seed"))
        try reader.finish("the seed")
        return seed
    }

    /// Whether a file has the form of a seed's.
    ///
    /// - Throws: `MalformedData` if it has not.
    public static func check(_ content: [UInt8]) throws {
        var reader = ByteReader(content)
        try FileHeader(reading: &reader).expect(.blindingSeed, curve: BN254.fileNumber)
        _ = try reader.read(32 + byteCount, "the seed")
        try reader.finish("the seed")
    }

    /// Writes the secret to a new file that only its owner can read.
    ///
    /// - Parameter subject: the public digest of the data set (`DatasetCommitment.digest`) or trajectory (its root).
    /// - Throws: `MalformedData` if the file exists or cannot be written.
    public func write(to path: String, for subject: Digest) throws {
        try SecretFile.write(
            FileHeader(kind: .blindingSeed, curve: BN254.fileNumber).encoded + subject.bytes
                + Array(UnsafeBufferPointer(start: bytes, count: Self.byteCount)), to: path)
    }
}
