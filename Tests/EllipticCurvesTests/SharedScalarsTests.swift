import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

/// Sums over several lists of points with the same scalars agree with sums one by one.
@Suite struct SharedScalarsTests {
    @Test(arguments: [0, 1, 5, 300])
    func listsAgreeWithSingleSums(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let scalars = (0..<count).map { _ in BN254ScalarField.skewed(using: &generator) }
        func points<Curve: ShortWeierstrassCurve>(_: Curve.Type) -> [AffinePoint<Curve>] {
            (0..<count).map { index in
                index % 7 == 3
                    ? .infinity
                    : (JacobianPoint<Curve>.generator * Curve.ScalarField(generator.next() as UInt64)).affine
            }
        }
        let (p, q, r) = (points(BN254G1.self), points(BN254G1.self), points(BN254G2.self))
        let sums = scalars.withUnsafeBufferPointer { scalars in
            p.withUnsafeBufferPointer { p in
                q.withUnsafeBufferPointer { q in
                    r.withUnsafeBufferPointer { r in multiScalarMultiply(scalars, [p, q], [r]) }
                }
            }
        }
        #expect(
            sums.first == [
                multiScalarMultiplyReference(scalars, p), multiScalarMultiplyReference(scalars, q),
            ])
        #expect(sums.second == [multiScalarMultiplyReference(scalars, r)])
    }
}
