import Foundation
import QuantizedLearning
import Testing

@Suite struct ModelSpecTests {
    func parse(_ text: String) throws -> ModelSpec {
        try ModelSpec.parse(Data(text.utf8), name: "spec.json")
    }

    @Test(
        arguments: [ModelSpec.digits, .mnist, .digitsConvolution, .lenet5, .lenetSmall] + SampleSpec.all
            + SampleSpec.convolutional)
    func survivesJSON(spec: ModelSpec) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("spec.json")
        try spec.write(to: file)
        let copy = try ModelSpec.read(from: file)
        #expect(copy == spec)
        #expect(copy.json() == spec.json())
    }

    @Test func defaultsHaveOneWidthForAllRangeChecks() {
        for (spec, width, count) in [(ModelSpec.digits, 12, 2368), (ModelSpec.mnist, 14, 101_632)] {
            #expect(spec.weightCount == count)
            #expect(spec.weights.bits == width && spec.activations.bits == width)
            #expect(spec.activationShift(layer: 0) == width)
            #expect(spec.training?.gradientBits == width)
            #expect(spec.training?.backwardShift(layer: 1, of: spec) == width)
            #expect((0...1).allSatisfy { spec.training?.updateShift(layer: $0, of: spec) == width })
        }
    }

    @Test func boundsAreThoseOfTheLargestValues() {
        let spec = ModelSpec.mnist
        #expect(spec.maximumAccumulator(layer: 0) == 784 * 255 * 8192)
        #expect(spec.maximumAccumulator(layer: 1) == 128 * 16383 * 8192)
        #expect(spec.training?.maximumWeightGradient(layer: 0, of: spec) == Int64(64 * 255 * 16383))
        #expect(spec.training?.maximumPropagated(layer: 1, of: spec) == Int64(10 * 16383 * 8192))
    }

    @Test func badFieldsAreNamed() throws {
        let changes: [(String, (inout ModelSpec) -> Void)] = [
            ("name", { $0.name = "" }),
            ("widths", { $0.widths = [64] }),
            ("widths[1]", { $0.widths[1] = 0 }),
            ("widths[1]", { $0.widths[1] = -5 }),
            ("widths[0]", { $0.widths[0] = Int.max }),
            ("widths", { $0.widths = [1 << 20, 1 << 20, 10] }),
            ("classes", { $0.widths[2] = 1 }),
            ("input.maximum", { $0.input.maximum = 256 }),
            ("input.shift", { $0.input.shift = 63 }),
            ("input.shift", { $0.input.shift = Int.min }),
            ("largest input", { $0.input.shift = -5 }),
            ("weights.bits", { $0.weights.bits = 17 }),
            ("weights.fractionBits", { $0.weights.fractionBits = -1 }),
            ("activations.bits", { $0.activations.bits = 64 }),
            ("rescale shift", { $0.activations.fractionBits = 17 }),
            ("training.batchSize", { $0.training?.batchSize = 0 }),
            ("not a power of two", { $0.training?.batchSize = 33 }),
            ("numerator", { $0.training?.learningRate.numerator = 0 }),
            ("learningRate.shift", { $0.training?.learningRate.shift = -1 }),
            ("gradientBits", { $0.training?.gradientBits = 0 }),
            ("outputGradientFractionBits", { $0.training?.outputGradientFractionBits = 12 }),
            ("tableBits", { $0.training?.softmax?.tableBits = 30 }),
            ("exponentFractionBits", { $0.training?.softmax?.exponentFractionBits = 62 }),
            ("training.softmax: missing", { $0.training?.softmax = nil }),
            ("training.softmax: present", { $0.training?.loss = .squaredError }),
            (
                "update shift",
                { spec in
                    spec.weights.fractionBits = 20
                    spec.activations.fractionBits = 10
                    spec.training?.hiddenGradientFractionBits = 0
                }
            ),
        ]
        try ModelSpec.digits.validate()
        for (field, change) in changes {
            var spec = ModelSpec.digits
            change(&spec)
            let message = message { try spec.validate() }
            #expect(message.contains(field), "\(field): \(message)")
        }
    }

    @Test func badDocumentsAreRefused() throws {
        let good = String(decoding: ModelSpec.digits.json(), as: UTF8.self)
        let cases = [
            ("", "JSON"),
            ("[]", "found an array"),
            (String(good.dropLast(5)), "JSON"),
            (good.replacingOccurrences(of: "\"bias\"", with: "\"biass\""), "bias is missing"),
            (good.replacingOccurrences(of: "64,", with: "\"64\","), "widths"),
            (good.replacingOccurrences(of: "64,", with: "1e30,"), "a number that is too large"),
            (
                good.replacingOccurrences(of: "\"name\"", with: "\"extra\": 1, \"name\""),
                "extra: unknown field"
            ),
            (
                good.replacingOccurrences(of: "\"batchSize\"", with: "\"momentum\": 1, \"batchSize\""),
                "training.momentum: unknown field"
            ),
            (String(repeating: "[", count: 10_000), "JSON"),
        ]
        for (text, reason) in cases {
            let message = message { _ = try parse(text) }
            #expect(message.contains(reason), "\(message)")
        }
        let folder = try TemporaryFolder()
        let large = try folder.file("large.json", String(repeating: " ", count: 1 << 17))
        #expect(message { _ = try ModelSpec.read(from: large) }.contains("more than the 65536 allowed"))
    }
}
