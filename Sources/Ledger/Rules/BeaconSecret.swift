/// A participant's part of the beacon: 32 random bytes, committed to before anybody knows the others'.
public enum BeaconSecret {
    /// SHA-256("ZKPOT-V1-SECRET" ‖ account ‖ secret).
    public static func commitment(to secret: Digest, of account: PublicKey) -> Digest {
        Digest(sha256: Array("ZKPOT-V1-SECRET".utf8) + account.bytes + secret.bytes)
    }
}

/// The random values of an order, which nobody can choose alone.
enum Beacon {
    /// Draws the audited stages: SHA-256("ZKPOT-V1-BEACON" ‖ order ‖ revealed secrets in the order of the accounts ‖
    /// salt of the test set).
    static func audit(order: Digest, secrets: [PublicKey: Digest], salt: Digest) -> Digest {
        let parts = secrets.sorted { $0.key < $1.key }.flatMap { $0.value.bytes }
        return Digest(sha256: Array("ZKPOT-V1-BEACON".utf8) + order.bytes + parts + salt.bytes)
    }

    /// Shuffles the batches: SHA-256("ZKPOT-V1-DATA-BEACON" ‖ order ‖ account ‖ digest of its data set, for every
    /// commitment to data, in the order of the accounts).
    static func data(order: Digest, commitments: [PublicKey: DataCommitment]) -> Digest {
        let parts = commitments.sorted { $0.key < $1.key }.flatMap { $0.key.bytes + $0.value.dataset.bytes }
        return Digest(sha256: Array("ZKPOT-V1-DATA-BEACON".utf8) + order.bytes + parts)
    }

    /// An order's name: SHA-256 of ledger, task and round.
    static func name(ledger: Digest, task: Identifier, round: UInt64) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(ledger)
        task.encode(to: &encoder)
        encoder.encode(round)
        return Digest(purpose: "ZKPoT order name v1", encoder.bytes)
    }
}
