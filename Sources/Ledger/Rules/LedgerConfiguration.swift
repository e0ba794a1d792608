/// What is fixed when a ledger is created. Its digest is the ledger's name in every signature and proof.
public struct LedgerConfiguration: Sendable, Hashable {
    /// The version of the rules, and of every encoding below them.
    public static let version: UInt16 = 1

    public let name: Identifier
    /// The proof system and curve, such as `groth16-bn254`.
    public let proofSystem: Identifier
    /// Who seals the blocks.
    public let operatorKey: PublicKey
    /// Whether verifying keys from a single-party setup are accepted. Whoever ran that setup can forge
    /// proofs.
    public let allowsDevelopmentKeys: Bool
    public let created: Timestamp
    /// Random, so that no two ledgers have the same name.
    public let salt: Digest

    public init(
        name: Identifier, proofSystem: Identifier, operatorKey: PublicKey, allowsDevelopmentKeys: Bool,
        created: Timestamp, salt: Digest
    ) {
        self.name = name
        self.proofSystem = proofSystem
        self.operatorKey = operatorKey
        self.allowsDevelopmentKeys = allowsDevelopmentKeys
        self.created = created
        self.salt = salt
    }

    /// The ledger's name: SHA-256 of this encoding.
    public var identifier: Digest { Digest(purpose: "ZKPoT ledger v1", encoded) }
}

extension LedgerConfiguration: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(Self.version)
        name.encode(to: &encoder)
        proofSystem.encode(to: &encoder)
        encoder.encode(operatorKey)
        encoder.encode(allowsDevelopmentKeys)
        created.encode(to: &encoder)
        encoder.encode(salt)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let version: UInt16 = try decoder.unsigned("version of the ledger")
        guard version == Self.version else {
            throw decoder.failure("version of the ledger", "is \(version), not \(Self.version)", at: start)
        }
        name = try Identifier(from: &decoder)
        proofSystem = try Identifier(from: &decoder)
        operatorKey = try decoder.publicKey("operator's key")
        allowsDevelopmentKeys = try decoder.flag("development keys")
        created = try Timestamp(from: &decoder)
        salt = try decoder.digest("salt of the ledger")
    }
}
