import Foundation
import QuantizedLearning
import Testing

/// Models with convolutions from JSON and NumPy files, in the orders of PyTorch and of Keras.
@Suite struct ConvolutionImportTests {
    /// One channel of 2×3, kernels of 2×2 for two output channels, then one dense layer of two units on 2×1×2.
    static let torch = """
        {"layout": "outputsByInputs", "inputDivisor": 255, "shape": {"channels": 1, "height": 2, "width": 3},
         "layers": [
           {"kernels": [[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]], "bias": [0.5, -0.5]},
           {"weights": [[1, 2, 3, 4], [5, 6, 7, 8]]}]}
        """
    /// The same: kernels row × column × channel × output, dense rows (row, column, channel).
    static let keras = """
        {"layout": "inputsByOutputs", "inputDivisor": 255, "shape": {"channels": 1, "height": 2, "width": 3},
         "layers": [
           {"kernels": [[[[1, 5]], [[2, 6]]], [[[3, 7]], [[4, 8]]]], "bias": [0.5, -0.5]},
           {"weights": [[1, 5], [3, 7], [2, 6], [4, 8]]}]}
        """

    func json(_ text: String) throws -> ImportedModel {
        let folder = try TemporaryFolder()
        return try ImportedModel.readJSON(from: folder.file("m.json", text))
    }

    @Test func bothLayoutsGiveTheSameModel() throws {
        let imported = try json(Self.torch)
        let other = try json(Self.keras)
        #expect(imported == other)
        #expect(imported.model.architecture.summary == "1×2×3, 2@2×2, 2")
        #expect(imported.model.architecture.layers.map(\.bias) == [true, false])
        #expect(imported.model.weights[0].elements == [1, 5, 2, 6, 3, 7, 4, 8, 0.5, -0.5])
        #expect(imported.model.weights[1].elements == [1, 5, 2, 6, 3, 7, 4, 8])
        // Pixels 1…6 over 255: windows 1 2 4 5 and 2 3 5 6 give 37 and 47, 99 and 125… plus the biases.
        let logits = imported.model.logits(inputs: Matrix(rows: 1, columns: 6, elements: [1, 2, 3, 4, 5, 6]))
        let z: [Float] = [37.5, 47.5, 84.5, 110.5]
        #expect(logits.elements[0] == z[0] + 2 * z[1] + 3 * z[2] + 4 * z[3])
        #expect(logits.elements[1] == 5 * z[0] + 6 * z[1] + 7 * z[2] + 8 * z[3])
    }

    @Test func stridePaddingAndPoolingAreRead() throws {
        let text = Self.torch.replacingOccurrences(
            of: "\"bias\": [0.5, -0.5]",
            with: """
                "stride": {"height": 1, "width": 2}, "padding": {"height": 1, "width": 1},
                "pooling": {"kind": "maximum", "window": {"height": 3, "width": 1}}
                """)
        let imported = try json(text)
        guard case .convolution(let layer) = imported.model.architecture.layers[0] else {
            Issue.record("the first layer is a convolution")
            return
        }
        #expect(layer.stride == Extent(height: 1, width: 2) && layer.padding == Extent(1))
        #expect(layer.pooling == PoolingSpec(.maximum, window: Extent(height: 3, width: 1)))
        #expect(!layer.bias)
    }

    @Test func importedConvolutionsBecomeIntegers() throws {
        let imported = try json(Self.torch)
        let input = InputSpec(maximum: 255, shift: 0, fractionBits: 8)
        let model = try imported.quantized(name: "imported", input: input)
        // The largest weight is 8·256/255, so 14 bits hold 9 of fraction.
        #expect(model.spec.weights == FixedPoint(bits: 14, fractionBits: 9))
        #expect(model.weights[0].elements.prefix(2) == [514, 2570])
        #expect(model.weights[0].elements.suffix(2) == [256, -256])
        let data = try Dataset(
            name: "one", featureCount: 6, classCount: 2, pixels: [10, 20, 30, 40, 50, 60], labels: [1])
        let exact = imported.model.logits(
            inputs: Matrix(rows: 1, columns: 6, elements: [10, 20, 30, 40, 50, 60].map { $0 / 255 }))
        let scale = Float(
            1 << (model.spec.inputFractionBits(layer: 1) + model.spec.weights.fractionBits))
        for (integer, float) in zip(try model.logits(of: data).elements, exact.elements) {
            #expect(abs(Float(integer) / scale - float) < 1)
        }
    }

