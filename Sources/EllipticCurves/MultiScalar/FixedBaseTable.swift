import FieldArithmetic
import Parallelism

/// Multiples of one point for multiplying it by many scalars: set-up, commitments.
///
/// With windows of w bits the table holds d·2^(w·j)·P for all digits d and windows j, so a multiplication is one
/// addition a window. The additions run over many scalars at once, in affine coordinates with batched inversions.
public struct FixedBaseTable<Curve: ShortWeierstrassCurve>: Sendable {
    public let base: AffinePoint<Curve>
    private let windowBits: Int
    private let windowCount: Int
    /// Window after window, the digits 0 … 2^w − 1.
    private let multiples: [AffinePoint<Curve>]
    #if arch(x86_64)
        /// The table of the vector kernels, instead of `multiples`.
        private var vectorTable: VectorFixedBaseTable?
    #endif

    /// - Parameters:
    ///   - expectedUses: about how many multiplications will follow; decides the window.
    public init(_ base: AffinePoint<Curve>, expectedUses: Int, kernel: Kernel = .current) {
        self.base = base
        #if arch(x86_64)
            if kernel == .vector,
                let table = VectorFixedBaseTable(base, expectedUses: expectedUses)
            {
                vectorTable = table
                (windowBits, windowCount, multiples) = (0, 0, [])
                return
            }
        #endif
        windowBits = expectedUses < 64 ? 4 : expectedUses < 4096 ? 6 : expectedUses < 200_000 ? 8 : 11
        windowCount = (Curve.ScalarField.bitWidth + windowBits - 1) / windowBits
        let digits = 1 << windowBits
        var windowBases: [JacobianPoint<Curve>] = []
        var power = JacobianPoint(base)
        for _ in 0..<windowCount {
            windowBases.append(power)
            for _ in 0..<windowBits { power = power.doubled() }
        }
        let affineBases = JacobianPoint.batchAffine(windowBases)
        multiples = parallelMap(windowCount) { window in
            var sums: [JacobianPoint<Curve>] = [.zero]
            for digit in 1..<digits { sums.append(sums[digit - 1] + affineBases[window]) }
            return JacobianPoint.batchAffine(sums)
        }.flatMap { $0 }
    }

    /// scalar·P for every scalar, in parallel.
    public func multiply(_ scalars: [Curve.ScalarField]) -> [AffinePoint<Curve>] {
        #if arch(x86_64)
            if let vectorTable { return vectorTable.multiply(scalars) }
        #endif
        var products = [AffinePoint<Curve>](repeating: .infinity, count: scalars.count)
        let chunk = 1024
        products.withUnsafeMutableBufferPointer { products in
            parallelFor((scalars.count + chunk - 1) / chunk) { index in
                let range = index * chunk..<min(scalars.count, (index + 1) * chunk)
                multiply(scalars[range], into: UnsafeMutableBufferPointer(rebasing: products[range]))
            }
        }
        return products
    }

    private func multiply(
        _ scalars: ArraySlice<Curve.ScalarField>, into sums: UnsafeMutableBufferPointer<AffinePoint<Curve>>
    ) {
        let limbs = scalars.map(\.canonical)
        withUnsafeTemporaryAllocation(of: AffinePoint<Curve>.self, capacity: sums.count) { addends in
            withUnsafeTemporaryAllocation(of: Curve.BaseField.self, capacity: sums.count) { denominators in
                for window in 0..<windowCount {
                    let start = window << windowBits
                    for index in limbs.indices {
                        let digit = Self.digit(limbs[index], window * windowBits, windowBits)
                        addends.initializeElement(at: index, to: multiples[start + digit])
                    }
                    AffineBatch.add(sums, UnsafeBufferPointer(addends), denominators: denominators)
                }
            }
        }
    }

    /// `count` bits of an integer from bit `position` on.
    @inline(__always)
    private static func digit(_ limbs: Curve.ScalarField.Limbs, _ position: Int, _ count: Int) -> Int {
        let limb = position >> 6
        let shift = UInt64(position & 63)
        var bits = limbs[limb] >> shift
        if shift > 0 && limb + 1 < Curve.ScalarField.Limbs.count { bits |= limbs[limb + 1] << (64 - shift) }
        return Int(bits & ((1 << UInt64(count)) - 1))
    }
}

/// scalar·P for every point, one scalar for all: doublings and additions in affine coordinates over whole batches.
///
/// The bits of the scalar decide the sequence of operations: the scalar is a secret of a set-up, which runs once.
public func multiplyAll<Curve: ShortWeierstrassCurve>(
    _ points: [AffinePoint<Curve>], by scalar: Curve.ScalarField, kernel: Kernel = .current
) -> [AffinePoint<Curve>] {
    if kernel == .vector, let products = vectorMultiplyAll(points, by: scalar) { return products }
    let bits = scalar.canonical
    var products = points
    let chunk = 1024
    products.withUnsafeMutableBufferPointer { products in
        parallelFor((points.count + chunk - 1) / chunk) { index in
            let range = index * chunk..<min(points.count, (index + 1) * chunk)
            let sums = UnsafeMutableBufferPointer(rebasing: products[range])
            let originals = points[range]
            withUnsafeTemporaryAllocation(of: AffinePoint<Curve>.self, capacity: range.count) { addends in
                withUnsafeTemporaryAllocation(of: Curve.BaseField.self, capacity: range.count) {
                    denominators in
                    sums.update(repeating: .infinity)
                    for bit in stride(from: Curve.ScalarField.bitWidth - 1, through: 0, by: -1) {
                        _ = addends.initialize(from: sums)
                        AffineBatch.add(sums, UnsafeBufferPointer(addends), denominators: denominators)
                        if bits.bit(bit) {
                            _ = addends.initialize(from: originals)
                            AffineBatch.add(sums, UnsafeBufferPointer(addends), denominators: denominators)
                        }
                    }
                }
            }
        }
    }
    return products
}
