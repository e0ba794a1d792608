import CFieldKernels
import FieldArithmetic
import Parallelism

extension PrimeField {
    /// products_i ← a_i·b_i over whole buffers, in parallel.
    public static func multiply(
        _ a: UnsafeBufferPointer<Self>, _ b: UnsafeBufferPointer<Self>,
        into products: UnsafeMutableBufferPointer<Self>, kernel: Kernel = .current
    ) {
        precondition(a.count == b.count && b.count == products.count, "buffers have one length")
        parallelRanges(a.count, minimum: 1 << 10) { range in
            let a = UnsafeBufferPointer(rebasing: a[range])
            let b = UnsafeBufferPointer(rebasing: b[range])
            let products = UnsafeMutableBufferPointer(rebasing: products[range])
            #if arch(x86_64)
                if kernel == .vector, Self.self == BN254ScalarField.self {
                    return zk_fr_multiply(limbs(products), limbs(a), limbs(b), a.count)
                }
            #endif
            multiplyPortably(a, b, products)
        }
    }

    /// a_i ← a_i·b_i − c_i over whole buffers, in parallel: the quotient's numerator.
    public static func multiplySubtract(
        _ a: UnsafeMutableBufferPointer<Self>, _ b: UnsafeBufferPointer<Self>, _ c: UnsafeBufferPointer<Self>,
        kernel: Kernel = .current
    ) {
        precondition(a.count == b.count && b.count == c.count, "buffers have one length")
        parallelRanges(a.count, minimum: 1 << 10) { range in
            let a = UnsafeMutableBufferPointer(rebasing: a[range])
            let b = UnsafeBufferPointer(rebasing: b[range])
            let c = UnsafeBufferPointer(rebasing: c[range])
            #if arch(x86_64)
                if kernel == .vector, Self.self == BN254ScalarField.self {
                    return zk_ntt_multiply_subtract(limbs(a), limbs(b), limbs(c), a.count)
                }
            #endif
            multiplySubtractPortably(a, b, c)
        }
    }
}

@_specialize(where F == BN254ScalarField)
private func multiplyPortably<F: PrimeField>(
    _ a: UnsafeBufferPointer<F>, _ b: UnsafeBufferPointer<F>, _ products: UnsafeMutableBufferPointer<F>
) {
    for index in a.indices { products[index] = a[index] * b[index] }
}

@_specialize(where F == BN254ScalarField)
private func multiplySubtractPortably<F: PrimeField>(
    _ a: UnsafeMutableBufferPointer<F>, _ b: UnsafeBufferPointer<F>, _ c: UnsafeBufferPointer<F>
) {
    for index in a.indices { a[index] = a[index] * b[index] - c[index] }
}

#if arch(x86_64)
    private func limbs<F>(_ elements: UnsafeBufferPointer<F>) -> UnsafePointer<UInt64> {
        UnsafeRawPointer(elements.baseAddress!).assumingMemoryBound(to: UInt64.self)
    }

    private func limbs<F>(_ elements: UnsafeMutableBufferPointer<F>) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(elements.baseAddress!).assumingMemoryBound(to: UInt64.self)
    }
#endif
