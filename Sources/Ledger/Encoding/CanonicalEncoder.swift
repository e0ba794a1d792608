/// Something with exactly one encoding: what is hashed, signed and stored.
public protocol CanonicalCodable: Sendable {
    func encode(to encoder: inout CanonicalEncoder)
    init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding)
}

extension CanonicalCodable {
    /// The one encoding.
    public var encoded: [UInt8] {
        var encoder = CanonicalEncoder()
        encode(to: &encoder)
        return encoder.bytes
    }

    /// The value of an encoding, of which nothing may be left over.
    ///
    /// - Throws: `MalformedEncoding` saying what is wrong, and where.
    public init(encoded bytes: [UInt8]) throws(MalformedEncoding) {
        var decoder = CanonicalDecoder(bytes)
        self = try Self(from: &decoder)
        try decoder.finish()
    }
}

/// Writes the canonical encoding: integers big-endian in fixed width, everything of variable size behind its
/// length in four bytes, the cases of an enum behind a tag byte.
public struct CanonicalEncoder: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func encode(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    public mutating func encode(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    public mutating func encode(_ digest: Digest) { bytes.append(contentsOf: digest.bytes) }

    public mutating func encode(_ key: PublicKey) { bytes.append(contentsOf: key.bytes) }

    /// Bytes whose number is part of the format.
    public mutating func encode(fixed value: [UInt8]) { bytes.append(contentsOf: value) }

    public mutating func encode(_ value: [UInt8]) {
        encode(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    public mutating func encode(_ text: String) { encode(Array(text.utf8)) }

    public mutating func encode<Element>(
        list: some Collection<Element>, _ body: (inout CanonicalEncoder, Element) -> Void
    ) {
        encode(UInt32(list.count))
        for element in list { body(&self, element) }
    }

    public mutating func encode<Value>(
        optional value: Value?, _ body: (inout CanonicalEncoder, Value) -> Void
    ) {
        encode(value != nil)
        if let value { body(&self, value) }
    }
}
