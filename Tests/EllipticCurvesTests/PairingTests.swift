import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

@Suite struct PairingTests {
    typealias P1 = JacobianPoint<BN254G1>
    typealias P2 = JacobianPoint<BN254G2>
    typealias Scalar = BN254ScalarField

    let g1 = BN254G1.generator
    let g2 = BN254G2.generator

    @Test func bilinear() {
        var generator = SeededGenerator(seed: 31)
        let base = BN254.pairing(g1, g2)
        for _ in 0..<6 {
            let a = Scalar.skewed(using: &generator)
            let b = Scalar.skewed(using: &generator)
            let p = (P1.generator * a).affine
            let q = (P2.generator * b).affine
            #expect(BN254.pairing(p, q) == base.power((a * b).canonical))
            #expect(BN254.pairing((P1.generator * (a * b)).affine, g2) == BN254.pairing(p, q))
        }
    }

    @Test func nondegenerateOfOrderR() {
        let value = BN254.pairing(g1, g2)
        #expect(value != .one)
        #expect(value.power(Scalar.modulus) == .one)
        #expect(BN254.pairing(.infinity, g2) == .one)
        #expect(BN254.pairing(g1, .infinity) == .one)
        #expect(BN254.millerLoop([]) == .one)
    }

    @Test func finalExponentiationIsThePower() {
        var generator = SeededGenerator(seed: 32)
        for f in [BN254.millerLoop([(g1, BN254.prepare(g2))]), .random(using: &generator), .one] {
            #expect(BN254.finalExponentiation(f) == BN254.finalExponentiationReference(f))
        }
        #expect(BN254.finalExponentiation(.zero) == .zero)
    }

    @Test func products() {
        var generator = SeededGenerator(seed: 33)
        let a = Scalar.random(using: &generator)
        let b = Scalar.random(using: &generator)
        let p = (P1.generator * a).affine
        let q = (P2.generator * b).affine
        let opposite = (-(P1.generator * (a * b))).affine
        #expect(BN254.isPairingProductOne([(p, q), (opposite, g2)]))
        #expect(BN254.isPairingProductOne([(p, q), (.infinity, g2), (opposite, g2), (g1, .infinity)]))
        #expect(!BN254.isPairingProductOne([(p, q), (opposite, q)]))
        #expect(!BN254.isPairingProductOne([(p, q)]))
        #expect(BN254.isPairingProductOne([]))
    }
}
