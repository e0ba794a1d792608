import CZlib
import Foundation

/// The file of a model: magic "zkpotmdl", version and header length (32 bits each), the specification as JSON, all
/// weights as 16-bit integers in the order of `flattened`, and the CRC-32 of everything before; little-endian throughout.
extension QuantizedModel {
    static let magic = Array("zkpotmdl".utf8)
    static let version: UInt32 = 1

    /// The file's bytes; equal models give equal bytes.
    public func serialized() -> Data {
        let header = spec.json()
        var data = Data(Self.magic)
        data.append(littleEndian: Self.version)
        data.append(littleEndian: UInt32(header.count))
        data.append(header)
        for weight in flattened { data.append(littleEndian: UInt16(bitPattern: weight)) }
        data.append(littleEndian: Self.checksum(data))
        return data
    }

    /// A model from a file's bytes; `name` is for messages.
    ///
    /// - Throws: `LearningError` with the offset and reason.
    public init(serialized data: Data, name: String) throws(LearningError) {
        let bytes = [UInt8](data)
        func failure(_ offset: Int, _ reason: String) -> LearningError {
            .file(name: name, position: "offset \(offset)", reason: reason)
        }
        func word(at offset: Int) -> UInt32 {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        let start = Self.magic.count + 8
        guard bytes.starts(with: Self.magic) else { throw failure(0, "not a model file") }
        guard bytes.count >= start + 4 else { throw failure(bytes.count, "the header is truncated") }
        guard word(at: 8) == Self.version else {
            throw failure(8, "version \(word(at: 8)), this program reads \(Self.version)")
        }
        let headerLength = Int(word(at: 12))
        guard headerLength <= min(ModelSpec.maximumFileBytes, bytes.count - start - 4) else {
            throw failure(12, "a header of \(headerLength) bytes in a file of \(bytes.count)")
        }
        let end = bytes.count - 4
        guard word(at: end) == Self.checksum(Data(bytes[..<end])) else {
            throw failure(end, "the checksum is wrong: the file is damaged or truncated")
        }
        let payload = start + headerLength
        let spec = try ModelSpec.parse(Data(bytes[start..<payload]), name: name)
        guard end - payload == 2 * spec.weightCount else {
            throw failure(payload, "\(end - payload) bytes of weights instead of \(2 * spec.weightCount)")
        }
        let weights = (0..<spec.weightCount).map { index in
            let offset = payload + 2 * index
            return Int16(bitPattern: UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8)
        }
        try self.init(spec: spec, flattened: weights)
    }

    public static func read(from url: URL) throws(LearningError) -> QuantizedModel {
        try QuantizedModel(serialized: FileInput.read(url), name: url.lastPathComponent)
    }

    /// Writes the file so that a reader finds either the old or the new model.
    public func write(to url: URL) throws(LearningError) {
        try FileInput.write(serialized(), to: url)
    }

    private static func checksum(_ data: Data) -> UInt32 {
        data.withUnsafeBytes { raw in
            UInt32(crc32(0, raw.bindMemory(to: UInt8.self).baseAddress, UInt32(raw.count)))
        }
    }
}

extension Data {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
