/// Why bytes are not the canonical encoding of anything.
public struct MalformedEncoding: Error, Hashable, CustomStringConvertible {
    /// What was being read.
    public let item: String
    /// Where it begins, in bytes from the start.
    public let offset: Int
    public let reason: String

    public var description: String { "\(item) at byte \(offset): \(reason)" }
}

/// Reads what `CanonicalEncoder` writes, and nothing else: every value has one encoding.
///
/// It never traps, and never reserves more than the bytes that are really there can fill.
public struct CanonicalDecoder: Sendable {
    private let bytes: [UInt8]
    public private(set) var offset = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Bytes not read yet.
    public var remaining: Int { bytes.count - offset }

    /// - Throws: `MalformedEncoding` if bytes are left over.
    public func finish() throws(MalformedEncoding) {
        guard remaining == 0 else { throw failure("end", "\(remaining) bytes too many") }
    }

    public mutating func unsigned<Value: FixedWidthInteger & UnsignedInteger>(
        _ item: String, as type: Value.Type = Value.self
    ) throws(MalformedEncoding) -> Value {
        try fixed(Value.bitWidth / 8, item).reduce(0) { $0 << 8 | Value($1) }
    }

    public mutating func flag(_ item: String) throws(MalformedEncoding) -> Bool {
        let start = offset
        switch try unsigned(item, as: UInt8.self) {
        case 0: return false
        case 1: return true
        case let byte: throw failure(item, "a flag is 0 or 1, not \(byte)", at: start)
        }
    }

    /// `count` bytes.
    public mutating func fixed(_ count: Int, _ item: String) throws(MalformedEncoding) -> ArraySlice<UInt8> {
        guard count <= remaining else {
            throw failure(item, "needs \(count) bytes, \(remaining) are left")
        }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    public mutating func digest(_ item: String) throws(MalformedEncoding) -> Digest {
        Digest(try fixed(Bytes32.count, item))!
    }

    public mutating func publicKey(_ item: String) throws(MalformedEncoding) -> PublicKey {
        PublicKey(try fixed(Bytes32.count, item))!
    }

    /// Bytes behind their number, which may be at most `maximum`.
    public mutating func bytes(_ item: String, maximum: Int) throws(MalformedEncoding) -> [UInt8] {
        Array(try fixed(try length(item, maximum: maximum), item))
    }

    /// Text of at most `maximum` bytes of UTF-8.
    public mutating func text(_ item: String, maximum: Int) throws(MalformedEncoding) -> String {
        let start = offset
        let units = try fixed(try length(item, maximum: maximum), item)
        guard let text = String(validating: units, as: UTF8.self) else {
            throw failure(item, "is not UTF-8", at: start)
        }
        return text
    }

    /// A list of at most `maximum` elements, of at least one byte each.
    public mutating func list<Element>(
        _ item: String, maximum: Int,
        _ element: (inout CanonicalDecoder) throws(MalformedEncoding) -> Element
    ) throws(MalformedEncoding) -> [Element] {
        let count = try length(item, maximum: maximum)
        guard count <= remaining else {
            throw failure(item, "\(count) elements do not fit in the \(remaining) bytes that are left")
        }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    public mutating func optional<Value>(
        _ item: String, _ value: (inout CanonicalDecoder) throws(MalformedEncoding) -> Value
    ) throws(MalformedEncoding) -> Value? {
        try flag(item) ? try value(&self) : nil
    }

    /// The failure to report for an item, here unless an offset is given.
    public func failure(_ item: String, _ reason: String, at start: Int? = nil) -> MalformedEncoding {
        MalformedEncoding(item: item, offset: start ?? offset, reason: reason)
    }

    private mutating func length(_ item: String, maximum: Int) throws(MalformedEncoding) -> Int {
        let start = offset
        let count = Int(try unsigned(item, as: UInt32.self))
        guard count <= maximum else {
            throw failure(item, "has length \(count), at most \(maximum) is allowed", at: start)
        }
        return count
    }
}
