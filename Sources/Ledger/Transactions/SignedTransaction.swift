/// A transaction with its sender's signature, good on one ledger, once.
public struct SignedTransaction: Sendable, Hashable {
    /// The version of this encoding.
    public static let version: UInt16 = 1

    /// The ledger it is meant for.
    public let ledger: Digest
    public let sender: PublicKey
    /// How many transactions of this sender the ledger has recorded before this one.
    public let nonce: UInt64
    public let transaction: Transaction
    /// Ed25519 over `signedDigest`, 64 bytes.
    public let signature: [UInt8]

    /// Signs a transaction.
    ///
    /// - Throws: `KeyError` when OpenSSL has no memory.
    public init(_ transaction: Transaction, ledger: Digest, nonce: UInt64, key: SigningKey) throws {
        self.ledger = ledger
        self.sender = key.publicKey
        self.nonce = nonce
        self.transaction = transaction
        signature = try key.sign(
            Self.signedDigest(transaction, ledger: ledger, sender: key.publicKey, nonce: nonce))
    }

    /// What the sender signs: SHA-256 of purpose, ledger, sender, nonce and transaction.
    public var signedDigest: Digest {
        Self.signedDigest(transaction, ledger: ledger, sender: sender, nonce: nonce)
    }

    /// Whether the sender signed exactly this.
    public var isSigned: Bool { sender.isSignature(signature, of: signedDigest) }

    /// The name of the transaction: the digest of all of its encoding, signature included.
    public var digest: Digest { Digest(purpose: "ZKPoT transaction v1", encoded) }

    private static func signedDigest(
        _ transaction: Transaction, ledger: Digest, sender: PublicKey, nonce: UInt64
    ) -> Digest {
        var encoder = CanonicalEncoder()
        encodeSigned(transaction, ledger: ledger, sender: sender, nonce: nonce, to: &encoder)
        return Digest(purpose: "ZKPoT transaction signature v1", encoder.bytes)
    }

    private static func encodeSigned(
        _ transaction: Transaction, ledger: Digest, sender: PublicKey, nonce: UInt64,
        to encoder: inout CanonicalEncoder
    ) {
        encoder.encode(version)
        encoder.encode(ledger)
        encoder.encode(sender)
        encoder.encode(nonce)
        transaction.encode(to: &encoder)
    }
}

extension SignedTransaction: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        Self.encodeSigned(transaction, ledger: ledger, sender: sender, nonce: nonce, to: &encoder)
        encoder.encode(fixed: signature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let version: UInt16 = try decoder.unsigned("version of the transaction")
        guard version == Self.version else {
            throw decoder.failure("version of the transaction", "is \(version), not \(Self.version)", at: 0)
        }
        ledger = try decoder.digest("ledger")
        sender = try decoder.publicKey("sender")
        nonce = try decoder.unsigned("nonce")
        transaction = try Transaction(from: &decoder)
        signature = Array(try decoder.fixed(SigningKey.signatureByteCount, "signature"))
    }
}
