import FieldArithmetic

/// A group of points on y² = x³ + b: a page of constants, from which all arithmetic follows.
public protocol ShortWeierstrassCurve: Sendable {
    associatedtype BaseField: CoordinateField
    associatedtype ScalarField: PrimeField

    static var b: BaseField { get }
    /// A generator of the subgroup of order `ScalarField.modulus`.
    static var generator: AffinePoint<Self> { get }
    /// Whether a point of the curve lies in the subgroup; the point is assumed to be on the curve.
    ///
    /// Checked against `isInSubgroupReference`.
    static func isInSubgroup(_ point: AffinePoint<Self>) -> Bool
    /// "BN254 G1", for messages.
    static var name: String { get }
}

extension ShortWeierstrassCurve {
    /// Whether [r]P = 0: the definition, and the slow twin of `isInSubgroup`.
    public static func isInSubgroupReference(_ point: AffinePoint<Self>) -> Bool {
        JacobianPoint(point).multipliedVartimeReference(by: ScalarField.modulus).isInfinity
    }
}
