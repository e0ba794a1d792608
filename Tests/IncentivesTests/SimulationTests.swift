import Incentives
import TestSupport
import Testing

/// Formulas agree with what is played out, within the standard error of the play.
@Suite struct SimulationTests {
    /// Seeded, so that it passes always or never; 4 standard errors are exceeded by chance once in 16,000 plays.
    private func expectAgreement(
        _ estimate: Estimate, _ formula: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            abs(estimate.mean - formula) <= 4 * estimate.standardError + 1e-9,
            "\(estimate) and \(formula)", sourceLocation: sourceLocation)
        // An estimate that says nothing would agree with anything.
        #expect(
            estimate.standardError < 1, "\(estimate)", sourceLocation: sourceLocation)
    }

    @Test(arguments: ProverEconomics.Objective.allCases)
    func provers(objective: ProverEconomics.Objective) throws {
        var generator = SeededGenerator(seed: 17)
        for (stages, audits) in [(3, 2), (12, 4), (40, 10)] {
            for noticed in [1, 0.6] {
                let economics = try ProverEconomics(
                    stages: stages, cost: 1, proofCost: 0.25, reward: 2 * Double(stages), fakeCost: 0.1,
                    gain: 4, noticed: noticed, objective: objective)
                for bad in [1, 2, stages / 3, stages - 2, stages - 1, stages] where bad > 0 {
                    let estimate = MonteCarlo.prover(
                        economics, bad: bad, audits: audits, stake: 9, trials: 4000, using: &generator)
                    expectAgreement(
                        estimate, economics.cheatingUtility(bad: bad, audits: audits, stake: 9))
                }
                let honest = MonteCarlo.prover(
                    economics, bad: 0, audits: audits, stake: 9, trials: 10, using: &generator)
                #expect(abs(honest.mean - economics.honestUtility(audits: audits)) < 1e-9)
                #expect(honest.standardError < 1e-9)
            }
        }
    }

    @Test(arguments: VerifierEconomics.Strategy.allCases)
    func verifiers(strategy: VerifierEconomics.Strategy) throws {
        var generator = SeededGenerator(seed: 23)
        for (flags, cheats) in [(0.0, 0.0), (0.1, 0.02), (0.5, 0.5)] {
            let economics = try VerifierEconomics(
                checkCost: 1, stagePay: 1.2, flagReward: 6, missPenalty: 5, falseReportPenalty: 1.5,
                flagRate: flags, cheatRate: cheats, cheatReward: 3)
            let estimate = MonteCarlo.verifier(economics, strategy, trials: 20_000, using: &generator)
            expectAgreement(estimate, economics.utility(strategy))
        }
    }
}
