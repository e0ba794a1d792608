import Foundation

/// Values of the contract ABI as people write them, on a command line or in JSON.
extension ABIType {
    /// Reads a value: numbers in decimal or as `0x…`, `true` and `false`, addresses, bytes as `0x…`, text as it is, arrays
    /// and tuples as JSON arrays of such texts.
    ///
    /// - Throws: `EncodingError` that says what is expected.
    public func value(_ text: String) throws(EncodingError) -> ABIValue {
        switch self {
        case .uint, .int:
            guard let value = Self.number(text, isSigned: isSigned) else {
                throw EncodingError(
                    "\(self) expects a number, not '\(foreignText(String(text.prefix(100))))'")
            }
            return .integer(value)
        case .address: return .address(try Address(text))
        case .bool:
            guard text == "true" || text == "false" else { throw EncodingError("bool expects true or false") }
            return .bool(text == "true")
        case .fixedBytes, .bytes:
            guard let bytes = Hex.decode(text) else {
                throw EncodingError("\(self) expects 0x and an even number of hexadecimal digits")
            }
            return .bytes(bytes)
        case .string: return .string(text)
        case .array, .fixedArray, .tuple:
            guard let json = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
                throw EncodingError("\(self) expects a JSON array, such as [\"1\", \"2\"]")
            }
            return try value(json)
        }
    }

    /// Reads a value of JSON: what `value(_:)` reads as strings, numbers and truth values as such too.
    ///
    /// - Throws: `EncodingError` that says what is expected.
    public func value(_ json: JSONValue) throws(EncodingError) -> ABIValue {
        switch (self, json) {
        case (.array(let element), .array(let items)):
            return .list(try Self.values(items, of: { _ in element }))
        case (.fixedArray(let element, let count), .array(let items)) where items.count == count:
            return .list(try Self.values(items, of: { _ in element }))
        case (.tuple(let types), .array(let items)) where items.count == types.count:
            return .list(try Self.values(items, of: { types[$0] }))
        case (.array, _), (.fixedArray, _), (.tuple, _):
            throw EncodingError("\(self) expects a JSON array of its length")
        case (_, .string(let text)): return try value(text)
        case (.uint, .number(let number)), (.int, .number(let number)): return try value(String(number))
        case (.bool, .bool(let flag)): return .bool(flag)
        default: throw EncodingError("\(self) expects something else")
        }
    }

    private static func values(_ items: [JSONValue], of type: (Int) -> ABIType) throws(EncodingError)
        -> [ABIValue]
    {
        var values: [ABIValue] = []
        for (index, item) in items.enumerated() { values.append(try type(index).value(item)) }
        return values
    }

    private var isSigned: Bool { if case .int = self { true } else { false } }

    private static func number(_ text: String, isSigned: Bool) -> UInt256? {
        if text.hasPrefix("0x") { return UInt256(quantity: text) }
        if isSigned, text.hasPrefix("-"), let magnitude = UInt256(decimal: text.dropFirst()) {
            return magnitude == .zero ? magnitude : UInt256.max.subtracting(magnitude)?.adding(1)
        }
        return UInt256(decimal: text)
    }
}

extension ABIValue {
    /// The value for programs: numbers in decimal and bytes as `0x…`, both as strings.
    public var json: JSONValue {
        switch self {
        case .integer(let value): .string(value.description)
        case .address(let address): .string(address.description)
        case .bool(let flag): .bool(flag)
        case .bytes(let bytes): .string(Hex.encode(bytes))
        case .string(let text): .string(text)
        case .list(let values): .array(values.map(\.json))
        }
    }
}

extension UInt256 {
    /// Reads an amount of money: wei in decimal, or a decimal fraction with a unit, such as `1.5ether` or `20gwei`.
    public init?(amount text: String) {
        let units: [(String, Int)] = [("ether", 18), ("gwei", 9), ("wei", 0)]
        let (name, digits) = units.first { text.hasSuffix($0.0) } ?? ("", 0)
        let parts = text.dropLast(name.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= digits, parts.count == 1 || !fraction.isEmpty else { return nil }
        self.init(decimal: whole + fraction + String(repeating: "0", count: digits - fraction.count))
    }

    /// An amount of wei for people: `1.5 ether`, `20 gwei`, `7 wei`.
    public var amount: String {
        for (name, digits) in [("ether", 18), ("gwei", 9)] {
            let text = description
            let padded = String(repeating: "0", count: Swift.max(0, digits + 1 - text.count)) + text
            var fraction = padded.suffix(digits)
            while fraction.last == "0" { fraction.removeLast() }
            // An amount is told in the largest unit that makes it short.
            guard self != .zero, fraction.count <= 6 || name == "gwei" && fraction.count < 9 else { continue }
            return padded.dropLast(digits) + (fraction.isEmpty ? "" : "." + fraction) + " " + name
        }
        return description + " wei"
    }
}
