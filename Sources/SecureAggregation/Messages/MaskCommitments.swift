import EllipticCurves
import Ledger

/// Step 3: a participant's commitments to its masks, and its complaints about shares.
public struct MaskCommitments: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-COMMITMENTS" }
    public static var step: String { "commitments" }

    package static let pointByteCount = PointEncoding.compressed.byteCount(of: BN254G1.self)

    /// The roster of shares that it answers.
    public let shareRoster: Digest
    /// B_i, to the self mask.
    package let selfMask: Point
    /// P_ij for each other sender of shares in order, compressed. Both ends of a pair must give the same bytes.
    private let pairMasks: [UInt8]
    public let complaints: [Complaint]

    package init(shareRoster: Digest, selfMask: Point, pairMasks: [Point], complaints: [Complaint]) {
        self.shareRoster = shareRoster
        self.selfMask = selfMask
        self.pairMasks = pairMasks.flatMap { $0.encoded(as: .compressed) }
        self.complaints = complaints
    }

    /// The commitment of `sender` to its mask with `peer`; form and sender have been checked.
    package func pairMask(
        of sender: Int, with peer: Int, shares: Roster<ShareDistribution>
    ) -> ArraySlice<UInt8> {
        let place = shares.senders.count { $0 < peer && $0 != sender }
        return pairMasks[place * Self.pointByteCount..<(place + 1) * Self.pointByteCount]
    }

    /// What is wrong with the form, if anything.
    package func flaw(shares: Roster<ShareDistribution>, sender: Int) -> String? {
        if shareRoster != shares.digest { return "it answers another roster of shares" }
        guard pairMasks.count == (shares.senders.count - 1) * Self.pointByteCount else {
            return "it does not have a commitment for each other sender of shares"
        }
        for start in stride(from: 0, to: pairMasks.count, by: Self.pointByteCount) {
            let bytes = pairMasks[start..<start + Self.pointByteCount]
            if (try? Point(decoding: bytes, as: .compressed)) == nil { return "a commitment is no point" }
        }
        let dealers = complaints.map(\.dealer)
        guard Set(dealers).count == dealers.count,
            dealers.allSatisfy({ $0 != sender && shares.contains($0) })
        else { return "it complains twice, or about nobody" }
        return nil
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(shareRoster)
        encoder.encode(fixed: selfMask.encoded(as: .compressed))
        encoder.encode(pairMasks)
        encoder.encode(list: complaints) { encoder, complaint in
            encoder.encode(UInt16(complaint.dealer))
            encoder.encode(fixed: complaint.sealingKey)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        shareRoster = try decoder.digest("roster of shares")
        selfMask = try decoder.point("commitment to the self mask")
        pairMasks = try decoder.bytes(
            "commitments to the masks of pairs",
            maximum: Self.pointByteCount * AggregationSession.maximumMembers)
        complaints = try decoder.list("complaints", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in
            Complaint(
                dealer: try decoder.member("dealer"),
                sealingKey: Array(try decoder.fixed(KeyAgreement.keyByteCount, "sealing key")))
        }
    }
}

/// Says that a dealer's share is wrong, and shows it: the complainer's secret key for shares between the two opens what was
/// sealed, for everybody.
public struct Complaint: Sendable, Hashable {
    public let dealer: Int
    /// The secret half of the advertised key; it serves these two participants only.
    package let sealingKey: [UInt8]

    package init(dealer: Int, sealingKey: [UInt8]) {
        self.dealer = dealer
        self.sealingKey = sealingKey
    }
}

/// Between steps 3 and 4, in a dispute only: the secret mask key of a pair whose ends committed to different masks.
public struct DisputeKey: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-DISPUTE" }
    public static var step: String { "disputes" }

    /// The roster of shares of the session's course.
    public let shareRoster: Digest
    public let peer: Int
    package let maskKey: [UInt8]

    package init(shareRoster: Digest, peer: Int, maskKey: [UInt8]) {
        self.shareRoster = shareRoster
        self.peer = peer
        self.maskKey = maskKey
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(shareRoster)
        encoder.encode(UInt16(peer))
        encoder.encode(fixed: maskKey)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        shareRoster = try decoder.digest("roster of shares")
        peer = try decoder.member("peer")
        maskKey = Array(try decoder.fixed(KeyAgreement.keyByteCount, "mask key"))
    }
}
