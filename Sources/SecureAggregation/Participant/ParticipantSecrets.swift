import Ledger

/// All secrets of a participant in one session, derived from one root: a participant that is started again with the same
/// root has the same secrets.
package struct ParticipantSecrets {
    /// The seed of the self mask, shared.
    package let selfSharing: SharingPolynomial
    /// The seed of the mask keys, shared.
    package let keySharing: SharingPolynomial
    /// The seed of the keys for shares, which is not shared.
    private let sealingSeed: SecretBytes
    private let pairs: PairKeys
    private let owner: Int

    package init(root: SecretBytes, of owner: Int, in session: AggregationSession) throws {
        func derive(_ purpose: StaticString) throws -> SecretBytes {
            try KeyDerivation.derive(from: root, session: session.digest, for: .init(purpose, owner))
        }
        selfSharing = try SharingPolynomial(derive("self mask sharing"), threshold: session.threshold)
        keySharing = try SharingPolynomial(derive("mask key sharing"), threshold: session.threshold)
        sealingSeed = try derive("sealing seed")
        pairs = PairKeys(session: session)
        self.owner = owner
    }

    package func maskSecret(for peer: Int) throws -> SecretBytes {
        try pairs.maskSecret(seed: keySharing.secret, of: owner, for: peer)
    }

    package func sealingSecret(for peer: Int) throws -> SecretBytes {
        try pairs.sealingSecret(seed: sealingSeed, of: owner, for: peer)
    }

    package func selfMask() throws -> SecretVector { try pairs.selfMask(seed: selfSharing.secret, of: owner) }

    package func pairMask(with peer: Int, keys: Roster<KeyAdvertisement>) throws -> SecretVector {
        try pairs.expand(
            pairs.pairMask(maskSecret(for: peer), of: owner, with: peer, keys: keys))
    }

    /// The shares for a receiver, sealed.
    package func sealedShares(for receiver: Int, keys: Roster<KeyAdvertisement>) throws -> [UInt8] {
        let shares = SharePair(
            selfShare: selfSharing.share(of: receiver), keyShare: keySharing.share(of: receiver))
        let key = try pairs.sealing(
            sealingSecret(for: receiver), of: owner, dealer: owner, receiver: receiver, keys: keys)
        return try SealedShares.seal(
            shares.bytes, key: key,
            for: pairs.sealingContext(dealer: owner, receiver: receiver, keys: keys))
    }

    /// The shares that a dealer sealed for this participant; `nil` if they are wrong.
    package func openShares(
        of dealer: Int, keys: Roster<KeyAdvertisement>, distribution: ShareDistribution
    ) throws -> SharePair? {
        try SharePair(
            sealedBy: dealer, for: owner, secret: sealingSecret(for: dealer), keys: keys,
            distribution: distribution, session: pairs.session)
    }
}

extension SecretBytes {
    /// A copy, for what is made public.
    package var copy: [UInt8] { withBytes { Array($0) } }
}
