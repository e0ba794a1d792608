import FieldArithmetic

/// Fp6 = Fp2[v]/(v³ − ξ): c0 + c1·v + c2·v².
@frozen
public struct Fp6<Tower: TowerParameters>: Field {
    public typealias Coefficient = Fp2<Tower.Base>

    public var c0: Coefficient
    public var c1: Coefficient
    public var c2: Coefficient

    @inlinable @inline(__always)
    public init(_ c0: Coefficient, _ c1: Coefficient, _ c2: Coefficient) {
        self.c0 = c0
        self.c1 = c1
        self.c2 = c2
    }

    @inlinable public static var zero: Self { Self(.zero, .zero, .zero) }
    @inlinable public static var one: Self { Self(.one, .zero, .zero) }
    @inlinable public var isZero: Bool { c0.isZero && c1.isZero && c2.isZero }

    @inlinable
    public static func + (a: Self, b: Self) -> Self { Self(a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2) }

    @inlinable
    public static func - (a: Self, b: Self) -> Self { Self(a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2) }

    @inlinable
    public static prefix func - (a: Self) -> Self { Self(-a.c0, -a.c1, -a.c2) }

    @inlinable
    public func doubled() -> Self { Self(c0.doubled(), c1.doubled(), c2.doubled()) }

    /// Schoolbook with one reduction for each coefficient over Fp: 36 products, 6 reductions, and hardly an addition.
    ///
    /// Coefficient k is Σ aᵢ·b₍ₖ₋ᵢ₎: the products of a with the window of three from place 2 − k of b₂, b₁, b₀, ξb₂, ξb₁.
    ///
    /// - SeeAlso: Longa, "Efficient algorithms for large prime characteristic fields and their application to bilinear
    ///   pairings" (eprint 2022/367), section 3.
    @inlinable
    public static func * (a: Self, b: Self) -> Self {
        withUnsafeTemporaryAllocation(of: Tower.Base.self, capacity: 20) { storage in
            let rows = Fp2Rows(storage, capacity: 5)
            rows.set(0, b.c2)
            rows.set(1, b.c1)
            rows.set(2, b.c0)
            rows.set(3, Tower.multiplyByNonResidue(b.c2))
            rows.set(4, Tower.multiplyByNonResidue(b.c1))
            return withUnsafeBytes(of: a) { a in
                let left = a.assumingMemoryBound(to: Tower.Base.self).baseAddress!
                return Self(
                    rows.sumOfProducts(left, from: 2, count: 3), rows.sumOfProducts(left, from: 1, count: 3),
                    rows.sumOfProducts(left, from: 0, count: 3))
            }
        }
    }

    /// CH-SQR2: two multiplications and three squarings in Fp2.
    ///
    /// - SeeAlso: Devegili, Ó hÉigeartaigh, Scott, Dahab, "Multiplication and squaring on pairing-friendly fields"
    ///   (eprint 2006/471), section 4.
    @inlinable
    public func squared() -> Self {
        let s0 = c0.squared()
        let s1 = (c0 * c1).doubled()
        let s2 = (c0 - c1 + c2).squared()
        let s3 = (c1 * c2).doubled()
        let s4 = c2.squared()
        return Self(
            s0 + Tower.multiplyByNonResidue(s3), s1 + Tower.multiplyByNonResidue(s4), s1 + s2 + s3 - s0 - s4)
    }

    @inlinable
    public static func * (a: Self, b: Coefficient) -> Self { Self(a.c0 * b, a.c1 * b, a.c2 * b) }

    /// self·v.
    @inlinable
    public var multipliedByV: Self { Self(Tower.multiplyByNonResidue(c2), c0, c1) }

    @inlinable
    public func inverse() -> Self? { inverse { $0.inverse() } }

    /// The inverse, `nil` for zero. Time depends on the value.
    @inlinable
    public func inverseVartime() -> Self? { inverse { $0.inverseVartime() } }

    /// - SeeAlso: Scott, "Implementing cryptographic pairings" (2007), section 3.2.
    @inlinable
    func inverse(_ invert: (Coefficient) -> Coefficient?) -> Self? {
        let t0 = c0.squared() - Tower.multiplyByNonResidue(c1 * c2)
        let t1 = Tower.multiplyByNonResidue(c2.squared()) - c0 * c1
        let t2 = c1.squared() - c0 * c2
        let norm = c0 * t0 + Tower.multiplyByNonResidue(c2 * t1 + c1 * t2)
        return invert(norm).map { Self(t0, t1, t2) * $0 }
    }
}
