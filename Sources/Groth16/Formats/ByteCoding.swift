/// What is wrong with bytes from outside.
public struct MalformedData: Error, CustomStringConvertible, Equatable {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Appends fixed-width little-endian integers and length-prefixed bytes.
public struct ByteWriter {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    public mutating func append(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Bytes behind their number as UInt32.
    public mutating func appendPrefixed(_ more: some Collection<UInt8>) {
        append(UInt32(more.count))
        append(more)
    }
}

/// Reads what `ByteWriter` wrote; every read is checked against the bytes that are there.
public struct ByteReader {
    private var rest: ArraySlice<UInt8>

    public init(_ bytes: some Collection<UInt8>) { rest = ArraySlice(Array(bytes)) }

    public var remaining: Int { rest.count }

    /// - Throws: `MalformedData` if fewer than `count` bytes are left.
    public mutating func read(_ count: Int, _ what: String) throws -> [UInt8] {
        guard count >= 0, count <= rest.count else {
            throw MalformedData("truncated: \(what) needs \(count) bytes, \(rest.count) are left")
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    public mutating func readInteger<Integer: FixedWidthInteger>(
        _: Integer.Type, _ what: String
    ) throws -> Integer {
        let bytes = try read(Integer.bitWidth / 8, what)
        return bytes.reversed().reduce(Integer.zero) { ($0 << 8) | Integer(truncatingIfNeeded: $1) }
    }

    public mutating func readPrefixed(_ what: String) throws -> [UInt8] {
        let count = try readInteger(UInt32.self, "the length of \(what)")
        return try read(Int(count), what)
    }

    /// - Throws: `MalformedData` if bytes are left over.
    public func finish(_ what: String) throws {
        guard rest.isEmpty else { throw MalformedData("\(rest.count) bytes too many after \(what)") }
    }
}
