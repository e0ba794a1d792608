/// A page of constants that makes a prime field. All derived values are tested against GMP.
public protocol PrimeFieldParameters: Sendable {
    associatedtype Limbs: FixedWidthLimbs
    /// Leaves the two top bits of its limbs free, and no more: sums are not reduced before products (`FixedWidthLimbs`).
    static var modulus: Limbs { get }
    /// −modulus⁻¹ mod 2⁶⁴.
    static var negativeInverse: UInt64 { get }
    /// R mod modulus for R = 2^(64·count): the number one in Montgomery form.
    static var montgomeryOne: Limbs { get }
    /// R² mod modulus.
    static var montgomeryRadixSquared: Limbs { get }
    static var bitWidth: Int { get }
    static var multiplicativeGenerator: UInt64 { get }
    static var twoAdicity: Int { get }
    static var threeAdicity: Int { get }
}

/// A prime field element in Montgomery form, with the layout of its limbs and nothing else.
///
/// Arrays of elements can therefore be used in place inside mapped files and by the vector kernels.
@frozen
public struct MontgomeryField<Parameters: PrimeFieldParameters>: PrimeField {
    public typealias Limbs = Parameters.Limbs

    public var montgomery: Limbs

    /// The caller vouches for limbs below the modulus.
    @inlinable @inline(__always)
    public init(uncheckedMontgomery montgomery: Limbs) { self.montgomery = montgomery }

    @inlinable
    public init?(montgomery: Limbs) {
        guard montgomery.isLessThanVartime(Parameters.modulus) else { return nil }
        self.montgomery = montgomery
    }

    @inlinable
    public init?(canonical: Limbs) {
        guard canonical.isLessThanVartime(Parameters.modulus) else { return nil }
        montgomery = Limbs.montgomeryMultiply(
            canonical, Parameters.montgomeryRadixSquared, Parameters.modulus, Parameters.negativeInverse)
    }

    @inlinable @inline(__always)
    public init(_ value: UInt64) {
        montgomery = Limbs.montgomeryMultiply(
            Limbs(value), Parameters.montgomeryRadixSquared, Parameters.modulus, Parameters.negativeInverse)
    }

    @inlinable @inline(__always)
    public var canonical: Limbs {
        Limbs.montgomeryMultiply(montgomery, Limbs(1), Parameters.modulus, Parameters.negativeInverse)
    }

    @inlinable @inline(__always) public static var zero: Self { Self(uncheckedMontgomery: .zero) }
    @inlinable @inline(__always)
    public static var one: Self { Self(uncheckedMontgomery: Parameters.montgomeryOne) }
    @inlinable public static var modulus: Limbs { Parameters.modulus }
    @inlinable public static var bitWidth: Int { Parameters.bitWidth }
    @inlinable public static var byteCount: Int { 8 * Limbs.count }
    @inlinable public static var twoAdicity: Int { Parameters.twoAdicity }
    @inlinable public static var threeAdicity: Int { Parameters.threeAdicity }
    @inlinable public static var multiplicativeGenerator: Self { Self(Parameters.multiplicativeGenerator) }

    @inlinable @inline(__always) public var isZero: Bool { montgomery.isZero }

    @inlinable @inline(__always)
    public static func == (a: Self, b: Self) -> Bool { a.montgomery == b.montgomery }

    @inlinable @inline(__always)
    public static func + (a: Self, b: Self) -> Self {
        Self(uncheckedMontgomery: Limbs.addModulo(a.montgomery, b.montgomery, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static func - (a: Self, b: Self) -> Self {
        Self(uncheckedMontgomery: Limbs.subtractModulo(a.montgomery, b.montgomery, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static prefix func - (a: Self) -> Self {
        Self(uncheckedMontgomery: Limbs.subtractModulo(.zero, a.montgomery, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static func * (a: Self, b: Self) -> Self {
        Self(
            uncheckedMontgomery: Limbs.montgomeryMultiply(
                a.montgomery, b.montgomery, Parameters.modulus, Parameters.negativeInverse))
    }

    @inlinable @inline(__always)
    static func multiplyFactors(_ a: Limbs, _ b: Limbs) -> Self {
        Self(
            uncheckedMontgomery: Limbs.montgomeryMultiply(
                a, b, Parameters.modulus, Parameters.negativeInverse))
    }

    @inlinable @inline(__always)
    public static func multiplyDifference(_ a: Self, _ b: Self, by c: Self) -> Self {
        multiplyFactors(
            Limbs.subtractUnreduced(a.montgomery, b.montgomery, Parameters.modulus), c.montgomery)
    }

    @inlinable @inline(__always)
    public static func multiplySum(_ a: Self, _ b: Self, byDifference c: Self, _ d: Self) -> Self {
        multiplyFactors(
            Limbs.addUnreduced(a.montgomery, b.montgomery),
            Limbs.subtractUnreduced(c.montgomery, d.montgomery, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static func nineTimes(_ a: Self, plus b: Self) -> Self {
        Self(
            uncheckedMontgomery: Limbs.nineTimesPlus(a.montgomery, b.montgomery, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static func nineTimes(_ a: Self, minus b: Self) -> Self {
        let negative = Limbs.subtractUnreduced(.zero, b.montgomery, Parameters.modulus)
        return Self(uncheckedMontgomery: Limbs.nineTimesPlus(a.montgomery, negative, Parameters.modulus))
    }

    @inlinable @inline(__always)
    public static func doubledProduct(_ a: Self, _ b: Self) -> Self {
        multiplyFactors(Limbs.addUnreduced(a.montgomery, a.montgomery), b.montgomery)
    }

    @inlinable @inline(__always)
    public static func sumOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self {
        Self(
            uncheckedMontgomery: Limbs.montgomerySumOfTwoProducts(
                a.montgomery, b.montgomery, c.montgomery, d.montgomery, Parameters.modulus,
                Parameters.negativeInverse))
    }

    @inlinable @inline(__always)
    public static func differenceOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self {
        Self(
            uncheckedMontgomery: Limbs.montgomerySumOfTwoProducts(
                a.montgomery, b.montgomery,
                Limbs.subtractUnreduced(.zero, c.montgomery, Parameters.modulus), d.montgomery,
                Parameters.modulus, Parameters.negativeInverse))
    }

    @inlinable @inline(__always)
    public static func sumOfProducts(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int) -> Self {
        // An element has the layout of its limbs.
        Self(
            uncheckedMontgomery: Limbs.montgomerySumOfProducts(
                UnsafeRawPointer(a).assumingMemoryBound(to: Limbs.self),
                UnsafeRawPointer(b).assumingMemoryBound(to: Limbs.self), count: count, Parameters.modulus,
                Parameters.negativeInverse))
    }

    /// a^(modulus − 2) (Fermat): the same steps for every value. `inverseVartime` is faster.
    @inlinable
    public func inverse() -> Self? {
        if isZero { return nil }
        var exponent = Parameters.modulus
        exponent[0] -= 2  // both moduli end in a limb above 1
        return power(exponent)
    }

    /// The inverse by the extended Euclidean algorithm of GMP, for public values; `nil` for zero.
    public func inverseVartime() -> Self? {
        guard !isZero else { return nil }
        let inverse = BigInteger(canonical).inverse(modulo: BigInteger(Parameters.modulus))
        return inverse.flatMap { $0.limbs(as: Limbs.self) }.flatMap { Self(canonical: $0) }
    }
}
