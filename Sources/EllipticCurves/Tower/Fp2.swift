import FieldArithmetic

/// Fp2 = Fp[u]/(u² + 1), for primes ≡ 3 mod 4: c0 + c1·u.
@frozen
public struct Fp2<Base: PrimeField & CoordinateField>: Field {
    public var c0: Base
    public var c1: Base

    @inlinable @inline(__always)
    public init(_ c0: Base, _ c1: Base) {
        self.c0 = c0
        self.c1 = c1
    }

    @inlinable @inline(__always) public static var zero: Self { Self(.zero, .zero) }
    @inlinable @inline(__always) public static var one: Self { Self(.one, .zero) }
    @inlinable @inline(__always) public var isZero: Bool { c0.isZero && c1.isZero }

    @inlinable @inline(__always)
    public static func + (a: Self, b: Self) -> Self { Self(a.c0 + b.c0, a.c1 + b.c1) }

    @inlinable @inline(__always)
    public static func - (a: Self, b: Self) -> Self { Self(a.c0 - b.c0, a.c1 - b.c1) }

    @inlinable @inline(__always)
    public static prefix func - (a: Self) -> Self { Self(-a.c0, -a.c1) }

    @inlinable @inline(__always)
    public func doubled() -> Self { Self(c0.doubled(), c1.doubled()) }

    /// (a₀b₀ − a₁b₁) + (a₀b₁ + a₁b₀)·u, with one reduction for each coefficient.
    @inlinable
    public static func * (a: Self, b: Self) -> Self {
        Self(
            Base.differenceOfProducts(a.c0, b.c0, a.c1, b.c1),
            Base.sumOfProducts(a.c0, b.c1, a.c1, b.c0))
    }

    /// (c₀ + c₁)(c₀ − c₁) + 2c₀c₁·u: two multiplications.
    @inlinable
    public func squared() -> Self {
        Self(Base.multiplySum(c0, c1, byDifference: c0, c1), Base.doubledProduct(c0, c1))
    }

    @inlinable @inline(__always)
    public static func * (a: Self, b: Base) -> Self { Self(a.c0 * b, a.c1 * b) }

    /// The p-th power.
    @inlinable @inline(__always)
    public var conjugate: Self { Self(c0, -c1) }

    /// c₀² + c₁², the norm to Fp.
    @inlinable
    public var norm: Base { c0.squared() + c1.squared() }

    @inlinable
    public func inverse() -> Self? {
        norm.inverse().map { conjugate * $0 }
    }
}

extension Fp2: CoordinateField {
    @inlinable public static var byteCount: Int { 2 * Base.byteCount }
    @inlinable public static var freeTopBits: Int { Base.freeTopBits }

    /// c1‖c0: imaginary part first, as in EIP-197 and gnark.
    public var bigEndianBytes: [UInt8] { c1.bigEndianBytes + c0.bigEndianBytes }

    public init(bigEndian bytes: [UInt8]) throws {
        guard bytes.count == Self.byteCount else {
            throw FieldEncodingError.wrongLength(expected: Self.byteCount, actual: bytes.count)
        }
        c1 = try Base(bigEndian: Array(bytes[..<Base.byteCount]))
        c0 = try Base(bigEndian: Array(bytes[Base.byteCount...]))
    }

    @inlinable @inline(__always)
    public func negated(if condition: Bool) -> Self {
        Self(c0.negated(if: condition), c1.negated(if: condition))
    }

    public var isLargerThanNegativeVartime: Bool {
        c1.isZero ? c0.isLargerThanNegativeVartime : c1.isLargerThanNegativeVartime
    }

    @inlinable
    public func inverseVartime() -> Self? {
        norm.inverseVartime().map { conjugate * $0 }
    }

    /// The complex method: with n = √(c₀² + c₁²), x = √((c₀ ± n)/2), the root is x + c₁/(2x)·u.
    ///
    /// - SeeAlso: Adj, Rodríguez-Henríquez, "Square root computation over even extension fields" (eprint 2012/685),
    ///   algorithm 8.
    public func squareRootVartime() -> Self? {
        if c1.isZero {
            if let root = c0.squareRootVartime() { return Self(root, .zero) }
            // −1 is a non-residue, so exactly one of ±c0 has a root in Fp.
            return (-c0).squareRootVartime().map { Self(.zero, $0) }
        }
        guard let length = norm.squareRootVartime(), let half = Base(2).inverseVartime() else { return nil }
        let plus = (c0 + length) * half
        guard let real = plus.squareRootVartime() ?? (plus - length).squareRootVartime(),
            let inverse = real.doubled().inverseVartime()
        else { return nil }
        let root = Self(real, c1 * inverse)
        return root.squared() == self ? root : nil
    }
}
