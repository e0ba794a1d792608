/// Why the protocol does not go on, apart from faults of participants.
public enum AggregationError: Error, Hashable, CustomStringConvertible {
    /// Parameters, or a broadcast, that no honest leader would give out.
    case malformed(String)
    /// An honest participant declines: the answer would weaken somebody's secret.
    case refused(String)
    /// The ledger does not have these survivors on record: no share is revealed.
    case notOnRecord(String)
    /// A step that is not due yet, or is over.
    case outOfOrder(String)
    /// Below the threshold nothing is opened.
    case tooFew(step: String, present: Int, threshold: Int)
    /// Participants lied in a way that spoils the sum: `AggregationLeader.faults` names them.
    case spoiled(by: [Int])
    case cryptography(String)

    public var description: String {
        switch self {
        case .malformed(let reason), .outOfOrder(let reason), .cryptography(let reason),
            .notOnRecord(let reason):
            reason
        case .refused(let reason): "refused: \(reason)"
        case .tooFew(let step, let present, let threshold):
            "\(step): only \(present) of at least \(threshold) participants; nothing is opened"
        case .spoiled(let members):
            "the sum is spoiled by participants \(members.map(String.init).joined(separator: ", ")); "
                + "nothing is opened"
        }
    }
}

/// What a participant did wrong.
public struct Fault: Error, Hashable, CustomStringConvertible {
    public enum Offence: Hashable, Sendable {
        /// The signature is not the participant's.
        case wrongSignature
        /// A well-signed message of the wrong form.
        case malformed(String)
        /// Two different signed messages of one kind.
        case equivocation
        /// A share sealed for a participant is not on the committed polynomials, or does not open.
        case wrongShareDealt(to: Int)
        /// A complaint about a share that is right.
        case falseComplaint(about: Int)
        /// The commitment to the mask of a pair is not that of the mask.
        case wrongPairCommitment(with: Int)
        /// The key that was to settle a dispute is not the advertised one.
        case wrongDisputeKey(with: Int)
        /// The masked vector is not the committed model with the committed masks.
        case wrongMaskedInput
        /// A revealed share is not on its dealer's polynomial.
        case wrongShareRevealed(of: Int)
        /// The self mask that was shared is not the committed one.
        case wrongSelfMask
        /// The keys that were shared are not the advertised ones.
        case wrongMaskKeys
    }

    public var participant: Int
    public var offence: Offence

    public init(_ participant: Int, _ offence: Offence) {
        self.participant = participant
        self.offence = offence
    }

    /// Whether signed messages show the fault to anybody. A message without a valid signature could come from anybody.
    public var isProvable: Bool { offence != .wrongSignature }

    public var description: String {
        let what =
            switch offence {
            case .wrongSignature: "sent a message with a wrong signature"
            case .malformed(let reason): "signed a malformed message: \(reason)"
            case .equivocation: "signed two different messages of one kind"
            case .wrongShareDealt(let peer): "dealt participant \(peer) a wrong share"
            case .falseComplaint(let peer): "complained about a right share of participant \(peer)"
            case .wrongPairCommitment(let peer):
                "signed a wrong commitment to its mask with participant \(peer)"
            case .wrongDisputeKey(let peer): "gave a wrong key in the dispute with participant \(peer)"
            case .wrongMaskedInput: "sent a masked vector that is not its committed model"
            case .wrongShareRevealed(let peer): "revealed a wrong share of participant \(peer)'s secret"
            case .wrongSelfMask: "shared another self mask than it committed to"
            case .wrongMaskKeys: "shared other mask keys than it advertised"
            }
        return "participant \(participant) \(what)"
    }
}
