import Ledger

/// Going on from what was given out, as a leader that was started again does, or anybody who checks it.
extension AggregationLeader {
    /// Takes closed steps up again; later messages are received as ever.
    ///
    /// - Parameters:
    ///   - commitments: the complete step 3, from which disputes follow.
    ///   - masks: those of the commitments that were not excluded.
    ///   - inputs: the vectors of the survivors.
    /// - Throws: `AggregationError` for a step without the one before it, or one that does not follow from it.
    public mutating func resume(
        keys: Roster<KeyAdvertisement>? = nil, shares: Roster<ShareDistribution>? = nil,
        commitments: Roster<MaskCommitments>? = nil, masks: Roster<MaskCommitments>? = nil,
        survivors: Signed<SurvivorSet>? = nil, inputs: [Signed<MaskedInput>] = [],
        consents: Roster<SurvivorConsent>? = nil
    ) throws {
        guard let keys else { return }
        try keys.check(in: session)
        for message in keys.messages {
            if let flaw = try message.message.flaw(in: session) { throw flawed(message.sender, flaw) }
        }
        self.keys = keys

        guard let shares else { return }
        try shares.check(in: session)
        for message in shares.messages {
            try requirePresence(message.sender, in: keys)
            if let flaw = message.message.flaw(in: session, keys: keys) {
                throw flawed(message.sender, flaw)
            }
        }
        self.shares = shares

        guard let commitments else { return }
        try commitments.check(in: session)
        for message in commitments.messages {
            try requirePresence(message.sender, in: shares)
            if let flaw = message.message.flaw(shares: shares, sender: message.sender) {
                throw flawed(message.sender, flaw)
            }
            received.masks[message.sender] = message
        }
        disputes = Verdicts(session: session, keys: keys, shares: shares)
            .disputes(received.masks.mapValues(\.message))

        guard let masks else { return }
        guard masks.messages.count >= session.threshold,
            masks.messages.allSatisfy({ received.masks[$0.sender] == $0 })
        else { throw AggregationError.malformed("the masks are not those of the commitments") }
        self.masks = masks

        guard let survivors else { return }
        let set = survivors.message
        guard survivors.isAuthentic(in: session), set.maskRoster == masks.digest,
            set.participants.allSatisfy(masks.contains), set.survivors.count >= session.threshold
        else { throw AggregationError.malformed("the survivors are not the leader's, or not of these masks") }
        for input in inputs where set.contains(input.sender) {
            try receive(input, from: input.sender)
        }
        for survivor in set.survivors {
            guard received.inputs[survivor.participant]?.message.digest == survivor.input else {
                throw AggregationError.malformed(
                    "the vector of participant \(survivor.participant) is not the one that was fixed")
            }
        }
        self.survivors = survivors

        guard let consents else { return }
        try consents.check(in: session)
        for message in consents.messages {
            if let flaw = message.message.flaw(from: message.sender, to: set, in: session) {
                throw flawed(message.sender, flaw)
            }
        }
        self.consents = consents
    }

    /// All commitments of step 3, once it is closed: what `resume` needs.
    public var commitmentRoster: Roster<MaskCommitments>? {
        disputes == nil ? nil : Roster(accepted(received.masks))
    }

    private func flawed(_ participant: Int, _ flaw: String) -> AggregationError {
        .malformed("participant \(participant): \(flaw)")
    }
}
