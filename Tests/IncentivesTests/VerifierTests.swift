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
