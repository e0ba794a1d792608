import COpenSSL

/// The name of a block by its content: CIDv1 with codec `raw` and the multihash `sha2-256`.
///
/// As text it is `bafkrei…`: multibase `b` (base 32, lower case) over 0x01 (version), 0x55 (raw), 0x12 (sha2-256),
/// 0x20 (32 bytes) and the digest. It is thus nothing but another way to write a SHA-256.
///
/// - SeeAlso: the CID, multibase, multicodec and multihash specifications (multiformats).
public struct ContentIdentifier: Sendable, Hashable, CustomStringConvertible {
    private static let prefix: [UInt8] = [0x01, 0x55, 0x12, 0x20]
    private static let digestByteCount = 32

    /// SHA-256 of the content.
    public let digest: [UInt8]

    /// The name of this content.
    public init(of content: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Self.digestByteCount)
        SHA256(content, content.count, &digest)
        self.digest = digest
    }

    /// The name of the content with this SHA-256.
    ///
    /// - Throws: `ContentError.invalidIdentifier` unless there are 32 bytes.
    public init(sha256 digest: [UInt8]) throws(ContentError) {
        guard digest.count == Self.digestByteCount else {
            throw .invalidIdentifier("a SHA-256 has 32 bytes, not \(digest.count)")
        }
        self.digest = digest
    }

    /// Reads a CID, or the 64 hexadecimal digits of a SHA-256.
    ///
    /// - Throws: `ContentError.invalidIdentifier` that says what the text is instead, if it can be told.
    public init(_ text: String) throws(ContentError) {
        let units = Array(text.utf8.prefix(200))
        if units.count == 2 * Self.digestByteCount, let digest = Self.hexadecimal(units) {
            self.digest = digest
            return
        }
        if units.count == 46, text.hasPrefix("Qm") {
            throw .invalidIdentifier("is a CID of version 0; blocks here have CIDs of version 1 (bafkrei…)")
        }
        guard text.hasPrefix("b"), text.utf8.count <= 128, let bytes = Base32.decode(text.dropFirst()) else {
            throw .invalidIdentifier("is neither a CID in base 32 (bafkrei…) nor a SHA-256 in hexadecimal")
        }
        guard bytes.first == Self.prefix[0], bytes.count >= 4 else {
            throw .invalidIdentifier("is not a CID of version 1")
        }
        guard bytes[1] == Self.prefix[1] else {
            throw .invalidIdentifier("is a CID of something other than a raw block")
        }
        guard bytes.starts(with: Self.prefix), bytes.count == Self.prefix.count + Self.digestByteCount else {
            throw .invalidIdentifier("is a CID with a hash other than SHA2-256")
        }
        digest = Array(bytes[Self.prefix.count...])
    }

    /// `bafkrei…`, 59 characters.
    public var description: String { "b" + Base32.encode(Self.prefix + digest) }

    /// Whether this is the name of `content`.
    public func names(_ content: [UInt8]) -> Bool {
        ContentIdentifier(of: content) == self
    }

    private static func hexadecimal(_ units: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for position in stride(from: 0, to: units.count, by: 2) {
            var byte: UInt8 = 0
            for unit in units[position..<position + 2] {
                switch unit {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte = byte << 4 | (unit - 48)
                case UInt8(ascii: "a")...UInt8(ascii: "f"): byte = byte << 4 | (unit - 87)
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte = byte << 4 | (unit - 55)
                default: return nil
                }
            }
            bytes.append(byte)
        }
        return bytes
    }
}
