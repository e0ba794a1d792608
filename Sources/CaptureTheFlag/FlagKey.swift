import COpenSSL
import Ledger

/// The participant's secret of 32 bytes that, with a beacon, decides which stages deviate, and how.
///
/// Its commitment is published before the beacon is drawn, so the participant cannot choose the flags; the key is revealed
/// only after verifiers have committed to their reports, so they cannot guess them. Wiped when it is released.
public final class FlagKey: @unchecked Sendable, CustomStringConvertible {
    // Unchecked: the memory is not changed after `init`.
    private let storage: UnsafeMutableRawBufferPointer

    public static let byteCount = 32

    /// A fresh key.
    ///
    /// - Throws: `FlagError` when OpenSSL has no randomness.
    public convenience init() throws {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        guard RAND_priv_bytes(&bytes, Int32(bytes.count)) == 1 else {
            throw FlagError("OpenSSL has no randomness")
        }
        try self.init(bytes)
    }

    /// The key of 32 bytes that are secret until they are revealed; the caller wipes its own copy.
    ///
    /// - Throws: `FlagError` for another number of bytes.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count == Self.byteCount else {
            throw FlagError("a flag key has \(Self.byteCount) bytes, not \(bytes.count)")
        }
        storage = .allocate(byteCount: Self.byteCount, alignment: 16)
        storage.copyBytes(from: bytes)
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// What is published before the beacon. The key is uniform, so its hash hides it.
    public func commitment(_ terms: FlagTerms) -> Digest {
        keyed("ZKPOT-V1-FLAG-KEY", terms.digest.bytes)
    }

    /// The key itself, for the end, when it becomes public.
    public var revealed: [UInt8] { Array(storage) }

    /// SHA-256 of the purpose, the key and a message of fixed length: a pseudo-random function as long as the key is secret.
    func keyed(_ purpose: StaticString, _ message: [UInt8]) -> Digest {
        var bytes = revealed + message
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        return Digest(purpose: purpose, bytes)
    }

    public var description: String { "a flag key" }
}
