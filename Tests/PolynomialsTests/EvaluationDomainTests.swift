import FieldArithmetic
import Polynomials
import TestSupport
import Testing

typealias Fr = BN254ScalarField

/// All domain sizes from `lower` to `upper`, in order.
func domainSizes(_ lower: Int, _ upper: Int) -> [Int] {
    [1, 3, 9].flatMap { odd in (0..<24).map { odd << $0 } }.filter { lower...upper ~= $0 }.sorted()
}

func skewedValues(_ count: Int, seed: UInt64) -> [Fr] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Fr.skewed(using: &generator) }
}

@Suite struct EvaluationDomainTests {
    @Test func smallestSizeIsChosen() throws {
        let expected = [
            0: 1, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 7: 8, 9: 9, 10: 12, 13: 16, 17: 18, 19: 24, 33: 36, 37: 48,
            262_144: 262_144, 262_145: 294_912, 294_913: 393_216, 370_000: 393_216, 393_217: 524_288,
        ]
        for (minimum, size) in expected {
            #expect(try #require(EvaluationDomain<Fr>(minimumSize: minimum)).size == size)
        }
        // The doubled domain must exist: 2²⁸ points have none, 9·2²⁷ are the most.
        #expect(EvaluationDomain<Fr>(size: 1 << 28) == nil)
        #expect(EvaluationDomain<Fr>(minimumSize: (9 << 27) + 1) == nil)
        #expect(EvaluationDomain<Fr>(minimumSize: Int.max) == nil)
    }

    @Test(arguments: [-4, 0, 5, 7, 10, 15, 27, 45, 100, 1000]) func otherSizesAreRefused(size: Int) {
        #expect(EvaluationDomain<Fr>(size: size) == nil)
    }

    /// Both fields have domains only as far as their order allows.
    @Test func smallFieldOrderIsRespected() throws {
        // The base field's order minus one is divisible by 2 and 9, not by 4.
        #expect(EvaluationDomain<BN254BaseField>(size: 2) == nil)
        let domain = try #require(EvaluationDomain<BN254BaseField>(size: 9))
        let coefficients = (1...9).map { BN254BaseField(UInt64($0)) }
        var values = coefficients
        values.withUnsafeMutableBufferPointer { domain.evaluate($0) }
        #expect(values == domain.evaluateDirectly(coefficients))
    }

    @Test(arguments: domainSizes(1, 4096)) func rootsHaveTheirOrder(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        #expect(domain.cosetShift.squared() == domain.root)
        #expect(domain.cosetShift.power(UInt64(size)) == -Fr.one)
        for prime in [2, 3] where size % prime == 0 {
            #expect(domain.root.power(UInt64(size / prime)) != .one)
        }
        #expect(domain.vanishing(at: domain.root).isZero)
        #expect(domain.vanishing(at: domain.cosetShift) == -Fr(2))
        #expect(domain.vanishing(at: Fr(7)) == Fr(7).power(UInt64(size)) - .one)
    }

    /// The published root of order 2²⁸ of circom, snarkjs and the other users of this field, 5^((r − 1)/2²⁸).
    @Test func rootsAreThoseOfOtherProvers() throws {
        let root = try #require(
            BigInteger("19103219067921713944291392827692070036145651957329286315305642004821462161904"))
        let expected = try #require(root.limbs(as: Limbs4.self).flatMap { Fr(canonical: $0) })
        let domain = try #require(EvaluationDomain<Fr>(size: 1 << 27))
        #expect(domain.cosetShift == expected)
    }

    @Test(arguments: domainSizes(1, 128)) func lagrangeCoefficientsFollowTheDefinition(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        let points = (0..<size).map { domain.root.power(UInt64($0)) }
        func definition(_ nodes: [Fr], _ x: Fr) -> [Fr] {
            nodes.indices.map { i in
                nodes.indices.filter { $0 != i }.reduce(Fr.one) { product, j in
                    product * (x - nodes[j]) * (nodes[i] - nodes[j]).inverseVartime()!
                }
            }
        }
        let x = Fr(123_456_789).power(5)
        #expect(domain.lagrangeCoefficients(at: x) == definition(points, x))
        let coset = points.map { $0 * domain.cosetShift }
        #expect(domain.lagrangeCoefficients(onCosetAt: x) == definition(coset, x))
        // At a point of the domain one coefficient is 1 and the others are 0.
        let last = domain.lagrangeCoefficients(at: points[size - 1])
        #expect(last == (0..<size).map { $0 == size - 1 ? .one : .zero })
    }

    @Test func lagrangeCoefficientsInterpolate() throws {
        let domain = try #require(EvaluationDomain<Fr>(size: 3 << 11))
        let coefficients = skewedValues(domain.size, seed: 3)
        var values = coefficients
        values.withUnsafeMutableBufferPointer { domain.evaluate($0) }
        let x = Fr(98_765)
        let expected = coefficients.reversed().reduce(Fr.zero) { $0 * x + $1 }
        let lagrange = domain.lagrangeCoefficients(at: x)
        #expect(zip(values, lagrange).reduce(Fr.zero) { $0 + $1.0 * $1.1 } == expected)
    }
}
