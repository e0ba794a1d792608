import Ledger

/// An honest participant: answers each step of the protocol once, and declines whatever would weaken its own or another
/// honest participant's secrets.
///
/// An answer to the same question is the same again; a second, different question of a step that is answered is refused.
/// `record` is handed to `store` before an answer is returned: whoever keeps it, with the root secret, can go on after a
/// crash (`resume`). Not for use from several threads at once.
public final class AggregationParticipant {
    public let session: AggregationSession
    /// The participant's number in the session.
    public let index: Int
    /// What it has bound itself to.
    public private(set) var record: ParticipantRecord

    package let secrets: ParticipantSecrets
    package let committer: MaskCommitter
    private let signingKey: SigningKey
    private let store: (ParticipantRecord) throws -> Void

    package var keys: Roster<KeyAdvertisement>?
    package var shares: Roster<ShareDistribution>?
    package var masks: Roster<MaskCommitments>?
    package var survivors: SurvivorSet?

    /// - Parameters:
    ///   - root: 32 secret bytes of this session alone; the same again to go on after a crash.
    ///   - record: what was stored last, if anything.
    ///   - store: keeps the record durably, or throws: then there is no answer.
    /// - Throws: `AggregationError` if the key is not one of the session, or the record is of another.
    public init(
        session: AggregationSession, signingKey: SigningKey, root: SecretBytes, committer: MaskCommitter,
        record: ParticipantRecord? = nil, store: @escaping (ParticipantRecord) throws -> Void = { _ in }
    ) throws {
        guard let index = session.index(of: signingKey.publicKey) else {
            throw AggregationError.malformed("the key is not one of a participant of the session")
        }
        guard root.count == 32 else {
            throw AggregationError.malformed("a root secret has 32 bytes, not \(root.count)")
        }
        guard committer.length == session.length else {
            throw AggregationError.malformed(
                "bases for \(committer.length) entries, models have \(session.length)")
        }
        let record = record ?? ParticipantRecord(session: session)
        guard record.session == session.digest else {
            throw AggregationError.malformed("the record is of another session")
        }
        self.session = session
        self.index = index
        self.record = record
        self.signingKey = signingKey
        self.committer = committer
        self.store = store
        secrets = try ParticipantSecrets(root: root, of: index, in: session)
    }

    /// Takes up the broadcasts again that the record names.
    ///
    /// - Throws: `AggregationError` for one that is missing, or is not the recorded one.
    public func resume(
        keys: Roster<KeyAdvertisement>?, shares: Roster<ShareDistribution>?, masks: Roster<MaskCommitments>?,
        survivors: Signed<SurvivorSet>?
    ) throws(AggregationError) {
        func require(_ recorded: Digest?, _ given: Digest?, _ what: String) throws(AggregationError) {
            guard recorded == nil || recorded == given else {
                throw .refused("the \(what) are not those that were answered before")
            }
        }
        try require(record.keyRoster, keys?.digest, KeyAdvertisement.step)
        try require(record.shareRoster, shares?.digest, ShareDistribution.step)
        try require(record.maskRoster, masks?.digest, MaskCommitments.step)
        try require(record.survivors, survivors?.message.digest(in: session), SurvivorSet.step)
        self.keys = record.keyRoster == nil ? nil : keys
        self.shares = record.shareRoster == nil ? nil : shares
        self.masks = record.maskRoster == nil ? nil : masks
        self.survivors = record.survivors == nil ? nil : survivors?.message
    }

    /// Binds itself to the answer of a step, then signs it.
    package func answer<Message: ProtocolMessage>(
        _ message: Message, binding change: (inout ParticipantRecord) -> Void = { _ in }
    ) throws -> Signed<Message> {
        var next = record
        change(&next)
        if next != record { try store(next) }
        record = next
        return try Signed(message, from: index, in: session, with: signingKey)
    }

    /// Signs for the ledger.
    package func sign(_ digest: Digest) throws -> [UInt8] { try signingKey.sign(digest) }

    /// Refuses a second, different question of one step.
    package func requireFirst(_ recorded: Digest?, _ given: Digest, _ step: String) throws(AggregationError) {
        guard recorded == nil || recorded == given else {
            throw .refused("step \(step) was answered before, for another broadcast")
        }
    }
}
