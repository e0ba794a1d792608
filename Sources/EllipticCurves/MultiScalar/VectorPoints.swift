import CFieldKernels
import FieldArithmetic
import Parallelism
import Synchronization

#if arch(x86_64)
    /// Points in the layout of the kernels.
    struct VectorPoints: @unchecked Sendable {
        enum Group: Sendable { case g1, g2 }

        let group: Group
        let words: UnsafePointer<UInt64>
        let count: Int
        /// Where the words are, if they are a copy.
        private let memory: KernelMemory?

        /// `nil` for curves that the kernels do not have.
        init?<Curve: ShortWeierstrassCurve>(_ points: UnsafeBufferPointer<AffinePoint<Curve>>) {
            if Curve.self == BN254G1.self {
                group = .g1
            } else if Curve.self == BN254G2.self {
                group = .g2
            } else {
                return nil
            }
            guard let base = points.baseAddress else { return nil }
            words = UnsafeRawPointer(base).assumingMemoryBound(to: UInt64.self)
            count = points.count
            memory = nil
        }

        /// Points at the start of a block of memory.
        init(group: Group, in memory: KernelMemory, count: Int) {
            self.group = group
            words = UnsafePointer(memory.words(UInt64.self))
            self.count = count
            self.memory = memory
        }

        var wordsPerPoint: Int { group.wordsPerPoint }

        /// The same points, none across more cache lines than it fills: a copy if they do not lie so and `visits` to points
        /// are enough for it.
        ///
        /// An array's elements start 32 bytes into its memory, so that each point of G1 lies in two lines.
        func aligned(visits: Int) -> VectorPoints {
            let bytes = count * wordsPerPoint * 8
            guard UInt(bitPattern: words) % 64 != 0, visits >= 4 * count else { return self }
            let copy = KernelMemory(bytes: bytes)
            let (source, target) = (UncheckedSendable(words), UncheckedSendable(copy.base))
            parallelRanges(bytes, minimum: 1 << 18) { range in
                (target.value + range.lowerBound).copyMemory(
                    from: UnsafeRawPointer(source.value) + range.lowerBound, byteCount: range.count)
            }
            return VectorPoints(group: group, in: copy, count: count)
        }

        /// One bit for each point at infinity; `nil` if there are none.
        func infinityBits() -> KernelMemory? {
            let memory = KernelMemory(bytes: (count + 63) / 64 * 8)
            let bits = UncheckedSendable(memory.words(UInt64.self))
            let found = Atomic<Int>(0)
            let chunk = 1 << 13
            parallelFor((count + chunk - 1) / chunk) { part in
                let first = part * chunk
                let marked = zk_mark_infinity(
                    words, wordsPerPoint, first, min(chunk, count - first), bits.value)
                found.add(Int(marked), ordering: .relaxed)
            }
            return found.load(ordering: .relaxed) == 0 ? nil : memory
        }
    }
#endif
