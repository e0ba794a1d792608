import QuantizedLearning
import Testing

@Suite struct DeterministicGeneratorTests {
    /// First numbers of SplitMix64 for the seed 1234567, as published with the reference C code's ports.
    @Test func splitMixKnownAnswers() {
        var generator = SplitMix64(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    /// First numbers of xoshiro256** from the state (1, 2, 3, 4), as in the rand_xoshiro crate's test.
    @Test func xoshiroKnownAnswers() {
        var generator = DeterministicGenerator(state: (1, 2, 3, 4))
        let expected: [UInt64] = [
            11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
            607_988_272_756_665_600,
        ]
        #expect(expected.map { _ in generator.next() } == expected)
    }

    @Test func zeroStateIsReplaced() {
        var generator = DeterministicGenerator(state: (0, 0, 0, 0))
        #expect((0..<8).map { _ in generator.next() }.contains { $0 != 0 })
    }

    @Test func boundedNumbersFillTheirRange() {
        var generator = DeterministicGenerator(seed: 5, purpose: .shuffle)
        var seen = [Int](repeating: 0, count: 7)
        for _ in 0..<7000 { seen[generator.next(in: -3...3) + 3] += 1 }
        #expect(seen.allSatisfy { (850...1150).contains($0) })
        #expect((0..<50).allSatisfy { _ in generator.next(below: 1) == 0 })
    }

    @Test func permutationsArePermutationsAndDependOnAllInputs() {
        var orders = [[Int]]()
        for (seed, purpose, index) in [
            (UInt64(1), DeterministicGenerator.Purpose.shuffle, UInt64(0)), (2, .shuffle, 0),
            (1, .batchOrder, 0), (1, .shuffle, 1),
        ] {
            var generator = DeterministicGenerator(seed: seed, purpose: purpose, index: index)
            let order = generator.permutation(100)
            #expect(order.sorted() == Array(0..<100))
            #expect(!orders.contains(order))
            orders.append(order)
        }
    }

    @Test func batchesCoverEachSampleAtMostOncePerEpoch() {
        let schedule = BatchSchedule(sampleCount: 103, batchSize: 8, seed: 3)
        let batches = schedule.batches(epoch: 0)
        #expect(batches.count == 12 && batches.allSatisfy { $0.count == 8 })
        #expect(Set(batches.joined()).count == 96)
        #expect(schedule.batches(epoch: 0) == batches)
        #expect(schedule.batches(epoch: 1) != batches)
    }
}
