import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

/// Group law, scalar multiplication and subgroup membership of both groups.
@Suite struct CurveTests {
    typealias Scalar = BN254ScalarField

    private func checkGroupLaw<Curve: ShortWeierstrassCurve>(_: Curve.Type, seed: UInt64) {
        typealias Point = JacobianPoint<Curve>
        var generator = SeededGenerator(seed: seed)
        #expect(Curve.generator.isOnCurve)
        #expect(Curve.isInSubgroupReference(Curve.generator))
        #expect(Curve.isInSubgroup(Curve.generator))
        for _ in 0..<10 {
            let p = Point.generator.multipliedVartime(by: Curve.ScalarField.skewed(using: &generator))
            let q = Point.generator.multipliedVartime(by: Curve.ScalarField.random(using: &generator))
            let r = q.doubled() + p
            #expect(p + q == q + p)
            #expect((p + q) + r == p + (q + r))
            #expect(p + .zero == p)
            #expect(.zero + p == p)
            #expect((p - p).isInfinity)
            #expect(p + p == p.doubled())
            #expect(p + q.affine == p + q)
            #expect(p + p.affine == p.doubled())
            #expect((p - p.affine).isInfinity)
            #expect(p + AffinePoint<Curve>.infinity == p)
            #expect(Point.zero + p.affine == p)
            #expect((p + q).affine.isOnCurve)
            #expect(Point(p.affine) == p)
        }
        #expect(Point.zero.doubled().isInfinity)
        #expect(Point.zero.affine == .infinity)
        #expect(Point(AffinePoint<Curve>.infinity).isInfinity)
        #expect(Point.generator != Point.generator.doubled())
        #expect(Point.generator != .zero)
    }

    @Test func groupLawInG1() { checkGroupLaw(BN254G1.self, seed: 51) }
    @Test func groupLawInG2() { checkGroupLaw(BN254G2.self, seed: 52) }

    private func checkMultiplication<Curve: ShortWeierstrassCurve>(_: Curve.Type, seed: UInt64)
    where Curve.ScalarField == Scalar {
        typealias Point = JacobianPoint<Curve>
        var generator = SeededGenerator(seed: seed)
        let special = [Scalar.zero, .one, -.one, Scalar(2), Scalar(15), Scalar(16), Scalar(UInt64.max)]
        for scalar in special + (0..<12).map({ _ in Scalar.skewed(using: &generator) }) {
            let point = Point.generator.multipliedVartime(by: Scalar(generator.next()))
            let expected = point.multipliedVartimeReference(by: scalar.canonical)
            #expect(point * scalar == expected)
            #expect(scalar * point == expected)
            #expect(point.multipliedVartime(by: scalar) == expected)
            #expect((Point.zero * scalar).isInfinity)
        }
        #expect(Point.generator.multipliedVartime(by: Scalar.modulus).isInfinity)
        #expect((Point.generator * -Scalar.one) == -Point.generator)
    }

    @Test func scalarMultiplicationInG1() { checkMultiplication(BN254G1.self, seed: 53) }
    @Test func scalarMultiplicationInG2() { checkMultiplication(BN254G2.self, seed: 54) }

    @Test func batchToAffine() {
        let points = (0..<20).map { index in
            index % 4 == 0
                ? JacobianPoint<BN254G2>.zero : .generator.multipliedVartime(by: Scalar(index * index))
        }
        #expect(JacobianPoint.batchAffine(points) == points.map(\.affine))
        #expect(JacobianPoint<BN254G2>.batchAffine([]).isEmpty)
    }

    /// Points of the twist outside the subgroup, with and without a component inside.
    static func outsidePoints(_ count: Int) -> [AffinePoint<BN254G2>] {
        var generator = SeededGenerator(seed: 55)
        var points: [AffinePoint<BN254G2>] = []
        while points.count < count {
            let x = BN254Fp2.skewed(using: &generator)
            guard let y = (x.squared() * x + BN254G2.b).squareRootVartime() else { continue }
            let point = AffinePoint<BN254G2>(x: x, y: y)
            points.append(point)
            points.append(JacobianPoint(point).multipliedVartimeReference(by: Scalar.modulus).affine)
        }
        return points
    }

