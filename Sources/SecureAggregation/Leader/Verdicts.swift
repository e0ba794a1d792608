import Ledger

/// Who is in the wrong, decided from signed messages alone: anybody comes to the same verdict.
struct Verdicts {
    let session: AggregationSession
    let keys: Roster<KeyAdvertisement>
    let shares: Roster<ShareDistribution>

    /// The fault that a complaint shows: the dealer's if its share is wrong, the complainer's otherwise.
    func fault(of complaint: Complaint, by complainer: Int) throws -> Fault {
        let dealer = complaint.dealer
        let secret = SecretBytes(copying: complaint.sealingKey)
        guard let distribution = shares[dealer],
            try KeyAgreement.publicKey(of: secret)
                == keys[complainer]?.sealingKey(of: complainer, for: dealer),
            try SharePair(
                sealedBy: dealer, for: complainer, secret: secret, keys: keys, distribution: distribution,
                session: session) == nil
        else { return Fault(complainer, .falseComplaint(about: dealer)) }
        return Fault(dealer, .wrongShareDealt(to: complainer))
    }

    /// The pairs whose ends committed to different masks.
    func disputes(_ commitments: [Int: MaskCommitments]) -> [Pair] {
        let members = commitments.keys.sorted()
        return members.indices.flatMap { place in
            members[..<place].compactMap { lower in
                let upper = members[place]
                let first = commitments[lower]?.pairMask(of: lower, with: upper, shares: shares)
                let second = commitments[upper]?.pairMask(of: upper, with: lower, shares: shares)
                return first == second ? nil : Pair(lower: lower, upper: upper)
            }
        }
    }

    /// The faults that a dispute key shows: its sender's if it is not the key it advertised, else those of whoever signed
    /// another commitment than that of the mask.
    func faults(
        of key: DisputeKey, by sender: Int, commitments: [Int: MaskCommitments], committer: MaskCommitter
    ) throws -> [Fault] {
        let secret = SecretBytes(copying: key.maskKey)
        guard
            try KeyAgreement.publicKey(of: secret)
                == keys[sender]?.maskKey(of: sender, for: key.peer)
        else { return [Fault(sender, .wrongDisputeKey(with: key.peer))] }
        let pairs = PairKeys(session: session)
        let mask = try pairs.expand(pairs.pairMask(secret, of: sender, with: key.peer, keys: keys))
        let right = ArraySlice(try committer.commit(mask).encoded(as: .compressed))
        return [(sender, key.peer), (key.peer, sender)].compactMap { member, peer in
            commitments[member]?.pairMask(of: member, with: peer, shares: shares) == right
                ? nil : Fault(member, .wrongPairCommitment(with: peer))
        }
    }
}

/// Two participants.
public struct Pair: Sendable, Hashable {
    public let lower: Int
    public let upper: Int

    public func contains(_ participant: Int) -> Bool { lower == participant || upper == participant }

    /// The other one.
    public func peer(of participant: Int) -> Int { participant == lower ? upper : lower }
}
