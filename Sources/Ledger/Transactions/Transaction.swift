/// What an account asks the ledger to do. Docs/protocol.md has the rules of each.
///
/// A task is worked on in orders, one for each round: the publisher opens one with a reward, deadlines and the
/// salted hash of a test set; participants commit to their models; the test set and the parts of the beacon are
/// revealed; participants prove how many samples their committed model classifies correctly, and answer audits;
/// validators and verifiers check; an aggregator finalizes with the global model, of survivors that were fixed before
/// where models are summed by secure aggregation; and the payout closes it.
public enum Transaction: Sendable, Hashable {
    case openTask(OpenTask)
    case openOrder(OpenOrder)
    case commitModel(CommitModel)
    case revealTestSet(RevealTestSet)
    case proveQuality(ProveQuality)
    case finalize(FinalizeOrder)
    case deposit(Deposit)
    case transfer(Transfer)
    case register(Register)
    case unregister(Unregister)
    case commitData(CommitData)
    case revealSecret(RevealSecret)
    case claimScore(ClaimScore)
    case answerAudit(AnswerAudit)
    case proveUpdate(ProveUpdate)
    case validate(Validate)
    case challenge(Challenge)
    case check(CheckScore)
    case report(FileReport)
    case vote(CastVote)
    case payout(Payout)
    case prune(PruneOrder)
    case fixSurvivors(FixSurvivors)

    /// The kinds of transaction and their tags.
    public enum Kind: UInt8, NamedTag, Sendable {
        case openTask = 1
        case openOrder = 2
        case commitModel = 3
        case revealTestSet = 4
        case proveQuality = 5
        case finalize = 6
        case deposit = 7
        case transfer = 8
        case register = 9
        case unregister = 10
        case commitData = 11
        case revealSecret = 12
        case claimScore = 13
        case answerAudit = 14
        case validate = 15
        case challenge = 16
        case check = 17
        case report = 18
        case vote = 19
        case payout = 20
        case prune = 21
        case proveUpdate = 22
        case fixSurvivors = 23

        public static let item = "kind of transaction"

        /// The type of what such a transaction says.
        var body: any TransactionBody.Type {
            switch self {
            case .openTask: OpenTask.self
            case .openOrder: OpenOrder.self
            case .commitModel: CommitModel.self
            case .revealTestSet: RevealTestSet.self
            case .proveQuality: ProveQuality.self
            case .finalize: FinalizeOrder.self
            case .deposit: Deposit.self
            case .transfer: Transfer.self
            case .register: Register.self
            case .unregister: Unregister.self
            case .commitData: CommitData.self
            case .revealSecret: RevealSecret.self
            case .claimScore: ClaimScore.self
            case .answerAudit: AnswerAudit.self
            case .proveUpdate: ProveUpdate.self
            case .validate: Validate.self
            case .challenge: Challenge.self
            case .check: CheckScore.self
            case .report: FileReport.self
            case .vote: CastVote.self
            case .payout: Payout.self
            case .prune: PruneOrder.self
            case .fixSurvivors: FixSurvivors.self
            }
        }
    }

    /// What it says.
    public var body: any TransactionBody {
        switch self {
        case .openTask(let body): body
        case .openOrder(let body): body
        case .commitModel(let body): body
        case .revealTestSet(let body): body
        case .proveQuality(let body): body
        case .finalize(let body): body
        case .deposit(let body): body
        case .transfer(let body): body
        case .register(let body): body
        case .unregister(let body): body
        case .commitData(let body): body
        case .revealSecret(let body): body
        case .claimScore(let body): body
        case .answerAudit(let body): body
        case .proveUpdate(let body): body
        case .validate(let body): body
        case .challenge(let body): body
        case .check(let body): body
        case .report(let body): body
        case .vote(let body): body
        case .payout(let body): body
        case .prune(let body): body
        case .fixSurvivors(let body): body
        }
    }

    public var kind: Kind { type(of: body).kind }

    /// The task it is about, if it is about one.
    public var task: Identifier? { body.taskName }

    /// The round it is about, if it is about one.
    public var round: UInt64? { body.roundNumber }
}

/// What a kind of transaction says: one canonical encoding, and one form in JSON.
public protocol TransactionBody: CanonicalCodable, Codable, Hashable {
    static var kind: Transaction.Kind { get }
    /// The transaction that says this.
    var transaction: Transaction { get }
    /// The task it is about, if it is about one.
    var taskName: Identifier? { get }
    /// The round it is about, if it is about one.
    var roundNumber: UInt64? { get }
}

extension TransactionBody {
    public var taskName: Identifier? { nil }
    public var roundNumber: UInt64? { nil }
}

/// A transaction about an order.
public protocol OrderTransactionBody: TransactionBody {
    var task: Identifier { get }
    var round: UInt64 { get }
}

extension OrderTransactionBody {
    public var taskName: Identifier? { task }
    public var roundNumber: UInt64? { round }
}

extension Transaction: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        kind.encode(to: &encoder)
        body.encode(to: &encoder)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        self = try Kind(from: &decoder).body.init(from: &decoder).transaction
    }
}

/// In JSON a transaction is an object: its `kind`, and the fields of what it says.
extension Transaction: Codable {
    private enum Key: String, CodingKey { case kind }

    public init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: Key.self).decode(Kind.self, forKey: .kind)
        self = try kind.body.init(from: decoder).transaction
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .kind)
        try body.encode(to: encoder)
    }
}
