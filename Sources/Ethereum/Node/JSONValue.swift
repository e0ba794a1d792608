import Foundation

/// Any JSON: what parameters are made of, and what nodes add to their errors.
public indirect enum JSONValue: Sendable, Hashable, Codable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
    /// A number that is not a 64-bit integer; it is only ever skipped.
    case other

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .array(values)
        } else if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .other
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null, .other: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The first string of hexadecimal bytes at any depth, breadth first: nodes put a revert's data in different places.
    var firstBytes: [UInt8]? {
        switch self {
        case .string(let text):
            // OpenEthereum and its descendants write "Reverted 0x…".
            let digits = text.split(separator: " ").last.map(String.init) ?? text
            return Hex.decode(digits)
        case .array(let values):
            for value in values { if let bytes = value.firstBytes { return bytes } }
            return nil
        case .object(let members):
            if let data = members["data"]?.firstBytes { return data }
            // eth-tester and Ganache: the result of the failed call, under "result" or "return".
            for name in ["result", "return", "output"] {
                if let bytes = members[name]?.firstBytes { return bytes }
            }
            return nil
        default: return nil
        }
    }
}
