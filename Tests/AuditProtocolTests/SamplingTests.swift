import AuditProtocol
import Testing

@Suite struct SamplingTests {
    private let party = AuditParty(task: "task", participant: "alice")

    private func sample(
        _ stages: Int, _ audits: Int, beacon: UInt8 = 0, party: AuditParty? = nil, root: UInt8 = 0
    ) -> [Int]? {
        StageSample(
            stageCount: stages, auditCount: audits, beacon: Digest(sha256: [beacon]),
            party: party ?? self.party, checkpointRoot: Digest(sha256: [root]))?.stages
    }

    @Test func firstAndLastAlwaysAndNothingTwice() {
        for stages in 1...24 {
            for audits in 1...26 {
                let sample = sample(stages, audits)
                #expect(sample?.count == min(stages, max(2, audits)))
                #expect(sample?.first == 0)
                #expect(sample?.last == stages - 1)
                #expect(sample == sample.map { Set($0).sorted() })
            }
        }
    }

    @Test func everythingThatDeterminesASampleChangesIt() {
        let first = sample(1000, 8)
        #expect(first == sample(1000, 8))
        #expect(first != sample(1000, 8, beacon: 1))
        #expect(first != sample(1000, 8, root: 1))
        #expect(first != sample(1000, 8, party: AuditParty(task: "task", participant: "bob")))
        #expect(first != sample(1000, 8, party: AuditParty(task: "other", participant: "alice")))
    }

    @Test func impossibleNumbersHaveNoSample() {
        #expect(sample(0, 1) == nil)
        #expect(sample(-1, 1) == nil)
        #expect(sample(5, 0) == nil)
        #expect(sample(5, -1) == nil)
        #expect(sample(Int.max, 2) == nil)
        #expect(StageSample(allOf: 0) == nil)
        #expect(StageSample(allOf: 3)?.stages == [0, 1, 2])
    }

    /// Every stage between is drawn about equally often: χ² of 4,000 beacons over 18 stages, far beyond any quantile.
    @Test func samplesAreUniform() {
        var counts = [Int](repeating: 0, count: 20)
        for beacon in 0..<1000 {
            for stage in StageSample(
                stageCount: 20, auditCount: 6,
                beacon: Digest(sha256: [UInt8(beacon % 256), UInt8(beacon / 256)]),
                party: party, checkpointRoot: Digest(sha256: []))?.stages ?? []
            { counts[stage] += 1 }
        }
        #expect(counts[0] == 1000 && counts[19] == 1000)
        let expected = 4000.0 / 18
        let chiSquared = counts[1..<19].reduce(0) {
            $0 + (Double($1) - expected) * (Double($1) - expected) / expected
        }
        #expect(chiSquared < 60)
    }

    @Test func ordersArePermutationsOfEachPass() {
        for count in [1, 2, 3, 8, 50] {
            let order = BatchOrder(
                batchCount: count, dataset: Digest(sha256: [1]), beacon: Digest(sha256: [2]), party: party)
            for epoch in 0..<3 { #expect(order?.permutation(epoch: epoch).sorted() == Array(0..<count)) }
            // Steps run through the passes one after the other.
            let expected = (0..<3).flatMap { order?.permutation(epoch: $0) ?? [] }
            for (stage, steps) in [(0, 1), (0, 2), (1, 2), (0, 3 * count)]
            where (stage + 1) * steps <= 3 * count {
                #expect(
                    order?.batches(stage: stage, steps: steps)
                        == Array(expected[stage * steps..<(stage + 1) * steps]))
            }
            #expect(order?.batches(firstStep: 0, count: 0) == [])
            let stages = Array(0..<count)
            #expect(
                order?.batches(stages: stages, steps: 2)
                    == stages.map { order?.batches(stage: $0, steps: 2) ?? [] })
        }
    }

    @Test func everythingThatDeterminesAnOrderChangesIt() {
        func order(dataset: UInt8 = 0, beacon: UInt8 = 0, party: AuditParty? = nil) -> [Int]? {
            BatchOrder(
                batchCount: 50, dataset: Digest(sha256: [dataset]), beacon: Digest(sha256: [beacon]),
                party: party ?? self.party)?.permutation(epoch: 0)
        }
        #expect(order() == order())
        #expect(order() != order(dataset: 1))
        #expect(order() != order(beacon: 1))
        #expect(order() != order(party: AuditParty(task: "task", participant: "bob")))
        #expect(
            BatchOrder(
                batchCount: 0, dataset: Digest(sha256: []), beacon: Digest(sha256: []), party: party) == nil)
        #expect(
            BatchOrder(
                batchCount: Int.max, dataset: Digest(sha256: []), beacon: Digest(sha256: []), party: party)
                == nil)
    }
}
