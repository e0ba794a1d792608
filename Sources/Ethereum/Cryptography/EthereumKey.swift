import COpenSSL
import CSecp256k1

/// A secp256k1 key pair, which signs an account's transactions.
///
/// The secret lies in one place that is wiped when the key is released. It is never printed.
public final class EthereumKey: CustomStringConvertible, @unchecked Sendable {
    // Unchecked: neither the secret nor the context changes after `init`, and signing only reads them.
    private let secret: UnsafeMutablePointer<UInt8>
    private let context: OpaquePointer

    /// The account of this key.
    public let address: Address

    static let secretByteCount = 32

    /// A new key from OpenSSL's random generator.
    ///
    /// - Throws: `EthereumKeyError` when there is no randomness.
    public convenience init() throws(EthereumKeyError) {
        var bytes = [UInt8](repeating: 0, count: Self.secretByteCount)
        defer { OPENSSL_cleanse(&bytes, bytes.count) }
        guard RAND_priv_bytes(&bytes, Int32(bytes.count)) == 1 else {
            throw EthereumKeyError("OpenSSL has no randomness to make a key from")
        }
        // One number in 2¹²⁷ is no secret; that is an error rather than a loop.
        try self.init(secret: bytes)
    }

    /// The key of a secret: 32 bytes, big-endian, from 1 to the group's order − 1. The caller wipes its copy.
    ///
    /// - Throws: `EthereumKeyError`.
    public init(secret bytes: borrowing [UInt8]) throws(EthereumKeyError) {
        guard bytes.count == Self.secretByteCount else {
            throw EthereumKeyError("a secret key has 32 bytes, not \(bytes.count)")
        }
        let flags = UInt32(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)
        guard let context = secp256k1_context_create(flags) else { throw EthereumKeyError("no memory") }
        let secret = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.secretByteCount)
        for index in 0..<Self.secretByteCount { secret[index] = bytes[index] }
        var seed = [UInt8](repeating: 0, count: 32)
        defer { OPENSSL_cleanse(&seed, seed.count) }
        var point = secp256k1_pubkey()
        // Blinding the context with randomness protects the secret from what signing shows of itself.
        guard RAND_priv_bytes(&seed, Int32(seed.count)) == 1,
            secp256k1_context_randomize(context, seed) == 1,
            secp256k1_ec_pubkey_create(context, &point, secret) == 1
        else {
            OPENSSL_cleanse(secret, Self.secretByteCount)
            secret.deallocate()
            secp256k1_context_destroy(context)
            throw EthereumKeyError("a secret key is a number from 1 to the order of secp256k1 less 1")
        }
        (self.secret, self.context) = (secret, context)
        address = Address.of(publicKey: Self.serialized(&point, context))
    }

    deinit {
        OPENSSL_cleanse(secret, Self.secretByteCount)
        secret.deallocate()
        secp256k1_context_destroy(context)
    }

    /// Signs the hash of a message, the same every time (RFC 6979).
    ///
    /// - Parameter hash: 32 bytes.
    /// - Throws: `EthereumKeyError` for another length.
    package func sign(_ hash: [UInt8]) throws(EthereumKeyError) -> RecoverableSignature {
        guard hash.count == 32 else { throw EthereumKeyError("a hash has 32 bytes, not \(hash.count)") }
        var signature = secp256k1_ecdsa_recoverable_signature()
        var bytes = [UInt8](repeating: 0, count: 64)
        var parity: Int32 = 0
        guard secp256k1_ecdsa_sign_recoverable(context, &signature, hash, secret, nil, nil) == 1,
            secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &bytes, &parity, &signature)
                == 1,
            let r = UInt256(bigEndian: bytes[..<32]), let s = UInt256(bigEndian: bytes[32...]), parity < 2
        else { throw EthereumKeyError("libsecp256k1 does not sign") }
        return RecoverableSignature(r: r, s: s, parity: UInt8(parity))
    }

    /// Signs a message as wallets do (`personal_sign`): it is marked, so that it can never be a transaction.
    ///
    /// - Throws: `EthereumKeyError`.
    /// - SeeAlso: EIP-191, version 0x45.
    public func sign(message: [UInt8]) throws(EthereumKeyError) -> RecoverableSignature {
        try sign(Keccak256.hash(Array("\u{19}Ethereum Signed Message:\n\(message.count)".utf8) + message))
    }

    /// Hands the secret out for as long as `body` runs.
    func withSecret<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: secret, count: Self.secretByteCount))
    }

    /// The account only.
    public var description: String { "key of \(address)" }

    /// x and y of a point.
    fileprivate static func serialized(_ point: inout secp256k1_pubkey, _ context: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65)
        var count = bytes.count
        secp256k1_ec_pubkey_serialize(context, &bytes, &count, &point, UInt32(SECP256K1_EC_UNCOMPRESSED))
        return Array(bytes.dropFirst())
    }
}

/// An ECDSA signature with the parity of its point's y, from which the signer can be found.
public struct RecoverableSignature: Sendable, Hashable {
    public var r: UInt256
    public var s: UInt256
    /// 0 or 1.
    public var parity: UInt8

    public init(r: UInt256, s: UInt256, parity: UInt8) {
        (self.r, self.s, self.parity) = (r, s, parity)
    }

    /// Half of the group's order: of s and −s, both of which would verify, only the smaller counts (EIP-2).
    static let largestS = UInt256(
        quantity: "0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")

    /// The account that signed `hash`, `nil` if nobody did.
    package func signer(of hash: [UInt8]) -> Address? {
        guard hash.count == 32, parity < 2, let largest = Self.largestS, s <= largest,
            let context = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_VERIFY))
        else { return nil }
        defer { secp256k1_context_destroy(context) }
        var signature = secp256k1_ecdsa_recoverable_signature()
        var point = secp256k1_pubkey()
        let bytes = r.bigEndianBytes + s.bigEndianBytes
        guard
            secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, bytes, Int32(parity))
                == 1,
            secp256k1_ecdsa_recover(context, &point, &signature, hash) == 1
        else { return nil }
        return Address.of(publicKey: EthereumKey.serialized(&point, context))
    }
}

/// What a key, or the file of a key, can be refused for.
public struct EthereumKeyError: Error, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
