/// A word of the EVM: an integer from 0 to 2²⁵⁶ − 1.
public struct UInt256: Sendable, Hashable, Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// Least significant first.
    private var words: SIMD4<UInt64>

    public static let zero = UInt256(0)
    public static let max = UInt256(words: SIMD4(repeating: .max))

    private init(words: SIMD4<UInt64>) { self.words = words }

    public init(_ value: UInt64) { words = SIMD4(value, 0, 0, 0) }
    public init(integerLiteral value: UInt64) { self.init(value) }

    /// The integer of at most 32 big-endian bytes, `nil` for more.
    public init?(bigEndian bytes: some BidirectionalCollection<UInt8>) {
        guard bytes.count <= 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (position, byte) in bytes.reversed().enumerated() {
            words[position / 8] |= UInt64(byte) << UInt64(8 * (position % 8))
        }
        self.words = words
    }

    /// A signed integer as two's complement of 256 bits.
    public init(signed value: Int64) {
        let high: UInt64 = value < 0 ? .max : 0
        words = SIMD4(UInt64(bitPattern: value), high, high, high)
    }

    /// 32 bytes.
    public var bigEndianBytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[(31 - $0) / 8] >> UInt64(8 * ((31 - $0) % 8))) }
    }

    /// The bytes without leading zeros; none for zero.
    public var minimalBytes: [UInt8] { Array(bigEndianBytes.drop { $0 == 0 }) }

    /// The value if it fits.
    public var uint64: UInt64? { words[1] | words[2] | words[3] == 0 ? words[0] : nil }

    /// The value if it fits.
    public var int: Int? { uint64.flatMap { Int(exactly: $0) } }

    /// Bits without leading zeros; 0 for zero.
    public var bitWidth: Int {
        for index in stride(from: 3, through: 0, by: -1) where words[index] != 0 {
            return 64 * index + 64 - words[index].leadingZeroBitCount
        }
        return 0
    }

    public static func < (a: Self, b: Self) -> Bool {
        for index in stride(from: 3, through: 0, by: -1) where a.words[index] != b.words[index] {
            return a.words[index] < b.words[index]
        }
        return false
    }

    /// The sum, `nil` if it has more than 256 bits.
    public func adding(_ other: Self) -> Self? {
        var (result, carry) = (SIMD4<UInt64>(), false)
        for index in 0..<4 {
            let (sum, first) = words[index].addingReportingOverflow(other.words[index])
            let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
            (result[index], carry) = (total, first || second)
        }
        return carry ? nil : Self(words: result)
    }

    /// The difference, `nil` if it is negative.
    public func subtracting(_ other: Self) -> Self? {
        guard other <= self else { return nil }
        var (result, borrow) = (SIMD4<UInt64>(), false)
        for index in 0..<4 {
            let (difference, first) = words[index].subtractingReportingOverflow(other.words[index])
            let (total, second) = difference.subtractingReportingOverflow(borrow ? 1 : 0)
            (result[index], borrow) = (total, first || second)
        }
        return Self(words: result)
    }

    /// The product, `nil` if it has more than 256 bits.
    public func multiplied(by factor: UInt64) -> Self? {
        var (result, carry) = (SIMD4<UInt64>(), UInt64(0))
        for index in 0..<4 {
            let product = words[index].multipliedFullWidth(by: factor)
            let (low, overflow) = product.low.addingReportingOverflow(carry)
            result[index] = low
            carry = product.high + (overflow ? 1 : 0)
        }
        return carry == 0 ? Self(words: result) : nil
    }

    /// - Parameter divisor: not zero.
    public func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: Self, remainder: UInt64) {
        var (result, remainder) = (SIMD4<UInt64>(), UInt64(0))
        for index in stride(from: 3, through: 0, by: -1) {
            (result[index], remainder) = divisor.dividingFullWidth((remainder, words[index]))
        }
        return (Self(words: result), remainder)
    }

    // MARK: - Text

    /// Decimal.
    public var description: String {
        var (value, groups) = (self, [String]())
        while value.uint64 == nil {
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
            let digits = String(remainder)
            groups.append(String(repeating: "0", count: 18 - digits.count) + digits)
            value = quotient
        }
        return String(value.uint64 ?? 0) + groups.reversed().joined()
    }

    /// Reads decimal digits, `nil` for anything else or 2²⁵⁶ and more.
    public init?(decimal text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.count <= 78 else { return nil }
        var value = UInt256.zero
        for unit in text.utf8 {
            guard (48...57).contains(unit), let shifted = value.multiplied(by: 10),
                let sum = shifted.adding(UInt256(UInt64(unit - 48)))
            else { return nil }
            value = sum
        }
        self = value
    }

    /// `0x` and hexadecimal digits without leading zeros, as JSON-RPC writes quantities.
    public var quantity: String {
        let digits = Hex.digits(minimalBytes)
        let short = digits.drop { $0 == "0" }
        return "0x" + (short.isEmpty ? "0" : short)
    }

    /// Reads a quantity of one to 64 digits, `nil` for anything else.
    public init?(quantity text: some StringProtocol) {
        let digits = text.utf8.dropFirst(2)
        guard text.utf8.starts(with: [48, 120]), (1...64).contains(digits.count) else { return nil }
        var words = SIMD4<UInt64>()
        for (position, unit) in digits.reversed().enumerated() {
            guard let nibble = Hex.nibble(unit) else { return nil }
            words[position / 16] |= UInt64(nibble) << UInt64(4 * (position % 16))
        }
        self.words = words
    }
}
