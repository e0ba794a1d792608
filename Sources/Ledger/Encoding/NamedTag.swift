/// An enumeration that is one byte where it is hashed, and its name in JSON.
public protocol NamedTag: RawRepresentable<UInt8>, CaseIterable, CanonicalCodable, Codable, Hashable {
    /// What errors call it.
    static var item: String { get }
}

extension NamedTag {
    public func encode(to encoder: inout CanonicalEncoder) { encoder.encode(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let tag: UInt8 = try decoder.unsigned(Self.item)
        guard let value = Self(rawValue: tag) else {
            throw decoder.failure(Self.item, "there is none with tag \(tag)", at: start)
        }
        self = value
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let value = Self.allCases.first(where: { "\($0)" == name }) else {
            let choices = Self.allCases.map { "\($0)" }.joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(Self.item): expects \(choices), not \(name)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("\(self)")
    }
}
