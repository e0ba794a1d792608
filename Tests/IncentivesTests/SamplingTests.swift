import Incentives
import Testing

/// Probabilities against counting.
@Suite struct SamplingTests {
    /// Every subset of audits, counted.
    private func counted(stages: Int, audits: Int, bad: Set<Int>) -> Double {
        var (missed, all) = (0, 0)
        for subset in 0..<(1 << stages) where subset.nonzeroBitCount == max(2, audits) || stages == 1 {
            guard subset & 1 == 1, subset >> (stages - 1) & 1 == 1 else { continue }
            all += 1
            if !bad.contains(where: { subset >> $0 & 1 == 1 }) { missed += 1 }
        }
        return Double(missed) / Double(all)
    }

    @Test func probabilitiesAreThoseOfCounting() {
        for stages in 1...9 {
            for audits in 2...max(2, stages) {
                let sampling = AuditSampling(stages: stages, audits: audits)
                let all = sampling.missProbabilities
                #expect(all.count == stages + 1)
                for bad in 0...max(0, stages - 2) {
                    let places = Set((0..<bad).map { $0 + 1 })
                    let expected = counted(stages: stages, audits: min(stages, audits), bad: places)
                    #expect(abs(sampling.missProbability(bad: bad) - expected) < 1e-12)
                    #expect(abs(all[bad] - expected) < 1e-12)
                }
                for bad in max(1, stages - 1)...stages { #expect(sampling.missProbability(bad: bad) == 0) }
            }
        }
    }

    /// One foreign jump passes with probability 1 − (α − 2)/(E − 2).
    @Test func oneJump() {
        for (stages, audits) in [(10, 3), (100, 7), (1000, 50), (10_000, 9_999)] {
            let sampling = AuditSampling(stages: stages, audits: audits)
            let expected = 1 - Double(audits - 2) / Double(stages - 2)
            #expect(abs(sampling.missProbability(bad: 1) - expected) < 1e-12)
        }
        #expect(AuditSampling(stages: 5, audits: 0).missProbability(bad: 3) == 1)
        #expect(AuditSampling(stages: 5, audits: 9).missProbability(bad: 1) == 0)
        #expect(AuditSampling(stages: 1, audits: 1).missProbability(bad: 1) == 0)
        let sampling = AuditSampling(stages: 102, audits: 12)
        #expect(sampling.mostBadStages(passingWithProbabilityAbove: 0.5) == 6)
        #expect(sampling.missProbability(bad: 6) > 0.5 && sampling.missProbability(bad: 7) <= 0.5)
    }
}
