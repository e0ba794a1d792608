extension ABIType {
    /// The encoding of several values as the arguments of a function.
    ///
    /// - Throws: `EncodingError` if a value does not have its type.
    public static func encode(_ values: [ABIValue], as types: [ABIType]) throws(EncodingError) -> [UInt8] {
        try encode(values, types, "the arguments")
    }

    /// Heads in a row, then tails; a dynamic value's head is its tail's offset.
    private static func encode(_ values: [ABIValue], _ types: [ABIType], _ what: String) throws(EncodingError)
        -> [UInt8]
    {
        guard values.count == types.count else {
            throw EncodingError("\(what): \(types.count) values are wanted, not \(values.count)")
        }
        let headByteCount = types.reduce(0) { $0 + $1.headByteCount }
        var (heads, tails): ([UInt8], [UInt8]) = ([], [])
        for (value, type) in zip(values, types) {
            let encoding = try type.encoding(of: value)
            if type.isDynamic {
                heads += UInt256(UInt64(headByteCount + tails.count)).bigEndianBytes
                tails += encoding
            } else {
                heads += encoding
            }
        }
        return heads + tails
    }

    private func encoding(of value: ABIValue) throws(EncodingError) -> [UInt8] {
        switch (self, value) {
        case (.uint(let bits), .integer(let value)):
            guard value.bitWidth <= bits else { throw EncodingError("\(value) is too large for \(self)") }
            return value.bigEndianBytes
        case (.int(let bits), .integer(let value)):
            guard Self.isSignExtended(value, bits) else {
                throw EncodingError("\(Hex.encode(value.bigEndianBytes)) is no \(self)")
            }
            return value.bigEndianBytes
        case (.address, .address(let address)): return [UInt8](repeating: 0, count: 12) + address.bytes
        case (.bool, .bool(let value)): return UInt256(value ? 1 : 0).bigEndianBytes
        case (.fixedBytes(let count), .bytes(let bytes)):
            guard bytes.count == count else {
                throw EncodingError("\(self) has \(count) bytes, not \(bytes.count)")
            }
            return Self.padded(bytes)
        case (.bytes, .bytes(let bytes)):
            return UInt256(UInt64(bytes.count)).bigEndianBytes + Self.padded(bytes)
        case (.string, .string(let text)):
            let bytes = Array(text.utf8)
            return UInt256(UInt64(bytes.count)).bigEndianBytes + Self.padded(bytes)
        case (.array(let element), .list(let values)):
            let types = [ABIType](repeating: element, count: values.count)
            return UInt256(UInt64(values.count)).bigEndianBytes + (try Self.encode(values, types, "\(self)"))
        case (.fixedArray(let element, let count), .list(let values)):
            return try Self.encode(values, [ABIType](repeating: element, count: count), "\(self)")
        case (.tuple(let types), .list(let values)):
            return try Self.encode(values, types, "\(self)")
        default: throw EncodingError("a value for \(self) is of another type")
        }
    }

    /// Zeros behind, up to whole words.
    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }

    /// Whether all bits from the sign on are the same.
    static func isSignExtended(_ value: UInt256, _ bits: Int) -> Bool {
        if bits == 256 { return true }
        let isNegative = value.bigEndianBytes[32 - bits / 8] >> 7 == 1
        let magnitude = isNegative ? UInt256.max.subtracting(value) : value
        return (magnitude?.bitWidth ?? 256) < bits
    }
}
