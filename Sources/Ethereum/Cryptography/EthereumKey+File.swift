import COpenSSL
import Glibc

/// The key as a file of 64 hexadecimal digits, which geth, foundry and others read too.
extension EthereumKey {
    private static let digitCount = 2 * secretByteCount

    /// Writes the key to a new file that only its owner can read.
    ///
    /// - Throws: `EthereumKeyError` if the file is already there or cannot be written.
    public func write(to path: String) throws(EthereumKeyError) {
        var text = [UInt8](repeating: UInt8(ascii: "\n"), count: Self.digitCount + 1)
        defer { OPENSSL_cleanse(&text, text.count) }
        withSecret { secret in
            for (index, byte) in secret.enumerated() {
                for (offset, nibble) in [byte >> 4, byte & 15].enumerated() {
                    text[2 * index + offset] = nibble < 10 ? 48 + nibble : 87 + nibble
                }
            }
        }
        func failure(_ reason: String) -> EthereumKeyError { EthereumKeyError("key file \(path): \(reason)") }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(file) }
        var done = 0
        while done < text.count {
            let count = text.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, text.count - done) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                unlink(path)
                throw failure(reason)
            }
            done += count
        }
        guard fsync(file) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(path)
            throw failure(reason)
        }
    }

    /// The key of a file that `write(to:)` wrote; `0x` before the digits and white space behind them are accepted.
    ///
    /// - Throws: `EthereumKeyError` if it cannot be read, is no key, or can be read by others.
    public convenience init(file path: String) throws(EthereumKeyError) {
        func failure(_ reason: String) -> EthereumKeyError { EthereumKeyError("key file \(path): \(reason)") }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw failure("is not a regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw failure("can be read by others; let only its owner read it (chmod 600)")
        }
        let refusal = failure("is not a secret key: 64 hexadecimal digits")
        // No pointer leaves these arrays, and both are wiped.
        var text = [UInt8](repeating: 0, count: Self.digitCount + 8)
        defer { OPENSSL_cleanse(&text, text.count) }
        guard status.st_size <= text.count else { throw refusal }
        var count = 0
        while count < text.count {
            let got = text.withUnsafeMutableBytes { read(file, $0.baseAddress! + count, $0.count - count) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure(String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
        }
        while count > 0, [10, 13, 32].contains(text[count - 1]) { count -= 1 }
        let start = count > 2 && text[0] == 48 && text[1] == 120 ? 2 : 0
        guard count - start == Self.digitCount else { throw refusal }
        var secret = [UInt8](repeating: 0, count: Self.secretByteCount)
        defer { OPENSSL_cleanse(&secret, secret.count) }
        for index in secret.indices {
            guard let high = Hex.nibble(text[start + 2 * index]),
                let low = Hex.nibble(text[start + 2 * index + 1])
            else { throw refusal }
            secret[index] = high << 4 | low
        }
        do throws(EthereumKeyError) {
            try self.init(secret: secret)
        } catch {
            throw failure(error.description)
        }
    }
}
