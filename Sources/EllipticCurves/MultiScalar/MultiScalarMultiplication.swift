import FieldArithmetic
import Parallelism

/// Σ [scalarᵢ]Pᵢ by single multiplications: the twin of `multiScalarMultiply`. Counts must agree.
public func multiScalarMultiplyReference<Curve: ShortWeierstrassCurve>(
    _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>]
) -> JacobianPoint<Curve> {
    precondition(scalars.count == points.count)
    return zip(scalars, points).reduce(.zero) { sum, pair in
        sum + JacobianPoint(pair.1).multipliedVartimeReference(by: pair.0.canonical)
    }
}

/// Σ [scalarᵢ]Pᵢ. Counts must agree. Time depends on the scalars.
public func multiScalarMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<Curve.ScalarField>, _ points: UnsafeBufferPointer<AffinePoint<Curve>>
) -> JacobianPoint<Curve> {
    multiScalarMultiplyReference(Array(scalars), Array(points))
}

/// Σ [scalarᵢ]Pᵢ. Counts must agree. Time depends on the scalars.
public func multiScalarMultiply<Curve: ShortWeierstrassCurve>(
    _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>]
) -> JacobianPoint<Curve> {
    scalars.withUnsafeBufferPointer { scalars in
        points.withUnsafeBufferPointer { multiScalarMultiply(scalars, $0) }
    }
}
