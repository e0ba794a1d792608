import FieldArithmetic
import Ledger

/// Steps 4 to 6: the masked vector, the survivors, the shares that unmask the sum.
extension AggregationParticipant {
    /// Step 4: the weighted model and blinding under all masks.
    ///
    /// - Parameters:
    ///   - values: the model's entries, those of the commitment Ĉ_i.
    ///   - blinding: ρ_i.
    /// - Throws: `AggregationError` if they do not open the commitment, for a roster that no honest leader gives out, or a
    ///   second one.
    public func maskInput(
        _ masks: Roster<MaskCommitments>, values: [Scalar], blinding: Scalar
    ) throws -> Signed<MaskedInput> {
        guard let keys, let shares, record.shareRoster == shares.digest else {
            throw AggregationError.outOfOrder("commitments come before the masked vector")
        }
        try requireFirst(record.maskRoster, masks.digest, MaskedInput.step)
        try check(masks, shares)
        let member = session.members[index]
        guard values.count == session.length,
            try committer.commit(values, blinding: blinding) == member.commitment
        else { throw AggregationError.refused("model and blinding do not open the commitment") }

        let weight = Scalar(member.weight)
        let sum = SecretVector(zeros: session.length + 1)
        for place in values.indices { sum[place] = weight * values[place] }
        sum[session.length] = weight * blinding
        sum.add(try secrets.selfMask())
        for peer in masks.senders where peer != index {
            sum.add(try secrets.pairMask(with: peer, keys: keys), sign: Sign(at: index, with: peer))
        }
        self.masks = masks
        let input = MaskedInput(maskRoster: masks.digest, vector: Array(sum.elements))
        return try answer(input) { $0.maskRoster = masks.digest }
    }

    /// Step 5: signs the survivor set, once: for the others, and for the ledger.
    ///
    /// - Throws: `AggregationError` for a set that is not the leader's, is too small, or is not the first.
    public func consent(to signed: Signed<SurvivorSet>) throws -> Signed<SurvivorConsent> {
        guard let masks, record.maskRoster == masks.digest else {
            throw AggregationError.outOfOrder("the masked vector comes before the survivors")
        }
        let survivors = signed.message
        let digest = survivors.digest(in: session)
        try requireFirst(record.survivors, digest, SurvivorConsent.step)
        guard signed.isAuthentic(in: session) else {
            throw AggregationError.malformed("the survivor set is not signed by the leader")
        }
        guard survivors.maskRoster == masks.digest, survivors.contains(index),
            survivors.participants.allSatisfy(masks.contains)
        else {
            throw AggregationError.malformed(
                "the survivor set leaves out participant \(index), or names others than the masks")
        }
        guard survivors.survivors.count >= session.threshold else {
            throw AggregationError.tooFew(
                step: SurvivorSet.step, present: survivors.survivors.count, threshold: session.threshold)
        }
        self.survivors = survivors
        let consent = SurvivorConsent(
            survivors: digest, ledgerSignature: try sign(survivors.ledgerDigest(in: session)))
        return try answer(consent) { $0.survivors = digest }
    }

    /// Step 6: reveals one share for each masked participant: of the self mask's seed of a survivor, of the mask keys' seed
    /// of anybody else. Which of the two is decided by the survivor set that it signed, and nothing else.
    ///
    /// Without a ledger it is up to the caller that no other set of this round is ever opened, in no other attempt either.
    ///
    /// - Throws: `AggregationError` unless at least t survivors signed the same set.
    public func revealShares(_ consents: Roster<SurvivorConsent>) throws -> Signed<RevealedShares> {
        guard let keys, let shares, let masks, let survivors, let digest = record.survivors,
            digest == survivors.digest(in: session)
        else { throw AggregationError.outOfOrder("the survivor set is signed before shares are revealed") }
        try consents.check(in: session)
        for consent in consents.messages {
            if let flaw = consent.message.flaw(from: consent.sender, to: survivors, in: session) {
                throw AggregationError.refused("participant \(consent.sender): \(flaw)")
            }
        }
        let revealed = try masks.senders.map { dealer in
            let pair =
                dealer == index
                ? SharePair(
                    selfShare: secrets.selfSharing.share(of: index),
                    keyShare: secrets.keySharing.share(of: index))
                : try shares[dealer].flatMap {
                    try secrets.openShares(of: dealer, keys: keys, distribution: $0)
                }
            guard let pair else {
                throw AggregationError.refused("there is no right share of participant \(dealer)")
            }
            return survivors.contains(dealer) ? pair.selfShare : pair.keyShare
        }
        return try answer(RevealedShares(survivors: digest, shares: revealed)) { $0.hasRevealed = true }
    }

    /// The same, and only once the ledger has this very set on record.
    ///
    /// - Parameter recorded: `OrderRecord.survivors` of the session's order on the session's ledger.
    /// - Throws: `AggregationError.notOnRecord` if it has another set or none, and as above.
    public func revealShares(
        _ consents: Roster<SurvivorConsent>, recorded: [PublicKey]?
    ) throws -> Signed<RevealedShares> {
        guard let survivors else {
            throw AggregationError.outOfOrder("the survivor set is signed before shares are revealed")
        }
        try survivors.check(against: recorded, in: session)
        return try revealShares(consents)
    }

    private func check(_ masks: Roster<MaskCommitments>, _ shares: Roster<ShareDistribution>) throws {
        try masks.check(in: session)
        guard let own = masks[index] else {
            throw AggregationError.malformed("the commitments of participant \(index) itself are left out")
        }
        for message in masks.messages {
            guard shares.contains(message.sender) else {
                throw AggregationError.malformed("participant \(message.sender) dealt no shares")
            }
            if let flaw = message.message.flaw(shares: shares, sender: message.sender) {
                throw AggregationError.malformed("commitments of participant \(message.sender): \(flaw)")
            }
            guard message.sender != index else { continue }
            guard !record.disputes.contains(message.sender) else {
                throw AggregationError.refused(
                    "the mask key shared with participant \(message.sender) was shown in a dispute")
            }
            guard
                message.message.pairMask(of: message.sender, with: index, shares: shares)
                    == own.pairMask(of: index, with: message.sender, shares: shares)
            else {
                throw AggregationError.refused(
                    "participant \(message.sender) committed to another mask of the pair")
            }
            guard !own.complaints.contains(where: { $0.dealer == message.sender }) else {
                throw AggregationError.refused("participant \(message.sender) dealt a wrong share")
            }
        }
    }
}
