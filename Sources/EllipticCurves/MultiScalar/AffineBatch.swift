import FieldArithmetic
import Parallelism

/// Affine additions of many independent pairs with one shared inversion: 5M + 1S a pair, and the sums need no Z.
enum AffineBatch {
    /// sums[i] ← sums[i] + addends[i], whatever the operands are: equal, opposite or infinite.
    ///
    /// - Parameters:
    ///   - denominators: scratch of the same length.
    @specialized(where Curve == BN254G1)
    @specialized(where Curve == BN254G2)
    static func add<Curve: ShortWeierstrassCurve>(
        _ sums: UnsafeMutableBufferPointer<AffinePoint<Curve>>,
        _ addends: UnsafeBufferPointer<AffinePoint<Curve>>,
        denominators: UnsafeMutableBufferPointer<Curve.BaseField>
    ) {
        for index in sums.indices {
            let (p, q) = (sums[index], addends[index])
            // Zero marks a pair whose sum needs no slope; x and y are never both zero but at infinity.
            if p.isInfinity || q.isInfinity {
                denominators[index] = .zero
            } else {
                let difference = q.x - p.x
                denominators[index] = difference.isZero && p.y == q.y ? p.y.doubled() : difference
            }
        }
        Curve.BaseField.invertAll(denominators)
        for index in sums.indices {
            let (p, q) = (sums[index], addends[index])
            if p.isInfinity {
                sums[index] = q
                continue
            }
            if q.isInfinity { continue }
            let inverse = denominators[index]
            if inverse.isZero {
                sums[index] = .infinity
                continue
            }
            let slope: Curve.BaseField
            if p.x == q.x {
                let square = p.x.squared()
                slope = (square.doubled() + square) * inverse
            } else {
                slope = (q.y - p.y) * inverse
            }
            let x = slope.squared() - p.x - q.x
            sums[index] = AffinePoint(x: x, y: slope * (p.x - x) - p.y)
        }
    }
}

extension AffinePoint {
    /// The sums p[i] + q[i], in parallel with batched inversions.
    public static func addPairs(_ p: [Self], _ q: [Self], kernel: Kernel = .current) -> [Self] {
        precondition(p.count == q.count)
        if kernel == .vector, let sums = vectorAddPairs(p, q) { return sums }
        var sums = p
        sums.withUnsafeMutableBufferPointer { sums in
            q.withUnsafeBufferPointer { q in
                parallelRanges(sums.count, minimum: 1024) { range in
                    withUnsafeTemporaryAllocation(of: Curve.BaseField.self, capacity: range.count) {
                        scratch in
                        AffineBatch.add(
                            UnsafeMutableBufferPointer(rebasing: sums[range]),
                            UnsafeBufferPointer(rebasing: q[range]), denominators: scratch)
                    }
                }
            }
        }
        return sums
    }
}
