/// The numbers of the protocol that are fixed when a ledger is made (Docs/protocol.md).
public struct ProtocolParameters: Sendable, Hashable, Codable {
    /// What each role must have staked, at least 1; also what one engagement locks.
    public var minimumStake: RoleAmounts
    /// Least bond of an order, at least 1.
    public var minimumBond: UInt64
    /// Of a participant's lock, what it loses that does not reveal its beacon secret, in basis points.
    public var nonRevealSlash: UInt16
    /// Of a slashed amount, what goes to whoever found the lie, in basis points; the rest is burnt.
    public var challengerShare: UInt16
    /// Votes that decide a report, at least 1.
    public var voteQuorum: UInt32
    /// For each order, 1 … 256.
    public var maximumParticipants: UInt16
    /// For each order, 1 … 256.
    public var maximumValidators: UInt16
    /// Whether the ledger recomputes openings that are reported as unfit, instead of leaving them to a vote.
    public var recomputesOpenings: Bool

    public init(
        minimumStake: RoleAmounts, minimumBond: UInt64, nonRevealSlash: UInt16, challengerShare: UInt16,
        voteQuorum: UInt32, maximumParticipants: UInt16, maximumValidators: UInt16, recomputesOpenings: Bool
    ) {
        self.minimumStake = minimumStake
        self.minimumBond = minimumBond
        self.nonRevealSlash = nonRevealSlash
        self.challengerShare = challengerShare
        self.voteQuorum = voteQuorum
        self.maximumParticipants = maximumParticipants
        self.maximumValidators = maximumValidators
        self.recomputesOpenings = recomputesOpenings
    }

    /// What a ledger gets whose maker does not choose.
    public static let standard = ProtocolParameters(
        minimumStake: RoleAmounts(
            publisher: 1000, participant: 100, validator: 50, verifier: 50, aggregator: 100),
        minimumBond: 100, nonRevealSlash: 2500, challengerShare: 5000, voteQuorum: 3,
        maximumParticipants: 64, maximumValidators: 64, recomputesOpenings: false)

    /// What is wrong with them, `nil` if nothing is.
    var problem: String? {
        for role in Role.allCases
        where !(1...LedgerConfiguration.maximumSupply).contains(minimumStake[role]) {
            return "the minimum stake of the role \(role) is \(minimumStake[role])"
        }
        guard (1...LedgerConfiguration.maximumSupply).contains(minimumBond) else {
            return "the minimum bond is \(minimumBond)"
        }
        for share in [nonRevealSlash, challengerShare] where share > BasisPoints.whole {
            return "\(share) basis points are more than the whole"
        }
        guard voteQuorum >= 1 else { return "a quorum of 0 votes decides nothing" }
        for count in [maximumParticipants, maximumValidators] where !(1...256).contains(count) {
            return "an order cannot have a limit of \(count) participants or validators"
        }
        return nil
    }
}

extension ProtocolParameters: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        minimumStake.encode(to: &encoder)
        encoder.encode(minimumBond)
        encoder.encode(nonRevealSlash)
        encoder.encode(challengerShare)
        encoder.encode(voteQuorum)
        encoder.encode(maximumParticipants)
        encoder.encode(maximumValidators)
        encoder.encode(recomputesOpenings)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        minimumStake = try RoleAmounts(from: &decoder)
        minimumBond = try decoder.unsigned("minimum bond")
        nonRevealSlash = try decoder.unsigned("slash for not revealing")
        challengerShare = try decoder.unsigned("share of the challenger")
        voteQuorum = try decoder.unsigned("quorum")
        maximumParticipants = try decoder.unsigned("most participants")
        maximumValidators = try decoder.unsigned("most validators")
        recomputesOpenings = try decoder.flag("recomputed openings")
    }
}
