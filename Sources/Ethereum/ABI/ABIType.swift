/// A type of the contract ABI.
///
/// - SeeAlso: the contract ABI specification (Solidity documentation), which Vyper follows.
public indirect enum ABIType: Sendable, Hashable, CustomStringConvertible {
    /// 8 to 256 bits, a multiple of 8.
    case uint(Int)
    case int(Int)
    case address
    case bool
    /// 1 to 32 bytes.
    case fixedBytes(Int)
    case bytes
    case string
    /// As many as there are.
    case array(ABIType)
    case fixedArray(ABIType, Int)
    case tuple([ABIType])

    static let maximumDepth = 8
    static let maximumFixedCount = 1 << 16

    /// The type's name in signatures.
    public var description: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .int(let bits): "int\(bits)"
        case .address: "address"
        case .bool: "bool"
        case .fixedBytes(let count): "bytes\(count)"
        case .bytes: "bytes"
        case .string: "string"
        case .array(let element): "\(element)[]"
        case .fixedArray(let element, let count): "\(element)[\(count)]"
        case .tuple(let elements): "(\(elements.map(\.description).joined(separator: ",")))"
        }
    }

    /// Whether a value stands behind the others, with an offset in its place.
    public var isDynamic: Bool {
        switch self {
        case .bytes, .string, .array: true
        case .fixedArray(let element, let count): count > 0 && element.isDynamic
        case .tuple(let elements): elements.contains(where: \.isDynamic)
        default: false
        }
    }

    /// Bytes that a value takes up in its place.
    var headByteCount: Int {
        if isDynamic { return 32 }
        switch self {
        case .fixedArray(let element, let count): return count * element.headByteCount
        case .tuple(let elements): return elements.reduce(0) { $0 + $1.headByteCount }
        default: return 32
        }
    }

    /// Reads a type's name; `components` are the members of a tuple, as the JSON of an interface has them.
    ///
    /// - Throws: `EncodingError`.
    public init(_ name: String, components: [ABIType] = []) throws(EncodingError) {
        try self.init(name[...], components, depth: 0, whole: name)
    }

    private init(_ name: Substring, _ components: [ABIType], depth: Int, whole: String) throws(EncodingError)
    {
        let unknown = EncodingError("\"\(whole.prefix(80))\" is not a type of the contract ABI")
        guard depth <= Self.maximumDepth else { throw unknown }
        if name.hasSuffix("]"), let open = name.lastIndex(of: "[") {
            let element = try ABIType(name[..<open], components, depth: depth + 1, whole: whole)
            let digits = name[name.index(after: open)...].dropLast()
            if digits.isEmpty {
                self = .array(element)
            } else {
                guard let count = Self.number(digits, 1...Self.maximumFixedCount),
                    element.headByteCount <= 32 * Self.maximumFixedCount / count
                else { throw unknown }
                self = .fixedArray(element, count)
            }
            return
        }
        switch name {
        case "address": self = .address
        case "bool": self = .bool
        case "bytes": self = .bytes
        case "string": self = .string
        case "uint": self = .uint(256)
        case "int": self = .int(256)
        case "tuple": self = .tuple(components)
        default:
            if name.hasPrefix("uint"), let bits = Self.number(name.dropFirst(4), 8...256), bits % 8 == 0 {
                self = .uint(bits)
            } else if name.hasPrefix("int"), let bits = Self.number(name.dropFirst(3), 8...256), bits % 8 == 0
            {
                self = .int(bits)
            } else if name.hasPrefix("bytes"), let count = Self.number(name.dropFirst(5), 1...32) {
                self = .fixedBytes(count)
            } else {
                throw unknown
            }
        }
    }

    private static func number(_ digits: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard digits.first != "0", digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let value = Int(digits),
            range.contains(value)
        else { return nil }
        return value
    }
}

/// A value of the contract ABI.
public indirect enum ABIValue: Sendable, Hashable {
    /// Also `intN`, as two's complement of 256 bits.
    case integer(UInt256)
    case address(Address)
    case bool(Bool)
    /// Also `bytesN`, with exactly N bytes.
    case bytes([UInt8])
    case string(String)
    /// Arrays and tuples.
    case list([ABIValue])

    /// An integer of 64 bits.
    public static func number(_ value: UInt64) -> ABIValue { .integer(UInt256(value)) }

    public var integer: UInt256? { if case .integer(let value) = self { value } else { nil } }
    public var address: Address? { if case .address(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var list: [ABIValue]? { if case .list(let value) = self { value } else { nil } }
}

extension ABIValue: CustomStringConvertible {
    /// The value for people; text from contracts is quoted and without control characters.
    public var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .address(let address): "\(address)"
        case .bool(let value): "\(value)"
        case .bytes(let bytes): Hex.encode(bytes)
        case .string(let text): "\"\(foreignText(text))\""
        case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
        }
    }
}

/// Text from outside on one line, without control characters, and not too long to be shown.
func foreignText(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(300).map { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: " "
                default: scalar
                }
            }))
}
