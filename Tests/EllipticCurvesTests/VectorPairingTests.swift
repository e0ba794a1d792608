import EllipticCurves
import FieldArithmetic
import Parallelism
import TestSupport
import Testing

/// The pairing on the vector kernels against the portable code, bit for bit after the final exponentiation. Where the
/// processor has no such kernel there is nothing to test.
@Suite(.enabled(if: Kernel.vector.isSupported)) struct VectorPairingTests {
    typealias P1 = AffinePoint<BN254G1>
    typealias P2 = AffinePoint<BN254G2>
    typealias Scalar = BN254ScalarField

    private func product(_ pairs: [(P1, P2)], loop: Kernel, exponentiation: Kernel) -> BN254Fp12 {
        BN254.finalExponentiation(
            BN254.millerLoop(pairs.map { ($0.0, BN254.prepare($0.1, kernel: loop)) }, kernel: loop),
            kernel: exponentiation)
    }

    /// Every number of pairs that takes another way through the kernels, infinity in either place or in both.
    @Test func numbersOfPairs() {
        var generator = SeededGenerator(seed: 51)
        let p = MultiScalarTests.points(20, of: BN254G1.self)
        let q = MultiScalarTests.points(20, of: BN254G2.self)
        for count in 0...20 {
            for infinities in [false, true] {
                let pairs = (0..<count).map { index -> (P1, P2) in
                    let place = infinities ? generator.next() % 4 : 3
                    let (first, second) = (p[Int(generator.next() % 20)], q[Int(generator.next() % 20)])
                    return (place & 1 == 0 ? .infinity : first, place & 2 == 0 ? .infinity : second)
                }
                let expected = product(pairs, loop: .portable, exponentiation: .portable)
                #expect(product(pairs, loop: .vector, exponentiation: .vector) == expected, "\(count) pairs")
                #expect(product(pairs, loop: .vector, exponentiation: .portable) == expected)
            }
        }
    }

    /// Points prepared under one kernel and used under the other.
    @Test func preparedForTheOtherKernel() {
        let pair = (BN254G1.generator, BN254G2.generator)
        let expected = product([pair], loop: .portable, exponentiation: .portable)
        for (prepared, used) in [(Kernel.vector, Kernel.portable), (.portable, .vector)] {
            let f = BN254.millerLoop([(pair.0, BN254.prepare(pair.1, kernel: prepared))], kernel: used)
            #expect(BN254.finalExponentiation(f, kernel: .portable) == expected)
        }
    }

    @Test func finalExponentiationOfAnyElement() {
        var generator = SeededGenerator(seed: 52)
        let top = -BN254BaseField.one
        let tops = Fp2(top, top)
        var elements: [BN254Fp12] = [.zero, .one, -.one, Fp12(Fp6(tops, tops, tops), Fp6(tops, tops, tops))]
        elements += (0..<8).map { _ in .random(using: &generator) }
        for f in elements {
            let vector = BN254.finalExponentiation(f, kernel: .vector)
            #expect(vector == BN254.finalExponentiation(f, kernel: .portable))
        }
    }

    /// The published vectors of EIP-197 on both kernels.
    @Test(arguments: Kernel.allCases) func publishedVectors(kernel: Kernel) throws {
        for vector in try PrecompileVector.load("bn256Pairing") {
            let input = hexBytes(vector.input)
            let pairs = try stride(from: 0, to: input.count, by: 192).map { start in
                (
                    try P1(decoding: input[start..<start + 64], as: .uncompressed),
                    try P2(decoding: input[start + 64..<start + 192], as: .uncompressed)
                )
            }
            let isOne = product(pairs, loop: kernel, exponentiation: kernel) == .one
            #expect(isOne == (hexBytes(vector.expected).last == 1), "\(vector.name)")
        }
    }

    @Test(arguments: [0, 1, 7, 8, 9, 40]) func shortMultiples(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let top = Scalar(UInt64.max) * Scalar(2).power(UInt64(64)) + Scalar(UInt64.max)
        let special = [
            .zero, .one, Scalar(2), Scalar(7), Scalar(8), Scalar(9), Scalar(16), top, top - Scalar(8),
        ]
        for kind in 0..<3 {
            let scalars = (0..<count).map { index -> Scalar in
                if kind == 0 { return special[index % special.count] }
                let high = kind == 1 ? generator.next() : 0
                return Scalar(high) * Scalar(2).power(UInt64(64)) + Scalar(generator.next())
            }
            let points = MultiScalarTests.points(count, of: BN254G1.self).map {
                generator.next() % 5 == 0 ? P1.infinity : $0
            }
            let expected = zip(points, scalars).map {
                JacobianPoint($0).multipliedVartimeReference(by: $1.canonical).affine
            }
            #expect(multiplyEach(points, byShort: scalars, kernel: .vector) == expected)
            #expect(multiplyEach(points, byShort: scalars, kernel: .portable) == expected)
        }
    }

    @Test(arguments: [1, 2, 3]) func anyNumberOfThreads(threads: Int) {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        Parallelism.threadCount = threads
        let p = MultiScalarTests.points(37, of: BN254G1.self)
        let q = MultiScalarTests.points(37, of: BN254G2.self)
        let whole = BN254.millerLoop(zip(p, q).map { ($0, BN254.prepare($1)) })
        let parts = BN254.parallelMillerLoop(
            Array(zip(p, q).dropFirst(2)), prepared: (0..<2).map { (p[$0], BN254.prepare(q[$0])) })
        #expect(BN254.finalExponentiation(parts) == BN254.finalExponentiation(whole))
        #expect(BN254.finalExponentiation(BN254.parallelMillerLoop([])) == .one)
    }
}
