import CFieldKernels
import FieldArithmetic
import Parallelism

/// [scalarᵢ]Pᵢ for every point, each with its own scalar below 2¹²⁸, on all threads. Counts must agree. Time depends on
/// the scalars.
public func multiplyEach<Curve: ShortWeierstrassCurve>(
    _ points: [AffinePoint<Curve>], byShort scalars: [Curve.ScalarField], kernel: Kernel = .current
) -> [AffinePoint<Curve>] {
    precondition(points.count == scalars.count)
    let integers = scalars.map(\.canonical)
    precondition(integers.allSatisfy { $0.bitWidthVartime <= 128 })
    // One inversion for each chunk, or for each chunk and thread.
    let share = (points.count + Parallelism.threadCount - 1) / Parallelism.threadCount
    let chunk = max(8, min(256, (share + 7) / 8 * 8))
    let chunks = parallelMap((points.count + chunk - 1) / chunk) { index in
        let range = index * chunk..<min(points.count, (index + 1) * chunk)
        #if arch(x86_64)
            if kernel == .vector, let products = vectorMultiplyEach(points[range], integers[range]) {
                return products
            }
        #endif
        return JacobianPoint.batchAffine(
            range.map { JacobianPoint(points[$0]).multipliedVartime(by: scalars[$0]) })
    }
    return chunks.count == 1 ? chunks[0] : Array(chunks.joined())
}

#if arch(x86_64)
    /// One task of `multiplyEach`; `nil` if the kernels do not have the curve.
    private func vectorMultiplyEach<Curve: ShortWeierstrassCurve>(
        _ points: ArraySlice<AffinePoint<Curve>>, _ integers: ArraySlice<Curve.ScalarField.Limbs>
    ) -> [AffinePoint<Curve>]? {
        guard Curve.self == BN254G1.self else { return nil }
        let words = integers.flatMap { [$0[0], $0[1]] }
        let scratch = KernelMemory(bytes: zk_g1_short_scratch_bytes(points.count))
        var products = Array(points)
        products.withUnsafeMutableBytes {
            guard let base = $0.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
            zk_g1_short_multiply(base, words, integers.count, base, scratch.base)
        }
        return products
    }
#endif
