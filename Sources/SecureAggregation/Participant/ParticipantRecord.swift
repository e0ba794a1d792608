import Ledger

/// What a participant has bound itself to. It is stored before each answer goes out, so that a participant that is started
/// again does not contradict itself. It holds no secret.
public struct ParticipantRecord: Sendable, Hashable {
    public let session: Digest
    public internal(set) var keyRoster: Digest?
    public internal(set) var shareRoster: Digest?
    /// Participants against whom the mask key of the pair was shown: no vector is masked with it any more.
    public internal(set) var disputes: Set<Int> = []
    public internal(set) var maskRoster: Digest?
    public internal(set) var survivors: Digest?
    /// Whether shares were revealed for that survivor set.
    public internal(set) var hasRevealed = false

    public init(session: AggregationSession) { self.session = session.digest }
}

extension ParticipantRecord: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(session)
        for digest in [keyRoster, shareRoster, maskRoster, survivors] {
            encoder.encode(optional: digest) { $0.encode($1) }
        }
        encoder.encode(list: disputes.sorted()) { $0.encode(UInt16($1)) }
        encoder.encode(hasRevealed)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        func digest(_ item: String) throws(MalformedEncoding) -> Digest? {
            try decoder.optional(item) { (decoder) throws(MalformedEncoding) in try decoder.digest(item) }
        }
        session = try decoder.digest("session")
        keyRoster = try digest("roster of keys")
        shareRoster = try digest("roster of shares")
        maskRoster = try digest("roster of commitments")
        survivors = try digest("survivors")
        let start = decoder.offset
        let peers = try decoder.list("disputes", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in try decoder.member("peer")
        }
        guard zip(peers, peers.dropFirst()).allSatisfy(<) else {
            throw decoder.failure("disputes", "are not in ascending order", at: start)
        }
        disputes = Set(peers)
        hasRevealed = try decoder.flag("whether shares were revealed")
    }
}
