/// Bytes that are hexadecimal digits in JSON.
@propertyWrapper
public struct HexadecimalBytes: Sendable, Hashable, Codable {
    public var wrappedValue: [UInt8]

    public init(wrappedValue: [UInt8]) { self.wrappedValue = wrappedValue }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = [UInt8](hexadecimal: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expects an even number of hexadecimal digits")
        }
        wrappedValue = bytes
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue.hexadecimal)
    }
}

/// Something of 32 bytes, as 64 hexadecimal digits in JSON.
private func hexadecimal<Value>(
    _ decoder: any Decoder, _ value: (String) -> Value?
) throws -> Value {
    let container = try decoder.singleValueContainer()
    guard let value = value(try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(
            in: container, debugDescription: "expects 64 hexadecimal digits")
    }
    return value
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        self = try hexadecimal(decoder, Digest.init(hexadecimal:))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension PublicKey: Codable {
    public init(from decoder: any Decoder) throws {
        self = try hexadecimal(decoder, PublicKey.init(hexadecimal:))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
