import FieldArithmetic
import Polynomials
import TestSupport
import Testing

@Suite struct TransformTests {
    /// Equality without thousands of elements in a failure's message.
    private func agree(_ a: [Fr], _ b: [Fr]) -> Bool { a == b }

    private func transformed(
        _ values: [Fr], _ transform: (UnsafeMutableBufferPointer<Fr>) -> Void
    ) -> [Fr] {
        var values = values
        values.withUnsafeMutableBufferPointer { transform($0) }
        return values
    }

    /// Every kernel against the O(n²) definition; sizes on both sides of the first split one.
    @Test(arguments: domainSizes(1, 400) + [1024, 1152, 1536])
    func agreesWithTheDefinition(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        let coefficients = skewedValues(size, seed: UInt64(size))
        let values = domain.evaluateDirectly(coefficients)
        let onCoset = domain.evaluateDirectly(coefficients, shift: domain.cosetShift)
        for kernel in Kernel.allCases where kernel.isSupported {
            #expect(agree(transformed(coefficients) { domain.evaluate($0, kernel: kernel) }, values))
            #expect(agree(transformed(values) { domain.interpolate($0, kernel: kernel) }, coefficients))
            #expect(agree(transformed(values) { domain.moveToCoset($0, kernel: kernel) }, onCoset))
        }
    }

    /// Larger sizes: the definition at single points, the way back, and the same bits from both kernels.
    @Test(arguments: domainSizes(1 << 11, 1 << 16) + [1 << 17])
    func kernelsAgree(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        let coefficients = skewedValues(size, seed: UInt64(size))
        let values = transformed(coefficients) { domain.evaluate($0, kernel: .portable) }
        let onCoset = transformed(values) { domain.moveToCoset($0, kernel: .portable) }
        for index in [0, 1, size / 3, size - 1] {
            let point = domain.root.power(UInt64(index))
            #expect(values[index] == coefficients.reversed().reduce(Fr.zero) { $0 * point + $1 })
            let shifted = point * domain.cosetShift
            #expect(onCoset[index] == coefficients.reversed().reduce(Fr.zero) { $0 * shifted + $1 })
        }
        for kernel in Kernel.allCases where kernel.isSupported {
            #expect(agree(transformed(coefficients) { domain.evaluate($0, kernel: kernel) }, values))
            #expect(agree(transformed(values) { domain.interpolate($0, kernel: kernel) }, coefficients))
            #expect(agree(transformed(values) { domain.moveToCoset($0, kernel: kernel) }, onCoset))
        }
    }

    /// Large sizes without the slow twins: there and back, and moving to the coset as scaling of coefficients.
    @Test(arguments: [1 << 18, 3 << 17, 9 << 16, 1 << 19, 1 << 20]) func largeSizesAreConsistent(size: Int)
        throws
    {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        let coefficients = skewedValues(size, seed: UInt64(size))
        let values = transformed(coefficients) { domain.evaluate($0) }
        for index in [0, 1, size / 2 + 1] {
            let point = domain.root.power(UInt64(index))
            #expect(values[index] == coefficients.reversed().reduce(Fr.zero) { $0 * point + $1 })
        }
        #expect(agree(transformed(values) { domain.interpolate($0) }, coefficients))
        var power = Fr.one
        let scaled = coefficients.map { coefficient in
            defer { power *= domain.cosetShift }
            return coefficient * power
        }
        let onCoset = transformed(scaled) { domain.evaluate($0) }
        #expect(agree(transformed(values) { domain.moveToCoset($0) }, onCoset))
    }

    @Test(arguments: [12, 512, 1024, 3 << 12]) func severalPolynomialsAtOnce(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        for kernel in Kernel.allCases where kernel.isSupported {
            var (a, b, c) = (
                skewedValues(size, seed: 1), skewedValues(size, seed: 2), skewedValues(size, seed: 3)
            )
            let expected = [a, b, c].map { values in
                transformed(values) { domain.moveToCoset($0, kernel: .portable) }
            }
            a.withUnsafeMutableBufferPointer { a in
                b.withUnsafeMutableBufferPointer { b in
                    c.withUnsafeMutableBufferPointer { c in
                        domain.moveToCoset(many: [a, b, c], kernel: kernel)
                    }
                }
            }
            #expect(zip([a, b, c], expected).allSatisfy(agree))
        }
    }

    /// Inputs at the ends of the range: all zero, all one, all r − 1, one in a single place.
    @Test(arguments: [256, 1024, 4096, 9 << 8]) func extremeInputs(size: Int) throws {
        let domain = try #require(EvaluationDomain<Fr>(size: size))
        var single = [Fr](repeating: .zero, count: size)
        single[size - 1] = -Fr.one
        for kernel in Kernel.allCases where kernel.isSupported {
            for constant in [Fr.zero, .one, -Fr.one] {
                let values = [Fr](repeating: constant, count: size)
                // A constant polynomial has the same values everywhere.
                #expect(agree(transformed(values) { domain.moveToCoset($0, kernel: kernel) }, values))
                let coefficients = [constant] + [Fr](repeating: .zero, count: size - 1)
                #expect(agree(transformed(values) { domain.interpolate($0, kernel: kernel) }, coefficients))
            }
            let expected = transformed(single) { domain.moveToCoset($0, kernel: .portable) }
            #expect(agree(transformed(single) { domain.moveToCoset($0, kernel: kernel) }, expected))
        }
    }

    @Test(arguments: [0, 1, 7, 8, 1000, 5003]) func quotientNumerator(count: Int) {
        let (a, b, c) = (
            skewedValues(count, seed: 4), skewedValues(count, seed: 5), skewedValues(count, seed: 6)
        )
        let expected = a.indices.map { a[$0] * b[$0] - c[$0] }
        for kernel in Kernel.allCases where kernel.isSupported {
            let result = transformed(a) { a in
                b.withUnsafeBufferPointer { b in
                    c.withUnsafeBufferPointer { c in Fr.multiplySubtract(a, b, c, kernel: kernel) }
                }
            }
            #expect(agree(result, expected))
        }
    }

    @Test(arguments: [0, 1, 7, 8, 1000, 5003]) func elementwiseProduct(count: Int) {
        let (a, b) = (skewedValues(count, seed: 7), skewedValues(count, seed: 8))
        let expected = a.indices.map { a[$0] * b[$0] }
        for kernel in Kernel.allCases where kernel.isSupported {
            let result = transformed(a) { products in
                a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in Fr.multiply(a, b, into: products, kernel: kernel) }
                }
            }
            #expect(agree(result, expected))
        }
    }
}
