import Ethereum
import Foundation
import Presentation

/// A participant's part of the beacon: 32 random bytes in hexadecimal, in a file that only its owner can read.
enum BeaconSecretFile {
    /// Makes a secret and writes it to a new file.
    ///
    /// - Throws: `CommandError` that names the file.
    static func make(_ output: OutputFile) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try output.writing { path in
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw CommandError(String(cString: strerror(errno))) }
            let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
            try handle.write(contentsOf: Data((Hex.encode(secret) + "\n").utf8))
            try handle.close()
        }
        return secret
    }

    /// - Throws: `CommandError` that names the file.
    static func read(_ file: InputFile) throws -> [UInt8] {
        let bytes = try BinaryFile.read(file)
        return try file.reading { _ in
            let text = String(decoding: bytes.prefix(100), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard bytes.count < 100, let secret = Hex.decode(text), secret.count == 32 else {
                throw CommandError("is not a secret of 'zkpot chain commit'")
            }
            return secret
        }
    }
}
