import COpenSSL

/// Bytes that must not outlive their use, such as keys: wiped when the last holder goes, never printed.
public final class SecretBytes: @unchecked Sendable, CustomStringConvertible {
    // Unchecked: the memory is written before `init` returns, and only read after.
    private let storage: UnsafeMutableRawBufferPointer

    /// `count` bytes that `fill` writes.
    package init(count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        storage = .allocate(byteCount: count, alignment: 16)
        do { try fill(storage) } catch {
            OPENSSL_cleanse(storage.baseAddress, storage.count)
            storage.deallocate()
            throw error
        }
    }

    /// A copy of the bytes; the caller wipes its own.
    public convenience init(copying bytes: [UInt8]) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// Fresh bytes from OpenSSL's generator for secrets.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no randomness.
    public static func random(count: Int) throws -> SecretBytes {
        try SecretBytes(count: count) { buffer in
            let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard RAND_priv_bytes(bytes, Int32(buffer.count)) == 1 else {
                throw AggregationError.cryptography("OpenSSL has no randomness")
            }
        }
    }

    public var count: Int { storage.count }

    /// Lends the bytes for as long as `body` runs.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(storage.assumingMemoryBound(to: UInt8.self)))
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    public var description: String { "\(count) secret bytes" }
}
