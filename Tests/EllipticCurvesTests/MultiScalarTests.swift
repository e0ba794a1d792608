import EllipticCurves
import FieldArithmetic
import Parallelism
import TestSupport
import Testing

/// `multiScalarMultiply`, and its portable form, against their twin.
@Suite struct MultiScalarTests {
    typealias Scalar = BN254ScalarField

    /// Different points of the group, cheaply.
    static func points<Curve: ShortWeierstrassCurve>(_ count: Int, of: Curve.Type) -> [AffinePoint<Curve>] {
        var sums: [JacobianPoint<Curve>] = []
        var sum = JacobianPoint<Curve>.generator.multipliedVartime(by: Curve.ScalarField(987_654_321))
        let step = JacobianPoint<Curve>.generator.multipliedVartime(by: Curve.ScalarField(123_456_789))
        for _ in 0..<count {
            sums.append(sum)
            sum += step
        }
        return JacobianPoint.batchAffine(sums)
    }

    private func portable<Curve: ShortWeierstrassCurve>(
        _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>]
    ) -> JacobianPoint<Curve> {
        scalars.withUnsafeBufferPointer { scalars in
            points.withUnsafeBufferPointer { portableMultiply(scalars, $0) }
        }
    }

    private func check<Curve: ShortWeierstrassCurve>(
        _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>], _ comment: Comment? = nil
    ) {
        let expected = multiScalarMultiplyReference(scalars, points)
        #expect(multiScalarMultiply(scalars, points) == expected, comment)
        #expect(portable(scalars, points) == expected, comment)
    }

    @Test(arguments: [0, 1, 2, 3, 17, 128, 129, 300]) func sizesInG1(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        check((0..<count).map { _ in Scalar.skewed(using: &generator) }, Self.points(count, of: BN254G1.self))
        check((0..<count).map { _ in Scalar.random(using: &generator) }, Self.points(count, of: BN254G1.self))
    }

    @Test(arguments: [0, 1, 2, 40, 200]) func sizesInG2(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        check((0..<count).map { _ in Scalar.skewed(using: &generator) }, Self.points(count, of: BN254G2.self))
    }

    /// Additions in buckets that meet equal and opposite points and infinity.
    @Test func specialPoints() {
        var generator = SeededGenerator(seed: 41)
        let distinct = Self.points(3, of: BN254G1.self)
        for count in [20, 600] {
            let points = (0..<count).map { _ -> AffinePoint<BN254G1> in
                let point = distinct[Int(generator.next() % 3)]
                return generator.next() % 5 == 0 ? .infinity : generator.next() % 2 == 0 ? point : -point
            }
            check((0..<count).map { _ in Scalar.skewed(using: &generator) }, points)
            check((0..<count).map { _ in Scalar(generator.next() % 3) }, points)
            check([Scalar](repeating: Scalar(5), count: count), points)
            check([Scalar](repeating: .zero, count: count), points)
            check([Scalar](repeating: -.one, count: count), points)
            check(
                [Scalar](repeating: .one, count: count),
                [AffinePoint<BN254G1>](repeating: .infinity, count: count))
        }
    }

    /// Scalars of 0, 1, r − 1, halves of r, and windows that are all ones or a single top bit.
    @Test func specialScalars() {
        let half = Scalar(2).inverse() ?? .zero
        let special = [.zero, .one, -.one, half, -half, half - .one, Scalar(UInt64.max), -Scalar(UInt64.max)]
        let powers = (0..<254).flatMap {
            [Scalar(2).power(Limbs4(UInt64($0))), Scalar(2).power(Limbs4(UInt64($0))) - .one]
        }
        let scalars = special + powers
        check(scalars, Self.points(scalars.count, of: BN254G1.self))
        for scalar in special { check([scalar], [BN254G1.generator]) }
    }

    @Test(arguments: [1, 2, 7, 8, 16, 33, 64]) func shortScalars(bits: Int) {
        var generator = SeededGenerator(seed: 42)
        let scalars = (0..<500).map { _ in
            let value = Scalar(generator.next() >> UInt64(64 - bits))
            return generator.next() % 2 == 0 ? value : -value
        }
        check(scalars, Self.points(500, of: BN254G1.self))
    }

    /// Sums of prepared points, with scalars whose limbs carry past the top, and points at infinity among them.
    @Test func preparedSums() {
        var generator = SeededGenerator(seed: 44)
        func check<Curve: ShortWeierstrassCurve>(_: Curve.Type, count: Int)
        where Curve.ScalarField == Scalar {
            var points = Self.points(count, of: Curve.self)
            if count > 2 { points[1] = .infinity }
            let sum = PreparedSum(points)
            for round in 0..<4 {
                let scalars = (0..<count).map { index in
                    switch (round, index) {
                    case (0, _): Scalar.random(using: &generator)
                    case (1, _): Scalar.skewed(using: &generator)
                    case (2, 0): Scalar(UInt64.max)
                    case (2, _): -Scalar.one
                    default: Scalar.zero
                    }
                }
                #expect(sum(scalars) == multiScalarMultiplyReference(scalars, points))
            }
        }
        for count in [0, 1, 2, 5] { check(BN254G1.self, count: count) }
        check(BN254G2.self, count: 2)
    }

    /// More points than a block or a range holds, against the discrete logarithm.
    @Test(arguments: [1, 2, 5]) func largeSums(threads: Int) {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        Parallelism.threadCount = threads
        var generator = SeededGenerator(seed: 43)
        let count = 40_000
        let points = Self.points(count, of: BN254G1.self)
        for kind in 0..<4 {
            let scalars = (0..<count).map { index in
                switch kind {
                case 0: Scalar.random(using: &generator)
                case 1: Scalar(generator.next() % 2)
                case 2: index % 10 == 0 ? Scalar.random(using: &generator) : -Scalar(generator.next() % 256)
                default: Scalar(3)
                }
            }
            var logarithm = Scalar.zero
            for index in 0..<count {
                logarithm += scalars[index] * (Scalar(987_654_321) + Scalar(index) * Scalar(123_456_789))
            }
            let expected = JacobianPoint<BN254G1>.generator.multipliedVartime(by: logarithm)
            #expect(multiScalarMultiply(scalars, points) == expected)
            #expect(portable(scalars, points) == expected)
        }
    }
}
