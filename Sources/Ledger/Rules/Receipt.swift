/// What became of a recorded transaction.
public struct Receipt: Sendable, Hashable {
    /// The transaction's `digest`.
    public let transaction: Digest
    public let outcome: Outcome

    package init(transaction: Digest, outcome: Outcome) {
        self.transaction = transaction
        self.outcome = outcome
    }

    public enum Outcome: Sendable, Hashable {
        case accepted(Effect)
        /// The code of a `Rejection`, and its words.
        case refused(code: String, reason: String)
    }

    public var isAccepted: Bool {
        if case .accepted = outcome { true } else { false }
    }

    /// Whether both say the same; the words of a refusal may differ from version to version.
    func agrees(with other: Receipt) -> Bool {
        guard transaction == other.transaction else { return false }
        if case .refused(let code, _) = outcome, case .refused(let otherCode, _) = other.outcome {
            return code == otherCode
        }
        return outcome == other.outcome
    }
}

/// What an accepted transaction did.
public enum Effect: Sendable, Hashable {
    case taskOpened
    case roundOpened
    /// `order`: how many participants committed before.
    case modelCommitted(order: UInt64)
    case testSetRevealed(samples: UInt64)
    /// What the participant has proven in all chunks so far, of all samples of the test set.
    case qualityProven(correct: UInt64, samples: UInt64)
    case roundFinalized(leader: Leader?)
}

/// The best proven accuracy of a round.
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

extension Receipt: CanonicalCodable {
    static let textBytes = 4096

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(transaction)
        switch outcome {
        case .accepted(let effect):
            encoder.encode(true)
            effect.encode(to: &encoder)
        case .refused(let code, let reason):
            encoder.encode(false)
            encoder.encode(code)
            encoder.encode(reason)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        transaction = try decoder.digest("transaction of a receipt")
        if try decoder.flag("outcome") {
            outcome = .accepted(try Effect(from: &decoder))
        } else {
            outcome = .refused(
                code: try decoder.text("code of a refusal", maximum: Self.textBytes),
                reason: try decoder.text("reason of a refusal", maximum: Self.textBytes))
        }
    }
}

extension Effect: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        switch self {
        case .taskOpened: encoder.encode(UInt8(1))
        case .roundOpened: encoder.encode(UInt8(2))
        case .modelCommitted(let order):
            encoder.encode(UInt8(3))
            encoder.encode(order)
        case .testSetRevealed(let samples):
            encoder.encode(UInt8(4))
            encoder.encode(samples)
        case .qualityProven(let correct, let samples):
            encoder.encode(UInt8(5))
            encoder.encode(correct)
            encoder.encode(samples)
        case .roundFinalized(let leader):
            encoder.encode(UInt8(6))
            encoder.encode(optional: leader) { $1.encode(to: &$0) }
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        switch try decoder.unsigned("effect", as: UInt8.self) {
        case 1: self = .taskOpened
        case 2: self = .roundOpened
        case 3: self = .modelCommitted(order: try decoder.unsigned("order"))
        case 4: self = .testSetRevealed(samples: try decoder.unsigned("samples"))
        case 5:
            let correct: UInt64 = try decoder.unsigned("correct samples")
            self = .qualityProven(correct: correct, samples: try decoder.unsigned("samples"))
        case 6: self = .roundFinalized(leader: try decoder.optional("leader", Leader.init(from:)))
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
