import Ledger

/// Steps 1 to 3: keys, shares, commitments to masks.
extension AggregationParticipant {
    /// Step 1: the public keys.
    public func advertiseKeys() throws -> Signed<KeyAdvertisement> {
        func publicKeys(_ secret: (Int) throws -> SecretBytes) throws -> [[UInt8]] {
            try session.indices.map { peer in
                peer == index ? [] : try KeyAgreement.publicKey(of: secret(peer))
            }
        }
        return try answer(
            KeyAdvertisement(
                sender: index, sealingKeys: publicKeys(secrets.sealingSecret(for:)),
                maskKeys: publicKeys(secrets.maskSecret(for:))))
    }

    /// Step 2: the shares, for everybody in the roster of keys.
    ///
    /// - Throws: `AggregationError` for a roster that no honest leader gives out, or a second one.
    public func shareSecrets(_ keys: Roster<KeyAdvertisement>) throws -> Signed<ShareDistribution> {
        try requireFirst(record.keyRoster, keys.digest, ShareDistribution.step)
        try keys.check(in: session)
        try requireOwn(keys, try advertiseKeys().message)
        for message in keys.messages {
            if let flaw = try message.message.flaw(in: session) {
                throw AggregationError.malformed("keys of participant \(message.sender): \(flaw)")
            }
        }
        let distribution = ShareDistribution(
            keyRoster: keys.digest, selfSharing: secrets.selfSharing.commitments,
            keySharing: secrets.keySharing.commitments,
            sealedShares: try keys.senders.filter { $0 != index }.map {
                try secrets.sealedShares(for: $0, keys: keys)
            })
        self.keys = keys
        return try answer(distribution) { $0.keyRoster = keys.digest }
    }

    /// Step 3: the commitments to all masks that may be needed, and complaints about wrong shares. The dear step: one
    /// commitment to a vector for each other participant.
    ///
    /// - Throws: `AggregationError` for a roster that no honest leader gives out, or a second one.
    public func commitToMasks(_ shares: Roster<ShareDistribution>) throws -> Signed<MaskCommitments> {
        guard let keys, record.keyRoster == keys.digest else {
            throw AggregationError.outOfOrder("shares come before commitments")
        }
        try requireFirst(record.shareRoster, shares.digest, MaskCommitments.step)
        try shares.check(in: session)
        guard shares.contains(index) else {
            throw AggregationError.malformed("the shares of participant \(index) itself are left out")
        }
        for message in shares.messages {
            guard keys.contains(message.sender) else {
                throw AggregationError.malformed("participant \(message.sender) advertised no keys")
            }
            if let flaw = message.message.flaw(in: session, keys: keys) {
                throw AggregationError.malformed("shares of participant \(message.sender): \(flaw)")
            }
        }
        var complaints = [Complaint]()
        var pairMasks = [Point]()
        for message in shares.messages where message.sender != index {
            let peer = message.sender
            if try secrets.openShares(of: peer, keys: keys, distribution: message.message) == nil {
                complaints.append(
                    Complaint(dealer: peer, sealingKey: try secrets.sealingSecret(for: peer).copy))
            }
            pairMasks.append(try committer.commit(secrets.pairMask(with: peer, keys: keys)))
        }
        let commitments = MaskCommitments(
            shareRoster: shares.digest, selfMask: try committer.commit(secrets.selfMask()),
            pairMasks: pairMasks, complaints: complaints)
        self.shares = shares
        return try answer(commitments) { $0.shareRoster = shares.digest }
    }

    /// In a dispute: shows the mask key of a pair, if the other end really committed to another mask. No vector is masked
    /// with that participant any more.
    ///
    /// - Parameters:
    ///   - own: what this participant answered in step 3.
    ///   - other: what the other one did.
    /// - Throws: `AggregationError.refused` when there is nothing to dispute, or a vector is masked already.
    public func showDisputeKey(
        own: Signed<MaskCommitments>, other: Signed<MaskCommitments>
    ) throws -> Signed<DisputeKey> {
        guard let keys, let shares else {
            throw AggregationError.outOfOrder("commitments come before disputes")
        }
        let peer = other.sender
        guard record.maskRoster == nil else {
            throw AggregationError.refused("a vector is masked already, no mask key is shown any more")
        }
        guard own.sender == index, peer != index, own.isAuthentic(in: session),
            other.isAuthentic(in: session), shares.contains(peer),
            own.message.flaw(shares: shares, sender: index) == nil,
            other.message.flaw(shares: shares, sender: peer) == nil,
            own.message.pairMask(of: index, with: peer, shares: shares)
                != other.message.pairMask(of: peer, with: index, shares: shares)
        else {
            throw AggregationError.refused("participants \(index) and \(peer) committed to the same mask")
        }
        _ = keys
        let key = DisputeKey(
            shareRoster: shares.digest, peer: peer, maskKey: try secrets.maskSecret(for: peer).copy)
        return try answer(key) { $0.disputes.insert(peer) }
    }

    private func requireOwn(_ keys: Roster<KeyAdvertisement>, _ own: KeyAdvertisement) throws {
        guard keys[index] == own else {
            throw AggregationError.malformed("the keys of participant \(index) itself are left out")
        }
    }
}
