extension ABIType {
    /// The values of an encoding: what a function returned, the data of an event or of an error.
    ///
    /// Every word must be one that an encoder writes: booleans are 0 or 1, integers and addresses have their width,
    /// short byte strings end in zeros, text is UTF-8. Offsets and lengths stay within the data, and no data can
    /// stand for more than a fixed number of values, however its offsets overlap.
    ///
    /// - Throws: `EncodingError`.
    public static func decode(_ data: [UInt8], as types: [ABIType]) throws(EncodingError) -> [ABIValue] {
        var decoder = ABIDecoder(data: data)
        return try decoder.values(types, base: 0)
    }
}

private struct ABIDecoder {
    let data: [UInt8]
    /// Values, and whole words of bytes and text, that may still be made.
    private var budget = 1 << 18

    init(data: [UInt8]) { self.data = data }

    mutating func values(_ types: [ABIType], base: Int) throws(EncodingError) -> [ABIValue] {
        var values: [ABIValue] = []
        var head = base
        for type in types {
            values.append(try value(type, head: head, base: base))
            head += type.headByteCount
        }
        return values
    }

    /// - Parameters:
    ///   - head: where the value's place is.
    ///   - base: where offsets count from.
    private mutating func value(_ type: ABIType, head: Int, base: Int) throws(EncodingError) -> ABIValue {
        guard type.isDynamic else { return try content(type, at: head) }
        let offset = try number(at: head, "an offset")
        guard offset <= data.count - base else { throw EncodingError("an offset leads out of the data") }
        return try content(type, at: base + offset)
    }

    private mutating func content(_ type: ABIType, at start: Int) throws(EncodingError) -> ABIValue {
        try spend(1)
        switch type {
        case .uint(let bits):
            let value = try word(at: start)
            guard value.bitWidth <= bits else { throw EncodingError("\(value) is too large for \(type)") }
            return .integer(value)
        case .int(let bits):
            let value = try word(at: start)
            guard ABIType.isSignExtended(value, bits) else { throw EncodingError("a word is no \(type)") }
            return .integer(value)
        case .address:
            let value = try word(at: start)
            guard value.bitWidth <= 160, let address = Address(value.bigEndianBytes.suffix(20)) else {
                throw EncodingError("a word is no address")
            }
            return .address(address)
        case .bool:
            switch try word(at: start).uint64 {
            case 0: return .bool(false)
            case 1: return .bool(true)
            default: throw EncodingError("a word is no truth value")
            }
        case .fixedBytes(let count):
            let bytes = try word(at: start).bigEndianBytes
            guard bytes[count...].allSatisfy({ $0 == 0 }) else { throw EncodingError("a word is no \(type)") }
            return .bytes(Array(bytes[..<count]))
        case .bytes: return .bytes(try byteString(at: start))
        case .string:
            guard let text = String(validating: try byteString(at: start), as: UTF8.self) else {
                throw EncodingError("a text is not UTF-8")
            }
            return .string(text)
        case .array(let element):
            let count = try number(at: start, "a length")
            try spend(count)
            return .list(try values([ABIType](repeating: element, count: count), base: start + 32))
        case .fixedArray(let element, let count):
            try spend(count)
            return .list(try values([ABIType](repeating: element, count: count), base: start))
        case .tuple(let types): return .list(try values(types, base: start))
        }
    }

    private mutating func byteString(at start: Int) throws(EncodingError) -> [UInt8] {
        let count = try number(at: start, "a length")
        guard count <= data.count - start - 32 else { throw EncodingError("a byte string is cut short") }
        try spend(count / 32)
        return Array(data[start + 32..<start + 32 + count])
    }

    private mutating func spend(_ count: Int) throws(EncodingError) {
        guard count <= budget else { throw EncodingError("the data stand for too many values") }
        budget -= count
    }

    private func word(at start: Int) throws(EncodingError) -> UInt256 {
        guard start >= 0, start <= data.count - 32, let word = UInt256(bigEndian: data[start..<start + 32])
        else {
            throw EncodingError("the data end too early")
        }
        return word
    }

    /// A length or an offset, which is at most the size of the data.
    private func number(at start: Int, _ what: String) throws(EncodingError) -> Int {
        guard let value = try word(at: start).int, value <= data.count else {
            throw EncodingError("\(what) is larger than the data")
        }
        return value
    }
}
