import EllipticCurves

/// A SHA-256 digest.
public struct Digest: Sendable, Hashable, Comparable, CustomStringConvertible {
    let value: Bytes32

    /// The digest of exactly 32 bytes, `nil` for any other number.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let value = Bytes32(bytes) else { return nil }
        self.value = value
    }

    /// The digest of 64 hexadecimal digits, `nil` for anything else.
    public init?(hexadecimal text: String) {
        guard let bytes = [UInt8](hexadecimal: text) else { return nil }
        self.init(bytes)
    }

    /// SHA-256 of a message.
    public init(sha256 message: some Sequence<UInt8>) {
        self.init(SHA256.hash(Array(message)))!
    }

    /// SHA-256 of a purpose (length first) and a message, so that no digest serves two purposes.
    ///
    /// - Parameter purpose: at most 255 bytes.
    public init(purpose: StaticString, _ message: [UInt8]) {
        var hash = SHA256()
        hash.update([UInt8(purpose.utf8CodeUnitCount)])
        hash.update(Array(UnsafeBufferPointer(start: purpose.utf8Start, count: purpose.utf8CodeUnitCount)))
        hash.update(message)
        self.init(hash.finalize())!
    }

    public var bytes: [UInt8] { value.bytes }

    /// 64 hexadecimal digits.
    public var description: String { bytes.hexadecimal }

    public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
