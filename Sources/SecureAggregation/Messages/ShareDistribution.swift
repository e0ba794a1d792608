import Ledger

/// Step 2: a participant's shares of its two secrets, the self mask's seed and the seed of its mask keys, sealed for each
/// other participant that advertised keys.
public struct ShareDistribution: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-SHARES" }
    public static var step: String { "shares" }

    /// Two field elements and a tag.
    package static let sealedByteCount = 2 * Scalar.byteCount + SealedShares.tagByteCount

    /// The roster of keys that it answers.
    public let keyRoster: Digest
    package let selfSharing: SharingCommitments
    package let keySharing: SharingCommitments
    /// For each other sender of keys in order.
    private let sealedShares: [UInt8]

    package init(
        keyRoster: Digest, selfSharing: SharingCommitments, keySharing: SharingCommitments,
        sealedShares: [[UInt8]]
    ) {
        self.keyRoster = keyRoster
        self.selfSharing = selfSharing
        self.keySharing = keySharing
        self.sealedShares = sealedShares.flatMap(\.self)
    }

    /// What `dealer` sealed for `receiver`; form and sender have been checked.
    package func sealedShares(of dealer: Int, for receiver: Int, keys: Roster<KeyAdvertisement>) -> [UInt8] {
        let place = keys.senders.count { $0 < receiver && $0 != dealer }
        return Array(sealedShares[place * Self.sealedByteCount..<(place + 1) * Self.sealedByteCount])
    }

    /// What is wrong with the form, if anything.
    package func flaw(in session: AggregationSession, keys: Roster<KeyAdvertisement>) -> String? {
        if keyRoster != keys.digest { return "it answers another roster of keys" }
        guard selfSharing.points.count == session.threshold, keySharing.points.count == session.threshold
        else { return "a polynomial does not have \(session.threshold) coefficients" }
        guard sealedShares.count == (keys.senders.count - 1) * Self.sealedByteCount else {
            return "it does not have a share for each other sender of keys"
        }
        return nil
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(keyRoster)
        selfSharing.encode(to: &encoder)
        keySharing.encode(to: &encoder)
        encoder.encode(sealedShares)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        keyRoster = try decoder.digest("roster of keys")
        selfSharing = try SharingCommitments(from: &decoder)
        keySharing = try SharingCommitments(from: &decoder)
        sealedShares = try decoder.bytes(
            "sealed shares", maximum: Self.sealedByteCount * AggregationSession.maximumMembers)
    }
}
