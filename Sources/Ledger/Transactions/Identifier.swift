/// The name of a task or a ledger: 1 to 64 letters, digits, dots, hyphens and underscores, all ASCII.
///
/// Narrow on purpose: two names that compare equal have the same bytes, which is not so for Swift's strings.
public struct Identifier: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public static let maximumLength = 64

    public let description: String

    /// The identifier of a text, `nil` if it is not one.
    public init?(_ text: String) {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isAllowed, (1...Self.maximumLength).contains(text.utf8.count) else { return nil }
        description = text
    }

    public static func < (a: Self, b: Self) -> Bool {
        a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identifier = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is not an identifier")
        }
        self = identifier
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Identifier: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) { encoder.encode(description) }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let text = try decoder.text("identifier", maximum: Self.maximumLength)
        guard let identifier = Self(text) else {
            throw decoder.failure(
                "identifier", "holds more than letters, digits, '.', '-' and '_'", at: start)
        }
        self = identifier
    }
}
