import EllipticCurves
import FieldArithmetic
import Parallelism
import TestSupport
import Testing

/// The vector kernels against the portable code, bit for bit. Where the processor has none there is nothing to test.
@Suite(.enabled(if: Kernel.vector.isSupported)) struct VectorKernelTests {
    typealias Scalar = BN254ScalarField

    /// Sums of multiples on both kernels, which must be the same affine point.
    private func check<Curve: ShortWeierstrassCurve>(
        _ scalars: [Curve.ScalarField], _ points: [AffinePoint<Curve>], _ comment: Comment? = nil
    ) {
        let vector = multiScalarMultiply(scalars, points, kernel: .vector)
        let portable = multiScalarMultiply(scalars, points, kernel: .portable)
        #expect(vector.affine == portable.affine, comment)
    }

    /// Scalars of one kind.
    private func scalars(_ count: Int, kind: Int, using generator: inout SeededGenerator) -> [Scalar] {
        (0..<count).map { index in
            let word = generator.next()
            let sign: (Scalar) -> Scalar = { word >> 63 == 0 ? $0 : -$0 }
            switch kind {
            case 0: return .random(using: &generator)
            case 1: return .skewed(using: &generator)
            case 2: return sign(Scalar(word % 2))
            case 3: return sign(Scalar(word & 0xffff))
            case 4: return sign(Scalar(word & 0x1_0000))
            case 5: return index % 16 == 0 ? .random(using: &generator) : sign(Scalar(word & 0xff))
            default: return -.one
            }
        }
    }

    /// Points of one kind: distinct; all equal; equal or opposite; few distinct with infinity; neighbours opposite.
    private func points<Curve: ShortWeierstrassCurve>(
        _ count: Int, kind: Int, of curve: Curve.Type, using generator: inout SeededGenerator
    ) -> [AffinePoint<Curve>] {
        let distinct = MultiScalarTests.points(kind == 0 || kind == 4 ? count : 3, of: curve)
        return (0..<count).map { index in
            let word = generator.next()
            switch kind {
            case 0: return distinct[index]
            case 1: return distinct[0]
            case 2: return word % 2 == 0 ? distinct[0] : -distinct[0]
            case 3:
                let point = distinct[Int(word % 3)]
                return word >> 60 < 4 ? .infinity : word >> 63 == 0 ? point : -point
            default: return index % 2 == 0 ? distinct[index / 2] : -distinct[index / 2]
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 31, 33, 127, 129, 500]) func everyKindInG1(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for scalarKind in 0..<7 {
            for pointKind in 0..<5 {
                check(
                    scalars(count, kind: scalarKind, using: &generator),
                    points(count, kind: pointKind, of: BN254G1.self, using: &generator),
                    "scalars \(scalarKind), points \(pointKind)")
            }
        }
    }

    @Test(arguments: [1, 2, 9, 40, 150]) func everyKindInG2(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        for scalarKind in [0, 1, 2, 3, 5] {
            for pointKind in 0..<5 {
                check(
                    scalars(count, kind: scalarKind, using: &generator),
                    points(count, kind: pointKind, of: BN254G2.self, using: &generator),
                    "scalars \(scalarKind), points \(pointKind)")
            }
        }
    }

    /// One bucket larger than what is sorted together, and windows cut into parts.
    @Test(arguments: [1, 2, 3, 4]) func manyPointsOnAnyNumberOfThreads(threads: Int) {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        Parallelism.threadCount = threads
        var generator = SeededGenerator(seed: 7)
        let count = 40_000
        let points = MultiScalarTests.points(count, of: BN254G1.self)
        for kind in [0, 2, 3, 5, 6] {
            let scalars = scalars(count, kind: kind, using: &generator)
            var logarithm = Scalar.zero
            for index in 0..<count {
                logarithm += scalars[index] * (Scalar(987_654_321) + Scalar(index) * Scalar(123_456_789))
            }
            let expected = JacobianPoint<BN254G1>.generator.multipliedVartime(by: logarithm)
            #expect(multiScalarMultiply(scalars, points, kernel: .vector) == expected, "scalars \(kind)")
        }
    }

    /// More points than a task takes at once (one and a half times 2^18), so that its buckets go on from piece to piece, some points at infinity and
    /// some equal or opposite to their neighbours.
    @Test func severalPieces() {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        var generator = SeededGenerator(seed: 9)
        let count = 400_000
        var points = MultiScalarTests.points(count, of: BN254G1.self)
        var logarithms = (0..<count).map { Scalar(987_654_321) + Scalar($0) * Scalar(123_456_789) }
        for index in stride(from: 1000, to: count, by: 1000) {
            switch generator.next() % 3 {
            case 0: (points[index], logarithms[index]) = (.infinity, .zero)
            case 1: (points[index], logarithms[index]) = (points[index - 1], logarithms[index - 1])
            default: (points[index], logarithms[index]) = (-points[index - 1], -logarithms[index - 1])
            }
        }
        for kind in [0, 5] {
            let scalars = scalars(count, kind: kind, using: &generator)
            let logarithm = zip(scalars, logarithms).reduce(Scalar.zero) { $0 + $1.0 * $1.1 }
            let expected = JacobianPoint<BN254G1>.generator.multipliedVartime(by: logarithm)
            for threads in [1, 3] {
                Parallelism.threadCount = threads
                #expect(
                    multiScalarMultiply(scalars, points, kernel: .vector) == expected,
                    "scalars \(kind), \(threads) threads")
            }
        }
    }

    /// Points that begin anywhere in a cache line, in small and in full-size sums.
    @Test func pointsAtAnyAddress() {
        var generator = SeededGenerator(seed: 10)
        let count = 700
        let points = MultiScalarTests.points(count, of: BN254G1.self)
        let size = MemoryLayout<AffinePoint<BN254G1>>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: (count + 1) * size, alignment: 64)
        defer { memory.deallocate() }
        for kind in [0, 2, 5] {
            let scalars = scalars(count, kind: kind, using: &generator)
            let expected = multiScalarMultiply(scalars, points, kernel: .portable).affine
            for offset in stride(from: 0, to: 64, by: 16) {
                let place = (memory + offset).bindMemory(to: AffinePoint<BN254G1>.self, capacity: count)
                place.initialize(from: points, count: count)
                let sum = scalars.withUnsafeBufferPointer {
                    multiScalarMultiply($0, UnsafeBufferPointer(start: place, count: count), kernel: .vector)
                }
                #expect(sum.affine == expected, "scalars \(kind), offset \(offset)")
            }
        }
    }

    @Test func digitsSharedByTwoGroups() {
        var generator = SeededGenerator(seed: 8)
        let scalars = scalars(300, kind: 1, using: &generator)
        let p = points(300, kind: 3, of: BN254G1.self, using: &generator)
        let q = points(300, kind: 0, of: BN254G2.self, using: &generator)
        for kernel in Kernel.allCases {
            let (first, second) = scalars.withUnsafeBufferPointer { scalars in
                p.withUnsafeBufferPointer { p in
                    q.withUnsafeBufferPointer { multiScalarMultiply(scalars, p, $0, kernel: kernel) }
                }
            }
            #expect(first == multiScalarMultiplyReference(scalars, p))
            #expect(second == multiScalarMultiplyReference(scalars, q))
        }
    }

    private func checkFixedBase<Curve: ShortWeierstrassCurve>(
        _ base: AffinePoint<Curve>, _ scalars: [Curve.ScalarField], uses: Int
    ) {
        let vector = FixedBaseTable(base, expectedUses: uses, kernel: .vector)
        let portable = FixedBaseTable(base, expectedUses: 100, kernel: .portable)
        #expect(vector.multiply(scalars) == portable.multiply(scalars))
    }

    @Test(arguments: [1, 50, 3000, 300_000]) func fixedBase(uses: Int) {
        var generator = SeededGenerator(seed: UInt64(uses))
        let special: [Scalar] = [.zero, .one, -.one, Scalar(2), -Scalar(8), Scalar(1 << 13), Scalar(1 << 16)]
        let scalars = special + (0..<40).map { _ in Scalar.skewed(using: &generator) }
        checkFixedBase(MultiScalarTests.points(3, of: BN254G1.self)[2], scalars, uses: uses)
        checkFixedBase(MultiScalarTests.points(3, of: BN254G2.self)[2], scalars, uses: uses)
        checkFixedBase(AffinePoint<BN254G1>.infinity, scalars, uses: uses)
        checkFixedBase(BN254G1.generator, [], uses: uses)
    }

    private func checkPairs<Curve: ShortWeierstrassCurve>(
        _ curve: Curve.Type, count: Int, using generator: inout SeededGenerator
    ) {
        let p = points(count, kind: 3, of: curve, using: &generator)
        let q = points(count, kind: 3, of: curve, using: &generator)
        #expect(
            AffinePoint.addPairs(p, q, kernel: .vector) == AffinePoint.addPairs(p, q, kernel: .portable))
        for scalar in [.zero, .one, -.one, Curve.ScalarField(16), .random(using: &generator)] {
            #expect(
                multiplyAll(p, by: scalar, kernel: .vector) == multiplyAll(p, by: scalar, kernel: .portable))
        }
    }

    @Test(arguments: [1, 8, 100, 1100]) func pairsAndMultiples(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        checkPairs(BN254G1.self, count: count, using: &generator)
        if count <= 100 { checkPairs(BN254G2.self, count: count, using: &generator) }
    }

    private func checkInversion<F: PrimeField>(_ field: F.Type, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let values = (0..<count).map { $0 % 7 == 3 ? F.zero : F.skewed(using: &generator) }
        var vector = values
        var portable = values
        F.invertAll(&vector, kernel: .vector)
        F.invertAll(&portable, kernel: .portable)
        #expect(vector == portable)
    }

    @Test(arguments: [0, 1, 63, 64, 65, 200, 4095, 4096, 4097, 9000]) func batchInversion(count: Int) {
        checkInversion(BN254ScalarField.self, count: count)
        checkInversion(BN254BaseField.self, count: count)
    }
}
