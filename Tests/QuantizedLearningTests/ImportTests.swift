import Foundation
import QuantizedLearning
import Testing

@Suite struct ImportTests {
    static let input = InputSpec(maximum: 255, shift: 0, fractionBits: 8)

    func json(_ text: String) throws -> ImportedModel {
        let folder = try TemporaryFolder()
        return try ImportedModel.readJSON(from: folder.file("m.json", text))
    }

    @Test func jsonBecomesIntegers() throws {
        let imported = try json(
            """
            {"layout": "inputsByOutputs", "inputDivisor": 255, "layers": [
              {"weights": [[0.5, -0.25], [1, 0]], "bias": [0.125, -1]},
              {"weights": [[1, 2, 3], [-1, -2, -3]]}]}
            """)
        #expect(imported.inputDivisor == 255)
        #expect(imported.model.architecture.layers.map(\.bias) == [true, true])
        #expect(imported.model.widths == [2, 2, 3])
        let model = try imported.quantized(name: "mine", input: Self.input)
        // The largest weight is 3, so 14 bits hold 11 of fraction; pixel/255 = (pixel/256)·256/255.
        #expect(model.spec.weights == FixedPoint(bits: 14, fractionBits: 11))
        #expect(model.weights[0].elements == [1028, -514, 2056, 0, 256, -2048])
        #expect(model.weights[1].elements == [2048, 4096, 6144, -2048, -4096, -6144, 0, 0, 0])
    }

    @Test func layoutsAreTransposesOfEachOther() throws {
        let rows = try json(
            #"{"layout": "inputsByOutputs", "layers": [{"weights": [[1, 2], [3, 4], [5, 6]]}]}"#)
        let columns = try json(
            #"{"layout": "outputsByInputs", "layers": [{"weights": [[1, 3, 5], [2, 4, 6]]}]}"#)
        #expect(rows == columns)
    }

    @Test(arguments: [
        ("{", "JSON"),
        (#"{"layers": []}"#, "layout is missing"),
        (#"{"layout": "sideways", "layers": []}"#, "layout"),
        (#"{"layout": "inputsByOutputs", "layers": []}"#, "no layers"),
        (#"{"layout": "inputsByOutputs", "layers": [{"weights": []}]}"#, "layer 0 is empty"),
        (
            #"{"layout": "inputsByOutputs", "layers": [{"weights": [[1, 2], [3]]}]}"#,
            "weights[1]: 1 numbers instead of 2"
        ),
        (#"{"layout": "inputsByOutputs", "layers": [{"weights": [["a"]]}]}"#, "weights"),
        (
            #"{"layout": "inputsByOutputs", "layers": [{"weights": [[1, 2]], "bias": [1]}]}"#,
            "1 biases for 2 outputs"
        ),
        (
            #"{"layout": "inputsByOutputs", "layers": [{"weights": [[1, 2]]}, {"weights": [[1]]}]}"#,
            "layer 1 takes 1 inputs, but layer 0 has 2 outputs"
        ),
        (#"{"layout": "inputsByOutputs", "layers": [{"weights": [[1e300]]}]}"#, "a number that is too large"),
    ])
    func badJSONIsRefused(text: String, reason: String) {
        let message = message { _ = try json(text) }
        #expect(message.contains(reason), "\(message)")
    }

    @Test func weightsThatDoNotFitAreNamed() throws {
        let imported = try json(
            #"{"layout": "inputsByOutputs", "layers": [{"weights": [[1, 2], [3, 4.5]]}]}"#)
        var spec = ModelSpec.digits
        spec.widths = [2, 2]
        #expect(
            message { _ = try imported.quantized(name: "m", input: spec.input, spec: spec) }
                .contains("weight of layer 0 (input 1, output 1) is 2304, outside -2048...2047"))
        let huge = try json(#"{"layout": "inputsByOutputs", "layers": [{"weights": [[1e30, 1]]}]}"#)
        #expect(message { _ = try huge.quantized(name: "m", input: Self.input) }.contains("1e+30"))
        #expect(
            message { _ = try imported.quantized(name: "m", input: Self.input, width: 40) }.contains(
                "weights.bits"))
        let unscaled = InputSpec(maximum: 1, shift: 0, fractionBits: .max)
        #expect(
            message { _ = try imported.quantized(name: "m", input: unscaled) }.contains("input.fractionBits"))
        #expect(
            message {
                _ = try FloatModel(weights: [Matrix(rows: 1, columns: 1, repeating: .nan)], bias: false)
            }
            .contains("nan"))
    }

    /// A `.npy` file of version 1 with the given header fields.
    func npy(descr: String = "<f4", fortran: String = "False", shape: String, _ payload: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(descr)', 'fortran_order': \(fortran), 'shape': (\(shape)), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
            + payload
    }

    func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes(Array.init) }

    @Test func npyIsReadInBothTypesAndOrders() throws {
        let folder = try TemporaryFolder()
        let expected = [Float](arrayLiteral: 1, 2, 3, 4, 5, 6)
        let files = [
            npy(shape: "3, 2", bytes(expected)),
            npy(descr: "<f8", shape: "3, 2", bytes(expected.map(Double.init))),
            npy(fortran: "True", shape: "3, 2", bytes([Float](arrayLiteral: 1, 3, 5, 2, 4, 6))),
        ]
        for content in files {
            let imported = try ImportedModel.readNPY(
                weights: [folder.file("w.npy", content)],
                biases: [folder.file("b.npy", npy(shape: "2,", bytes([Float](arrayLiteral: 7, 8))))])
            #expect(imported.model.weights[0].elements == expected + [7, 8])
        }
    }

    @Test func badNPYIsRefused() throws {
        let folder = try TemporaryFolder()
        let good = npy(shape: "1, 2", bytes([Float](arrayLiteral: 1, 2)))
        func read(_ content: [UInt8]) throws {
            _ = try ImportedModel.readNPY(weights: [folder.file("w.npy", content)])
        }
        try read(good)
        for length in 0..<good.count {
            let cut = Array(good.prefix(length))
            #expect(throws: LearningError.self) { try read(cut) }
        }
        var longHeader = good
        longHeader[9] = 0xff
        let cases: [([UInt8], String)] = [
            (Array("\u{7f}ELF".utf8) + good, "not a NumPy file"),
            (longHeader, "offset 8: a header of"),
            (npy(descr: "|O", shape: "1, 2", [0]), "elements of type |O"),
            (npy(shape: "4294967295, 4294967295", []), "shape"),
            (npy(shape: "99999999999999999999", []), "shape"),
            (npy(shape: "0, 2", []), "shape"),
            (npy(shape: "", bytes([Float(1)])), "0 dimensions"),
            (npy(shape: "2,", bytes([Float(1), 2])), "1 dimensions, weights have two"),
            (good + [0], "9 bytes of elements instead of 8"),
            (npy(shape: "1, 1", bytes([Float.infinity])), "inf"),
        ]
        for (content, reason) in cases {
            let message = message { try read(content) }
            #expect(message.contains(reason), "\(message)")
        }
    }
}
