import Ledger

/// Keys that two participants share, and what is derived from a participant's seeds. All are bound to the session and to
/// the numbers of those they serve; whoever recovers a seed derives the same.
package struct PairKeys {
    package let session: AggregationSession

    package init(session: AggregationSession) { self.session = session }

    /// The X25519 secret of `owner` for its mask with `peer`, from the seed that `owner` shared.
    package func maskSecret(seed: Scalar, of owner: Int, for peer: Int) throws -> SecretBytes {
        try KeyDerivation.derive(
            from: SecretBytes(seed), session: session.digest, for: .init("mask secret", owner, peer))
    }

    /// The X25519 secret of `owner` for shares between it and `peer`.
    package func sealingSecret(seed: SecretBytes, of owner: Int, for peer: Int) throws -> SecretBytes {
        try KeyDerivation.derive(
            from: seed, session: session.digest, for: .init("sealing secret", owner, peer))
    }

    /// The key that the mask of a pair is expanded from, by the secret of either end.
    package func pairMask(
        _ secret: SecretBytes, of owner: Int, with peer: Int, keys: Roster<KeyAdvertisement>
    ) throws -> SecretBytes {
        let (low, high) = (min(owner, peer), max(owner, peer))
        guard let lower = keys[low]?.maskKey(of: low, for: high),
            let higher = keys[high]?.maskKey(of: high, for: low),
            let shared = try KeyAgreement.sharedSecret(secret, with: owner == low ? higher : lower)
        else { throw AggregationError.malformed("participants \(low) and \(high) share no mask key") }
        return try KeyDerivation.derive(
            from: shared, session: session.digest,
            for: .init("pair mask", low, high, values: [lower, higher]))
    }

    /// The key that shares of `dealer` for `receiver` are sealed with, by the secret of either.
    package func sealing(
        _ secret: SecretBytes, of owner: Int, dealer: Int, receiver: Int, keys: Roster<KeyAdvertisement>
    ) throws -> SecretBytes {
        guard let dealers = keys[dealer]?.sealingKey(of: dealer, for: receiver),
            let receivers = keys[receiver]?.sealingKey(of: receiver, for: dealer),
            let shared = try KeyAgreement.sharedSecret(secret, with: owner == dealer ? receivers : dealers)
        else {
            throw AggregationError.malformed("participants \(dealer) and \(receiver) share no sealing key")
        }
        return try KeyDerivation.derive(
            from: shared, session: session.digest,
            for: .init("sealed shares", dealer, receiver, values: [dealers, receivers]))
    }

    /// What sealed shares are authenticated with.
    package func sealingContext(dealer: Int, receiver: Int, keys: Roster<KeyAdvertisement>) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.encode(session.digest)
        encoder.encode(keys.digest)
        encoder.encode(UInt16(dealer))
        encoder.encode(UInt16(receiver))
        return encoder.bytes
    }

    /// The self mask of a seed, a vector of the session's length with its blinding.
    package func selfMask(seed: Scalar, of owner: Int) throws -> SecretVector {
        let key = try KeyDerivation.derive(
            from: SecretBytes(seed), session: session.digest, for: .init("self mask", owner))
        return try expand(key)
    }

    package func expand(_ key: SecretBytes) throws -> SecretVector {
        try MaskExpansion.expand(key, count: session.length + 1)
    }
}

/// The two shares that a dealer seals for a receiver.
package struct SharePair {
    package let selfShare: Scalar
    package let keyShare: Scalar

    package init(selfShare: Scalar, keyShare: Scalar) {
        self.selfShare = selfShare
        self.keyShare = keyShare
    }

    /// What a sealing secret of the receiver opens; `nil` if it does not open, or if a share is not on the dealer's
    /// committed polynomial.
    package init?(
        sealedBy dealer: Int, for receiver: Int, secret: SecretBytes, keys: Roster<KeyAdvertisement>,
        distribution: ShareDistribution, session: AggregationSession
    ) throws {
        let pairs = PairKeys(session: session)
        let key = try pairs.sealing(secret, of: receiver, dealer: dealer, receiver: receiver, keys: keys)
        let opened = try SealedShares.open(
            distribution.sealedShares(of: dealer, for: receiver, keys: keys), key: key,
            for: pairs.sealingContext(dealer: dealer, receiver: receiver, keys: keys))
        guard let opened else { return nil }
        let halves = opened.withBytes { bytes -> (Scalar, Scalar)? in
            guard bytes.count == 2 * Scalar.byteCount,
                let first = try? Scalar(bigEndian: bytes[..<Scalar.byteCount]),
                let second = try? Scalar(bigEndian: bytes[Scalar.byteCount...])
            else { return nil }
            return (first, second)
        }
        guard let (selfShare, keyShare) = halves, distribution.selfSharing.isShare(selfShare, of: receiver),
            distribution.keySharing.isShare(keyShare, of: receiver)
        else { return nil }
        self.init(selfShare: selfShare, keyShare: keyShare)
    }

    /// The plain text to seal.
    package var bytes: SecretBytes {
        let halves = [SecretBytes(selfShare), SecretBytes(keyShare)]
        return SecretBytes(count: 2 * Scalar.byteCount) { buffer in
            for (place, half) in halves.enumerated() {
                half.withBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: buffer[(place * Scalar.byteCount)...])
                        .copyBytes(from: bytes)
                }
            }
        }
    }
}
