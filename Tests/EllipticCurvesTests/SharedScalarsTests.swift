import EllipticCurves
import FieldArithmetic
import Parallelism
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

/// Long scalars that occur many times: the points of each are added before they are multiplied.
@Suite struct EqualScalarsTests {
    typealias Scalar = BN254ScalarField

    /// Sums with scalars of `distinct` values and others, some points equal, opposite or at infinity.
    private func check<Curve: ShortWeierstrassCurve>(
        _ curve: Curve.Type, count: Int, distinct: Int, threads: Int
    )
    where Curve.ScalarField == Scalar {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        Parallelism.threadCount = threads
        var generator = SeededGenerator(seed: UInt64(count + distinct))
        let repeated = (0..<distinct).map { _ in Scalar.random(using: &generator) }
        let scalars = (0..<count).map { index in
            switch index % 10 {
            case 0: Scalar(generator.next() % 1000)
            case 1: Scalar.random(using: &generator)
            case 2: -repeated[Int(generator.next() % UInt64(distinct))]
            default: repeated[Int(generator.next() % UInt64(distinct))]
            }
        }
        var points = MultiScalarTests.points(count, of: curve)
        var logarithms = (0..<count).map { Scalar(987_654_321) + Scalar($0) * Scalar(123_456_789) }
        for index in stride(from: 3, to: count, by: 7) {
            switch generator.next() % 3 {
            case 0: (points[index], logarithms[index]) = (.infinity, .zero)
            case 1: (points[index], logarithms[index]) = (points[index - 1], logarithms[index - 1])
            default: (points[index], logarithms[index]) = (-points[index - 1], -logarithms[index - 1])
            }
        }
        let logarithm = zip(scalars, logarithms).reduce(Scalar.zero) { $0 + $1.0 * $1.1 }
        let expected = JacobianPoint<Curve>.generator.multipliedVartime(by: logarithm)
        for kernel in Kernel.allCases where kernel.isSupported {
            #expect(multiScalarMultiply(scalars, points, kernel: kernel) == expected, "\(kernel)")
        }
    }

    @Test(arguments: [1, 2, 600]) func repeatedInG1(distinct: Int) {
        check(BN254G1.self, count: 12_000, distinct: distinct, threads: 2)
    }

    /// More different scalars than are added up in one task.
    @Test func manyGroups() { check(BN254G1.self, count: 30_000, distinct: 5000, threads: 3) }

    @Test func repeatedInG2() { check(BN254G2.self, count: 8000, distinct: 100, threads: 2) }

    /// Groups whose points cancel, and nothing but groups.
    @Test func sumsAtInfinity() {
        let points = MultiScalarTests.points(2, of: BN254G1.self)
        var generator = SeededGenerator(seed: 5)
        let scalar = Scalar.random(using: &generator)
        let list = (0..<10_000).map { index -> AffinePoint<BN254G1> in
            let point = points[index / 2 % 2]
            return index % 2 == 0 ? point : -point
        }
        let scalars = [Scalar](repeating: scalar, count: list.count)
        let sum: JacobianPoint<BN254G1> = multiScalarMultiply(scalars, list)
        #expect(sum.isInfinity)
    }
}
