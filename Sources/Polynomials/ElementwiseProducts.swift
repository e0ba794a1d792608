import FieldArithmetic
import Parallelism

extension PrimeField {
    /// a_i ← a_i·b_i − c_i over whole buffers, in parallel: the quotient's numerator.
    public static func multiplySubtract(
        _ a: UnsafeMutableBufferPointer<Self>, _ b: UnsafeBufferPointer<Self>, _ c: UnsafeBufferPointer<Self>,
        kernel: Kernel = .current
    ) {
        precondition(a.count == b.count && b.count == c.count, "buffers have one length")
        parallelRanges(a.count, minimum: 1 << 10) { range in
            multiplySubtractPortably(
                UnsafeMutableBufferPointer(rebasing: a[range]), UnsafeBufferPointer(rebasing: b[range]),
                UnsafeBufferPointer(rebasing: c[range]))
        }
    }
}

@_specialize(where F == BN254ScalarField)
private func multiplySubtractPortably<F: PrimeField>(
    _ a: UnsafeMutableBufferPointer<F>, _ b: UnsafeBufferPointer<F>, _ c: UnsafeBufferPointer<F>
) {
    for index in a.indices { a[index] = a[index] * b[index] - c[index] }
}
