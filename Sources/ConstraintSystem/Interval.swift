import FieldArithmetic

/// An exact integer of any size that is fast while it fits 64 bits: the ends of intervals.
enum ExactInteger: Sendable, Hashable, Comparable {
    case small(Int)
    case big(BigInteger)

    private var wide: BigInteger {
        switch self {
        case .small(let value): return BigInteger(value)
        case .big(let value): return value
        }
    }

    /// The canonical form, so that equal integers are equal values.
    private init(_ value: BigInteger) {
        if value.bitWidth < 63 {
            let magnitude = (value >= 0 ? value : BigInteger(0) - value).limbs(as: Limbs4.self)![0]
            self = .small(value >= 0 ? Int(magnitude) : -Int(magnitude))
        } else {
            self = .big(value)
        }
    }

    static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.small(let x), .small(let y)): return x == y
        default: return a.wide == b.wide
        }
    }

    static func < (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.small(let x), .small(let y)): return x < y
        default: return a.wide < b.wide
        }
    }

    static func + (a: Self, b: Self) -> Self {
        if case .small(let x) = a, case .small(let y) = b {
            let (sum, overflow) = x.addingReportingOverflow(y)
            if !overflow { return .small(sum) }
        }
        return Self(a.wide + b.wide)
    }

    static func - (a: Self, b: Self) -> Self {
        if case .small(let x) = a, case .small(let y) = b {
            let (difference, overflow) = x.subtractingReportingOverflow(y)
            if !overflow { return .small(difference) }
        }
        return Self(a.wide - b.wide)
    }

    static func * (a: Self, b: Self) -> Self {
        if case .small(let x) = a, case .small(let y) = b {
            let (product, overflow) = x.multipliedReportingOverflow(by: y)
            if !overflow { return .small(product) }
        }
        return Self(a.wide * b.wide)
    }

    /// 2^exponent.
    static func powerOfTwo(_ exponent: Int) -> Self { Self(BigInteger(1) << exponent) }

    /// The magnitude's bits.
    var bitWidth: Int {
        switch self {
        case .small(let value): return UInt.bitWidth - value.magnitude.leadingZeroBitCount
        case .big(let value): return value.bitWidth
        }
    }

    /// 2·|self| < modulus.
    func isBelowHalf(of modulus: BigInteger) -> Bool {
        let magnitude = self < .small(0) ? .small(0) - self : self
        return (magnitude + magnitude).wide < modulus
    }

    /// The value if it fits.
    var int: Int? {
        if case .small(let value) = self { return value }
        return nil
    }

    var description: String { wide.description }
}

/// All integers from `lower` to `upper`: what is known about a value of the circuit.
///
/// Exact at any size. Arithmetic is that of sets: the result holds whatever the operands' members give.
public struct Interval: Sendable, Hashable, CustomStringConvertible {
    let lower: ExactInteger
    let upper: ExactInteger

    init(lower: ExactInteger, upper: ExactInteger) {
        self.lower = lower
        self.upper = upper
    }

    public init(_ range: ClosedRange<Int>) {
        self.init(lower: .small(range.lowerBound), upper: .small(range.upperBound))
    }

    public init(_ value: Int) { self.init(value...value) }

    /// 0 … 2^bits − 1.
    public static func bits(_ bits: Int) -> Interval {
        Interval(lower: .small(0), upper: .powerOfTwo(bits) - .small(1))
    }

    /// Two's complement: −2^(bits−1) … 2^(bits−1) − 1; bits ≥ 1.
    public static func signed(bits: Int) -> Interval {
        let half = ExactInteger.powerOfTwo(bits - 1)
        return Interval(lower: .small(0) - half, upper: half - .small(1))
    }

    public static let bit = Interval(0...1)

    public static func + (a: Interval, b: Interval) -> Interval {
        Interval(lower: a.lower + b.lower, upper: a.upper + b.upper)
    }

    public static func - (a: Interval, b: Interval) -> Interval {
        Interval(lower: a.lower - b.upper, upper: a.upper - b.lower)
    }

    public static func * (a: Interval, b: Interval) -> Interval {
        let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
        return Interval(lower: products.min()!, upper: products.max()!)
    }

    /// The sum of `count` members.
    public func summed(count: Int) -> Interval {
        Interval(lower: lower * .small(count), upper: upper * .small(count))
    }

    /// The smallest interval around both.
    public func union(_ other: Interval) -> Interval {
        Interval(lower: min(lower, other.lower), upper: max(upper, other.upper))
    }

    /// The members of both; `self` if there are none, which no true statement reaches.
    public func intersection(_ other: Interval) -> Interval {
        let low = max(lower, other.lower)
        let high = min(upper, other.upper)
        return low <= high ? Interval(lower: low, upper: high) : self
    }

    public func contains(_ other: Interval) -> Bool { lower <= other.lower && other.upper <= upper }

    @inline(__always)
    public func contains(_ value: Int) -> Bool { lower <= .small(value) && .small(value) <= upper }

    /// The interval as machine integers, `nil` if it is wider.
    public var closedRange: ClosedRange<Int>? {
        guard let low = lower.int, let high = upper.int else { return nil }
        return low...high
    }

    /// Whether every member lies in (−r/2, r/2), so that it is told from its field element.
    public func fits<F: PrimeField>(in field: F.Type) -> Bool {
        if max(lower.bitWidth, upper.bitWidth) + 2 <= F.bitWidth { return true }
        let modulus = BigInteger(F.modulus)
        return lower.isBelowHalf(of: modulus) && upper.isBelowHalf(of: modulus)
    }

    public var description: String { "\(lower.description)…\(upper.description)" }
}
