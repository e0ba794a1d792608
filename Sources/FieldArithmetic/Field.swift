/// The operations that all fields of the library share, prime fields and towers alike.
public protocol Field: Sendable, Hashable, BitwiseCopyable {
    static var zero: Self { get }
    static var one: Self { get }

    var isZero: Bool { get }

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static prefix func - (a: Self) -> Self

    func squared() -> Self
    func doubled() -> Self

    /// (a − b)·c, where the difference need not be reduced.
    static func multiplyDifference(_ a: Self, _ b: Self, by c: Self) -> Self

    /// The multiplicative inverse, `nil` for zero.
    func inverse() -> Self?
}

extension Field {
    @inlinable @inline(__always)
    public static func += (a: inout Self, b: Self) { a = a + b }

    @inlinable @inline(__always)
    public static func -= (a: inout Self, b: Self) { a = a - b }

    @inlinable @inline(__always)
    public static func *= (a: inout Self, b: Self) { a = a * b }

    @inlinable @inline(__always)
    public func squared() -> Self { self * self }

    @inlinable @inline(__always)
    public func doubled() -> Self { self + self }

    @inlinable @inline(__always)
    public static func multiplyDifference(_ a: Self, _ b: Self, by c: Self) -> Self { (a - b) * c }

    /// self to the power of a public exponent. Time depends on the exponent only.
    @inlinable
    public func power<Exponent: FixedWidthLimbs>(_ exponent: Exponent) -> Self {
        var result = Self.one
        for index in stride(from: exponent.bitWidthVartime - 1, through: 0, by: -1) {
            result = result.squared()
            if exponent.bit(index) { result *= self }
        }
        return result
    }

    /// self to the power of a small public exponent.
    @inlinable
    public func power(_ exponent: UInt64) -> Self {
        power(Limbs4(exponent))
    }
}
