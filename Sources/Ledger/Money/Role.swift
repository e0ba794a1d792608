/// What an account can be staked for.
public enum Role: UInt8, NamedTag, Sendable {
    /// Opens tasks and orders.
    case publisher = 0
    /// Commits to models and proves how good they are.
    case participant = 1
    /// States the scores of claims.
    case validator = 2
    /// Challenges validations, reports contents, and votes on reports.
    case verifier = 3
    /// Finalizes orders with the sum of the accepted models.
    case aggregator = 4

    public static let item = "role"
}

/// An amount for each role, in units of the ledger.
public struct RoleAmounts: Sendable, Hashable, Codable {
    public var publisher: UInt64
    public var participant: UInt64
    public var validator: UInt64
    public var verifier: UInt64
    public var aggregator: UInt64

    public init(
        publisher: UInt64 = 0, participant: UInt64 = 0, validator: UInt64 = 0, verifier: UInt64 = 0,
        aggregator: UInt64 = 0
    ) {
        self.publisher = publisher
        self.participant = participant
        self.validator = validator
        self.verifier = verifier
        self.aggregator = aggregator
    }

    public subscript(role: Role) -> UInt64 {
        get {
            switch role {
            case .publisher: publisher
            case .participant: participant
            case .validator: validator
            case .verifier: verifier
            case .aggregator: aggregator
            }
        }
        set {
            switch role {
            case .publisher: publisher = newValue
            case .participant: participant = newValue
            case .validator: validator = newValue
            case .verifier: verifier = newValue
            case .aggregator: aggregator = newValue
            }
        }
    }

    /// All roles together; the ledger's supply bounds it where the amounts are stakes.
    var total: UInt64 { Role.allCases.reduce(0) { $0 &+ self[$1] } }
}

extension RoleAmounts: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        for role in Role.allCases { encoder.encode(self[role]) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        self.init()
        for role in Role.allCases { self[role] = try decoder.unsigned("amount of a role") }
    }
}
