import Ledger

/// Step 5: the participants whose masked vectors count. Fixed once, in public, before any share is revealed: the leader
/// signs it, the survivors sign it, and `FixSurvivors` puts their accounts on the ledger.
public struct SurvivorSet: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-SURVIVORS" }
    public static var step: String { "survivors" }

    public struct Survivor: Sendable, Hashable {
        public let participant: Int
        /// `MaskedInput.digest`.
        public let input: Digest

        package init(participant: Int, input: Digest) {
            self.participant = participant
            self.input = input
        }
    }

    /// The roster of mask commitments that the vectors are masked by.
    public let maskRoster: Digest
    /// In ascending order.
    public let survivors: [Survivor]

    package init(maskRoster: Digest, survivors: [Survivor]) {
        self.maskRoster = maskRoster
        self.survivors = survivors.sorted { $0.participant < $1.participant }
    }

    public var participants: [Int] { survivors.map(\.participant) }

    public func contains(_ participant: Int) -> Bool {
        survivors.contains { $0.participant == participant }
    }

    /// What signatures and shares are bound to.
    public func digest(in session: AggregationSession) -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(session.digest)
        encode(to: &encoder)
        return Digest(purpose: "ZKPOT-V1-AGGREGATION-SURVIVORS-DIGEST", encoder.bytes)
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(maskRoster)
        encoder.encode(list: survivors) { encoder, survivor in
            encoder.encode(UInt16(survivor.participant))
            encoder.encode(survivor.input)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        maskRoster = try decoder.digest("roster of commitments")
        let start = decoder.offset
        survivors = try decoder.list("survivors", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in
            Survivor(participant: try decoder.member("survivor"), input: try decoder.digest("input"))
        }
        guard zip(survivors, survivors.dropFirst()).allSatisfy({ $0.participant < $1.participant }) else {
            throw decoder.failure("survivors", "are not in ascending order", at: start)
        }
    }
}

/// Step 5, the answer: a survivor signs the survivor set, once, for the others and for the ledger.
public struct SurvivorConsent: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-CONSENT" }
    public static var step: String { "consents" }

    /// `SurvivorSet.digest`.
    public let survivors: Digest
    /// Ed25519 over `SurvivorSet.ledgerDigest`, 64 bytes: one of the signatures in `FixSurvivors`.
    public let ledgerSignature: [UInt8]

    package init(survivors: Digest, ledgerSignature: [UInt8]) {
        self.survivors = survivors
        self.ledgerSignature = ledgerSignature
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(survivors)
        encoder.encode(fixed: ledgerSignature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        survivors = try decoder.digest("survivors")
        ledgerSignature = Array(
            try decoder.fixed(SigningKey.signatureByteCount, "signature for the ledger"))
    }
}

/// Step 6: a survivor's shares, one for each participant of the mask roster: of the self mask's seed of a survivor, of the
/// mask keys' seed of anybody else. Which of the two follows from the survivor set, so both cannot be asked for.
public struct RevealedShares: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-UNMASKING" }
    public static var step: String { "unmasking" }

    /// `SurvivorSet.digest`.
    public let survivors: Digest
    /// In the order of the mask roster.
    package let shares: [Scalar]

    package init(survivors: Digest, shares: [Scalar]) {
        self.survivors = survivors
        self.shares = shares
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(survivors)
        encoder.encode(list: shares) { $0.encode(fixed: $1.bigEndianBytes) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        survivors = try decoder.digest("survivors")
        shares = try decoder.list("shares", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in try decoder.scalar("share")
        }
    }
}
