import Ledger

/// Collects the messages of each step, names who does wrong, and gives out what the next step needs. It learns the sums of
/// models and blindings, and nothing else about them: it holds no secret at all.
///
/// Every method is a function of the messages, so anybody who has them can play the leader again and come to the same
/// survivors, faults and sums. Participants that fall silent are left out when a step is closed; nothing waits.
public struct AggregationLeader: Sendable {
    public let session: AggregationSession
    let committer: MaskCommitter

    /// Everything that participants did wrong, in the order it was found.
    public internal(set) var faults = [Fault]()

    /// Messages by sender, as they come in.
    var received = Received()
    struct Received: Sendable {
        var keys = [Int: Signed<KeyAdvertisement>]()
        var shares = [Int: Signed<ShareDistribution>]()
        var masks = [Int: Signed<MaskCommitments>]()
        var disputeKeys = [Int: [Int: Signed<DisputeKey>]]()
        var inputs = [Int: Signed<MaskedInput>]()
        var consents = [Int: Signed<SurvivorConsent>]()
        var revealed = [Int: Signed<RevealedShares>]()
    }

    /// What was given out when the steps were closed.
    public internal(set) var keys: Roster<KeyAdvertisement>?
    public internal(set) var shares: Roster<ShareDistribution>?
    /// Pairs whose ends committed to different masks, once the commitments are complete.
    public internal(set) var disputes: [Pair]?
    public internal(set) var masks: Roster<MaskCommitments>?
    public internal(set) var survivors: Signed<SurvivorSet>?
    public internal(set) var consents: Roster<SurvivorConsent>?

    /// - Throws: `AggregationError` if the bases are for another length than the session's.
    public init(session: AggregationSession, committer: MaskCommitter) throws(AggregationError) {
        guard committer.length == session.length else {
            throw .malformed("bases for \(committer.length) entries, models have \(session.length)")
        }
        self.session = session
        self.committer = committer
    }

    /// Participants that are named in a fault.
    public var named: [Int] { Set(faults.map(\.participant)).sorted() }

    /// Whether a fault that anybody can check excludes the participant from what is not fixed yet.
    func isExcluded(_ participant: Int) -> Bool {
        faults.contains { $0.participant == participant && $0.isProvable }
    }

    /// Records a fault, once.
    mutating func name(_ fault: Fault) {
        if !faults.contains(fault) { faults.append(fault) }
    }

    /// Takes a message in that must come from `sender`: from the connection, or the place, that only that participant writes
    /// to. A wrong signature is held against the sender there, though nobody else can check that.
    ///
    /// - Parameter flaw: what is wrong with its form in this state of the protocol.
    /// - Throws: the `Fault`, which is recorded too.
    mutating func receive<Message>(
        _ signed: Signed<Message>, from sender: Int,
        into store: WritableKeyPath<Received, [Int: Signed<Message>]>, flaw: String?
    ) throws {
        guard session.indices.contains(sender) else {
            throw AggregationError.malformed("there is no participant \(sender)")
        }
        func refuse(_ offence: Fault.Offence) -> Fault {
            let fault = Fault(sender, offence)
            name(fault)
            return fault
        }
        guard signed.sender == sender, signed.isAuthentic(in: session) else { throw refuse(.wrongSignature) }
        if let flaw { throw refuse(.malformed("\(Message.step): \(flaw)")) }
        if let earlier = received[keyPath: store][sender] {
            guard earlier.message == signed.message else {
                received[keyPath: store][sender] = nil
                throw refuse(.equivocation)
            }
            return
        }
        guard !isExcluded(sender) else {
            throw AggregationError.refused("participant \(sender) is excluded for what it did before")
        }
        received[keyPath: store][sender] = signed
    }

    /// The messages of those who are not named.
    func accepted<Message>(_ messages: [Int: Signed<Message>]) -> [Signed<Message>] {
        messages.values.filter { !isExcluded($0.sender) }
    }

    func requireThreshold(_ present: Int, _ step: String) throws(AggregationError) {
        guard present >= session.threshold else {
            throw .tooFew(step: step, present: present, threshold: session.threshold)
        }
    }
}
