/// What an accepted transaction did.
public enum Effect: Sendable, Hashable {
    case taskOpened
    case orderOpened
    /// `order`: how many commitments the order had accepted before.
    case modelCommitted(order: UInt64)
    case testSetRevealed(samples: UInt64)
    /// What the participant has proven in all chunks so far, of all samples of the test set.
    case qualityProven(correct: UInt64, samples: UInt64)
    case finalized(OutcomeKind, leader: Leader?)
    /// The balance after a deposit, of its receiver, or after a transfer, of its sender.
    case balanceChanged(to: UInt64)
    case stakeChanged(to: UInt64)
    case dataCommitted
    case secretRevealed
    case scoreClaimed(correct: UInt64, samples: UInt64)
    /// How many of the wanted stages the participant has proven.
    case stageProven(answered: UInt32, wanted: UInt32)
    case validated
    /// Whether the validation was false; the true score; what the loser lost, and what the winner got of it.
    case challengeDecided(isUpheld: Bool, score: UInt64, slashed: UInt64, awarded: UInt64)
    case scoreChecked(UInt64)
    case reported(number: UInt32, decision: ReportDecision)
    case voted
    case paid(total: UInt64)
    case pruned
    case survivorsFixed(count: UInt64)
}

/// The best proven accuracy of an order.
public struct Leader: Sendable, Hashable {
    public let participant: PublicKey
    public let correct: UInt64
    public let samples: UInt64

    package init(participant: PublicKey, correct: UInt64, samples: UInt64) {
        self.participant = participant
        self.correct = correct
        self.samples = samples
    }
}

extension Effect: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(tag)
        switch self {
        case .taskOpened, .orderOpened, .dataCommitted, .secretRevealed, .validated, .voted, .pruned: break
        case .modelCommitted(let number), .testSetRevealed(let number), .balanceChanged(let number),
            .stakeChanged(let number), .scoreChecked(let number), .paid(let number),
            .survivorsFixed(let number):
            encoder.encode(number)
        case .qualityProven(let correct, let samples), .scoreClaimed(let correct, let samples):
            encoder.encode(correct)
            encoder.encode(samples)
        case .finalized(let kind, let leader):
            kind.encode(to: &encoder)
            encoder.encode(optional: leader) { $1.encode(to: &$0) }
        case .stageProven(let answered, let wanted):
            encoder.encode(answered)
            encoder.encode(wanted)
        case .challengeDecided(let isUpheld, let score, let slashed, let awarded):
            encoder.encode(isUpheld)
            for number in [score, slashed, awarded] { encoder.encode(number) }
        case .reported(let number, let decision):
            encoder.encode(number)
            decision.encode(to: &encoder)
        }
    }

    private var tag: UInt8 {
        switch self {
        case .taskOpened: 1
        case .orderOpened: 2
        case .modelCommitted: 3
        case .testSetRevealed: 4
        case .qualityProven: 5
        case .finalized: 6
        case .balanceChanged: 7
        case .stakeChanged: 8
        case .dataCommitted: 9
        case .secretRevealed: 10
        case .scoreClaimed: 11
        case .stageProven: 12
        case .validated: 13
        case .challengeDecided: 14
        case .scoreChecked: 15
        case .reported: 16
        case .voted: 17
        case .paid: 18
        case .pruned: 19
        case .survivorsFixed: 20
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        switch try decoder.unsigned("effect", as: UInt8.self) {
        case 1: self = .taskOpened
        case 2: self = .orderOpened
        case 3: self = .modelCommitted(order: try decoder.unsigned("order"))
        case 4: self = .testSetRevealed(samples: try decoder.unsigned("samples"))
        case 5:
            let correct: UInt64 = try decoder.unsigned("correct samples")
            self = .qualityProven(correct: correct, samples: try decoder.unsigned("samples"))
        case 6:
            let kind = try OutcomeKind(from: &decoder)
            self = .finalized(kind, leader: try decoder.optional("leader", Leader.init(from:)))
        case 7: self = .balanceChanged(to: try decoder.unsigned("balance"))
        case 8: self = .stakeChanged(to: try decoder.unsigned("stake"))
        case 9: self = .dataCommitted
        case 10: self = .secretRevealed
        case 11:
            let correct: UInt64 = try decoder.unsigned("correct samples")
            self = .scoreClaimed(correct: correct, samples: try decoder.unsigned("samples"))
        case 12:
            let answered: UInt32 = try decoder.unsigned("proven stages")
            self = .stageProven(answered: answered, wanted: try decoder.unsigned("wanted stages"))
        case 13: self = .validated
        case 14:
            let isUpheld = try decoder.flag("challenge upheld")
            let score: UInt64 = try decoder.unsigned("score")
            let slashed: UInt64 = try decoder.unsigned("slashed amount")
            self = .challengeDecided(
                isUpheld: isUpheld, score: score, slashed: slashed,
                awarded: try decoder.unsigned("awarded amount"))
        case 15: self = .scoreChecked(try decoder.unsigned("score"))
        case 16:
            let number: UInt32 = try decoder.unsigned("number of a report")
            self = .reported(number: number, decision: try ReportDecision(from: &decoder))
        case 17: self = .voted
        case 18: self = .paid(total: try decoder.unsigned("paid amount"))
        case 19: self = .pruned
        case 20: self = .survivorsFixed(count: try decoder.unsigned("survivors"))
        case let tag: throw decoder.failure("effect", "\(tag) is none", at: start)
        }
    }
}

extension Leader: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(participant)
        encoder.encode(correct)
        encoder.encode(samples)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        participant = try decoder.publicKey("leader")
        correct = try decoder.unsigned("correct samples")
        samples = try decoder.unsigned("samples")
    }
}
