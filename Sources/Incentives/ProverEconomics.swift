/// What a participant gains and pays, in any one unit of money.
public struct ProverEconomics: Sendable, Hashable {
    /// What a participant maximises.
    public enum Objective: String, Sendable, Hashable, CaseIterable {
        /// The utility of this task.
        case task
        /// The utility for each stage's worth of work, for those who always find another task.
        case work
    }

    /// E.
    public let stages: Int
    /// c: training one stage.
    public let cost: Double
    /// p: proving one audited stage.
    public let proofCost: Double
    /// R: paid when every audited stage is proven.
    public let reward: Double
    /// κ: a stage that is made up costs κ·c; below 1.
    public let fakeCost: Double
    /// G: what passing with a false history is worth besides the work it saves, such as a stolen model's accuracy.
    public let gain: Double
    /// q: the probability that a false audited stage is noticed. 1 for proofs that a ledger checks.
    public let noticed: Double
    public let objective: Objective

    /// The largest number of stages that is planned for: every α is tried with every number of bad stages.
    public static let mostStages = 10_000
    static let largestAmount = 1e15

    /// - Throws: `IncentiveError` for a number out of its range.
    public init(
        stages: Int, cost: Double, proofCost: Double = 0, reward: Double, fakeCost: Double = 0,
        gain: Double = 0, noticed: Double = 1, objective: Objective = .task
    ) throws {
        guard (1...Self.mostStages).contains(stages) else {
            throw IncentiveError("\(stages) stages, not 1 to \(Self.mostStages)")
        }
        for (name, amount) in [
            ("cost", cost), ("cost of a proof", proofCost), ("reward", reward), ("gain", gain),
        ] {
            guard (0...Self.largestAmount).contains(amount) else {
                throw IncentiveError("the \(name) is \(amount), not 0 to 10^15")
            }
        }
        guard (0..<1).contains(fakeCost) else {
            throw IncentiveError("a made-up stage costs \(fakeCost) of a true one, not 0 up to 1")
        }
        guard noticed > 0, noticed <= 1 else {
            throw IncentiveError("a false stage is noticed with probability \(noticed), not above 0 up to 1")
        }
        self.stages = stages
        self.cost = cost
        self.proofCost = proofCost
        self.reward = reward
        self.fakeCost = fakeCost
        self.gain = gain
        self.noticed = noticed
        self.objective = objective
    }

    /// What an honest participant is paid less the proofs: R − α·p.
    public func netReward(audits: Int) -> Double {
        reward - Double(AuditSampling(stages: stages, audits: audits).audits) * proofCost
    }

    /// R − α·p − E·c; by the objective `work`, of each stage's worth of work.
    public func honestUtility(audits: Int) -> Double {
        share(netReward(audits: audits) - Double(stages) * cost, work: Double(stages))
    }

    /// d_f = q·(1 − P_f): the probability that `bad` false stages cost the stake.
    public func detection(bad: Int, audits: Int) -> Double {
        noticed * (1 - AuditSampling(stages: stages, audits: audits).missProbability(bad: bad))
    }

    /// (1 − d_f)·(R − α·p + G) − d_f·S − (E − f·(1 − κ))·c, of one who makes up `bad` stages. Who is caught proves nothing, and
    /// pays for no proofs.
    public func cheatingUtility(bad: Int, audits: Int, stake: Double) -> Double {
        cheatingUtility(
            bad: bad, detection: detection(bad: bad, audits: audits), net: netReward(audits: audits),
            stake: stake)
    }

    /// The best that making up some stages can bring, and how many.
    public func bestCheat(audits: Int, stake: Double) -> (utility: Double, bad: Int) {
        let net = netReward(audits: audits)
        var best = (utility: -Double.infinity, bad: 1)
        for (bad, miss) in AuditSampling(stages: stages, audits: audits).missProbabilities.enumerated()
            .dropFirst()
        {
            let utility = cheatingUtility(
                bad: bad, detection: noticed * (1 - miss), net: net, stake: stake)
            if utility > best.utility { best = (utility, bad) }
        }
        return best
    }

    /// The smallest stake with which no number of false stages is worth more than honesty, and the number that asks for it;
    /// infinite if some number is never noticed. Below zero, honesty pays without a stake.
    public func smallestStake(audits: Int) -> (stake: Double, bad: Int) {
        let net = netReward(audits: audits)
        var worst = (stake: -Double.infinity, bad: 1)
        for (bad, miss) in AuditSampling(stages: stages, audits: audits).missProbabilities.enumerated()
            .dropFirst()
        {
            let detection = noticed * (1 - miss)
            guard detection > 0 else { return (.infinity, bad) }
            let stake: Double
            switch objective {
            case .task:
                // d·(R' + S + G) ≥ f·(1 − κ)·c + G
                stake = (saved(bad) * cost + gain) / detection - net - gain
            case .work:
                // ((1 − d)·(R' + G) − d·S)/(E − f·(1 − κ)) ≤ R'/E
                let honest = net * (Double(stages) - saved(bad)) / Double(stages)
                stake = ((1 - detection) * (net + gain) - honest) / detection
            }
            if stake > worst.stake { worst = (stake, bad) }
        }
        return worst
    }

    private func cheatingUtility(bad: Int, detection: Double, net: Double, stake: Double) -> Double {
        let work = Double(stages) - saved(bad)
        return share((1 - detection) * (net + gain) - detection * stake - work * cost, work: work)
    }

    /// f·(1 − κ): stages' worth of work that `bad` made-up stages save.
    private func saved(_ bad: Int) -> Double { Double(bad) * (1 - fakeCost) }

    /// A utility as the objective counts it. Work below a hundredth of a stage counts as that.
    private func share(_ utility: Double, work: Double) -> Double {
        objective == .task ? utility : utility / max(work, 0.01)
    }
}

/// What is wrong with the numbers.
public struct IncentiveError: Error, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
