import Incentives
import Testing

/// The verifier's dilemma, and how flags end it.
@Suite struct VerifierTests {
    private func economics(flagRate: Double, cheatRate: Double = 0) throws -> VerifierEconomics {
        try VerifierEconomics(
            checkCost: 1, stagePay: 0.9, flagReward: 4, missPenalty: 6, falseReportPenalty: 1.25,
            flagRate: flagRate, cheatRate: cheatRate, cheatReward: 5)
    }

    /// Without flags being lazy is best, even if a few stages are false.
    @Test func withoutFlagsTheLazyWin() throws {
        for cheats in [0, 0.01, 0.1] {
            let dilemma = try economics(flagRate: 0, cheatRate: cheats)
            #expect(dilemma.utility(.lazy) > dilemma.utility(.diligent) && !dilemma.isDiligenceOptimal)
        }
    }

    /// From v/(F + L) = 1/10 on the diligent win.
    @Test func withFlagsTheDiligentWin() throws {
        #expect(try economics(flagRate: 0.2).smallestFlagRate == 0.1)
        #expect(try !economics(flagRate: 0.099).isDiligenceOptimal)
        let just = try economics(flagRate: 0.101)
        #expect(just.utility(.diligent) > just.utility(.lazy) && just.isDiligenceOptimal)
        for part in [0.0, 0.3, 0.9] { #expect(just.utility(diligence: part) < just.utility(diligence: 1)) }
        #expect(just.utility(diligence: 0) == just.utility(.lazy))
    }

    /// Accusing everything costs more than checking from A = v/(1 − ψ) on.
    @Test func accusingEverythingDoesNotPay() throws {
        let rate = 0.2
        let penalty = try #require(try economics(flagRate: rate).smallestFalseReportPenalty)
        #expect(penalty == 1.25)
        func make(_ penalty: Double) throws -> VerifierEconomics {
            try VerifierEconomics(
                checkCost: 1, stagePay: 1, flagReward: 4, missPenalty: 6, falseReportPenalty: penalty,
                flagRate: rate)
        }
        #expect(try make(penalty + 0.01).isDiligenceOptimal)
        #expect(try !make(penalty - 0.01).isDiligenceOptimal)
    }

    /// With the plan's flags, pay and penalty diligence is optimal; with one flag fewer, or less of either, it is not.
    @Test(arguments: [(12, 1.0, 9.0, 6.0), (200, 2.0, 30.0, 20.0), (1000, 0.5, 4.0, 0.0)])
    func thePlanIsTheSmallest(stages: Int, cost: Double, reward: Double, penalty: Double) throws {
        let plan = try #require(
            try FlagPlan(stages: stages, checkCost: cost, flagReward: reward, missPenalty: penalty))
        func isOptimal(flags: Int, pay: Double = 0, falseReport: Double = 0) throws -> Bool {
            try VerifierEconomics(
                checkCost: cost, stagePay: max(0, plan.stagePay + pay), flagReward: reward,
                missPenalty: penalty, falseReportPenalty: plan.falseReportPenalty + falseReport,
                flagRate: Double(flags) / Double(stages - 2)
            ).isDiligenceOptimal
        }
        let margin = 1e-9
        #expect(try isOptimal(flags: plan.flags, pay: margin, falseReport: margin))
        #expect(try !isOptimal(flags: plan.flags - 1, pay: 1, falseReport: 1))
        #expect(try !isOptimal(flags: plan.flags, pay: 1, falseReport: -0.01 * cost))
        #expect(try plan.stagePay == 0 || !isOptimal(flags: plan.flags, pay: -0.01 * cost, falseReport: 1))
        #expect(try FlagPlan(stages: 2, checkCost: 1, flagReward: 9, missPenalty: 9) == nil)
        #expect(try FlagPlan(stages: 100, checkCost: 1, flagReward: 1, missPenalty: 0.9) == nil)
        #expect(throws: IncentiveError.self) {
            _ = try FlagPlan(stages: 100, checkCost: -1, flagReward: 1, missPenalty: 1)
        }
    }

    @Test func ratesThatNothingReaches() throws {
        let poor = try VerifierEconomics(
            checkCost: 10, stagePay: 1, flagReward: 3, missPenalty: 2, flagRate: 0.5)
        #expect(poor.smallestFlagRate == nil)
        let rich = try VerifierEconomics(
            checkCost: 1, stagePay: 1, flagReward: 3, flagRate: 0.5, cheatRate: 0.5, cheatReward: 2)
        #expect(rich.smallestFlagRate == 0 && rich.smallestFalseReportPenalty == nil)
        for (flags, cheats) in [(-0.1, 0), (0.6, 0.5), (Double.nan, 0), (0, -1)] {
            #expect(throws: IncentiveError.self) { _ = try economics(flagRate: flags, cheatRate: cheats) }
        }
        for amount in [-1, Double.nan, 1e16] {
            #expect(throws: IncentiveError.self) {
                _ = try VerifierEconomics(
                    checkCost: amount, stagePay: 1, flagReward: 3, missPenalty: 2, flagRate: 0.5)
            }
        }
    }
}
