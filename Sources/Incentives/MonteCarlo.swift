/// The mean of random outcomes, with the standard error of that mean.
public struct Estimate: Sendable, Hashable {
    public let mean: Double
    /// The sample's standard deviation over √trials.
    public let standardError: Double
    public let trials: Int

    /// Draws `trials` outcomes, at least two.
    ///
    /// - SeeAlso: B. P. Welford, "Note on a method for calculating corrected sums of squares and products",
    ///   Technometrics 1962.
    public init(trials: Int, _ outcome: () -> Double) {
        var (mean, squares) = (0.0, 0.0)
        let count = max(2, trials)
        for index in 1...count {
            let value = outcome()
            let difference = value - mean
            mean += difference / Double(index)
            squares += difference * (value - mean)
        }
        self.mean = mean
        self.trials = count
        standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
    }
}

/// Plays audits and verifications out, draw by draw, with none of the formulas.
public enum MonteCarlo {
    /// The utility of a participant with `bad` false stages: false and audited stages are drawn in every trial.
    public static func prover(
        _ economics: ProverEconomics, bad: Int, audits: Int, stake: Double, trials: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Estimate {
        let stages = economics.stages
        let inner = Array(0..<stages).dropFirst().dropLast()
        return Estimate(trials: trials) {
            // Whoever cheats avoids the first and the last stage as long as there are others.
            let madeUp = Set(
                bad <= inner.count
                    ? draw(bad, of: Array(inner), using: &generator) : Array(0..<min(bad, stages)))
            let wanted = min(stages, max(2, audits))
            let audited = Set([0, stages - 1]).union(
                draw(wanted - min(2, stages), of: Array(inner), using: &generator))
            let isNoticed =
                !audited.isDisjoint(with: madeUp)
                && Double.random(in: 0..<1, using: &generator) < economics.noticed
            var money = 0.0
            var work = 0.0
            for stage in 0..<stages { work += madeUp.contains(stage) ? economics.fakeCost : 1 }
            money -= work * economics.cost
            if isNoticed {
                money -= stake
            } else {
                money += economics.reward - Double(audited.count) * economics.proofCost
                if !madeUp.isEmpty { money += economics.gain }
            }
            return economics.objective == .task ? money : money / max(work, 0.01)
        }
    }

    /// The utility of a verifier for one stage.
    public static func verifier(
        _ economics: VerifierEconomics, _ strategy: VerifierEconomics.Strategy, trials: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Estimate {
        Estimate(trials: trials) {
            let chance = Double.random(in: 0..<1, using: &generator)
            let isFlag = chance < economics.flagRate
            let isCheat = !isFlag && chance < economics.flagRate + economics.cheatRate
            let reports = strategy == .accusing || strategy == .diligent && (isFlag || isCheat)
            let pay = economics.pay(
                reported: 1, flagsFound: isFlag && reports ? 1 : 0, flagsMissed: isFlag && !reports ? 1 : 0,
                cheatsFound: isCheat && reports ? 1 : 0,
                falseReports: reports && !isFlag && !isCheat ? 1 : 0)
            return strategy == .diligent ? pay - economics.checkCost : pay
        }
    }

    /// `count` of the items, each subset alike (the first steps of Fisher and Yates' shuffle).
    static func draw(_ count: Int, of items: [Int], using generator: inout some RandomNumberGenerator)
        -> [Int]
    {
        var items = items
        for place in 0..<min(count, items.count) {
            items.swapAt(place, Int.random(in: place..<items.count, using: &generator))
        }
        return Array(items.prefix(count))
    }
}
