/// The smallest number of audits, and the stake, with which honesty is optimal.
public struct AuditPlan: Sendable, Hashable {
    /// What holds at one number of audits.
    public struct Row: Sendable, Hashable {
        /// α.
        public let audits: Int
        /// The smallest stake, infinite where none is enough.
        public let stake: Double
        /// The number of false stages that asks for it.
        public let worstBad: Int
        /// U of an honest participant.
        public let honestUtility: Double
        /// The probability that one false stage passes unseen.
        public let oneBadPasses: Double
        /// Whether honesty is optimal with the stake allowed, and not worse than staying away.
        public let isEnough: Bool
    }

    public let economics: ProverEconomics
    /// The largest stake that may be asked for.
    public let stakeLimit: Double
    /// For every α from min(2, E) to E.
    public let rows: [Row]

    /// - Throws: `IncentiveError` for a limit that is no amount.
    public init(_ economics: ProverEconomics, stakeLimit: Double) throws {
        guard (0...ProverEconomics.largestAmount).contains(stakeLimit) else {
            throw IncentiveError("the limit of the stake is \(stakeLimit), not 0 to 10^15")
        }
        self.economics = economics
        self.stakeLimit = stakeLimit
        rows = (min(2, economics.stages)...economics.stages).map { audits in
            let (stake, bad) = economics.smallestStake(audits: audits)
            let honest = economics.honestUtility(audits: audits)
            return Row(
                audits: audits, stake: max(0, stake), worstBad: bad, honestUtility: honest,
                oneBadPasses: 1 - economics.detection(bad: 1, audits: audits),
                isEnough: stake <= stakeLimit && honest >= 0)
        }
    }

    /// The row of the smallest α that is enough; `nil` if none is.
    public var smallest: Row? { rows.first { $0.isEnough } }

    public func row(audits: Int) -> Row? { rows.first { $0.audits == audits } }

    /// Why no α is enough, in a sentence.
    public var obstacle: String? {
        guard smallest == nil else { return nil }
        if rows.allSatisfy({ $0.honestUtility < 0 }) {
            return "the reward does not pay for training and proofs, whatever the number of audits"
        }
        let willing = rows.filter { $0.honestUtility >= 0 }
        guard let least = willing.min(by: { $0.stake < $1.stake }), least.stake.isFinite else {
            return "with the audits that the reward pays for, some number of false stages is never noticed"
        }
        return "with the audits that the reward pays for, the stake must be at least \(least.stake)"
    }
}
