import Incentives
import Testing

/// Honesty is optimal exactly from the planned stake on.
@Suite struct ProverTests {
    static let cases: [ProverEconomics] = {
        var all = [ProverEconomics]()
        for stages in [1, 2, 3, 10, 40] {
            for objective in ProverEconomics.Objective.allCases {
                for (gain, noticed, fake) in [(0.0, 1.0, 0.0), (30, 1, 0.2), (500, 0.7, 0)] {
                    if let economics = try? ProverEconomics(
                        stages: stages, cost: 2, proofCost: 0.5, reward: 3.5 * Double(stages) + 5,
                        fakeCost: fake, gain: gain, noticed: noticed, objective: objective)
                    {
                        all.append(economics)
                    }
                }
            }
        }
        return all
    }()

    /// With the smallest stake no number of false stages is better than honesty; with less, the named one is.
    @Test func theSmallestStakeIsSmallest() {
        #expect(Self.cases.count == 30)
        for economics in Self.cases {
            for audits in min(2, economics.stages)...economics.stages {
                let (stake, bad) = economics.smallestStake(audits: audits)
                let honest = economics.honestUtility(audits: audits)
                guard stake.isFinite else {
                    #expect(economics.detection(bad: bad, audits: audits) == 0)
                    continue
                }
                let tolerance = 1e-6 * (1 + abs(stake))
                #expect(economics.bestCheat(audits: audits, stake: stake).utility <= honest + tolerance)
                let less = economics.cheatingUtility(bad: bad, audits: audits, stake: stake - 1)
                #expect(less > honest, "E \(economics.stages), α \(audits), f \(bad)")
                for bad in 1...economics.stages {
                    let cheat = economics.cheatingUtility(bad: bad, audits: audits, stake: stake)
                    #expect(cheat <= honest + tolerance)
                }
            }
        }
    }

    /// A case by hand: E = 12, α = 4, so m = 10, a = 2, and one of ten stages is seen with probability 1/5.
    @Test func byHand() throws {
        let economics = try ProverEconomics(stages: 12, cost: 1, proofCost: 0.5, reward: 20, gain: 7)
        #expect(economics.netReward(audits: 4) == 18)
        #expect(economics.honestUtility(audits: 4) == 6)
        #expect(abs(economics.detection(bad: 1, audits: 4) - 0.2) < 1e-12)
        // 0.8·(18 + 7) − 0.2·50 − 11
        #expect(abs(economics.cheatingUtility(bad: 1, audits: 4, stake: 50) - (-1)) < 1e-12)
        // (1 + 7)/0.2 − 18 − 7
        let (stake, bad) = economics.smallestStake(audits: 4)
        #expect(bad == 1 && abs(stake - 15) < 1e-9)
    }

    /// The plan's α is the smallest: all below it fail, for the stake or for the reward.
    @Test func theSmallestNumberOfAudits() throws {
        let economics = try ProverEconomics(
            stages: 200, cost: 1, proofCost: 0.1, reward: 260, gain: 100)
        let plan = try AuditPlan(economics, stakeLimit: 1000)
        let chosen = try #require(plan.smallest)
        #expect(plan.rows.count == 199 && plan.obstacle == nil)
        #expect(chosen.stake <= 1000 && chosen.honestUtility >= 0)
        for audits in 2..<chosen.audits {
            let best = economics.bestCheat(audits: audits, stake: 1000)
            #expect(best.utility > economics.honestUtility(audits: audits))
        }
        let best = economics.bestCheat(audits: chosen.audits, stake: 1000)
        #expect(best.utility <= economics.honestUtility(audits: chosen.audits))
        // (1 + 100)·198/a ≤ 1000 + 260 − 0.1·α + 100, first true at a = 15.
        #expect(chosen.audits == 17)
        // More stake asks for fewer audits, more gain for more.
        #expect(try #require(try AuditPlan(economics, stakeLimit: 5000).smallest).audits < 17)
        let tempted = try ProverEconomics(stages: 200, cost: 1, proofCost: 0.1, reward: 260, gain: 200)
        #expect(try #require(try AuditPlan(tempted, stakeLimit: 1000).smallest).audits > 17)
    }

    /// With no gain but the work saved, a single audit by chance is enough once the reward pays for the work.
    @Test func savedWorkAloneAsksForLittle() throws {
        let economics = try ProverEconomics(stages: 100, cost: 1, reward: 100)
        let plan = try AuditPlan(economics, stakeLimit: 0)
        #expect(plan.smallest?.audits == 3 && plan.smallest?.stake == 0)
    }

    @Test func obstaclesAreNamed() throws {
        let poor = try ProverEconomics(stages: 100, cost: 1, reward: 50)
        #expect(try AuditPlan(poor, stakeLimit: 1e6).obstacle?.contains("does not pay") == true)
        let dear = try ProverEconomics(stages: 100, cost: 1, proofCost: 50, reward: 210, gain: 10)
        let plan = try AuditPlan(dear, stakeLimit: 1e6)
        #expect(plan.smallest == nil && plan.obstacle?.contains("never noticed") == true)
        let tempted = try ProverEconomics(stages: 100, cost: 1, proofCost: 5, reward: 210, gain: 1e6)
        #expect(try AuditPlan(tempted, stakeLimit: 10).obstacle?.contains("at least") == true)
        let pair = try ProverEconomics(stages: 2, cost: 1, reward: 5)
        #expect(try AuditPlan(pair, stakeLimit: 0).smallest?.audits == 2)
        let one = try ProverEconomics(stages: 1, cost: 1, reward: 5)
        #expect(try AuditPlan(one, stakeLimit: 0).smallest?.audits == 1)
    }

    @Test func numbersOutOfRangeAreRefused() {
        func make(
            stages: Int = 10, cost: Double = 1, proofCost: Double = 0, reward: Double = 1, fake: Double = 0,
            gain: Double = 0, noticed: Double = 1
        ) throws {
            _ = try ProverEconomics(
                stages: stages, cost: cost, proofCost: proofCost, reward: reward, fakeCost: fake, gain: gain,
                noticed: noticed)
        }
        #expect(throws: Never.self) { try make() }
        for stages in [Int.min, 0, 10_001, Int.max] {
            #expect(throws: IncentiveError.self) { try make(stages: stages) }
        }
        for amount in [-1, .nan, .infinity, 1e16] {
            #expect(throws: IncentiveError.self) { try make(cost: amount) }
            #expect(throws: IncentiveError.self) { try make(proofCost: amount) }
            #expect(throws: IncentiveError.self) { try make(reward: amount) }
            #expect(throws: IncentiveError.self) { try make(gain: amount) }
        }
        for share in [-0.1, 1, .nan] { #expect(throws: IncentiveError.self) { try make(fake: share) } }
        for chance in [0, -1, 1.1, .nan] {
            #expect(throws: IncentiveError.self) { try make(noticed: chance) }
        }
    }
}
