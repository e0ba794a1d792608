import CZlib
import Foundation

/// All checkpoints of one training, compactly: the first model, then for each stage the differences of all weights as
/// bytes, low bytes apart from high ones, deflated. Most differences are small, so that a checkpoint takes a fraction of
/// its weights' size.
///
/// The file: magic "zkpotckp", version and header length (32 bits each), the specification as JSON, the number of
/// checkpoints, then each one's length and bytes, and the CRC-32 of everything before; little-endian throughout.
public struct CheckpointArchive: Sendable {
    static let magic = Array("zkpotckp".utf8)
    static let version: UInt32 = 1
    /// No training has more checkpoints.
    static let mostCheckpoints = 1 << 20 + 1

    public let spec: ModelSpec
    private var blocks: [[UInt8]] = []
    /// The weights of the last checkpoint appended; nothing is made room for before there is one.
    private var last: [Int16]?

    public init(spec: ModelSpec) throws(LearningError) {
        try spec.validate()
        self.spec = spec
    }

    /// Checkpoints so far.
    public var count: Int { blocks.count }

    /// Appends the next checkpoint.
    ///
    /// - Throws: `LearningError.model` for a model of another specification, or if the archive was read from a file.
    public mutating func append(_ model: QuantizedModel) throws(LearningError) {
        guard model.spec == spec else { throw .model(reason: "a checkpoint of another specification") }
        guard blocks.isEmpty == (last == nil) else {
            throw .model(reason: "an archive from a file takes no more checkpoints")
        }
        let weights = model.flattened
        let before = last ?? [Int16](repeating: 0, count: weights.count)
        let differences = zip(weights, before).map { UInt16(bitPattern: $0 &- $1) }
        blocks.append(
            try Self.deflated(
                differences.map { UInt8(truncatingIfNeeded: $0) }
                    + differences.map { UInt8(truncatingIfNeeded: $0 >> 8) }))
        last = weights
    }

    /// Calls `body` with each checkpoint and its number, in order, until it returns false.
    ///
    /// - Throws: `LearningError` for damaged contents; what `body` throws.
    public func forEach(_ body: (Int, QuantizedModel) throws -> Bool) throws {
        var weights = [Int16](repeating: 0, count: spec.weightCount)
        for (index, block) in blocks.enumerated() {
            let bytes = try Self.inflated(block, count: 2 * weights.count)
            for position in weights.indices {
                let difference = UInt16(bytes[position]) | UInt16(bytes[weights.count + position]) << 8
                weights[position] &+= Int16(bitPattern: difference)
            }
            guard try body(index, QuantizedModel(spec: spec, flattened: weights)) else { return }
        }
    }

    // MARK: File

    /// The file's bytes; equal archives give equal bytes.
    public var serialized: [UInt8] {
        let header = spec.json()
        var bytes = Self.magic
        func append(_ value: UInt32) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        append(Self.version)
        append(UInt32(header.count))
        bytes += header
        append(UInt32(blocks.count))
        for block in blocks {
            append(UInt32(block.count))
            bytes += block
        }
        append(Self.checksum(bytes[...]))
        return bytes
    }

    /// An archive from a file's bytes; `name` is for messages.
    ///
    /// - Throws: `LearningError` with the offset and reason.
    public init(serialized bytes: [UInt8], name: String) throws(LearningError) {
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        func word(at offset: Int) -> Int {
            Int(bytes[offset..<offset + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        }
        let start = Self.magic.count + 8
        guard bytes.starts(with: Self.magic) else { throw failure(0, "not a file of checkpoints") }
        guard bytes.count >= start + 8 else { throw failure(bytes.count, "the header is truncated") }
        guard word(at: 8) == Self.version else {
            throw failure(8, "version \(word(at: 8)), this program reads \(Self.version)")
        }
        let headerLength = word(at: 12)
        guard headerLength <= min(ModelSpec.maximumFileBytes, bytes.count - start - 8) else {
            throw failure(12, "a header of \(headerLength) bytes in a file of \(bytes.count)")
        }
        let end = bytes.count - 4
        guard word(at: end) == Int(Self.checksum(bytes[..<end])) else {
            throw failure(end, "the checksum is wrong: the file is damaged or truncated")
        }
        try self.init(
            spec: ModelSpec.parse(Data(bytes[start..<start + headerLength]), name: name))
        var offset = start + headerLength + 4
        let count = word(at: offset - 4)
        guard count <= Self.mostCheckpoints, count <= (end - offset) / 4 else {
            throw failure(offset - 4, "\(count) checkpoints do not fit the file")
        }
        for index in 0..<count {
            guard offset + 4 <= end, word(at: offset) <= end - offset - 4 else {
                throw failure(offset, "checkpoint \(index) is truncated")
            }
            blocks.append(Array(bytes[offset + 4..<offset + 4 + word(at: offset)]))
            offset += 4 + word(at: offset)
        }
        guard offset == end else { throw failure(offset, "bytes after the last checkpoint") }
    }

    public static func read(from url: URL) throws(LearningError) -> CheckpointArchive {
        try CheckpointArchive(
            serialized: [UInt8](FileInput.read(url)), name: url.lastPathComponent)
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.withUnsafeBytes(crc) }

    package static func crc(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(crc32(0, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
    }

    // MARK: zlib

    private static func deflated(_ bytes: [UInt8]) throws(LearningError) -> [UInt8] {
        var size = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(size))
        guard compress2(&output, &size, bytes, UInt(bytes.count), 6) == Z_OK else {
            throw .model(reason: "zlib could not compress a checkpoint")
        }
        return Array(output[..<Int(size)])
    }

    /// Exactly `count` bytes: a stream that expands to more is refused, not followed.
    private static func inflated(_ bytes: [UInt8], count: Int) throws(LearningError) -> [UInt8] {
        var size = UInt(count)
        var output = [UInt8](repeating: 0, count: count)
        guard uncompress(&output, &size, bytes, UInt(bytes.count)) == Z_OK, size == count else {
            throw .model(reason: "a checkpoint is damaged")
        }
        return output
    }
}
