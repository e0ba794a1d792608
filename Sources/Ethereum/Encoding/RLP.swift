/// Recursive length prefix: the encoding of Ethereum's transactions and blocks.
///
/// - SeeAlso: the Ethereum yellow paper, appendix B.
public indirect enum RLP: Sendable, Hashable {
    case bytes([UInt8])
    case list([RLP])

    /// An integer: big-endian bytes without leading zeros.
    public static func integer(_ value: UInt64) -> RLP { .bytes(UInt256(value).minimalBytes) }
    public static func integer(_ value: UInt256) -> RLP { .bytes(value.minimalBytes) }

    public var encoded: [UInt8] {
        switch self {
        case .bytes(let bytes):
            if bytes.count == 1, bytes[0] < 0x80 { return bytes }
            return Self.prefix(bytes.count, short: 0x80) + bytes
        case .list(let items):
            let body = items.flatMap(\.encoded)
            return Self.prefix(body.count, short: 0xC0) + body
        }
    }

    private static func prefix(_ count: Int, short: UInt8) -> [UInt8] {
        if count < 56 { return [short + UInt8(count)] }
        let length = UInt256(UInt64(count)).minimalBytes
        return [short + 55 + UInt8(length.count)] + length
    }

    /// Decodes what `encoded` gives and nothing else: lengths are minimal, nothing is left over, and lists are nested
    /// at most `maximumDepth` times.
    ///
    /// - Throws: `EncodingError`.
    public init(decoding bytes: [UInt8]) throws(EncodingError) {
        var reader = Reader(bytes: bytes)
        self = try reader.item(end: bytes.count, depth: 0)
        guard reader.position == bytes.count else {
            throw EncodingError("RLP: \(bytes.count - reader.position) bytes are left over")
        }
    }

    public static let maximumDepth = 32

    /// The bytes of an item that is no list.
    func requireBytes(_ what: String) throws(EncodingError) -> [UInt8] {
        guard case .bytes(let bytes) = self else { throw EncodingError("\(what) is a list") }
        return bytes
    }

    /// A list of exactly `count` items.
    func requireList(_ count: Int, _ what: String) throws(EncodingError) -> [RLP] {
        guard case .list(let items) = self, items.count == count else {
            throw EncodingError("\(what) is not a list of \(count) items")
        }
        return items
    }

    /// An integer, which has no leading zeros.
    func requireInteger(_ what: String) throws(EncodingError) -> UInt256 {
        let bytes = try requireBytes(what)
        guard bytes.first != 0, let value = UInt256(bigEndian: bytes) else {
            throw EncodingError("\(what) is not an integer of at most 256 bits without leading zeros")
        }
        return value
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        mutating func item(end: Int, depth: Int) throws(EncodingError) -> RLP {
            guard depth <= RLP.maximumDepth else { throw EncodingError("RLP: lists are nested too deep") }
            guard position < end else { throw EncodingError("RLP: an item is missing") }
            let first = bytes[position]
            position += 1
            switch first {
            case ..<0x80: return .bytes([first])
            case ..<0xC0:
                let count = try length(first - 0x80, end: end)
                let content = Array(bytes[position..<position + count])
                guard !(count == 1 && content[0] < 0x80) else {
                    throw EncodingError("RLP: a small byte has a length")
                }
                position += count
                return .bytes(content)
            default:
                let stop = try length(first - 0xC0, end: end) + position
                var items: [RLP] = []
                while position < stop { items.append(try item(end: stop, depth: depth + 1)) }
                return .list(items)
            }
        }

        private mutating func length(_ code: UInt8, end: Int) throws(EncodingError) -> Int {
            var count = Int(code)
            if code > 55 {
                let size = Int(code) - 55
                guard size <= end - position else { throw EncodingError("RLP: a length is cut short") }
                let digits = bytes[position..<position + size]
                guard digits.first != 0, let long = UInt256(bigEndian: digits)?.int, long > 55 else {
                    throw EncodingError("RLP: a length is not in its shortest form, or too large")
                }
                position += size
                count = long
            }
            guard count <= end - position else { throw EncodingError("RLP: an item is cut short") }
            return count
        }
    }
}

/// Why bytes are not the encoding of anything.
public struct EncodingError: Error, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
