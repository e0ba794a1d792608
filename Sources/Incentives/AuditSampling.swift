/// The chance that sampled audits miss something.
///
/// Of E stages the first and the last are always audited, and a = α − 2 of the m = E − 2 others, drawn without replacement.
/// Fewer than two audits count as two, more than E as E.
public struct AuditSampling: Sendable, Hashable {
    /// E.
    public let stages: Int
    /// α, between min(2, E) and E.
    public let audits: Int

    public init(stages: Int, audits: Int) {
        self.stages = max(1, stages)
        self.audits = min(self.stages, max(2, audits))
    }

    /// m: stages that are audited by chance only.
    public var freeStages: Int { max(0, stages - 2) }
    /// a: how many of them are.
    public var freeAudits: Int { audits - (stages - freeStages) }

    /// The probability that none of `bad` stages is audited, C(m − bad, a)/C(m, a), if they avoid the two that always are;
    /// 0 when they are too many for that.
    public func missProbability(bad: Int) -> Double {
        guard bad > 0 else { return 1 }
        guard bad + freeAudits <= freeStages else { return 0 }
        // The shorter of two products that are equal: over the audits, or over the bad stages.
        let (drawn, avoided) = bad < freeAudits ? (bad, freeAudits) : (freeAudits, bad)
        return (0..<drawn).reduce(1.0) { product, index in
            product * Double(freeStages - avoided - index) / Double(freeStages - index)
        }
    }

    /// `missProbability` for 0, 1, …, E bad stages.
    public var missProbabilities: [Double] {
        var values = [1.0]
        values.reserveCapacity(stages + 1)
        for bad in 0..<stages {
            let open = freeStages - bad
            values.append(open > freeAudits ? values[bad] * Double(open - freeAudits) / Double(open) : 0)
        }
        return values
    }

    /// The most bad stages that pass with more than the given probability.
    public func mostBadStages(passingWithProbabilityAbove probability: Double) -> Int {
        let values = missProbabilities
        return (values.firstIndex { $0 <= probability } ?? values.count) - 1
    }
}