    @Test func pointsOutsideTheSubgroupAreRecognised() {
        for point in Self.outsidePoints(10) {
            #expect(point.isOnCurve)
            #expect(!BN254G2.isInSubgroup(point))
            #expect(!BN254G2.isInSubgroupReference(point))
            // Clearing the cofactor 2p − r leads into the group.
            let cofactor =
                BigInteger(BN254BaseField.modulus) + BigInteger(BN254BaseField.modulus)
                - BigInteger(Scalar.modulus)
            let inside = JacobianPoint(point).multipliedVartimeReference(by: cofactor.limbs(as: Limbs4.self)!)
            #expect(BN254G2.isInSubgroup(inside.affine))
            #expect(BN254G2.isInSubgroupReference(inside.affine))
        }
        #expect(BN254G2.isInSubgroup(.infinity))
    }

    /// Points of small prime order dividing the cofactor, the ones a batched check would miss.
    @Test func pointsOfSmallOrderAreRecognised() {
        let order =
            BigInteger(BN254BaseField.modulus) + BigInteger(BN254BaseField.modulus)
            - BigInteger(Scalar.modulus)
        var found = 0
        for prime in [10069, 5_864_401] where order.modulo(BigInteger(prime)) == 0 {
            let rest = (order.dividedRoundingDown(by: BigInteger(prime))).limbs(as: Limbs4.self)!
            for point in Self.outsidePoints(4) {
                let small = JacobianPoint(point).multipliedVartimeReference(by: Scalar.modulus)
                    .multipliedVartimeReference(by: rest)
                if small.isInfinity { continue }
                found += 1
                #expect(small.multipliedVartimeReference(by: Limbs4(UInt64(prime))).isInfinity)
                #expect(!BN254G2.isInSubgroup(small.affine))
            }
        }
        #expect(found > 0)
    }

    /// The fast subgroup check is sound: in ℤ[ψ], ψ² = tψ − p, the norm of (u+1) + uψ + uψ² − 2uψ³ is divisible by r
    /// and prime to the cofactor, so only points of order r are mapped to zero.
    @Test func normOfTheSubgroupCheck() {
        let p = BigInteger(BN254BaseField.modulus)
        let r = BigInteger(Scalar.modulus)
        let u = BigInteger(Limbs4(BN254.u))
        let t = p + 1 - r
        // ψ³ = (t² − p)ψ − tp.
        let constant = u + 1 - u * p + (u + u) * t * p
        let linear = u + u * t - (u + u) * (t * t - p)
        let norm = constant * constant + constant * linear * t + linear * linear * p
        #expect(norm.modulo(r) == 0)
        #expect(norm.inverse(modulo: p + p - r) != nil)
    }

    /// ψ acts on the subgroup as multiplication by p.
    @Test func endomorphismOfTheTwist() {
        let q = JacobianPoint<BN254G2>.generator.multipliedVartime(by: Scalar(99)).affine
        let image = TwistEndomorphism<BN254Pairing>.apply(q)
        #expect(image.isOnCurve)
        #expect(
            JacobianPoint(image) == JacobianPoint(q).multipliedVartimeReference(by: BN254BaseField.modulus))
    }

    @Test func parametersOfTheFamily() {
        let u = BigInteger(Limbs4(BN254.u))
        let u2 = u * u
        let (u3, u4) = (u2 * u, u2 * u2)
        let p = BigInteger(36) * u4 + BigInteger(36) * u3 + BigInteger(24) * u2 + BigInteger(6) * u + 1
        #expect(p == BigInteger(BN254BaseField.modulus))
        #expect(p - BigInteger(6) * u2 == BigInteger(Scalar.modulus))
        #expect(BN254G2.b * BN254Tower.nonResidue == BN254Fp2(BN254G1.b, .zero))
        let digits = BN254Pairing.loopDigits
        #expect(digits.reduce(BigInteger(0)) { $0 + $0 + Int($1) } == BigInteger(6) * u + 2)
        #expect(zip(digits, digits.dropFirst()).allSatisfy { $0 == 0 || $1 == 0 })
    }
}
