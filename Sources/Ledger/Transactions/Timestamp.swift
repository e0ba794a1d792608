import Glibc

/// A point in time: milliseconds since the start of 1970, UTC, leap seconds not counted.
public struct Timestamp: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public let milliseconds: UInt64

    public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

    /// What the system's clock shows.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: UInt64(max(0, time.tv_sec)) * 1000 + UInt64(time.tv_nsec) / 1_000_000)
    }

    public var description: String { "\(milliseconds) ms" }

    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

    public init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(UInt64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Timestamp: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) { encoder.encode(milliseconds) }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        milliseconds = try decoder.unsigned("time")
    }
}