    @Test(arguments: [
        ("\"shape\":", "\"shapes\":", "shape: missing, but there is a convolution"),
        ("[[[[1, 2], [3, 4]]],", "[[[[1, 2], [3]]],", "layers[0].kernels[0][0][1]: 1 numbers instead of 2"),
        ("[[[[1, 2], [3, 4]]],", "[[[[1, 2]]],", "layers[0].kernels[1][0]: shape"),
        ("[[[[1, 2], [3, 4]]],", "[[[[1, 2], [3, 4]], [[1, 2], [3, 4]]],", "layers[0].kernels[1][0]: shape"),
        ("[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]]", "[]", "kernels of unequal depth, or none"),
        ("[[[[1, 2], [3, 4]]], [[[5, 6], [7, 8]]]]", "[[[[]]]]", "kernels of unequal depth, or none"),
        ("{\"weights\"", "{\"weight\"", "layers[1]: a layer has either"),
        ("{\"weights\"", "{\"kernels\": [[[[1]]]], \"weights\"", "layers[1]: a layer has either"),
        ("[0.5, -0.5]", "[0.5]", "layer 0 has 1 biases for 2 outputs"),
        (
            "[[1, 2, 3, 4], [5, 6, 7, 8]]", "[[1, 2, 3], [5, 6, 7]]",
            "weights of layer 1 have the shape [2, 3]"
        ),
        ("\"height\": 2, \"width\": 3", "\"height\": 1, \"width\": 3", "kernel.height: 2, larger than"),
        ("\"channels\": 1", "\"channels\": 3", "weights of layer 0 have the shape [2, 1, 2, 2]"),
        ("outputsByInputs", "inputsByOutputs", "is the layout inputsByOutputs right?"),
        ("[5, 6, 7, 8]]", "[5, 6, 7, 1e300]]", "number that is too large"),
    ])
    func badJSONIsRefused(part: String, replacement: String, reason: String) {
        #expect(Self.torch.contains(part))
        let message = message {
            _ = try json(Self.torch.replacingOccurrences(of: part, with: replacement))
        }
        #expect(message.contains(reason), "\(message)")
    }

    func npy(_ shape: [Int], fortran: Bool = false, _ values: [Float]) -> [UInt8] {
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        let header =
            "{'descr': '<f4', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
            + values.withUnsafeBytes(Array.init)
    }

    @Test func npyHasFourDimensionsForAConvolution() throws {
        let folder = try TemporaryFolder()
        let expected = try json(Self.torch)
        let weights = try folder.file("1.npy", npy([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]))
        let architecture = Architecture(
            input: Shape(channels: 1, height: 2, width: 3),
            layers: [
                .convolution(ConvolutionSpec(channels: 2, kernel: Extent(2))), .dense(DenseSpec(units: 2)),
            ])
        let files = [
            npy([2, 1, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
            npy([2, 1, 2, 2], fortran: true, [1, 5, 3, 7, 2, 6, 4, 8]),
        ]
        for content in files {
            let imported = try ImportedModel.readNPY(
                weights: [folder.file("0.npy", content), weights], layout: .outputsByInputs,
                architecture: architecture)
            #expect(imported.model.weights[0].elements == Array(expected.model.weights[0].elements.prefix(8)))
            #expect(imported.model.weights[1] == expected.model.weights[1])
        }
        let flat = try folder.file("flat.npy", npy([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]))
        #expect(
            message {
                _ = try ImportedModel.readNPY(
                    weights: [flat, weights], layout: .outputsByInputs, architecture: architecture)
            }.contains("weights of layer 0 have the shape [2, 4] instead of [2, 1, 2, 2]"))
        #expect(
            message {
                _ = try ImportedModel.readNPY(weights: [folder.file("0.npy", files[0])])
            }.contains("4 dimensions, weights have two"))
        #expect(
            message {
                _ = try ImportedModel.readNPY(weights: [weights], architecture: architecture)
            }.contains("1 tensors of weights instead of 2"))
    }
}
