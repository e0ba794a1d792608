import Foundation
import TestSupport
import Testing

import QuantizedLearning

@Suite struct CheckpointArchiveTests {
    private static let spec = ModelSpec(
        name: "small", widths: [6, 4, 3], input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
        weights: FixedPoint(bits: 12, fractionBits: 3), activations: FixedPoint(bits: 8, fractionBits: 4))

    /// Models that move by little, and once by much.
    private static func models() throws -> [QuantizedModel] {
        var generator = SeededGenerator(seed: 5)
        var weights = (0..<spec.weightCount).map { _ in Int16.random(in: -2048...2047, using: &generator) }
        return try (0..<20).map { index in
            weights = weights.map { weight in
                let change =
                    index == 7 ? Int16.random(in: -4000...4000, using: &generator) : index % 3 == 0 ? 1 : 0
                return max(-2048, min(2047, weight &+ change))
            }
            return try QuantizedModel(spec: spec, flattened: weights)
        }
    }

    private func archive(_ models: [QuantizedModel]) throws -> CheckpointArchive {
        var archive = try CheckpointArchive(spec: Self.spec)
        for model in models { try archive.append(model) }
        return archive
    }

    private func contents(_ archive: CheckpointArchive) throws -> [QuantizedModel] {
        var models: [QuantizedModel] = []
        try archive.forEach { index, model in
            #expect(index == models.count)
            models.append(model)
            return true
        }
        return models
    }

    @Test func whatIsWrittenIsRead() throws {
        let models = try Self.models()
        let archive = try archive(models)
        #expect(archive.count == 20)
        #expect(try contents(archive) == models)
        let read = try CheckpointArchive(serialized: archive.serialized, name: "x")
        #expect(try contents(read) == models)
        #expect(read.serialized == archive.serialized)
        #expect(throws: LearningError.self) {
            var other = read
            try other.append(models[0])
        }
        // Stops where it is told to.
        var seen = 0
        try read.forEach { index, _ in
            seen += 1
            return index < 4
        }
        #expect(seen == 5)
        #expect(throws: LearningError.self) {
            var other = archive
            try other.append(QuantizedModel.zero(spec: .digits))
        }
    }

    /// Checkpoints that differ little take a fraction of their weights' bytes.
    @Test func checkpointsAreCompact() throws {
        var archive = try CheckpointArchive(spec: .digits)
        var weights = try QuantizedModel.initial(spec: .digits, seed: 1).flattened
        for step in 0..<50 {
            weights = weights.enumerated().map { $0 % 50 == step && $1 < 2000 ? $1 + 1 : $1 }
            try archive.append(QuantizedModel(spec: .digits, flattened: weights))
        }
        #expect(archive.serialized.count < 50 * 2 * weights.count / 8)
    }

    @Test func damagedFilesAreRefused() throws {
        let good = try archive(Self.models()).serialized
        for length in stride(from: 0, to: good.count, by: 7) {
            #expect(throws: LearningError.self) {
                try CheckpointArchive(serialized: Array(good[..<length]), name: "x")
            }
        }
        for position in stride(from: 0, to: good.count, by: 11) {
            var damaged = good
            damaged[position] ^= 4
            #expect(throws: LearningError.self) { try CheckpointArchive(serialized: damaged, name: "x") }
        }
    }

    /// With a right checksum, too.
    @Test func hostileNumbersAreRefused() throws {
        let good = try archive(Self.models()).serialized
        let header = Int(good[12]) | Int(good[13]) << 8
        func sealed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
            var bytes = Array(good.dropLast(4))
            change(&bytes)
            let checksum = bytes.withUnsafeBytes {
                CheckpointArchive.crc(UnsafeRawBufferPointer($0))
            }
            return bytes + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
        }
        let count = 16 + header
        for (position, value) in [(count, UInt8(255)), (count + 3, 255), (count + 4, 255), (count + 7, 127)] {
            let bytes = sealed { $0[position] = value }
            #expect(throws: LearningError.self) { try CheckpointArchive(serialized: bytes, name: "x") }
        }
        // A block that is no stream of zlib's, or the stream of something longer.
        let broken = try CheckpointArchive(serialized: sealed { $0[count + 8 + 10] ^= 255 }, name: "x")
        #expect(throws: LearningError.self) { try contents(broken) }
        let bytes = sealed { $0.append(0) }
        #expect(throws: LearningError.self) { try CheckpointArchive(serialized: bytes, name: "x") }
    }
}
