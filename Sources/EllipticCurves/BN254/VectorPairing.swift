import CFieldKernels
import FieldArithmetic

#if arch(x86_64)
    /// The pairing of BN254 on the vector kernels. Elements have the layout of their coordinates.
    enum VectorPairing {
        static func millerLoop(
            _ pairs: [(AffinePoint<BN254G1>, PreparedLines<BN254Pairing>)]
        ) -> BN254Fp12 {
            let p = pairs.map(\.0)
            let q = pairs.map(\.1.point)
            let scratch = KernelMemory(bytes: zk_miller_scratch_bytes(pairs.count))
            return result { target in
                p.withUnsafeBytes { p in
                    q.withUnsafeBytes { q in
                        guard let p = p.baseAddress, let q = q.baseAddress else {
                            // No pairs.
                            zk_miller_loop(target, target, 0, target, scratch.base)
                            return
                        }
                        zk_miller_loop(
                            p.assumingMemoryBound(to: UInt64.self), q.assumingMemoryBound(to: UInt64.self),
                            pairs.count, target, scratch.base)
                    }
                }
            }
        }

        static func finalExponentiation(_ f: BN254Fp12) -> BN254Fp12 {
            result { target in
                withUnsafeBytes(of: f) {
                    zk_final_exponentiation($0.baseAddress!.assumingMemoryBound(to: UInt64.self), target)
                }
            }
        }

        private static func result(_ write: (UnsafeMutablePointer<UInt64>) -> Void) -> BN254Fp12 {
            var element = BN254Fp12.zero
            withUnsafeMutableBytes(of: &element) {
                write($0.baseAddress!.assumingMemoryBound(to: UInt64.self))
            }
            return element
        }
    }
#endif
