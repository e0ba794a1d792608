import FieldArithmetic
import TestSupport
import Testing

/// Field laws with GMP as oracle, for both fields of BN254.
@Suite struct PrimeFieldTests {
    private func check<F: PrimeField>(_: F.Type, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let modulus = BigInteger(F.modulus)
        for _ in 0..<400 {
            let a = F.skewed(using: &generator)
            let b = F.skewed(using: &generator)
            let (x, y) = (BigInteger(a.canonical), BigInteger(b.canonical))
            #expect(BigInteger((a + b).canonical) == (x + y).modulo(modulus))
            #expect(BigInteger((a - b).canonical) == (x - y).modulo(modulus))
            #expect(BigInteger((a * b).canonical) == (x * y).modulo(modulus))
            #expect(BigInteger((-a).canonical) == (BigInteger(0) - x).modulo(modulus))
            #expect(a.squared() == a * a)
            #expect(a.doubled() == a + a)
            #expect(F(canonical: a.canonical) == a)
            #expect(F(montgomery: a.montgomery) == a)
            #expect((try? F(bigEndian: a.bigEndianBytes)) == a)
            #expect(F(reducingBigEndian: a.bigEndianBytes) == a)
        }
        for _ in 0..<20 {
            let a = F.skewed(using: &generator)
            if let inverse = a.inverse() {
                #expect(a * inverse == .one)
                #expect(BigInteger(a.canonical).inverse(modulo: modulus) == BigInteger(inverse.canonical))
            } else {
                #expect(a.isZero)
            }
            let root = (a * a).squareRootVartime()
            #expect(root == a || root == -a)
        }
        #expect(F.multiplicativeGenerator.squareRootVartime() == nil)
    }

    /// Products whose factors are not reduced, and sums of products, against the same in reduced elements.
    private func checkFusedOperations<F: PrimeField>(_: F.Type, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<400 {
            let (a, b) = (F.skewed(using: &generator), F.skewed(using: &generator))
            let (c, d) = (F.skewed(using: &generator), F.skewed(using: &generator))
            #expect(F.multiplyDifference(a, b, by: c) == (a - b) * c)
            #expect(F.multiplySum(a, b, byDifference: c, d) == (a + b) * (c - d))
            #expect(F.doubledProduct(a, b) == (a * b).doubled())
            #expect(F.nineTimes(a, plus: b) == a * F(9) + b)
            #expect(F.nineTimes(a, minus: b) == a * F(9) - b)
            #expect(F.sumOfProducts(a, b, c, d) == a * b + c * d)
            #expect(F.differenceOfProducts(a, b, c, d) == a * b - c * d)
        }
        for count in 0...8 {
            for _ in 0..<50 {
                let a = (0..<count).map { _ in F.skewed(using: &generator) }
                let b = (0..<count).map { _ in F.skewed(using: &generator) }
                let expected = zip(a, b).reduce(F.zero) { $0 + $1.0 * $1.1 }
                #expect(F.sumOfProducts(a, b, count: count) == expected)
            }
        }
    }

    @Test func fusedOperationsOfBothFields() {
        checkFusedOperations(BN254BaseField.self, seed: 4)
        checkFusedOperations(BN254ScalarField.self, seed: 5)
    }

    /// The largest limbs that elements can have in memory, where the rows of eight products do not fit five limbs.
    @Test func sumsOfTheLargestProducts() throws {
        typealias F = BN254BaseField
        let top = F.modulus[3]
        let longest = try #require(F(montgomery: Limbs4(.max, .max, .max, top - 1)))
        let largest = try #require(F(montgomery: Limbs4(F.modulus[0] - 1, F.modulus[1], F.modulus[2], top)))
        for a in [longest, largest] {
            for b in [longest, largest] {
                var expected = F.zero
                for count in 1...8 {
                    expected += a * b
                    let (left, right) = ([F](repeating: a, count: count), [F](repeating: b, count: count))
                    #expect(F.sumOfProducts(left, right, count: count) == expected)
                }
                #expect(BigInteger((a * b).canonical) == product(a, b))
                #expect(F.nineTimes(a, plus: b) == a * F(9) + b)
                #expect(F.nineTimes(a, minus: b) == a * F(9) - b)
                #expect(F.multiplySum(a, b, byDifference: b, .one) == (a + b) * (b - .one))
            }
        }
    }

