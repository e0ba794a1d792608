import Foundation
import QuantizedLearning
import Testing

@Suite struct ModelFileTests {
    let model: QuantizedModel
    let bytes: [UInt8]

    init() throws {
        model = try QuantizedModel.initial(spec: SampleSpec.all[1], seed: 3)
        bytes = [UInt8](model.serialized())
    }

    @Test func survivesAFile() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("model.bin")
        try QuantizedModel.initial(spec: .digits, seed: 1).write(to: file)
        try model.write(to: file)
        #expect(try QuantizedModel.read(from: file) == model)
        #expect(try QuantizedModel(spec: model.spec, flattened: model.flattened) == model)
        #expect(message { _ = try QuantizedModel.read(from: folder.url) }.contains("not a regular file"))
        let nowhere = folder.url.appendingPathComponent("missing/model.bin")
        #expect(message { try model.write(to: nowhere) }.contains("cannot be written"))
    }

    @Test func everyTruncationAndEveryFlippedByteIsRefused() {
        for length in 0..<bytes.count {
            let cut = Data(bytes.prefix(length))
            #expect(throws: LearningError.self) { _ = try QuantizedModel(serialized: cut, name: "m") }
        }
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 0x41
            let data = Data(changed)
            #expect(throws: LearningError.self) { _ = try QuantizedModel(serialized: data, name: "m") }
        }
    }

    @Test func reasonsAreGiven() {
        func reason(_ change: (inout [UInt8]) -> Void) -> String {
            var changed = bytes
            change(&changed)
            return message { _ = try QuantizedModel(serialized: Data(changed), name: "m") }
        }
        #expect(reason { $0[0] = 0 }.contains("offset 0: not a model file"))
        #expect(reason { $0[8] = 2 }.contains("offset 8: version 2"))
        #expect(reason { $0[15] = 0xff }.contains("offset 12: a header of"))
        #expect(reason { $0[200] ^= 1 }.contains("checksum is wrong"))
        #expect(reason { $0.append(0) }.contains("checksum is wrong"))
    }

    @Test func weightsMustFitTheSpecification() {
        let count = ModelSpec.digits.weightCount
        var weights = [Int16](repeating: 0, count: count)
        weights[2048 + 13] = 2048
        #expect(
            message { _ = try QuantizedModel(spec: .digits, flattened: weights) }
                .contains("weight of layer 1 (input 1, output 3) is 2048, outside -2048...2047"))
        #expect(
            message { _ = try QuantizedModel(spec: .digits, flattened: [0]) }.contains(
                "1 weights instead of 2368"))
        let square = Matrix(rows: 32, columns: 64, repeating: Int16(0))
        #expect(
            message { _ = try QuantizedModel(spec: .digits, weights: [square, square]) }
                .contains("32×64 instead of 64×32"))
    }

    @Test func publicStartDependsOnTheSeedAndFillsItsRange() throws {
        let model = try QuantizedModel.initial(spec: .digits, seed: 7)
        #expect(try model == QuantizedModel.initial(spec: .digits, seed: 7))
        #expect(try model != QuantizedModel.initial(spec: .digits, seed: 8))
        // L = floor(sqrt(6·4^9 / 64)) = 156 and floor(sqrt(6·4^9 / 32)) = 221.
        #expect(model.weights[0].elements.max() == 156 && model.weights[0].elements.min() == -156)
        #expect((215...221).contains(model.weights[1].elements.max() ?? 0))
        let biased = try QuantizedModel.initial(spec: SampleSpec.all[1], seed: 1)
        #expect(biased.weights.allSatisfy { $0.row($0.rows - 1).allSatisfy { $0 == 0 } })
    }
}
