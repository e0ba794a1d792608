import Ledger

/// What a participant says in one step of the protocol.
public protocol ProtocolMessage: CanonicalCodable, Hashable {
    /// The purpose of its signature.
    static var purpose: StaticString { get }
    /// What the step is called.
    static var step: String { get }
}

/// A message with its sender's signature over session, sender and content.
public struct Signed<Message: ProtocolMessage>: Sendable, Hashable {
    /// The number of the sender; `leaderNumber` for the leader.
    public let sender: Int
    public let message: Message
    public let signature: [UInt8]

    /// Signs a message.
    ///
    /// - Throws: `KeyError` when OpenSSL does not sign.
    public init(_ message: Message, from sender: Int, in session: AggregationSession, with key: SigningKey)
        throws
    {
        self.sender = sender
        self.message = message
        signature = try key.sign(Self.digest(message, from: sender, in: session))
    }

    /// Whether the sender takes part and signed this.
    public func isAuthentic(in session: AggregationSession) -> Bool {
        let key: PublicKey
        if sender == Signed<SurvivorSet>.leaderNumber {
            guard Message.self == SurvivorSet.self else { return false }
            key = session.leader
        } else {
            guard Message.self != SurvivorSet.self, session.indices.contains(sender) else { return false }
            key = session.members[sender].key
        }
        return key.isSignature(signature, of: Self.digest(message, from: sender, in: session))
    }

    private static func digest(
        _ message: Message, from sender: Int, in session: AggregationSession
    ) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(session.digest)
        encoder.encode(UInt16(sender))
        message.encode(to: &encoder)
        return Digest(purpose: Message.purpose, encoder.bytes)
    }
}

extension Signed where Message == SurvivorSet {
    /// What stands for the leader in the place of a participant's number.
    public static var leaderNumber: Int { Int(UInt16.max) }
}

extension Signed: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(UInt16(sender))
        message.encode(to: &encoder)
        encoder.encode(fixed: signature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        sender = try decoder.member("sender")
        message = try Message(from: &decoder)
        signature = Array(try decoder.fixed(SigningKey.signatureByteCount, "signature"))
    }
}

/// The messages of one step, at most one from each participant, in the order of their numbers: what the leader gives out
/// when it closes the step.
public struct Roster<Message: ProtocolMessage>: Sendable, Hashable {
    public let messages: [Signed<Message>]
    /// What later messages name the roster by.
    public let digest: Digest

    package init(_ messages: some Collection<Signed<Message>>) {
        self.messages = messages.sorted { $0.sender < $1.sender }
        var encoder = CanonicalEncoder()
        encoder.encode(Message.step)
        encoder.encode(list: self.messages) { $1.encode(to: &$0) }
        digest = Digest(purpose: "ZKPOT-V1-AGGREGATION-ROSTER", encoder.bytes)
    }

    /// Numbers of the senders.
    public var senders: [Int] { messages.map(\.sender) }

    public func contains(_ participant: Int) -> Bool { self[participant] != nil }

    /// What a participant said.
    public subscript(participant: Int) -> Message? {
        messages.first { $0.sender == participant }?.message
    }

    /// Checks what an honest participant checks of every roster.
    ///
    /// - Throws: `AggregationError` for a signature that is not the sender's, or fewer messages than the threshold.
    package func check(in session: AggregationSession) throws(AggregationError) {
        for message in messages where !message.isAuthentic(in: session) {
            throw .malformed(
                "\(Message.step): the signature of participant \(message.sender) is not its own")
        }
        guard messages.count >= session.threshold else {
            throw .tooFew(step: Message.step, present: messages.count, threshold: session.threshold)
        }
    }
}

extension Roster: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(list: messages) { $1.encode(to: &$0) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let messages = try decoder.list("roster", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in try Signed<Message>(from: &decoder)
        }
        guard zip(messages, messages.dropFirst()).allSatisfy({ $0.sender < $1.sender }) else {
            throw decoder.failure("roster", "senders are not in ascending order", at: start)
        }
        self.init(messages)
    }
}
