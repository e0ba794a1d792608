import EllipticCurves
import Foundation
import Groth16
import Presentation

/// Verifying keys of ours, and verification keys of snarkjs.
enum VerifyingKeyFile {
    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile) throws -> VerifyingKey<BN254> {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            // Files of ours begin with their name, JSON with a brace.
            if bytes.first(where: { ![9, 10, 13, 32].contains($0) }) == UInt8(ascii: "{") {
                return try SnarkjsJSON.verifyingKey(Data(bytes))
            }
            return try VerifyingKey<BN254>(encoded: bytes)
        }
    }
}
