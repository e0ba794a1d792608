import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// Reads small files of ours; larger ones are mapped where they are used.
enum BinaryFile {
    /// No file that is read whole is larger.
    static let largest = 64 << 20

    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile) throws -> [UInt8] {
        try file.reading { path in
            let handle = try FileHandle(forReadingFrom: file.url)
            defer { try? handle.close() }
            let size = try handle.seekToEnd()
            guard size <= largest else { throw CommandError("is too large: \(size) bytes") }
            try handle.seek(toOffset: 0)
            return [UInt8](try handle.readToEnd() ?? Data())
        }
    }

    static func verifyingKey(_ file: InputFile) throws -> VerifyingKey<BN254> {
        let bytes = try read(file)
        return try file.reading { _ in try VerifyingKey<BN254>(encoded: bytes) }
    }

    static func commitment(_ file: InputFile, role: String) throws -> AffinePoint<BN254G1> {
        let bytes = try read(file)
        return try file.reading { _ in
            let commitment = try CommitmentFile(encoded: bytes)
            guard commitment.role == role else {
                throw CommandError("is a commitment to a \(commitment.role), not to a \(role)")
            }
            return commitment.point
        }
    }

    static func opening(_ file: InputFile) throws -> CommitmentOpening {
        let bytes = try read(file)
        return try file.reading { _ in try CommitmentOpening.read(bytes) }
    }
}

extension Sequence<UInt8> {
    /// Two hexadecimal digits for each byte.
    var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}
