import FieldArithmetic

/// A point in affine coordinates, with the layout of its coordinates and nothing else.
///
/// The point at infinity is (0, 0), which is on no curve with b ≠ 0. Arrays of points can be used in place inside mapped
/// files: on BN254 64 bytes for G1 and 128 for G2, in Montgomery form.
@frozen
public struct AffinePoint<Curve: ShortWeierstrassCurve>: Hashable, Sendable, BitwiseCopyable {
    public var x: Curve.BaseField
    public var y: Curve.BaseField

    /// The caller vouches for the point being on the curve, or checks `isOnCurve`.
    @inlinable @inline(__always)
    public init(x: Curve.BaseField, y: Curve.BaseField) {
        self.x = x
        self.y = y
    }

    @inlinable public static var infinity: Self { Self(x: .zero, y: .zero) }
    @inlinable @inline(__always) public var isInfinity: Bool { x.isZero && y.isZero }

    /// Whether y² = x³ + b, or infinity.
    @inlinable
    public var isOnCurve: Bool {
        isInfinity || y.squared() == x.squared() * x + Curve.b
    }

    /// Whether the point is in the subgroup of prime order; it must be on the curve.
    public var isInSubgroup: Bool { Curve.isInSubgroup(self) }

    @inlinable @inline(__always)
    public static prefix func - (point: Self) -> Self { Self(x: point.x, y: -point.y) }
}
