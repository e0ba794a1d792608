import Foundation
import QuantizedLearning
import Testing

/// Specifications with layers: shapes, numbers of weights, the JSON form, and every field that can be wrong.
@Suite struct ArchitectureTests {
    func parse(_ text: String) throws -> ModelSpec {
        try ModelSpec.parse(Data(text.utf8), name: "spec.json")
    }

    @Test func knownNetworksHaveTheirShapes() {
        let lenet = ModelSpec.lenet5
        #expect(lenet.weightCount == 61_706)
        #expect(lenet.widths == [784, 1176, 400, 120, 84, 10])
        #expect(
            (0..<5).map { lenet.weightShape(layer: $0).rows } == [26, 151, 401, 121, 85])
        #expect(lenet.geometry(layer: 1).output == Shape(channels: 16, height: 10, width: 10))
        let small = ModelSpec.lenetSmall
        #expect(small.weightCount == 74_824)
        #expect(small.widths == [3072, 1176, 400, 480, 84, 10])
        #expect(
            (0..<5).map { small.weightShape(layer: $0).rows * small.weightShape(layer: $0).columns }
                == [450, 2400, 30720, 40404, 850])
        #expect(ModelSpec.digitsConvolution.weightCount == 410)
        #expect(ModelSpec.digits.architecture.summary == "64-32-10")
        #expect(lenet.architecture.summary == "1×28×28, 6@5×5, average 2×2, 16@5×5, average 2×2, 120, 84, 10")
    }

    /// Remainders of the built-in specifications have the width of one table, or two bits less.
    @Test func shiftsOfKnownNetworksFitOneTable() throws {
        for spec in [ModelSpec.lenet5, .lenetSmall] {
            let training = try #require(spec.training)
            #expect((0..<4).map { spec.activationShift(layer: $0) } == [14, 14, 14, 12])
            #expect((0..<5).map { training.updateShift(layer: $0, of: spec) } == [14, 14, 14, 12, 14])
            #expect((1..<5).map { training.backwardShift(layer: $0, of: spec) } == [14, 14, 12, 14])
            #expect((0..<5).map { spec.inputFractionBits(layer: $0) } == [8, 8, 8, 6, 6])
            // Sums of four activations and the weights fit 16 bits.
            #expect(spec.maximumInput(layer: 1) == 4 * 8191)
        }
        #expect(ModelSpec.lenetSmall.maximumInput(layer: 3) == 8191)
        let digits = ModelSpec.digitsConvolution
        let training = try #require(digits.training)
        #expect(digits.activationShift(layer: 0) == 14 && training.backwardShift(layer: 1, of: digits) == 14)
        #expect((0...1).allSatisfy { training.updateShift(layer: $0, of: digits) == 14 })
    }

    @Test func boundsCountPositionsAndWindows() throws {
        let spec = ModelSpec.lenet5
        let training = try #require(spec.training)
        #expect(spec.maximumAccumulator(layer: 1) == 151 * 4 * 8191 * 8192)
        #expect(
            training.maximumWeightGradient(layer: 0, of: spec) == 16 * 784 * 256 * 16383)
        #expect(training.maximumPropagated(layer: 1, of: spec) == 16 * 25 * 16383 * 8192)
        #expect(training.maximumPropagated(layer: 2, of: spec) == 120 * 16383 * 8192)
    }

    static let document = """
        {
          "name": "small",
          "input": {
            "shape": {"channels": 1, "height": 8, "width": 8}, "maximum": 16, "shift": 4, "fractionBits": 8
          },
          "layers": [
            {"convolution": {"channels": 4, "kernel": {"height": 3, "width": 3}}},
            {"dense": {"units": 10}}
          ],
          "weights": {"bits": 12, "fractionBits": 10},
          "activations": {"bits": 12, "fractionBits": 6}
        }
        """

    @Test func whatIsMissingHasDefaults() throws {
        let spec = try parse(Self.document)
        #expect(
            spec.architecture
                == Architecture(
                    input: Shape(channels: 1, height: 8, width: 8),
                    layers: [
                        .convolution(
                            ConvolutionSpec(
                                channels: 4, kernel: Extent(3), stride: Extent(1), padding: Extent(0),
                                bias: false, pooling: nil)),
                        .dense(DenseSpec(units: 10, bias: false)),
                    ]))
        let pooled = Self.document.replacingOccurrences(
            of: "\"channels\": 4,",
            with: #""pooling": {"kind": "maximum", "window": {"height": 2, "width": 3}}, "channels": 4,"#)
        guard case .convolution(let layer) = try parse(pooled).architecture.layers[0] else {
            Issue.record("the first layer is a convolution")
            return
        }
        #expect(layer.pooling?.stride == Extent(height: 2, width: 3))
    }

    /// Keys and commitments depend on the bytes of specifications that were written before there were layers.
    @Test func perceptronsKeepTheirForm() throws {
        let text = """
            {
              "activations" : {
                "bits" : 12,
                "fractionBits" : 5
              },
              "bias" : false,
              "input" : {
                "fractionBits" : 8,
                "maximum" : 16,
                "shift" : 4
              },
              "name" : "digits-64-32-10",
              "training" : {
                "batchSize" : 32,
                "gradientBits" : 12,
                "hiddenGradientFractionBits" : 7,
                "learningRate" : {
                  "numerator" : 1,
                  "shift" : 1
                },
                "loss" : "softmaxCrossEntropy",
                "outputGradientFractionBits" : 10,
                "softmax" : {
                  "exponentFractionBits" : 14,
                  "logitFractionBits" : 5,
                  "tableBits" : 9
                }
              },
              "weights" : {
                "bits" : 12,
                "fractionBits" : 9
              },
              "widths" : [
                64,
                32,
                10
              ]
            }
            """
        #expect(String(decoding: ModelSpec.digits.json(), as: UTF8.self) == text)
        // The same network in layers is the same specification.
        let layers = text.replacingOccurrences(of: "\"bias\" : false,", with: "")
            .replacingOccurrences(
                of: "\"maximum\" : 16",
                with: #""shape": {"channels": 64, "height": 1, "width": 1}, "maximum" : 16"#)
        let widths = layers.range(of: "\"widths\"")
        let layered =
            layers[..<(try #require(widths)).lowerBound]
            + #""layers": [{"dense": {"units": 32}}, {"dense": {"units": 10, "bias": false}}] }"#
        #expect(try parse(String(layered)) == .digits)
    }

    @Test(arguments: [
        ("\"layers\"", "\"bias\": true, \"layers\"", "bias: given beside layers"),
        ("\"layers\"", "\"widths\": [64, 10], \"layers\"", "widths: given beside layers"),
        ("\"layers\"", "\"layer\"", "widths is missing"),
        ("\"shape\"", "\"shapes\"", "input.shape is missing"),
        ("\"height\": 8, ", "", "input.shape.height is missing"),
        ("{\"dense\": {\"units\": 10}}", "{}", "layers.[1]: a layer is one of convolution and dense"),
        (
            "{\"dense\": {\"units\": 10}}", #"{"dense": {"units": 10}, "convolution": {}}"#,
            "layers.[1]: a layer is one of convolution and dense"
        ),
        ("\"units\": 10", "\"units\": 10, \"relu\": true", "layers[1].dense.relu: unknown field"),
        ("\"units\": 10", "\"unit\": 10", "layers.[1].dense.units is missing"),
        (
            "\"channels\": 4,", "\"channels\": 4, \"dilation\": 2,",
            "layers[0].convolution.dilation: unknown field"
        ),
        (
            "\"kernel\": {\"height\": 3,", "\"kernel\": {\"height\": 3, \"depth\": 1,",
            "layers[0].convolution.kernel.depth: unknown field"
        ),
        ("\"channels\": 4,", "\"channels\": 1e40,", "number that is too large"),
        (
            "\"channels\": 4,", #""channels": 4, "pooling": {"kind": "median"},"#,
            "layers.[0].convolution.pooling.kind"
        ),
        ("\"maximum\"", "\"top\": 3, \"maximum\"", "input.top: unknown field"),
    ])
    func badDocumentsAreRefused(part: String, replacement: String, reason: String) {
        #expect(Self.document.contains(part))
        let text = Self.document.replacingOccurrences(of: part, with: replacement)
        let message = message { _ = try parse(text) }
        #expect(message.contains(reason), "\(message)")
    }

    /// One change of a good architecture, and what the message must name.
    struct Change: Sendable {
        let field: String
        let change: @Sendable (inout ConvolutionSpec, inout Architecture) -> Void
    }

    static let changes: [Change] = [
        Change(field: "input.shape.channels") { _, architecture in architecture.input.channels = 0 },
        Change(field: "input.shape.channels") { _, architecture in architecture.input.channels = .max },
        Change(field: "input.shape.height") { _, architecture in architecture.input.height = -1 },
        Change(field: "input.shape.height") { _, architecture in architecture.input.height = 4097 },
        Change(field: "input.shape.width") { _, architecture in architecture.input.width = .min },
        Change(field: "input.shape: ") { _, architecture in
            architecture.input = Shape(channels: 1 << 19, height: 2, width: 2)
        },
        Change(field: "layers: 0 layers") { _, architecture in architecture.layers = [] },
        Change(field: "layers: 33 layers") { _, architecture in
            architecture.layers = Array(repeating: architecture.layers[0], count: 33)
        },
        Change(field: "layers[0].convolution.channels") { spec, _ in spec.channels = 0 },
        Change(field: "layers[0].convolution.channels") { spec, _ in spec.channels = .max },
        Change(field: "layers[0].convolution.kernel.height") { spec, _ in spec.kernel.height = 0 },
        Change(field: "layers[0].convolution.kernel.width") { spec, _ in spec.kernel.width = .max },
        Change(field: "layers[0].convolution.kernel.width: 9, larger than") { spec, _ in spec.kernel.width = 9
        },
        Change(field: "layers[0].convolution.stride.height") { spec, _ in spec.stride.height = 0 },
        Change(field: "layers[0].convolution.stride.width") { spec, _ in spec.stride.width = .max },
        Change(field: "layers[0].convolution.padding.height") { spec, _ in spec.padding.height = -1 },
        Change(field: "layers[0].convolution.padding.width") { spec, _ in spec.padding.width = 3 },
        Change(field: "layers[0].convolution.pooling.window.height") { spec, _ in
            spec.pooling?.window.height = 0
        },
        Change(field: "layers[0].convolution.pooling.window.width") { spec, _ in
            spec.pooling?.window.width = 7
        },
        Change(field: "layers[0].convolution.pooling.stride.height: 1, but") { spec, _ in
            spec.pooling?.stride.height = 1
        },
        Change(field: "layers[0].convolution.pooling.stride.width") { spec, _ in
            spec.pooling?.stride.width = .max
        },
        Change(field: "layers[0].convolution.pooling.window: averages of 6 values") { spec, _ in
            spec.pooling = PoolingSpec(.average, window: Extent(height: 2, width: 3))
        },
        Change(field: "layers[1].dense.units") { _, architecture in
            architecture.layers[1] = .dense(DenseSpec(units: 0))
        },
        Change(field: "layers[1].dense.units") { _, architecture in
            architecture.layers[1] = .dense(DenseSpec(units: .max))
        },
        Change(field: "layers[1]: a convolution after a dense layer") { spec, architecture in
            architecture.layers = [.dense(DenseSpec(units: 4)), .convolution(spec)]
        },
        Change(field: "layers[0]: the last layer must be dense") { _, architecture in
            architecture.layers.removeLast()
        },
        Change(field: "layers (classes)") { _, architecture in
            architecture.layers[1] = .dense(DenseSpec(units: 1))
        },
        Change(field: "layers (classes)") { _, architecture in
            architecture.layers[1] = .dense(DenseSpec(units: 257))
        },
        Change(field: "layers: ") { _, architecture in
            architecture.layers.insert(.dense(DenseSpec(units: 1 << 20)), at: 1)
            architecture.layers.insert(.dense(DenseSpec(units: 1 << 20)), at: 1)
        },
        Change(field: "layers[0] (windows)") { spec, architecture in
            architecture.input = Shape(channels: 1, height: 1000, width: 1000)
            spec.channels = 1
            spec.kernel = Extent(100)
        },
        Change(field: "layers[0] (outputs)") { spec, architecture in
            architecture.input = Shape(channels: 1, height: 1000, width: 1000)
            spec.channels = 1 << 16
        },
    ]

    @Test func badFieldsAreNamed() throws {
        guard case .convolution(let convolution) = ModelSpec.digitsConvolution.architecture.layers[0] else {
            Issue.record("the first layer is a convolution")
            return
        }
        for change in Self.changes {
            var spec = ModelSpec.digitsConvolution
            var changed = convolution
            var architecture = spec.architecture
            change.change(&changed, &architecture)
            if case .convolution? = architecture.layers.first {
                architecture.layers[0] = .convolution(changed)
            }
            spec.architecture = architecture
            let message = message { try spec.validate() }
            #expect(message.contains("model specification, \(change.field)"), "\(change.field): \(message)")
        }
    }

    /// Sums that could leave 62 bits are refused, without any that leaves 64 on the way to finding out.
    @Test func sumsThatCouldOverflowAreRefused() throws {
        var spec = ModelSpec(
            name: "wide",
            architecture: Architecture(
                input: Shape(channels: 1, height: 512, width: 512),
                layers: [
                    .convolution(
                        ConvolutionSpec(
                            channels: 1, kernel: Extent(1),
                            pooling: PoolingSpec(.average, window: Extent(16)))),
                    .convolution(ConvolutionSpec(channels: 1 << 10, kernel: Extent(16))),
                    .dense(DenseSpec(units: 10)),
                ]),
            input: InputSpec(maximum: 255, shift: 0, fractionBits: 0),
            weights: FixedPoint(bits: 16, fractionBits: 8),
            activations: FixedPoint(bits: 20, fractionBits: 0))
        try spec.validate()
        spec.training = TrainingSpec(
            loss: .squaredError, batchSize: 64, learningRate: LearningRate(numerator: 1024, shift: 10),
            gradientBits: 20, outputGradientFractionBits: 0, hiddenGradientFractionBits: 0, softmax: nil)
        #expect(message { try spec.validate() }.contains("exceed 62 bits"))
        spec.training?.learningRate.numerator = 1
        spec.training?.batchSize = 1
        spec.training?.learningRate.shift = 20
        try spec.validate()
    }
}
