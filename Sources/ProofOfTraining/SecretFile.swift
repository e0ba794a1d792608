import CFieldKernels
import Foundation
import Groth16

/// Files that only their owner can read, and that replace no other.
public enum SecretFile {
    /// Writes a new file, and wipes its own copy of the bytes.
    ///
    /// - Throws: `MalformedData` if the file exists or cannot be written.
    public static func write(_ content: consuming [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw MalformedData("cannot be created: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes = content
        content = []
        defer { bytes.withUnsafeMutableBytes { zk_zeroize($0.baseAddress, $0.count) } }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            guard count > 0 else {
                throw MalformedData("cannot be written: \(String(cString: strerror(errno)))")
            }
            written += count
        }
        guard fsync(descriptor) == 0 else {
            throw MalformedData("cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
