import Foundation
import QuantizedLearning
import Testing

/// Files that are shared between projects and not part of the repository.
enum SharedData {
    /// `ZKPOT_SHARED`, else the nearest `shared` folder beside an ancestor of this file.
    static let folder: URL? = {
        if let path = ProcessInfo.processInfo.environment["ZKPOT_SHARED"] {
            return URL(fileURLWithPath: path)
        }
        var ancestor = URL(fileURLWithPath: #filePath)
        while ancestor.path != "/" {
            ancestor.deleteLastPathComponent()
            let candidate = ancestor.appendingPathComponent("shared")
            let data = candidate.appendingPathComponent("data").path
            if FileManager.default.fileExists(atPath: data) { return candidate }
        }
        return nil
    }()

    static var images: URL? { folder?.appendingPathComponent("data/t10k-images-idx3-ubyte.gz") }
    static var labels: URL? { folder?.appendingPathComponent("data/t10k-labels-idx1-ubyte.gz") }
    static var hasMNIST: Bool { images.map { FileManager.default.fileExists(atPath: $0.path) } ?? false }

    static func mnist() throws -> Dataset {
        try Dataset.readIDX(images: #require(images), labels: #require(labels))
    }
}

/// A folder for one test, removed with its owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let file = url.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return file
    }

    func file(_ name: String, _ text: String) throws -> URL { try file(name, Array(text.utf8)) }
}

/// Runs what must fail and returns the message.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        Issue.record("no error was thrown")
        return ""
    } catch {
        #expect(error is LearningError)
        return "\(error)"
    }
}

/// Small specifications that exercise every branch: narrow and wide, deep, with biases, both losses, no hidden layer.
enum SampleSpec {
    static func spec(
        _ widths: [Int], bias: Bool = false, bits: Int = 12, fraction: Int = 9,
        activationFraction: Int = 6, loss: TrainingSpec.Loss,
        batch: Int = 8, numerator: Int = 1
    ) -> ModelSpec {
        ModelSpec(
            name: "sample \(widths)", widths: widths, bias: bias,
            input: InputSpec(maximum: 16, shift: 4, fractionBits: 8),
            weights: FixedPoint(bits: bits, fractionBits: fraction),
            activations: FixedPoint(bits: max(bits, 14), fractionBits: activationFraction),
            training: TrainingSpec(
                loss: loss, batchSize: batch, learningRate: LearningRate(numerator: numerator, shift: 4),
                gradientBits: 15, outputGradientFractionBits: 10, hiddenGradientFractionBits: 9,
                softmax: loss == .squaredError
                    ? nil : SoftmaxSpec(logitFractionBits: 6, tableBits: 10, exponentFractionBits: 14)))
    }

    static let all = [
        spec([12, 7, 5], loss: .softmaxCrossEntropy),
        spec([12, 7, 5], bias: true, loss: .softmaxCrossEntropy, numerator: 3),
        spec([12, 9, 6, 4], bias: true, loss: .softmaxCrossEntropy, batch: 4),
        spec([12, 3], loss: .softmaxCrossEntropy),
        spec([12, 7, 5], loss: .squaredError, batch: 1),
        spec([12, 8, 5], bits: 16, fraction: 13, loss: .softmaxCrossEntropy),
    ]

    /// Small networks with convolutions: strides, paddings, both poolings with and without gaps, narrow and wide.
    static func network(
        _ name: String, _ input: Shape, _ layers: [LayerSpec], activations: FixedPoint? = nil,
        fraction: Int = 9, loss: TrainingSpec.Loss = .softmaxCrossEntropy, batch: Int = 4,
        gradientBits: Int = 15, hiddenGradientFraction: Int = 9
    ) -> ModelSpec {
        var spec = spec([2, 2], loss: loss, batch: batch)
        spec.name = name
        spec.architecture = Architecture(input: input, layers: layers)
        spec.weights.fractionBits = fraction
        spec.activations = activations ?? spec.activations
        spec.training?.gradientBits = gradientBits
        spec.training?.hiddenGradientFractionBits = hiddenGradientFraction
        return spec
    }

