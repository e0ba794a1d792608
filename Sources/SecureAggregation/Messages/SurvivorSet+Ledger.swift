import Ledger

/// What the ledger knows of a survivor set: accounts, which it keeps once and for all, for the whole round.
extension SurvivorSet {
    /// The survivors' accounts, in ascending order. Numbers that name nobody are left out.
    public func accounts(in session: AggregationSession) -> [PublicKey] {
        participants.filter(session.indices.contains).map { session.members[$0].key }.sorted()
    }

    /// What each survivor signs for the ledger: `FixSurvivors.digest` of ledger, task, round and accounts. It names no
    /// attempt and no vector: whatever was started again, the ledger takes one set.
    public func ledgerDigest(in session: AggregationSession) -> Digest {
        FixSurvivors.digest(
            ledger: session.ledger, task: session.task, round: session.round, survivors: accounts(in: session)
        )
    }

    /// - Throws: `AggregationError.notOnRecord` unless these are the accounts that the ledger has.
    ///
    /// - Parameter recorded: `OrderRecord.survivors`.
    public func check(
        against recorded: [PublicKey]?, in session: AggregationSession
    ) throws(AggregationError) {
        guard let recorded else { throw .notOnRecord("the ledger has no survivors of this round on record") }
        guard recorded == accounts(in: session) else {
            throw .notOnRecord("the ledger has other survivors of this round on record")
        }
    }
}

extension SurvivorConsent {
    /// What is wrong with a participant's consent to a set, `nil` if nothing is. Everybody who reads one asks this.
    func flaw(from sender: Int, to set: SurvivorSet, in session: AggregationSession) -> String? {
        guard set.contains(sender), session.indices.contains(sender) else { return "it is no survivor" }
        guard survivors == set.digest(in: session) else { return "it signed another survivor set" }
        guard session.members[sender].key.isSignature(ledgerSignature, of: set.ledgerDigest(in: session))
        else { return "its signature for the ledger is not over these survivors" }
        return nil
    }
}

extension FixSurvivors {
    /// The transaction that the consents to a set amount to; any aggregator may submit it.
    ///
    /// - Throws: `AggregationError.malformed` for a set that is not the leader's, or a consent that is not to it;
    ///   `.tooFew` for fewer consents than the session's threshold.
    public init(
        _ survivors: Signed<SurvivorSet>, consents: Roster<SurvivorConsent>, in session: AggregationSession
    ) throws(AggregationError) {
        let set = survivors.message
        guard survivors.isAuthentic(in: session), set.participants.allSatisfy(session.indices.contains) else {
            throw .malformed("the survivor set is not signed by the leader")
        }
        try consents.check(in: session)
        for consent in consents.messages {
            if let flaw = consent.message.flaw(from: consent.sender, to: set, in: session) {
                throw .malformed("participant \(consent.sender): \(flaw)")
            }
        }
        let signatures = consents.messages.map {
            AccountSignature(
                signer: session.members[$0.sender].key, signature: $0.message.ledgerSignature)
        }
        self.init(
            task: session.task, round: session.round, survivors: set.accounts(in: session),
            signatures: signatures)
    }
}
