import QuantizedLearning
import Testing

@Suite struct InferenceTests {
    @Test(arguments: SampleSpec.all + SampleSpec.convolutional)
    func fastLogitsEqualTheTrace(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 600, seed: 1)
        let model = try QuantizedModel.initial(spec: spec, seed: 4)
        let trace = try model.inferenceTrace(inputs: spec.inputs(of: data))
        #expect(try model.logits(of: data) == trace.logits)
    }

    /// Every equation and range that a circuit checks, on sums written out once more.
    @Test(arguments: SampleSpec.all)
    func traceSatisfiesItsEquations(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 20, seed: 2)
        let model = try QuantizedModel.initial(spec: spec, seed: 5)
        let trace = try model.inferenceTrace(inputs: spec.inputs(of: data))
        #expect(trace.layers.count == spec.layerCount)
        for (layer, values) in trace.layers.enumerated() {
            let weights = model.weights[layer]
            for row in 0..<data.count {
                if spec.hasBias(layer: layer) {
                    #expect(values.windows.row(row).last == 1 << Int64(spec.inputFractionBits(layer: layer)))
                }
                for column in 0..<weights.columns {
                    var sum: Int64 = 0
                    for k in 0..<weights.rows { sum += values.windows[row, k] * Int64(weights[k, column]) }
                    #expect(values.accumulator[row, column] == sum)
                    #expect(abs(sum) <= spec.maximumAccumulator(layer: layer))
                    guard let activation = values.activation else { continue }
                    let (p, n) = (activation.positive[row, column], activation.negative[row, column])
                    let remainder = activation.remainder[row, column]
                    let scale = Int64(1) << Int64(spec.activationShift(layer: layer))
                    #expect(sum == (p - n) * scale + remainder)
                    #expect(p * n == 0 && (0...spec.activationRange.upperBound).contains(p + n))
                    #expect((0..<scale).contains(remainder))
                    #expect(trace.layers[layer + 1].input[row, column] == p)
                }
            }
        }
        #expect(trace.layers.last?.activation == nil)
    }

    @Test func tiesGoToTheLowestClass() {
        #expect(Decision.predictedClass([3, 5, 5, 1]) == 1)
        #expect(Decision.predictedClass([0, 0, 0]) == 0)
        #expect(Decision.isCorrect(logits: [3, 5, 5, 1], label: 1))
        #expect(!Decision.isCorrect(logits: [3, 5, 5, 1], label: 2))
        #expect(!Decision.isCorrect(logits: [0, 0, 0], label: 2))
        let lists: [[Int64]] = [[1, 1], [-4, 7, 7, 7], [2, 1, 2], [-1, -1, -1, 0]]
        for logits in lists {
            let predicted = Decision.predictedClass(logits[...])
            for label in logits.indices {
                #expect(Decision.isCorrect(logits: logits[...], label: label) == (label == predicted))
            }
        }
    }

    @Test func zeroModelScoresOnlyClassZero() throws {
        let digits = try Dataset.digits()
        let model = try QuantizedModel.zero(spec: .digits)
        #expect(try model.predictions(of: digits).allSatisfy { $0 == 0 })
        #expect(try model.correctCount(on: digits) == 178)
    }

    @Test func extremeWeightsStayExactOrAreReported() throws {
        var spec = SampleSpec.spec([12, 7, 5], bits: 16, fraction: 2, loss: .softmaxCrossEntropy)
        spec.training = nil
        spec.activations = FixedPoint(bits: 20, fractionBits: 0)
        let count = spec.weightCount
        let data = try Dataset(
            name: "white", featureCount: 12, classCount: 5, pixels: [UInt8](repeating: 16, count: 24),
            labels: [0, 1])
        for weight in [Int16.min, Int16.max] {
            let model = try QuantizedModel(spec: spec, flattened: [Int16](repeating: weight, count: count))
            #expect(
                try model.logits(of: data) == model.inferenceTrace(inputs: spec.inputs(of: data)).logits)
        }
        spec.activations.bits = 10
        let model = try QuantizedModel(spec: spec, flattened: [Int16](repeating: 30_000, count: count))
        let fast = message { _ = try model.logits(of: data) }
        #expect(fast.contains("rescaled pre-activation of layer 0 (sample 0, unit 0)"))
        #expect(message { _ = try model.inferenceTrace(inputs: spec.inputs(of: data)) } == fast)
    }

    @Test func unfitDataAreRefused() throws {
        let model = try QuantizedModel.zero(spec: .digits)
        func set(_ features: Int, _ classes: Int, _ pixel: UInt8) throws -> Dataset {
            try Dataset(
                name: "d", featureCount: features, classCount: classes,
                pixels: [UInt8](repeating: pixel, count: features), labels: [0])
        }
        _ = try model.logits(of: set(64, 10, 16))
        #expect(message { _ = try model.logits(of: set(63, 10, 16)) }.contains("63 features"))
        #expect(message { _ = try model.logits(of: set(64, 11, 16)) }.contains("11 classes"))
        #expect(message { _ = try model.logits(of: set(64, 10, 17)) }.contains("value 17"))
        #expect(message { _ = try model.accuracy(on: set(64, 10, 1).prefix(0)) }.contains("empty"))
        #expect(
            message {
                _ = try model.inferenceTrace(inputs: Matrix(rows: 1, columns: 64, repeating: -1))
            }.contains("outside"))
    }
}
