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

    /// Karatsuba: six multiplications in Fp2.
    ///
    /// - SeeAlso: Devegili, Ó hÉigeartaigh, Scott, Dahab, "Multiplication and squaring on pairing-friendly fields"
    ///   (eprint 2006/471), section 4.
    @inlinable
    public static func * (a: Self, b: Self) -> Self {
        let p0 = a.c0 * b.c0
        let p1 = a.c1 * b.c1
        let p2 = a.c2 * b.c2
        let p12 = (a.c1 + a.c2) * (b.c1 + b.c2) - p1 - p2
        let p01 = (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1
        let p02 = (a.c0 + a.c2) * (b.c0 + b.c2) - p0 - p2
        return Self(
            p0 + Tower.multiplyByNonResidue(p12), p01 + Tower.multiplyByNonResidue(p2), p02 + p1)
    }

    /// CH-SQR2 of the same paper: two multiplications and three squarings in Fp2.
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

    /// self·(b0 + b1·v): five multiplications in Fp2.
    @inlinable
    public func multiplied(by b0: Coefficient, _ b1: Coefficient) -> Self {
        let p0 = c0 * b0
        let p1 = c1 * b1
        let p01 = (c0 + c1) * (b0 + b1) - p0 - p1
        return Self(p0 + Tower.multiplyByNonResidue(c2 * b1), p01, p1 + c2 * b0)
    }

    @inlinable
    public static func * (a: Self, b: Coefficient) -> Self { Self(a.c0 * b, a.c1 * b, a.c2 * b) }

    /// self·v.
    @inlinable
    public var multipliedByV: Self { Self(Tower.multiplyByNonResidue(c2), c0, c1) }

    /// - SeeAlso: Scott, "Implementing cryptographic pairings" (2007), section 3.2.
    @inlinable
    public func inverse() -> Self? {
        let t0 = c0.squared() - Tower.multiplyByNonResidue(c1 * c2)
        let t1 = Tower.multiplyByNonResidue(c2.squared()) - c0 * c1
        let t2 = c1.squared() - c0 * c2
        let norm = c0 * t0 + Tower.multiplyByNonResidue(c2 * t1 + c1 * t2)
        return norm.inverse().map { Self(t0, t1, t2) * $0 }
    }
}
