import EllipticCurves
import FieldArithmetic
import Ledger

/// Step 6: shares, secrets, and the sum without masks.
extension AggregationLeader {
    /// Step 6. Every share is checked against its dealer's polynomial.
    ///
    /// - Throws: a `Fault`, which is recorded, or `AggregationError` for a message out of its order.
    public mutating func receive(_ signed: Signed<RevealedShares>, from sender: Int) throws {
        guard let shares, let masks, let survivors, consents != nil else {
            throw AggregationError.outOfOrder("shares to reveal are not due")
        }
        guard survivors.message.contains(sender) else {
            throw AggregationError.refused("participant \(sender) is no survivor")
        }
        let message = signed.message
        var flaw: String?
        if message.survivors != survivors.message.digest(in: session) { flaw = "for another survivor set" }
        if message.shares.count != masks.senders.count { flaw = "not one share for each masked participant" }
        try receive(signed, from: sender, into: \.revealed, flaw: flaw)
        for (dealer, share) in zip(masks.senders, message.shares) {
            guard let distribution = shares[dealer] else { continue }
            let sharing =
                survivors.message.contains(dealer) ? distribution.selfSharing : distribution.keySharing
            guard sharing.isShare(share, of: sender) else {
                let fault = Fault(sender, .wrongShareRevealed(of: dealer))
                name(fault)
                received.revealed[sender] = nil
                throw fault
            }
        }
    }

    /// The number of survivors whose shares are there and right.
    public var revealedCount: Int { received.revealed.count }

    /// Takes all masks off: Σ y_i − Σ b_i − Σ ±p_ik over survivors i and everybody else k in the mask roster. The sum is
    /// checked against Σ a_i·Ĉ_i before it is returned.
    ///
    /// - Throws: `AggregationError.tooFew` below t right sets of shares; `.spoiled` when participants shared other secrets than
    ///   they committed to, which `faults` names.
    public mutating func open() throws -> AggregateSum {
        guard let masks, let set = survivors?.message, consents != nil else {
            throw AggregationError.outOfOrder("consents are not closed")
        }
        try requireThreshold(received.revealed.count, RevealedShares.step)
        let helpers = Array(received.revealed.keys.sorted().prefix(session.threshold))
        let recovery = SecretRecovery(participants: helpers)
        let survivors = set.participants
        let pairs = PairKeys(session: session)
        let sum = SecretVector(zeros: session.length + 1)
        for survivor in survivors {
            guard let input = received.inputs[survivor]?.message else {
                throw AggregationError.outOfOrder("the vector of participant \(survivor) is missing")
            }
            input.vector.withUnsafeBufferPointer { vector in
                for index in vector.indices { sum[index] += vector[index] }
            }
        }
        var seeds = [Int: Scalar]()
        for (place, dealer) in masks.senders.enumerated() {
            let shares = helpers.compactMap { received.revealed[$0]?.message.shares[place] }
            seeds[dealer] = recovery.secret(of: shares)
        }
        let spoilers = try masks.senders.filter { dealer in
            guard let seed = seeds[dealer], !set.contains(dealer) else { return false }
            return try !areAdvertised(maskKeysOf: dealer, seed: seed, for: survivors)
        }
        spoilers.forEach { name(Fault($0, .wrongMaskKeys)) }
        guard spoilers.isEmpty else { throw AggregationError.spoiled(by: spoilers) }

        for dealer in masks.senders {
            guard let seed = seeds[dealer] else { continue }
            if set.contains(dealer) {
                sum.add(try pairs.selfMask(seed: seed, of: dealer), sign: .minus)
            } else {
                for survivor in survivors {
                    sum.add(
                        try pairMask(of: dealer, seed: seed, with: survivor),
                        sign: Sign(at: survivor, with: dealer) == .plus ? .minus : .plus)
                }
            }
        }
        guard try committer.commit(sum) == session.weightedCommitment(of: survivors) else {
            try nameSpoilers(seeds, survivors)
            throw AggregationError.spoiled(by: named)
        }
        return try AggregateSum(session: session, survivors: survivors, vector: sum.elements)
    }

    /// The mask of a participant that fell silent with a survivor, from its recovered seed.
    private func pairMask(of dealer: Int, seed: Scalar, with survivor: Int) throws -> SecretVector {
        guard let keys else { throw AggregationError.outOfOrder("keys are not closed") }
        let pairs = PairKeys(session: session)
        let secret = try pairs.maskSecret(seed: seed, of: dealer, for: survivor)
        return try pairs.expand(pairs.pairMask(secret, of: dealer, with: survivor, keys: keys))
    }

    private func areAdvertised(maskKeysOf dealer: Int, seed: Scalar, for survivors: [Int]) throws -> Bool {
        let pairs = PairKeys(session: session)
        return try survivors.allSatisfy { survivor in
            let secret = try pairs.maskSecret(seed: seed, of: dealer, for: survivor)
            return try KeyAgreement.publicKey(of: secret)
                == keys?[dealer]?.maskKey(of: dealer, for: survivor)
        }
    }

    /// Every vector matches its commitments, but the sum does not: somebody committed to other masks than it shared.
    private mutating func nameSpoilers(_ seeds: [Int: Scalar], _ survivors: [Int]) throws {
        guard let masks else { return }
        let pairs = PairKeys(session: session)
        for (dealer, seed) in seeds.sorted(by: { $0.key < $1.key }) {
            if survivors.contains(dealer) {
                let mask = try committer.commit(pairs.selfMask(seed: seed, of: dealer))
                if mask != masks[dealer]?.selfMask { name(Fault(dealer, .wrongSelfMask)) }
                continue
            }
            for survivor in survivors {
                let mask = try committer.commit(pairMask(of: dealer, seed: seed, with: survivor))
                // Both signed the same commitment.
                if try mask != pairMask(of: dealer, with: survivor) {
                    name(Fault(dealer, .wrongPairCommitment(with: survivor)))
                    name(Fault(survivor, .wrongPairCommitment(with: dealer)))
                }
            }
        }
    }
}
