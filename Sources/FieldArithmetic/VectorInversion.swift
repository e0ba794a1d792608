import CFieldKernels

/// Batch inversion on the vector kernels.
public enum VectorInversion {
    /// Fewer elements are not worth the call.
    public static let leastCount = 64

    /// Inverts every element in place, zeros staying zero, and returns true; false, with nothing done, if the kernel
    /// does not have the field. The processor must have the vector kernel.
    public static func invertAllVartime<F>(_ values: UnsafeMutableBufferPointer<F>) -> Bool {
        #if arch(x86_64)
            guard let base = values.baseAddress else { return false }
            let words = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt64.self)
            let invert: (UnsafeMutablePointer<UInt64>?, Int, UnsafeMutableRawPointer?) -> Void
            if F.self == BN254ScalarField.self {
                invert = zk_fr_invert
            } else if F.self == BN254BaseField.self {
                invert = zk_fp_invert
            } else {
                return false
            }
            let scratch = UnsafeMutableRawPointer.allocate(
                byteCount: Int(ZK_INVERSION_SCRATCH_BYTES), alignment: 64)
            invert(words, values.count, scratch)
            // The products are as secret as the elements.
            zk_zeroize(scratch, min(Int(ZK_INVERSION_SCRATCH_BYTES), 41 * (values.count + 64)))
            scratch.deallocate()
            return true
        #else
            return false
        #endif
    }
}
