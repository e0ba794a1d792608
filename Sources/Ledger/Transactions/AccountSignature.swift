/// An account's signature within a transaction of somebody else: over `LedgerState.payoutDigest` or `FixSurvivors.digest`.
public struct AccountSignature: CanonicalCodable, Codable, Hashable {
    public var signer: PublicKey
    /// Ed25519, 64 bytes.
    @HexadecimalBytes public var signature: [UInt8]

    public init(signer: PublicKey, signature: [UInt8]) {
        self.signer = signer
        self.signature = signature
    }

    /// Signs.
    ///
    /// - Throws: `KeyError` when OpenSSL does not sign.
    public init(_ digest: Digest, key: SigningKey) throws {
        self.init(signer: key.publicKey, signature: try key.sign(digest))
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(signer)
        encoder.encode(signature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        signer = try decoder.publicKey("signer")
        signature = try decoder.bytes("signature", maximum: SigningKey.signatureByteCount)
    }
}
