import EllipticCurves
import FieldArithmetic
import QuantizedLearning

typealias Fr = BN254ScalarField
typealias Fp = BN254BaseField

/// Pseudo-random inputs, the same in every run.
enum RandomInputs {
    /// Uniform field elements.
    static func elements<F: PrimeField>(_ count: Int, of: F.Type, seed: UInt64 = 1) -> [F] {
        var generator = SplitMix64(state: seed)
        return (0..<count).map { _ in F.random(using: &generator) }
    }

    /// Distinct points: a random one plus the random steps at the bits of the index, one affine addition each.
    static func points<Curve: ShortWeierstrassCurve>(_ count: Int, of: Curve.Type) -> [AffinePoint<Curve>] {
        var generator = SplitMix64(state: 2)
        func next() -> AffinePoint<Curve> {
            JacobianPoint<Curve>.generator.multipliedVartime(by: Curve.ScalarField.random(using: &generator))
                .affine
        }
        var points = [next()]
        while points.count < count {
            let step = next()
            let wanted = min(points.count, count - points.count)
            points += AffinePoint.addPairs(
                Array(points[..<wanted]), [AffinePoint<Curve>](repeating: step, count: wanted))
        }
        return points
    }
}
