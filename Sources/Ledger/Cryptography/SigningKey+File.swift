import COpenSSL
import Glibc

/// The key as a PEM file (PKCS #8 of RFC 8410), which `openssl pkey` reads too.
extension SigningKey {
    private static let header = Array("-----BEGIN PRIVATE KEY-----\n".utf8)
    private static let footer = Array("\n-----END PRIVATE KEY-----\n".utf8)
    /// SEQUENCE { version 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING of 32 bytes } }, RFC
    /// 8410.
    private static let derPrefix: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let derByteCount = derPrefix.count + seedByteCount
    private static let base64ByteCount = derByteCount / 3 * 4
    private static let fileByteCount = header.count + base64ByteCount + footer.count

    /// Writes the key to a new file that only its owner can read.
    ///
    /// - Throws: `KeyError.file` if the file is already there or cannot be written.
    public func write(to path: String) throws {
        try withSeed { seed in
            var der = Self.derPrefix
            der.reserveCapacity(Self.derByteCount)
            defer { OPENSSL_cleanse(&der, der.count) }
            for byte in seed { der.append(byte) }
            // OpenSSL writes a zero byte after the text.
            var text = [UInt8](repeating: 0, count: Self.base64ByteCount + 1)
            defer { OPENSSL_cleanse(&text, text.count) }
            EVP_EncodeBlock(&text, der, Int32(der.count))

            let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
            do {
                defer { close(file) }
                try Self.header.withUnsafeBytes { try Self.writeAll($0, to: file, path: path) }
                try text.withUnsafeBytes {
                    try Self.writeAll(UnsafeRawBufferPointer(rebasing: $0.dropLast()), to: file, path: path)
                }
                try Self.footer.withUnsafeBytes { try Self.writeAll($0, to: file, path: path) }
                guard fsync(file) == 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
            } catch {
                unlink(path)
                throw error
            }
        }
    }

    /// The key of a file that `write(to:)` wrote.
    ///
    /// - Throws: `KeyError.file` if it cannot be read, is no Ed25519 key, or can be read by others.
    public convenience init(file path: String) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
        defer { close(file) }
        var information = stat()
        guard fstat(file, &information) == 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw KeyError.file(path: path, reason: "is not a file")
        }
        guard information.st_mode & 0o077 == 0 else {
            throw KeyError.file(
                path: path, reason: "can be read by others; let only its owner read it (chmod 600)")
        }
        guard information.st_size == Self.fileByteCount else {
            throw KeyError.file(path: path, reason: "is not an Ed25519 private key in PEM")
        }
        var text = [UInt8](repeating: 0, count: Self.fileByteCount)
        defer { OPENSSL_cleanse(&text, text.count) }
        try Self.readAll(into: &text, from: file, path: path)
        var seed = try Self.seed(pem: text, path: path)
        defer { OPENSSL_cleanse(&seed, seed.count) }
        try self.init(seed: seed)
    }

    private static func seed(pem text: borrowing [UInt8], path: String) throws -> [UInt8] {
        let refusal = KeyError.file(path: path, reason: "is not an Ed25519 private key in PEM")
        for index in header.indices where text[index] != header[index] { throw refusal }
        for index in footer.indices
        where text[header.count + base64ByteCount + index] != footer[index] { throw refusal }
        var der = [UInt8](repeating: 0, count: derByteCount)
        defer { OPENSSL_cleanse(&der, der.count) }
        let length = text.withUnsafeBufferPointer { buffer in
            EVP_DecodeBlock(&der, buffer.baseAddress! + header.count, Int32(base64ByteCount))
        }
        guard length == derByteCount, der.starts(with: derPrefix) else { throw refusal }
        // OpenSSL reads more than it writes, such as padding in the place of zeros.
        var again = [UInt8](repeating: 0, count: base64ByteCount + 1)
        defer { OPENSSL_cleanse(&again, again.count) }
        EVP_EncodeBlock(&again, der, Int32(der.count))
        for index in 0..<base64ByteCount where again[index] != text[header.count + index] { throw refusal }
        var seed = [UInt8](repeating: 0, count: seedByteCount)
        for index in seed.indices { seed[index] = der[derPrefix.count + index] }
        return seed
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32, path: String) throws {
        var done = 0
        while done < bytes.count {
            let written = Glibc.write(file, bytes.baseAddress! + done, bytes.count - done)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
            done += written
        }
    }

    private static func readAll(into bytes: inout [UInt8], from file: Int32, path: String) throws {
        try bytes.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < buffer.count {
                let got = read(file, buffer.baseAddress! + done, buffer.count - done)
                if got < 0 && errno == EINTR { continue }
                guard got >= 0 else { throw KeyError.file(path: path, reason: reason(errno)) }
                guard got > 0 else { throw KeyError.file(path: path, reason: "ends too early") }
                done += got
            }
        }
    }
}

/// The system's words for an error number.
func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