    private func product<F: PrimeField>(_ a: F, _ b: F) -> BigInteger {
        (BigInteger(a.canonical) * BigInteger(b.canonical)).modulo(BigInteger(F.modulus))
    }

    @Test func baseFieldAgreesWithGMP() { check(BN254BaseField.self, seed: 1) }
    @Test func scalarFieldAgreesWithGMP() { check(BN254ScalarField.self, seed: 2) }

    private func checkConstants<P: PrimeFieldParameters>(_: P.Type, modulus: String) throws {
        let m = try #require(BigInteger(modulus))
        let word = BigInteger(1) << 64
        let radix = BigInteger(1) << (64 * P.Limbs.count)
        #expect(BigInteger(P.modulus) == m)
        #expect(m.bitWidth == P.bitWidth)
        // Two free bits, on which sums that are not reduced rely.
        #expect(P.bitWidth == 64 * P.Limbs.count - 2)
        #expect(BigInteger(P.montgomeryOne) == radix.modulo(m))
        #expect(BigInteger(P.montgomeryRadixSquared) == (radix * radix).modulo(m))
        #expect((m * BigInteger(Limbs4(P.negativeInverse))).modulo(word) == word - 1)
        for (prime, count) in [(2, P.twoAdicity), (3, P.threeAdicity)] {
            var order = m - 1
            for _ in 0..<count {
                #expect(order.modulo(BigInteger(prime)) == 0)
                order = order.dividedRoundingDown(by: BigInteger(prime))
            }
            #expect(order.modulo(BigInteger(prime)) != BigInteger(0))
            let generator = BigInteger(Int(P.multiplicativeGenerator))
            let exponent = (m - 1).dividedRoundingDown(by: BigInteger(prime))
            #expect(generator.power(exponent, modulo: m) != BigInteger(1))
        }
    }

    @Test func constantsAreDerivedFromTheModulus() throws {
        try checkConstants(
            BN254BaseFieldParameters.self,
            modulus: "21888242871839275222246405745257275088696311157297823662689037894645226208583")
        try checkConstants(
            BN254ScalarFieldParameters.self,
            modulus: "21888242871839275222246405745257275088548364400416034343698204186575808495617")
    }

    @Test func badEncodingsAreRefused() {
        typealias F = BN254ScalarField
        let modulusBytes = [UInt8](F.modulus.littleEndianBytes.reversed())
        #expect(throws: FieldEncodingError.notCanonical) { try F(bigEndian: modulusBytes) }
        #expect(throws: FieldEncodingError.notCanonical) {
            try F(bigEndian: [UInt8](repeating: 255, count: 32))
        }
        #expect(throws: FieldEncodingError.wrongLength(expected: 32, actual: 31)) {
            try F(bigEndian: [UInt8](repeating: 0, count: 31))
        }
        #expect(throws: FieldEncodingError.wrongLength(expected: 32, actual: 33)) {
            try F(bigEndian: [UInt8](repeating: 0, count: 33))
        }
        #expect(F(canonical: F.modulus) == nil)
        #expect(F(montgomery: F.modulus) == nil)
    }

    @Test func signedIntegers() {
        typealias F = BN254ScalarField
        for value in [0, 1, -1, 255, -65536, Int.max, -Int.max, Int.min] {
            #expect(F(value) + F(1) == F(value &+ 1) || value == Int.max)
            if value != Int.min { #expect(F(value).smallSignedVartime == Int64(value)) }
        }
        #expect(F(-7).description == "-7")
    }

    @Test func batchInversionSkipsZeros() {
        typealias F = BN254BaseField
        var generator = SeededGenerator(seed: 3)
        for count in [0, 1, 2, 33] {
            let values = (0..<count).map { $0 % 3 == 1 ? F.zero : F.random(using: &generator) }
            var inverted = values
            F.invertAll(&inverted)
            #expect(inverted == values.map { $0.inverse() ?? .zero })
        }
    }
}
