import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

/// Field laws, Frobenius and the shortcuts of the tower.
@Suite struct TowerTests {
    private func checkLaws<F: SkewedField>(_: F.Type, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let (a, b, c) = (
                F.skewed(using: &generator), F.skewed(using: &generator), F.skewed(using: &generator)
            )
            #expect((a + b) + c == a + (b + c))
            #expect((a * b) * c == a * (b * c))
            #expect(a * b == b * a)
            #expect(a * (b + c) == a * b + a * c)
            #expect(a + (-a) == .zero)
            #expect(a - b == a + (-b))
            #expect(a.doubled() == a + a)
            #expect(a.squared() == a * a)
            #expect(a * .one == a)
            #expect((a * .zero).isZero)
            if let inverse = a.inverse() { #expect(a * inverse == .one) } else { #expect(a.isZero) }
        }
    }

    @Test func fp2Laws() { checkLaws(BN254Fp2.self, seed: 11) }
    @Test func fp6Laws() { checkLaws(BN254Fp6.self, seed: 12) }
    @Test func fp12Laws() { checkLaws(BN254Fp12.self, seed: 13) }

    @Test func relationsOfTheTower() {
        let u = BN254Fp2(.zero, .one)
        #expect(u * u == -.one)
        let v = BN254Fp6(.zero, .one, .zero)
        #expect(v * v * v == BN254Fp6(BN254Tower.nonResidue, .zero, .zero))
        #expect(BN254Tower.nonResidue == BN254Fp2(BN254BaseField(9), .one))
        let w = BN254Fp12(.zero, .one)
        #expect(w * w == BN254Fp12(v, .zero))
    }

    /// GMP multiplies the coefficients.
    @Test func fp2AgreesWithGMP() {
        var generator = SeededGenerator(seed: 14)
        let p = BigInteger(BN254BaseField.modulus)
        for _ in 0..<100 {
            let (a, b) = (BN254Fp2.skewed(using: &generator), BN254Fp2.skewed(using: &generator))
            let (a0, a1) = (BigInteger(a.c0.canonical), BigInteger(a.c1.canonical))
            let (b0, b1) = (BigInteger(b.c0.canonical), BigInteger(b.c1.canonical))
            #expect(BigInteger((a * b).c0.canonical) == (a0 * b0 - a1 * b1).modulo(p))
            #expect(BigInteger((a * b).c1.canonical) == (a0 * b1 + a1 * b0).modulo(p))
        }
    }

    @Test func nonResidueMultiplication() {
        var generator = SeededGenerator(seed: 15)
        let xi = BN254Tower.nonResidue
        for _ in 0..<50 {
            let a = BN254Fp2.skewed(using: &generator)
            #expect(BN254Tower.multiplyByNonResidue(a) == a * xi)
            let c = BN254Fp6.skewed(using: &generator)
            #expect(c.multipliedByV == c * BN254Fp6(.zero, .one, .zero))
        }
    }

    @Test func sparseMultiplication() {
        var generator = SeededGenerator(seed: 16)
        for _ in 0..<50 {
            let f = BN254Fp12.skewed(using: &generator)
            let (a, b) = (BN254Fp2.skewed(using: &generator), BN254Fp2.skewed(using: &generator))
            let line = BN254Fp12(.one, BN254Fp6(a, b, .zero))
            #expect(f.multipliedByLine(a, b) == f * line)
        }
    }

    @Test func frobeniusIsThePower() {
        var generator = SeededGenerator(seed: 17)
        for _ in 0..<3 {
            let f = BN254Fp12.skewed(using: &generator)
            var power = f
            for n in 1...3 {
                power = power.power(BN254BaseField.modulus)
                #expect(f.frobenius(n) == power)
            }
            for _ in 0..<3 { power = power.power(BN254BaseField.modulus) }
            #expect(f.conjugate == power)
        }
    }

    @Test func cyclotomicSquares() throws {
        var generator = SeededGenerator(seed: 18)
        for _ in 0..<10 {
            let f = BN254Fp12.random(using: &generator)
            let first = f.conjugate * (try #require(f.inverse()))
            let m = first.frobenius(2) * first
            #expect(m.cyclotomicSquared() == m * m)
            #expect(m.conjugate * m == .one)
        }
    }

    /// Powers by windows of signed digits, against squarings and multiplications.
    @Test(arguments: [2, 3, 4, 5]) func cyclotomicPowers(width: Int) throws {
        var generator = SeededGenerator(seed: 20)
        let f = BN254Fp12.random(using: &generator)
        let first = f.conjugate * (try #require(f.inverse()))
        let m = first.frobenius(2) * first
        for exponent in [1, 2, 15, 0x8000_0000_0000_0001, BN254.u, .max, generator.next()] {
            let digits = nonAdjacentForm(UInt128(exponent), width: width)
            #expect(m.cyclotomicPower(windowedDigits: digits) == m.power(exponent))
        }
        #expect(m.cyclotomicPower(windowedDigits: []) == .one)
        #expect(m.cyclotomicPower(windowedDigits: [0, 0]) == .one)
    }

    @Test func inversesThatTakeVariableTime() {
        var generator = SeededGenerator(seed: 21)
        for _ in 0..<20 {
            #expect(same(BN254Fp6.skewed(using: &generator)) { ($0.inverse(), $0.inverseVartime()) })
            #expect(same(BN254Fp12.skewed(using: &generator)) { ($0.inverse(), $0.inverseVartime()) })
        }
        #expect(BN254Fp12.zero.inverseVartime() == nil)
        var values = (0..<9).map { $0 % 4 == 1 ? BN254Fp2.zero : BN254Fp2.random(using: &generator) }
        let expected = values.map { $0.inverse() ?? .zero }
        BN254Fp2.invertAllVartime(&values)
        #expect(values == expected)
        var none: [BN254Fp2] = []
        BN254Fp2.invertAllVartime(&none)
    }

    private func same<F: Field>(_ value: F, _ both: (F) -> (F?, F?)) -> Bool {
        let (first, second) = both(value)
        return first == second
    }

    @Test func squareRoots() {
        var generator = SeededGenerator(seed: 19)
        for _ in 0..<40 {
            let a = BN254Fp2.skewed(using: &generator)
            let root = a.squared().squareRootVartime()
            #expect(root == a || root == -a)
        }
        #expect(BN254Tower.nonResidue.squareRootVartime() == nil)
        #expect(BN254Fp2(-.one, .zero).squareRootVartime() != nil)
        #expect(BN254Fp2.zero.squareRootVartime() == .zero)
    }
}
