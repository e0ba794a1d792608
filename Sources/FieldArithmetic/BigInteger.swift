import CGMP
import Foundation

/// An arbitrary-precision integer on GMP: for parameters, exponents and as the tests' oracle, not for inner loops.
public final class BigInteger: @unchecked Sendable, Comparable, Hashable, CustomStringConvertible {
    // Written by the initialiser only, so that sharing between threads is safe.
    private var value = mpz_t()

    private init(initialize: (inout mpz_t) -> Void) {
        __gmpz_init(&value)
        initialize(&value)
    }

    deinit { __gmpz_clear(&value) }

    public convenience init(_ integer: Int) {
        self.init { __gmpz_set_si(&$0, integer) }
    }

    public convenience init<Limbs: FixedWidthLimbs>(_ limbs: Limbs) {
        self.init { value in
            let words = (0..<Limbs.count).map { limbs[$0] }
            __gmpz_import(&value, words.count, -1, 8, 0, 0, words)
        }
    }

    /// The integer of big-endian bytes.
    public convenience init(bigEndian bytes: [UInt8]) {
        self.init { __gmpz_import(&$0, bytes.count, 1, 1, 1, 0, bytes) }
    }

    /// The integer written in `radix`, with an optional minus sign; `nil` if malformed.
    public convenience init?(_ text: String, radix: Int = 10) {
        var malformed = false
        self.init { malformed = __gmpz_set_str(&$0, text, Int32(radix)) != 0 }
        if malformed { return nil }
    }

    /// The integer as limbs, `nil` if it is negative or too large.
    public func limbs<Limbs: FixedWidthLimbs>(as: Limbs.Type) -> Limbs? {
        guard self >= 0, bitWidth <= 64 * Limbs.count else { return nil }
        var words = [UInt64](repeating: 0, count: Limbs.count)
        __gmpz_export(&words, nil, -1, 8, 0, 0, &value)
        var limbs = Limbs.zero
        for (index, word) in words.enumerated() { limbs[index] = word }
        return limbs
    }

    /// Bits of the magnitude; 0 for zero.
    public var bitWidth: Int { self == 0 ? 0 : __gmpz_sizeinbase(&value, 2) }

    public func description(radix: Int) -> String {
        let text = __gmpz_get_str(nil, Int32(radix), &value)!
        defer { free(text) }
        return String(cString: text)
    }

    public var description: String { description(radix: 10) }

    public static func == (a: BigInteger, b: BigInteger) -> Bool { __gmpz_cmp(&a.value, &b.value) == 0 }
    public static func < (a: BigInteger, b: BigInteger) -> Bool { __gmpz_cmp(&a.value, &b.value) < 0 }
    public static func == (a: BigInteger, b: Int) -> Bool { a == BigInteger(b) }
    public static func >= (a: BigInteger, b: Int) -> Bool { a >= BigInteger(b) }

    public func hash(into hasher: inout Hasher) { hasher.combine(description(radix: 62)) }

    public static func + (a: BigInteger, b: BigInteger) -> BigInteger {
        BigInteger { __gmpz_add(&$0, &a.value, &b.value) }
    }
    public static func - (a: BigInteger, b: BigInteger) -> BigInteger {
        BigInteger { __gmpz_sub(&$0, &a.value, &b.value) }
    }
    public static func * (a: BigInteger, b: BigInteger) -> BigInteger {
        BigInteger { __gmpz_mul(&$0, &a.value, &b.value) }
    }
    public static func + (a: BigInteger, b: Int) -> BigInteger { a + BigInteger(b) }
    public static func - (a: BigInteger, b: Int) -> BigInteger { a - BigInteger(b) }
    public static func << (a: BigInteger, bits: Int) -> BigInteger {
        BigInteger { __gmpz_mul_2exp(&$0, &a.value, UInt(bits)) }
    }
    public static func >> (a: BigInteger, bits: Int) -> BigInteger {
        BigInteger { __gmpz_fdiv_q_2exp(&$0, &a.value, UInt(bits)) }
    }

    /// Quotient rounded down; the divisor must not be zero.
    public func dividedRoundingDown(by divisor: BigInteger) -> BigInteger {
        precondition(divisor != BigInteger(0))
        return BigInteger { __gmpz_fdiv_q(&$0, &value, &divisor.value) }
    }

    /// The remainder in [0, modulus); the modulus must be positive.
    public func modulo(_ modulus: BigInteger) -> BigInteger {
        precondition(modulus > BigInteger(0))
        return BigInteger { __gmpz_fdiv_r(&$0, &value, &modulus.value) }
    }

    /// self^exponent mod modulus; the exponent must not be negative, the modulus positive.
    public func power(_ exponent: BigInteger, modulo modulus: BigInteger) -> BigInteger {
        precondition(exponent >= 0 && modulus > BigInteger(0))
        return BigInteger { __gmpz_powm(&$0, &value, &exponent.value, &modulus.value) }
    }

    /// The inverse in [0, modulus), `nil` if there is none.
    public func inverse(modulo modulus: BigInteger) -> BigInteger? {
        var exists = false
        let result = BigInteger { exists = __gmpz_invert(&$0, &value, &modulus.value) != 0 }
        return exists ? result : nil
    }
}
