import Ledger

/// Steps 1 to 3: who shares masks with whom.
extension AggregationLeader {
    /// Step 1.
    ///
    /// - Throws: a `Fault`, which is recorded, or `AggregationError` for a message that comes too late.
    public mutating func receive(_ signed: Signed<KeyAdvertisement>, from sender: Int) throws {
        guard keys == nil else { throw AggregationError.outOfOrder("keys are closed") }
        try receive(signed, from: sender, into: \.keys, flaw: signed.message.flaw(in: session))
    }

    /// Ends step 1; to be sent to everybody in it.
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeKeys() throws -> Roster<KeyAdvertisement> {
        if let keys { return keys }
        let messages = accepted(received.keys)
        try requireThreshold(messages.count, KeyAdvertisement.step)
        let roster = Roster(messages)
        keys = roster
        return roster
    }

    /// Step 2.
    ///
    /// - Throws: a `Fault`, which is recorded, or `AggregationError` for a message out of its order.
    public mutating func receive(_ signed: Signed<ShareDistribution>, from sender: Int) throws {
        guard let keys, shares == nil else { throw AggregationError.outOfOrder("shares are not due") }
        try requirePresence(sender, in: keys)
        try receive(
            signed, from: sender, into: \.shares, flaw: signed.message.flaw(in: session, keys: keys))
    }

    /// Ends step 2; to be sent to everybody in it.
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeShares() throws -> Roster<ShareDistribution> {
        if let shares { return shares }
        guard keys != nil else { throw AggregationError.outOfOrder("keys are not closed") }
        let messages = accepted(received.shares)
        try requireThreshold(messages.count, ShareDistribution.step)
        let roster = Roster(messages)
        shares = roster
        return roster
    }

    /// Step 3. Complaints are decided at once, and name the dealer or the complainer.
    ///
    /// - Throws: a `Fault` of the sender, which is recorded, or `AggregationError` for a message out of its order.
    public mutating func receive(_ signed: Signed<MaskCommitments>, from sender: Int) throws {
        guard let keys, let shares, disputes == nil else {
            throw AggregationError.outOfOrder("commitments are not due")
        }
        try requirePresence(sender, in: shares)
        try receive(
            signed, from: sender, into: \.masks, flaw: signed.message.flaw(shares: shares, sender: sender))
        let verdicts = Verdicts(session: session, keys: keys, shares: shares)
        for complaint in signed.message.complaints {
            let fault = try verdicts.fault(of: complaint, by: sender)
            name(fault)
            if fault.participant == sender { throw fault }
        }
    }

    /// Ends step 3. Both ends of each pair that is returned are asked for a `DisputeKey`.
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeCommitments() throws -> [Pair] {
        if let disputes { return disputes }
        guard let keys, let shares else { throw AggregationError.outOfOrder("shares are not closed") }
        let messages = accepted(received.masks)
        try requireThreshold(messages.count, MaskCommitments.step)
        let pairs = Verdicts(session: session, keys: keys, shares: shares)
            .disputes(Dictionary(uniqueKeysWithValues: messages.map { ($0.sender, $0.message) }))
        disputes = pairs
        return pairs
    }

    /// What the other end of a dispute said, to be shown to a participant with the request for its key.
    public func commitments(of participant: Int) -> Signed<MaskCommitments>? { received.masks[participant] }

    /// An answer to a dispute, which names who lied in it.
    ///
    /// - Throws: a `Fault` of the sender, which is recorded, or `AggregationError` when nobody asked.
    public mutating func receive(_ signed: Signed<DisputeKey>, from sender: Int) throws {
        guard let keys, let shares, let disputes, masks == nil else {
            throw AggregationError.outOfOrder("there is no dispute to settle")
        }
        guard session.indices.contains(sender) else {
            throw AggregationError.malformed("there is no participant \(sender)")
        }
        guard signed.sender == sender, signed.isAuthentic(in: session) else {
            let fault = Fault(sender, .wrongSignature)
            name(fault)
            throw fault
        }
        let peer = signed.message.peer
        guard signed.message.shareRoster == shares.digest,
            disputes.contains(Pair(lower: min(sender, peer), upper: max(sender, peer)))
        else {
            throw AggregationError.refused("participants \(sender) and \(peer) are in no dispute")
        }
        received.disputeKeys[sender, default: [:]][peer] = signed
        let faults = try Verdicts(session: session, keys: keys, shares: shares).faults(
            of: signed.message, by: sender, commitments: received.masks.mapValues(\.message),
            committer: committer)
        faults.forEach { name($0) }
        if let own = faults.first(where: { $0.participant == sender }) { throw own }
    }

    /// Settles the disputes and gives out the roster by which vectors are masked. Both ends of a dispute that nobody
    /// answered are left out.
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeDisputes() throws -> Roster<MaskCommitments> {
        if let masks { return masks }
        guard let disputes else { throw AggregationError.outOfOrder("commitments are not closed") }
        let open = disputes.filter { !isExcluded($0.lower) && !isExcluded($0.upper) }
        let messages = accepted(received.masks).filter { message in
            !open.contains { $0.contains(message.sender) }
        }
        try requireThreshold(messages.count, MaskCommitments.step)
        let roster = Roster(messages)
        masks = roster
        return roster
    }

    func requirePresence<Message>(_ sender: Int, in roster: Roster<Message>) throws(AggregationError) {
        guard roster.contains(sender) else {
            throw .refused("participant \(sender) was silent in step \(Message.step)")
        }
    }
}
