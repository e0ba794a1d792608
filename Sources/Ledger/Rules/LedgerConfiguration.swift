/// What is fixed when a ledger is created. Its digest is the ledger's name in every signature and proof.
public struct LedgerConfiguration: Sendable, Hashable {
    /// The version of the rules, and of every encoding below them.
    public static let version: UInt16 = 3
    /// No more is ever there of all amounts together.
    public static let maximumSupply = UInt64(Int64.max)
    /// Accounts that can have something at the beginning.
    public static let maximumAllocations = 4096

    public let name: Identifier
    /// The proof system and curve, such as `groth16-bn254`.
    public let proofSystem: Identifier
    /// Who seals the blocks, and makes deposits.
    public let operatorKey: PublicKey
    /// Whether verifying keys from a single-party setup are accepted. Whoever ran that setup can forge
    /// proofs.
    public let allowsDevelopmentKeys: Bool
    public let created: Timestamp
    /// Random, so that no two ledgers have the same name.
    public let salt: Digest
    public let parameters: ProtocolParameters
    /// Who has what at the beginning, in the order of the accounts.
    public let allocations: [Allocation]

    /// - Parameter allocations: in any order; an account's amounts must not be split.
    public init(
        name: Identifier, proofSystem: Identifier, operatorKey: PublicKey, allowsDevelopmentKeys: Bool,
        created: Timestamp, salt: Digest, parameters: ProtocolParameters = .standard,
        allocations: [Allocation] = []
    ) {
        self.name = name
        self.proofSystem = proofSystem
        self.operatorKey = operatorKey
        self.allowsDevelopmentKeys = allowsDevelopmentKeys
        self.created = created
        self.salt = salt
        self.parameters = parameters
        self.allocations = allocations.sorted { $0.account < $1.account }
    }

    /// The ledger's name: SHA-256 of this encoding.
    public var identifier: Digest { Digest(purpose: "ZKPoT ledger v1", encoded) }

    /// What is wrong with it, `nil` if nothing is.
    public var problem: String? {
        if let problem = parameters.problem { return problem }
        guard allocations.count <= Self.maximumAllocations else {
            return "\(allocations.count) allocations, at most \(Self.maximumAllocations) are allowed"
        }
        guard zip(allocations, allocations.dropFirst()).allSatisfy({ $0.account < $1.account }) else {
            return "the allocations are not in the order of their accounts, each once"
        }
        var supply: UInt64 = 0
        for allocation in allocations {
            guard allocation.amount <= Self.maximumSupply - supply else {
                return "the allocations are more than \(Self.maximumSupply) together"
            }
            supply += allocation.amount
        }
        return nil
    }
}

/// What an account has at the beginning.
public struct Allocation: Sendable, Hashable, Codable {
    public var account: PublicKey
    public var amount: UInt64

    public init(account: PublicKey, amount: UInt64) {
        self.account = account
        self.amount = amount
    }
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
        parameters.encode(to: &encoder)
        encoder.encode(list: allocations) { encoder, allocation in
            encoder.encode(allocation.account)
            encoder.encode(allocation.amount)
        }
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
        parameters = try ProtocolParameters(from: &decoder)
        allocations = try decoder.list("allocations", maximum: Self.maximumAllocations) {
            decoder throws(MalformedEncoding) in
            let account = try decoder.publicKey("account of an allocation")
            return Allocation(account: account, amount: try decoder.unsigned("amount of an allocation"))
        }
        if let problem { throw decoder.failure("configuration", problem, at: start) }
    }
}
