/// A validator states the score of a participant's claim.
public struct Validate: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var participant: PublicKey
    /// Correct samples of the whole test set.
    public var correct: UInt64

    public init(task: Identifier, round: UInt64, participant: PublicKey, correct: UInt64) {
        self.task = task
        self.round = round
        self.participant = participant
        self.correct = correct
    }

    public static let kind = Transaction.Kind.validate
    public var transaction: Transaction { .validate(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(participant)
        encoder.encode(correct)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        participant = try decoder.publicKey("participant")
        correct = try decoder.unsigned("correct samples")
    }
}

/// A verifier says that a validation is false.
public struct Challenge: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var participant: PublicKey
    public var validator: PublicKey

    public init(task: Identifier, round: UInt64, participant: PublicKey, validator: PublicKey) {
        self.task = task
        self.round = round
        self.participant = participant
        self.validator = validator
    }

    public static let kind = Transaction.Kind.challenge
    public var transaction: Transaction { .challenge(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(participant)
        encoder.encode(validator)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        participant = try decoder.publicKey("participant")
        validator = try decoder.publicKey("validator")
    }
}

/// Somebody asks for the mandatory check of a claim in the mode `open`.
public struct CheckScore: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var participant: PublicKey

    public init(task: Identifier, round: UInt64, participant: PublicKey) {
        self.task = task
        self.round = round
        self.participant = participant
    }

    public static let kind = Transaction.Kind.check
    public var transaction: Transaction { .check(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(participant)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        participant = try decoder.publicKey("participant")
    }
}

/// A verifier says that some content cannot be fetched, or does not open its commitment.
public struct FileReport: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    public var subject: ReportSubject
    public var complaint: ReportKind

    public init(task: Identifier, round: UInt64, subject: ReportSubject, complaint: ReportKind) {
        self.task = task
        self.round = round
        self.subject = subject
        self.complaint = complaint
    }

    public static let kind = Transaction.Kind.report
    public var transaction: Transaction { .report(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        subject.encode(to: &encoder)
        complaint.encode(to: &encoder)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        subject = try ReportSubject(from: &decoder)
        complaint = try ReportKind(from: &decoder)
    }
}

/// What is wrong with a content.
public enum ReportKind: UInt8, NamedTag, Sendable {
    /// What has this digest cannot be fetched.
    case irretrievable = 0
    /// It does not open its commitment, or the baseline stated with it is wrong.
    case unfit = 1

    public static let item = "kind of report"
}

/// Which content a report is about.
public enum ReportSubject: Sendable, Hashable {
    case testSet
    /// The revealed model of a participant, in the mode `open`.
    case model(PublicKey)
    case globalModel
}

extension ReportSubject: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .testSet: encoder.encode(UInt8(0))
        case .model(let participant):
            encoder.encode(UInt8(1))
            encoder.encode(participant)
        case .globalModel: encoder.encode(UInt8(2))
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        switch try decoder.unsigned("subject of a report", as: UInt8.self) {
        case 0: self = .testSet
        case 1: self = .model(try decoder.publicKey("participant"))
        case 2: self = .globalModel
        case let tag: throw decoder.failure("subject of a report", "there is none with tag \(tag)", at: start)
        }
    }
}

/// In JSON `testSet`, `globalModel`, or the participant whose model it is.
extension ReportSubject: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        switch try container.decode(String.self) {
        case "testSet": self = .testSet
        case "globalModel": self = .globalModel
        case let text:
            guard let participant = PublicKey(hexadecimal: text) else {
                throw DecodingError.dataCorruptedError(
                    in: container,
                    debugDescription: "expects testSet, globalModel or a participant's public key")
            }
            self = .model(participant)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .testSet: try container.encode("testSet")
        case .globalModel: try container.encode("globalModel")
        case .model(let participant): try container.encode(participant)
        }
    }
}

/// A verifier votes on a report.
public struct CastVote: OrderTransactionBody, Sendable {
    public var task: Identifier
    public var round: UInt64
    /// How many reports the order had before it.
    public var report: UInt32
    /// Whether what it says is so.
    public var upholds: Bool

    public init(task: Identifier, round: UInt64, report: UInt32, upholds: Bool) {
        self.task = task
        self.round = round
        self.report = report
        self.upholds = upholds
    }

    public static let kind = Transaction.Kind.vote
    public var transaction: Transaction { .vote(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(report)
        encoder.encode(upholds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        report = try decoder.unsigned("report")
        upholds = try decoder.flag("vote")
    }
}
