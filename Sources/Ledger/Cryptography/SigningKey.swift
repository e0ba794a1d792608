import COpenSSL

/// An Ed25519 public key: who an account on the ledger is.
public struct PublicKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    let value: Bytes32

    /// The key of exactly 32 bytes, `nil` for any other number. Whether they are a point shows when a
    /// signature is checked.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let value = Bytes32(bytes) else { return nil }
        self.value = value
    }

    /// The key of 64 hexadecimal digits, `nil` for anything else.
    public init?(hexadecimal text: String) {
        guard let bytes = [UInt8](hexadecimal: text) else { return nil }
        self.init(bytes)
    }

    public var bytes: [UInt8] { value.bytes }

    /// 64 hexadecimal digits.
    public var description: String { bytes.hexadecimal }

    public static func < (a: Self, b: Self) -> Bool { a.value < b.value }

    /// Whether this key signed this digest. Wrong lengths, and a key that is no point, are `false`.
    ///
    /// - SeeAlso: RFC 8032, section 5.1.7. OpenSSL refuses a scalar that is not below the group's order.
    public func isSignature(_ signature: [UInt8], of digest: Digest) -> Bool {
        guard signature.count == SigningKey.signatureByteCount,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, Bytes32.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        let message = digest.bytes
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}

/// An Ed25519 key pair. The secret stays inside OpenSSL, which wipes it when the key is released.
///
/// It is a class so that the secret has one place in memory, whoever holds it. It is never printed.
public final class SigningKey: CustomStringConvertible, @unchecked Sendable {
    // Unchecked: OpenSSL's key object is not changed after `init`, and signing only reads it.
    private let key: OpaquePointer

    /// The half that everybody may know.
    public let publicKey: PublicKey

    /// Bytes of a signature.
    public static let signatureByteCount = 64
    static let seedByteCount = 32

    /// A new key from OpenSSL's random generator.
    ///
    /// - Throws: `KeyError` when OpenSSL has no randomness.
    public convenience init() throws {
        var seed = [UInt8](repeating: 0, count: Self.seedByteCount)
        defer { OPENSSL_cleanse(&seed, seed.count) }
        guard RAND_priv_bytes(&seed, Int32(seed.count)) == 1 else {
            throw KeyError.cryptography("OpenSSL has no randomness to make a key from")
        }
        try self.init(seed: seed)
    }

    /// The key of a 32-byte seed (RFC 8032, section 5.1.5). The caller wipes its copy.
    ///
    /// - Throws: `KeyError` for a wrong length.
    public init(seed: [UInt8]) throws {
        guard seed.count == Self.seedByteCount else {
            throw KeyError.cryptography("an Ed25519 seed has 32 bytes, not \(seed.count)")
        }
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count) else {
            throw KeyError.cryptography("OpenSSL refuses the Ed25519 seed")
        }
        var bytes = [UInt8](repeating: 0, count: Bytes32.count)
        var length = bytes.count
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, let publicKey = PublicKey(bytes) else {
            EVP_PKEY_free(key)
            throw KeyError.cryptography("OpenSSL gives no public key for the Ed25519 seed")
        }
        self.key = key
        self.publicKey = publicKey
    }

    deinit { EVP_PKEY_free(key) }

    /// The 64-byte signature of a digest; the same for the same digest.
    ///
    /// - Throws: `KeyError` when OpenSSL has no memory.
    public func sign(_ digest: Digest) throws -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw KeyError.cryptography("OpenSSL has no memory") }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: Self.signatureByteCount)
        var length = signature.count
        let message = digest.bytes
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &length, message, message.count) == 1,
            length == signature.count
        else { throw KeyError.cryptography("OpenSSL does not sign") }
        return signature
    }

    /// Hands out the seed for as long as `body` runs, then wipes it.
    func withSeed<Result>(_ body: (borrowing [UInt8]) throws -> Result) throws -> Result {
        var seed = [UInt8](repeating: 0, count: Self.seedByteCount)
        defer { OPENSSL_cleanse(&seed, seed.count) }
        var length = seed.count
        guard EVP_PKEY_get_raw_private_key(key, &seed, &length) == 1 else {
            throw KeyError.cryptography("OpenSSL does not give the seed out")
        }
        return try body(seed)
    }

    /// The public half only.
    public var description: String { "signing key of \(publicKey)" }
}

/// What a key, or the file of a key, can be refused for.
public enum KeyError: Error, Equatable, CustomStringConvertible {
    case file(path: String, reason: String)
    case cryptography(String)

    public var description: String {
        switch self {
        case .file(let path, let reason): return "key file \(path): \(reason)"
        case .cryptography(let reason): return reason
        }
    }
}
