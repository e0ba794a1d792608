/// FedAvg in integers: the weighted sum, which is checked on commitments, and its rounded quotient, which anybody
/// recomputes.
///
/// With participants' models W_i and public integers a_i > 0: S = Σ a_i·W_i, A = Σ a_i, and the global model is
/// floor((2·S + A) / (2·A)), the nearest integer to S/A with halves rounded up. As a mean of weights in range it is
/// in range.
public struct FederatedAverage: Sendable, Equatable {
    public let spec: ModelSpec
    /// S, in the order of `QuantizedModel.flattened`.
    public let weightedSum: [Int64]
    /// A.
    public let divisor: Int64

    /// The largest weight of one participant.
    public static let maximumCoefficient: Int64 = 1 << 32

    /// The weighted sum of models of one specification.
    ///
    /// - Throws: `LearningError.model` for no models, different specifications or weights outside 1…2^32.
    public init(_ models: [QuantizedModel], coefficients: [Int64]) throws(LearningError) {
        guard let spec = models.first?.spec, models.allSatisfy({ $0.spec == spec }) else {
            throw .model(reason: "an average needs at least one model, all of one specification")
        }
        guard coefficients.count == models.count, models.count <= 1 << 12,
            coefficients.allSatisfy({ (1...Self.maximumCoefficient).contains($0) })
        else {
            throw .model(
                reason:
                    "an average of at most 4096 models needs a weight of 1...\(Self.maximumCoefficient) for each"
            )
        }
        var sum = [Int64](repeating: 0, count: spec.weightCount)
        for (model, coefficient) in zip(models, coefficients) {
            for (index, weight) in model.flattened.enumerated() { sum[index] += coefficient * Int64(weight) }
        }
        self.spec = spec
        weightedSum = sum
        divisor = coefficients.reduce(0, +)
    }

    /// The average from a published sum, as whoever did not see the models recomputes it.
    public init(spec: ModelSpec, weightedSum: [Int64], divisor: Int64) throws(LearningError) {
        try spec.validate()
        guard weightedSum.count == spec.weightCount, (1...1 << 44).contains(divisor) else {
            throw .model(reason: "\(weightedSum.count) sums with divisor \(divisor)")
        }
        self.spec = spec
        self.weightedSum = weightedSum
        self.divisor = divisor
    }

    /// The global model.
    ///
    /// - Throws: `LearningError.outOfRange` where a published sum is no sum of weights in range.
    public func model() throws(LearningError) -> QuantizedModel {
        let limit = spec.weightRange
        var flattened = [Int16]()
        flattened.reserveCapacity(weightedSum.count)
        for (index, sum) in weightedSum.enumerated() {
            guard (limit.lowerBound * divisor...limit.upperBound * divisor).contains(sum) else {
                throw .model(reason: "sum \(index) is \(sum), too large for weights in range")
            }
            let doubled = 2 * sum + divisor
            let quotient = doubled / (2 * divisor)
            let isBelow = doubled % (2 * divisor) < 0
            flattened.append(Int16(isBelow ? quotient - 1 : quotient))
        }
        return try QuantizedModel(spec: spec, flattened: flattened)
    }
}
