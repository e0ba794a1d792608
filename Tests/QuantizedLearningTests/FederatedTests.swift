import QuantizedLearning
import Testing

@Suite struct FederatedTests {
    @Test func uniformShardsPartitionTheData() throws {
        let data = try Dataset.digits()
        let shards = try Sharding.uniform(data, participants: 4, seed: 1)
        #expect(shards.map(\.count) == [450, 449, 449, 449])
        #expect(shards == (try Sharding.uniform(data, participants: 4, seed: 1)))
        #expect(shards != (try Sharding.uniform(data, participants: 4, seed: 2)))
        expectPartition(shards, of: data)
        #expect(shards.allSatisfy { $0.classHistogram.allSatisfy { $0 > 20 } })
    }

    @Test func skewedShardsPartitionTheDataAndHoldFewClasses() throws {
        let data = try Dataset.digits()
        let shards = try Sharding.skewedByLabel(data, participants: 5, piecesEach: 2, seed: 3)
        #expect(shards == (try Sharding.skewedByLabel(data, participants: 5, piecesEach: 2, seed: 3)))
        expectPartition(shards, of: data)
        // Ten pieces of ten nearly equal classes: each piece meets at most three.
        #expect(shards.allSatisfy { $0.classHistogram.count { $0 > 0 } <= 6 })
    }

    private func expectPartition(_ shards: [Dataset], of data: Dataset) {
        func samples(_ data: Dataset) -> [[UInt8]] {
            (0..<data.count).map { data.sample($0) + [data.labels[$0]] }
        }
        let all = shards.flatMap(samples).sorted { $0.lexicographicallyPrecedes($1) }
        #expect(all == samples(data).sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func impossibleShardsAreRefused() throws {
        let data = try Dataset.digits().prefix(5)
        #expect(throws: LearningError.self) { _ = try Sharding.uniform(data, participants: 6, seed: 1) }
        #expect(throws: LearningError.self) { _ = try Sharding.uniform(data, participants: 0, seed: 1) }
        #expect(throws: LearningError.self) { _ = try Sharding.skewedByLabel(data, participants: 3, seed: 1) }
        #expect(throws: LearningError.self) {
            _ = try Sharding.skewedByLabel(data, participants: .max, piecesEach: .max, seed: 1)
        }
    }

    @Test func averageRoundsToTheNearestIntegerHalvesUp() throws {
        var spec = ModelSpec.digits
        spec.widths = [1, 2]
        spec.training = nil
        func average(_ weights: [Int16], _ coefficients: [Int64]) throws -> Int16 {
            let models = try weights.map { try QuantizedModel(spec: spec, flattened: [$0, 0]) }
            let average = try FederatedAverage(models, coefficients: coefficients)
            let recomputed = try FederatedAverage(
                spec: spec, weightedSum: average.weightedSum, divisor: average.divisor)
            #expect(try average.model() == recomputed.model())
            return try average.model().flattened[0]
        }
        #expect(try average([1, 2], [1, 1]) == 2)
        #expect(try average([-1, -2], [1, 1]) == -1)
        #expect(try average([1, 1, 2], [1, 1, 1]) == 1)
        #expect(try average([-1, -1, -2], [1, 1, 1]) == -1)
        #expect(try average([-2, -2, -1], [1, 1, 1]) == -2)
        #expect(try average([2047, -2048], [1 << 32, 1]) == 2047)
        #expect(try average([-2048, -2048], [1 << 32, 1 << 32]) == -2048)
        var generator = DeterministicGenerator(seed: 1, purpose: .shuffle)
        for _ in 0..<200 {
            let weights = (0..<3).map { _ in Int16(generator.next(in: -2048...2047)) }
            let coefficients = (0..<3).map { _ in Int64(generator.next(in: 1...1000)) }
            let sum = zip(weights, coefficients).reduce(0) { $0 + Int64($1.0) * $1.1 }
            let exact = Double(sum) / Double(coefficients.reduce(0, +))
            #expect(try average(weights, coefficients) == Int16((exact + 0.5).rounded(.down)))
        }
    }

    @Test func badAveragesAreRefused() throws {
        let model = try QuantizedModel.zero(spec: .digits)
        let other = try QuantizedModel.zero(spec: SampleSpec.all[0])
        let cases: [([QuantizedModel], [Int64])] = [
            ([], []), ([model, other], [1, 1]), ([model], []), ([model], [0]), ([model], [-1]),
            ([model, model], [1, 1 << 33]),
        ]
        for (models, coefficients) in cases {
            #expect(throws: LearningError.self) {
                _ = try FederatedAverage(models, coefficients: coefficients)
            }
        }
        var sum = [Int64](repeating: 0, count: 2368)
        sum[5] = 2048 * 3
        let tooLarge = try FederatedAverage(spec: .digits, weightedSum: sum, divisor: 3)
        #expect(message { _ = try tooLarge.model() }.contains("sum 5"))
        #expect(throws: LearningError.self) {
            _ = try FederatedAverage(spec: .digits, weightedSum: sum, divisor: 0)
        }
        #expect(throws: LearningError.self) {
            _ = try FederatedAverage(spec: .digits, weightedSum: [], divisor: 1)
        }
    }

    @Test func threeParticipantsLearnTogether() throws {
        let (train, test) = try Dataset.digits().split()
        let shards = try Sharding.uniform(train, participants: 3, seed: 1)
        var global = try QuantizedModel.initial(spec: .digits, seed: 1)
        for round in 0..<3 {
            let locals = try shards.map { try global.trained(on: $0, epochs: 5, seed: UInt64(round)) }
            global = try FederatedAverage(locals, coefficients: shards.map { Int64($0.count) }).model()
        }
        #expect(try global.accuracy(on: test) > 0.92)
    }
}
