/// What a verifier gains and pays for each stage that is given to it in `open` mode, where checking means running the stage
/// again. Proofs are checked in a millisecond, so none of this concerns the other modes.
public struct VerifierEconomics: Sendable, Hashable {
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// Runs every stage again and reports what deviates.
        case diligent
        /// Reports that all is well, and runs nothing.
        case lazy
        /// Reports that every stage deviates, and runs nothing.
        case accusing
    }

    /// v: running one stage again.
    public let checkCost: Double
    /// w: paid for a report about a stage.
    public let stagePay: Double
    /// F: paid for a flag that is found.
    public let flagReward: Double
    /// L: lost for a flag that is not found in a stage that was reported about.
    public let missPenalty: Double
    /// A: lost for reporting a stage that is right.
    public let falseReportPenalty: Double
    /// ψ: the probability that a stage is flagged.
    public let flagRate: Double
    /// ε: the probability that a stage is false and not flagged.
    public let cheatRate: Double
    /// B: paid for a false stage that is found.
    public let cheatReward: Double

    /// - Throws: `IncentiveError` for a number out of its range.
    public init(
        checkCost: Double, stagePay: Double, flagReward: Double, missPenalty: Double = 0,
        falseReportPenalty: Double = 0, flagRate: Double, cheatRate: Double = 0, cheatReward: Double = 0
    ) throws {
        for (name, amount) in [
            ("cost of a check", checkCost), ("pay", stagePay), ("reward of a flag", flagReward),
            ("penalty for a missed flag", missPenalty),
            ("penalty for a false report", falseReportPenalty), ("reward of a cheat", cheatReward),
        ] {
            guard (0...ProverEconomics.largestAmount).contains(amount) else {
                throw IncentiveError("the \(name) is \(amount), not 0 to 10^15")
            }
        }
        guard flagRate >= 0, cheatRate >= 0, flagRate + cheatRate <= 1 else {
            throw IncentiveError(
                "stages are flagged with probability \(flagRate) and false with \(cheatRate), above 1")
        }
        self.checkCost = checkCost
        self.stagePay = stagePay
        self.flagReward = flagReward
        self.missPenalty = missPenalty
        self.falseReportPenalty = falseReportPenalty
        self.flagRate = flagRate
        self.cheatRate = cheatRate
        self.cheatReward = cheatReward
    }

    /// The expected utility of one stage. A false stage that nobody finds stays unknown, so missing it costs nothing: this
    /// is the dilemma, and without flags being lazy is best.
    public func utility(_ strategy: Strategy) -> Double {
        let found = flagRate * flagReward + cheatRate * cheatReward
        switch strategy {
        case .diligent: return stagePay - checkCost + found
        case .lazy: return stagePay - flagRate * missPenalty
        case .accusing: return stagePay + found - (1 - flagRate - cheatRate) * falseReportPenalty
        }
    }

    /// What a verifier that runs only a part of its stages again earns: in between, so never best alone.
    public func utility(diligence: Double) -> Double {
        diligence * utility(.diligent) + (1 - diligence) * utility(.lazy)
    }

    /// Whether running every stage again is optimal, and worth taking part.
    public var isDiligenceOptimal: Bool {
        let diligent = utility(.diligent)
        return diligent >= utility(.lazy) && diligent >= utility(.accusing) && diligent >= 0
    }

    /// The smallest ψ with which diligence beats laziness: (v − ε·B)/(F + L); `nil` if no rate up to 1 does.
    public var smallestFlagRate: Double? {
        let missing = checkCost - cheatRate * cheatReward
        if missing <= 0 { return 0 }
        let rate = missing / (flagReward + missPenalty)
        return rate <= 1 ? rate : nil
    }

    /// The smallest A with which accusing everything does not beat diligence: v/(1 − ψ − ε); `nil` if every stage deviates.
    public var smallestFalseReportPenalty: Double? {
        let right = 1 - flagRate - cheatRate
        return right > 0 ? checkCost / right : nil
    }

    /// The pay of a report once the flags are known.
    ///
    /// - Parameters: numbers of stages.
    public func pay(reported: Int, flagsFound: Int, flagsMissed: Int, cheatsFound: Int, falseReports: Int)
        -> Double
    {
        Double(reported) * stagePay + Double(flagsFound) * flagReward + Double(cheatsFound) * cheatReward
            - Double(flagsMissed) * missPenalty - Double(falseReports) * falseReportPenalty
    }
}
