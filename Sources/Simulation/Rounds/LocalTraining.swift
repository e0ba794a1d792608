import Foundation
import QuantizedLearning

/// What participants send when nobody asks for proofs.
struct LocalTraining {
    let setting: RoundsSetting
    let shards: [Dataset]
    let conduct: [Misconduct?]
    let start: QuantizedModel

    /// The model of one participant in one round.
    func model(of participant: Int, round: Int, from global: QuantizedModel) throws -> QuantizedModel {
        var generator = generator(participant, round)
        switch conduct[participant] {
        case nil:
            return try global.trained(
                on: shards[participant], epochs: setting.epochs, seed: seed(participant, round))
        case .falseAccuracy:
            return try global.trained(
                on: mislabelled(shards[participant]), epochs: setting.epochs, seed: seed(participant, round))
        case .randomWeights: return try randomModel(&generator)
        case .replay: return start
        case .lazyAudit: return try disturbed(global, &generator)
        }
    }

    func seed(_ participant: Int, _ round: Int) -> UInt64 {
        setting.seed &* 1_000_003 &+ UInt64(round) &* 1009 &+ UInt64(participant)
    }

    func generator(_ participant: Int, _ round: Int) -> DeterministicGenerator {
        DeterministicGenerator(seed: seed(participant, round), purpose: .shuffle)
    }

    /// Every label one class further.
    private func mislabelled(_ data: Dataset) throws -> Dataset {
        try Dataset(
            name: data.name, featureCount: data.featureCount, classCount: data.classCount,
            pixels: data.pixels,
            labels: data.labels.map { UInt8((Int($0) + 1) % data.classCount) })
    }

    /// Weights uniform over half the range that weights have.
    private func randomModel(_ generator: inout DeterministicGenerator) throws -> QuantizedModel {
        let limit = Int(start.spec.weightRange.upperBound) / 2
        return try QuantizedModel(
            spec: start.spec,
            flattened: (0..<start.spec.weightCount).map { _ in Int16(generator.next(in: -limit...limit)) })
    }

    /// The model with every weight moved by −1, 0 or 1, so that it is nobody's.
    func disturbed(_ model: QuantizedModel, _ generator: inout DeterministicGenerator) throws
        -> QuantizedModel
    {
        let range = model.spec.weightRange
        return try QuantizedModel(
            spec: model.spec,
            flattened: model.flattened.map {
                Int16(
                    clamping: min(
                        max(Int64($0) + Int64(generator.next(in: -1...1)), range.lowerBound), range.upperBound
                    ))
            })
    }
}

/// DP-FedAvg's aggregation: updates clipped to norm C, Gaussian noise of standard deviation z·C on their sum.
struct PrivateAverage {
    let clip: Double
    let noise: Double

    /// The median norm of the updates from `global`.
    static func medianNorm(of models: [QuantizedModel], from global: QuantizedModel) -> Double {
        let norms = models.map { norm(update($0, global)) }.sorted()
        return norms.isEmpty ? 0 : norms[norms.count / 2]
    }

    func average(
        _ models: [QuantizedModel], from global: QuantizedModel, _ generator: inout DeterministicGenerator
    ) throws -> QuantizedModel {
        var sum = [Double](repeating: 0, count: global.spec.weightCount)
        for model in models {
            let update = Self.update(model, global)
            let scale = min(1, clip / max(Self.norm(update), .leastNonzeroMagnitude))
            for index in sum.indices { sum[index] += scale * update[index] }
        }
        let range = global.spec.weightRange
        let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
        return try QuantizedModel(
            spec: global.spec,
            flattened: zip(global.flattened, sum).map { weight, sum in
                let noisy = sum + noise * clip * generator.nextGaussian()
                return Int16((Double(weight) + noisy / Double(models.count)).rounded().clamped(low, high))
            })
    }

    private static func update(_ model: QuantizedModel, _ global: QuantizedModel) -> [Double] {
        zip(model.flattened, global.flattened).map { Double($0) - Double($1) }
    }

    private static func norm(_ update: [Double]) -> Double {
        update.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}

extension Double {
    fileprivate func clamped(_ low: Double, _ high: Double) -> Double {
        Swift.min(Swift.max(self, low), high)
    }
}

extension DeterministicGenerator {
    /// A standard normal number (Box and Muller 1958).
    mutating func nextGaussian() -> Double {
        // 1 − u is in (0, 1], so its logarithm is finite.
        let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        return radius * cos(2 * .pi * Double(next() >> 11) * 0x1p-53)
    }
}
