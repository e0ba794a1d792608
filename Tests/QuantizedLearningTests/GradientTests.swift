import Foundation
import QuantizedLearning
import Testing

@Suite struct GradientTests {
    static let specs =
        [
            SampleSpec.spec(
                [12, 9, 6, 4], bias: true, bits: 16, fraction: 12, activationFraction: 11,
                loss: .softmaxCrossEntropy),
            SampleSpec.spec([12, 7, 5], bits: 16, fraction: 12, activationFraction: 11, loss: .squaredError),
        ]
        + SampleSpec.convolutional.map { spec in
            // The same layers in finer integers, so that rounding is small beside the gradients.
            var spec = spec
            spec.weights = FixedPoint(bits: 16, fractionBits: 12)
            spec.activations = FixedPoint(bits: 20, fractionBits: 13)
            spec.training?.gradientBits = 20
            spec.training?.outputGradientFractionBits = 14
            spec.training?.hiddenGradientFractionBits = 13
            spec.training?.learningRate.shift = 4
            spec.training?.softmax?.logitFractionBits = 10
            spec.training?.softmax?.tableBits = 14
            return spec
        }

    /// The loss that the trainers descend, in double precision.
    func loss(_ weights: [Matrix<Double>], _ spec: ModelSpec, _ data: Dataset) -> Double {
        var total = 0.0
        for sample in 0..<data.count {
            let values = DirectNetwork.logits(
                data.sample(sample).map { Double(Int($0) << spec.input.shift) / 256 }, weights,
                spec.architecture)
            let label = Int(data.labels[sample])
            if spec.training?.loss == .squaredError {
                for (index, value) in values.enumerated() {
                    total += pow(value - (index == label ? 1 : 0), 2) / 2
                }
            } else {
                total += log(values.map(exp).reduce(0, +)) - values[label]
            }
        }
        return total
    }

    @Test(arguments: specs)
    func floatGradientsAreFiniteDifferences(spec: ModelSpec) throws {
        let data = try SampleSpec.data(for: spec, count: 6, seed: 11)
        let model = FloatModel(try SampleSpec.model(spec, seed: 12))
        let gradients = try FloatTrainer(model: model, spec: spec, data: data)
            .weightGradients(samples: Array(0..<6))
        let weights = model.weights.map { $0.map(Double.init) }
        for layer in 0..<spec.layerCount {
            for index in stride(from: 0, to: weights[layer].elements.count, by: 3) {
                var (above, below) = (weights, weights)
                above[layer].elements[index] += 1e-5
                below[layer].elements[index] -= 1e-5
                let expected = (loss(above, spec, data) - loss(below, spec, data)) / 2e-5
                #expect(abs(Double(gradients[layer].elements[index]) - expected) < 1e-3)
            }
        }
    }

    @Test(arguments: specs)
    func integerGradientsFollowFloatGradients(spec: ModelSpec) throws {
        let training = try #require(spec.training)
        let data = try SampleSpec.data(for: spec, count: training.batchSize, seed: 13)
        let model = try SampleSpec.model(spec, seed: 14)
        let trace = try model.stepTrace(inputs: spec.inputs(of: data), labels: data.labels)
        let gradients = try FloatTrainer(model: FloatModel(model), spec: spec, data: data)
            .weightGradients(samples: Array(0..<data.count))
        for layer in 0..<spec.layerCount {
            let fraction =
                spec.inputFractionBits(layer: layer) + training.gradientFractionBits(layer: layer, of: spec)
            let integer = trace.backward[layer].weightGradient.elements.map {
                Double($0) / Double(1 << fraction)
            }
            let float = gradients[layer].elements.map(Double.init)
            let difference = zip(integer, float).map { pow($0 - $1, 2) }.reduce(0, +)
            let size = float.map { $0 * $0 }.reduce(0, +)
            #expect(size > 0)
            #expect((difference / size).squareRoot() < 0.01)
        }
    }
}