    static func convolution(
        _ channels: Int, _ kernel: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
        bias: Bool = false, pooling: PoolingSpec? = nil
    ) -> LayerSpec {
        .convolution(
            ConvolutionSpec(
                channels: channels, kernel: Extent(height: kernel.0, width: kernel.1),
                stride: Extent(height: stride.0, width: stride.1),
                padding: Extent(height: padding.0, width: padding.1), bias: bias, pooling: pooling))
    }

    static func dense(_ units: Int, bias: Bool = false) -> LayerSpec {
        .dense(DenseSpec(units: units, bias: bias))
    }

    static let convolutional = [
        network(
            "averages, strides and paddings of two sorts", Shape(channels: 2, height: 6, width: 5),
            [
                convolution(
                    3, (3, 2), stride: (1, 2), padding: (1, 1), bias: true,
                    pooling: PoolingSpec(.average, window: Extent(height: 2, width: 2))),
                dense(5, bias: true),
            ]),
        network(
            "convolution on convolution, maxima, rows left over", Shape(channels: 1, height: 7, width: 7),
            [
                convolution(2, (3, 3), stride: (2, 2), padding: (1, 1)),
                convolution(3, (2, 2), bias: true, pooling: PoolingSpec(.maximum, window: Extent(2))),
                dense(4),
            ], batch: 8),
        network(
            "maxima with gaps below a convolution", Shape(channels: 2, height: 7, width: 4),
            [
                convolution(
                    3, (2, 3), padding: (0, 1),
                    pooling: PoolingSpec(
                        .maximum, window: Extent(height: 2, width: 1), stride: Extent(height: 4, width: 1))),
                convolution(4, (2, 2), padding: (1, 0), bias: true),
                dense(6, bias: true), dense(3),
            ]),
        network(
            "averages with gaps below a convolution, narrow", Shape(channels: 1, height: 9, width: 6),
            [
                convolution(
                    3, (2, 2),
                    pooling: PoolingSpec(
                        .average, window: Extent(height: 2, width: 1), stride: Extent(height: 3, width: 2))),
                convolution(2, (2, 2), pooling: PoolingSpec(.average, window: Extent(height: 1, width: 2))),
                dense(3),
            ], activations: FixedPoint(bits: 13, fractionBits: 6)),
        network(
            "squared error", Shape(channels: 1, height: 5, width: 5),
            [convolution(2, (5, 5), padding: (2, 2)), dense(3, bias: true)], loss: .squaredError),
        network(
            "dense layers with and without biases", Shape(channels: 3, height: 2, width: 2),
            [dense(5, bias: true), dense(3)]),
    ]

    /// The public start with random biases in place of zeros, at which a window of zeros would stand at the ReLU's kink.
    static func model(_ spec: ModelSpec, seed: UInt64) throws -> QuantizedModel {
        let start = try QuantizedModel.initial(spec: spec, seed: seed)
        var generator = DeterministicGenerator(seed: seed, purpose: .shuffle)
        var weights = start.weights
        for layer in weights.indices where spec.hasBias(layer: layer) {
            let (last, limit) = (weights[layer].rows - 1, Int(weights[layer].elements.max() ?? 0))
            for column in 0..<weights[layer].columns {
                weights[layer][last, column] = Int16(generator.next(in: -limit...limit))
            }
        }
        return try QuantizedModel(spec: spec, weights: weights)
    }

    /// Random pixels and labels that fit a specification.
    static func data(for spec: ModelSpec, count: Int, seed: UInt64) throws -> Dataset {
        var generator = DeterministicGenerator(seed: seed, purpose: .shuffle)
        let features = spec.widths[0]
        let classes = spec.widths.last ?? 1
        return try Dataset(
            name: "random", featureCount: features, classCount: classes,
            pixels: (0..<count * features).map { _ in UInt8(generator.next(in: 0...16)) },
            labels: (0..<count).map { _ in UInt8(generator.next(in: 0...classes - 1)) })
    }
}
