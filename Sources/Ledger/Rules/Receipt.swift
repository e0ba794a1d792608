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
