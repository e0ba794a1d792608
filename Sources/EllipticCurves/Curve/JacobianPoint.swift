import FieldArithmetic

/// A point (X : Y : Z) in Jacobian coordinates: x = X/Z², y = Y/Z³, infinity where Z = 0.
///
/// Additions branch on equal, opposite and infinite operands; for secret scalars use `point * scalar`.
@frozen
public struct JacobianPoint<Curve: ShortWeierstrassCurve>: Sendable, BitwiseCopyable {
    public var x: Curve.BaseField
    public var y: Curve.BaseField
    public var z: Curve.BaseField

    @inlinable @inline(__always)
    init(x: Curve.BaseField, y: Curve.BaseField, z: Curve.BaseField) {
        self.x = x
        self.y = y
        self.z = z
    }

    @inlinable
    public init(_ point: AffinePoint<Curve>) {
        self = point.isInfinity ? .zero : Self(x: point.x, y: point.y, z: .one)
    }

    @inlinable public static var zero: Self { Self(x: .one, y: .one, z: .zero) }
    @inlinable public static var generator: Self { Self(Curve.generator) }
    @inlinable @inline(__always) public var isInfinity: Bool { z.isZero }

    @inlinable
    public static prefix func - (point: Self) -> Self { Self(x: point.x, y: -point.y, z: point.z) }

    /// 2P.
    ///
    /// - SeeAlso: Explicit-Formulas Database, dbl-2009-l.
    @inlinable
    public func doubled() -> Self {
        let a = x.squared()
        let b = y.squared()
        let c = b.squared()
        let d = ((x + b).squared() - a - c).doubled()
        let e = a.doubled() + a
        let newX = e.squared() - d.doubled()
        return Self(
            x: newX, y: e * (d - newX) - c.doubled().doubled().doubled(), z: (y * z).doubled())
    }

    /// - SeeAlso: Explicit-Formulas Database, add-1998-cmo-2.
    @inlinable
    public static func + (p: Self, q: Self) -> Self {
        if p.isInfinity { return q }
        if q.isInfinity { return p }
        let z1z1 = p.z.squared()
        let z2z2 = q.z.squared()
        let u1 = p.x * z2z2
        let s1 = p.y * (q.z * z2z2)
        let h = q.x * z1z1 - u1
        let r = q.y * (p.z * z1z1) - s1
        if h.isZero { return r.isZero ? p.doubled() : .zero }
        let hh = h.squared()
        let hhh = h * hh
        let v = u1 * hh
        let newX = r.squared() - hhh - v.doubled()
        return Self(x: newX, y: r * (v - newX) - s1 * hhh, z: p.z * q.z * h)
    }

    /// The same with Z = 1 for the second operand.
    @inlinable
    public static func + (p: Self, q: AffinePoint<Curve>) -> Self {
        if q.isInfinity { return p }
        if p.isInfinity { return Self(q) }
        let z1z1 = p.z.squared()
        let h = q.x * z1z1 - p.x
        let r = q.y * (p.z * z1z1) - p.y
        if h.isZero { return r.isZero ? p.doubled() : .zero }
        let hh = h.squared()
        let hhh = h * hh
        let v = p.x * hh
        let newX = r.squared() - hhh - v.doubled()
        return Self(x: newX, y: r * (v - newX) - p.y * hhh, z: p.z * h)
    }

    @inlinable public static func - (p: Self, q: Self) -> Self { p + (-q) }
    @inlinable public static func - (p: Self, q: AffinePoint<Curve>) -> Self { p + (-q) }
    @inlinable public static func += (p: inout Self, q: Self) { p = p + q }
    @inlinable public static func += (p: inout Self, q: AffinePoint<Curve>) { p = p + q }
    @inlinable public static func -= (p: inout Self, q: Self) { p = p - q }

    /// In affine coordinates: one inversion.
    public var affine: AffinePoint<Curve> {
        guard let inverse = z.inverse() else { return .infinity }
        return scaled(by: inverse)
    }

    /// The affine point when `inverse` = 1/Z.
    @inlinable @inline(__always)
    func scaled(by inverse: Curve.BaseField) -> AffinePoint<Curve> {
        let square = inverse.squared()
        return AffinePoint(x: x * square, y: y * (square * inverse))
    }

    /// All points in affine coordinates: one inversion in all. Infinity stays infinity, as the inverse of zero is left zero.
    public static func batchAffine(_ points: [Self]) -> [AffinePoint<Curve>] {
        var inverses = points.map(\.z)
        Curve.BaseField.invertAll(&inverses)
        return points.indices.map { points[$0].scaled(by: inverses[$0]) }
    }

    /// The same, where the time of the one inversion may depend on the points.
    public static func batchAffineVartime(_ points: [Self]) -> [AffinePoint<Curve>] {
        var inverses = points.map(\.z)
        Curve.BaseField.invertAllVartime(&inverses)
        return points.indices.map { points[$0].scaled(by: inverses[$0]) }
    }
}

extension JacobianPoint: Equatable {
    /// Whether both are the same point, whatever their Z.
    @inlinable
    public static func == (p: Self, q: Self) -> Bool {
        if p.isInfinity || q.isInfinity { return p.isInfinity && q.isInfinity }
        let z1z1 = p.z.squared()
        let z2z2 = q.z.squared()
        return p.x * z2z2 == q.x * z1z1 && p.y * (q.z * z2z2) == q.y * (p.z * z1z1)
    }
}
