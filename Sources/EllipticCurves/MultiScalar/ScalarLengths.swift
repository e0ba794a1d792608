import CFieldKernels
import FieldArithmetic
import Parallelism

#if arch(x86_64)
    /// The bit lengths of the absolute values of many scalars, and how often each occurs in each chunk of them.
    struct ScalarLengths: Sendable {
        static let chunk = 1 << 12

        let memory: KernelMemory
        private(set) var histograms: [[UInt32]]

        init(_ scalars: UnsafeBufferPointer<BN254ScalarField>) {
            let memory = KernelMemory(bytes: scalars.count)
            let source = UncheckedSendable(scalars.words)
            histograms = parallelMap((scalars.count + Self.chunk - 1) / Self.chunk) { part in
                var histogram = [UInt32](repeating: 0, count: Int(ZK_MSM_LENGTHS))
                let first = part * Self.chunk
                zk_msm_measure(
                    source.value! + 4 * first, min(Self.chunk, scalars.count - first),
                    memory.words(UInt8.self) + first, &histogram)
                return histogram
            }
            self.memory = memory
        }

        subscript(index: Int) -> Int { Int(memory.words(UInt8.self)[index]) }

        /// How many scalars have 0, 1, … bits.
        var total: [Int] {
            var total = [Int](repeating: 0, count: Int(ZK_MSM_LENGTHS))
            for histogram in histograms { for bits in total.indices { total[bits] += Int(histogram[bits]) } }
            return total
        }

        /// Treats a scalar as zero from now on.
        mutating func leaveOut(_ index: Int) {
            let length = self[index]
            histograms[index / Self.chunk][length] -= 1
            histograms[index / Self.chunk][0] += 1
            memory.words(UInt8.self)[index] = 0
        }
    }

    extension UnsafeBufferPointer<BN254ScalarField> {
        /// The limbs, four of each.
        var words: UnsafePointer<UInt64>? {
            UnsafeRawPointer(baseAddress).map { $0.assumingMemoryBound(to: UInt64.self) }
        }
    }
#endif
