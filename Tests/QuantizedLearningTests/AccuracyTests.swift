import QuantizedLearning
import Testing

@Suite struct AccuracyTests {
    /// Means of three seeds on the digits: at least 95 %, and at most one point lost against float.
    @Test func integersLoseAtMostOnePointOnDigits() throws {
        let (train, test) = try Dataset.digits().split()
        let report = try QuantizationReport(
            spec: .digits, train: train, test: test, epochs: 30, seeds: [1, 2, 3])
        #expect(report.meanInteger > 0.95 && report.meanQuantizedAfterwards > 0.95)
        #expect(report.lossInPoints <= 1)
        #expect(report.markdown.contains("| **mean** |"))
    }

    @Test(.enabled(if: SharedData.hasMNIST, "MNIST's files are not in the shared folder"))
    func integersLoseAtMostOnePointOnMNIST() throws {
        let (train, test) = try SharedData.mnist().split()
        let report = try QuantizationReport(spec: .mnist, train: train, test: test, epochs: 5, seeds: [1])
        #expect(report.meanInteger > 0.93)
        #expect(report.lossInPoints <= 1)
    }

    @Test func integersLoseAtMostOnePointWithAConvolution() throws {
        let (train, test) = try Dataset.digits().split()
        let report = try QuantizationReport(
            spec: .digitsConvolution, train: train, test: test, epochs: 15, seeds: [1, 2])
        #expect(report.meanInteger > 0.9)
        #expect(report.lossInPoints <= 1)
    }

    @Test func squaredErrorAndBiasesTrainToo() throws {
        let (train, test) = try Dataset.digits().split()
        var spec = ModelSpec.digits
        spec.weights = FixedPoint(bits: 14, fractionBits: 11)
        spec.activations = FixedPoint(bits: 14, fractionBits: 5)
        spec.training = TrainingSpec(
            loss: .squaredError, batchSize: 32, learningRate: LearningRate(numerator: 1, shift: 3),
            gradientBits: 16, outputGradientFractionBits: 12, hiddenGradientFractionBits: 9, softmax: nil)
        let squared = try QuantizedModel.initial(spec: spec, seed: 1).trained(on: train, epochs: 30, seed: 1)
        #expect(try squared.accuracy(on: test) > 0.93)
        spec = .digits
        spec.architecture = Architecture(widths: [64, 32, 10], bias: true)
        let biased = try QuantizedModel.initial(spec: spec, seed: 1).trained(on: train, epochs: 20, seed: 1)
        #expect(try biased.accuracy(on: test) > 0.95)
        #expect(biased.weights.contains { $0.row($0.rows - 1).contains { $0 != 0 } })
    }
}
