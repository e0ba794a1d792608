/// How many flags keep verifiers awake in `open` mode, and what a report must pay and cost.
public struct FlagPlan: Sendable, Hashable {
    /// φ: flagged stages among the E − 2 inner ones.
    public let flags: Int
    /// ψ = φ/(E − 2).
    public let flagRate: Double
    /// A: the smallest penalty for reporting a stage that is right.
    public let falseReportPenalty: Double
    /// w: the smallest pay of a report with which diligent verifiers take part.
    public let stagePay: Double

    /// The smallest plan for stages that cost `checkCost` to run again.
    ///
    /// - Returns: `nil` if more than half of the inner stages would have to be flags, or there is no inner stage.
    /// - Throws: `IncentiveError` for a number out of its range.
    public init?(stages: Int, checkCost: Double, flagReward: Double, missPenalty: Double) throws {
        let inner = stages - 2
        let base = try VerifierEconomics(
            checkCost: checkCost, stagePay: 0, flagReward: flagReward, missPenalty: missPenalty, flagRate: 0)
        guard inner >= 1, let rate = base.smallestFlagRate else { return nil }
        let count = Int((rate * Double(inner)).rounded(.up))
        guard count <= inner / 2 else { return nil }
        flags = count
        flagRate = Double(count) / Double(inner)
        falseReportPenalty = checkCost / (1 - flagRate)
        stagePay = max(0, checkCost - flagRate * flagReward)
    }
}
