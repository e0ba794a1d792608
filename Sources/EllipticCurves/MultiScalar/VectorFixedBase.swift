import CFieldKernels
import FieldArithmetic
import Parallelism

#if arch(x86_64)
    /// A fixed-base table of the vector kernels.
    struct VectorFixedBaseTable: Sendable {
        private let group: VectorPoints.Group
        private let windowBits: Int
        private let multiples: KernelMemory

        /// Scalars multiplied by one task.
        private static let chunk = 2048

        /// `nil` for curves that the kernels do not have.
        init?<Curve: ShortWeierstrassCurve>(_ base: AffinePoint<Curve>, expectedUses: Int) {
            let point = withUnsafePointer(to: base) { VectorPoints(UnsafeBufferPointer(start: $0, count: 1)) }
            guard let group = point?.group else { return nil }
            // An addition for each window, and the table's. Wider tables than these leave the cache.
            let widest = group == .g1 ? 14 : 13
            let bits =
                (3...widest).min { first, second in
                    func cost(_ bits: Int) -> Int { (253 / bits + 1) * (expectedUses + 1 << (bits - 1)) }
                    return cost(first) < cost(second)
                } ?? 3
            let windows = 253 / bits + 1
            let words = group.wordsPerPoint
            let table = KernelMemory(bytes: windows * words * 8 << (bits - 1))
            let bases = [UInt64](unsafeUninitializedCapacity: windows * words) { buffer, count in
                let target = buffer.baseAddress!
                withUnsafeBytes(of: base) {
                    let words = $0.assumingMemoryBound(to: UInt64.self).baseAddress!
                    group == .g1
                        ? zk_g1_window_bases(words, UInt32(bits), target)
                        : zk_g2_window_bases(words, UInt32(bits), target)
                }
                count = windows * words
            }
            let pool = ScratchPool()
            parallelFor(windows) { window in
                let scratch = pool.take(bytes: group.scratchBytes(windowBits: bits, count: 0))
                defer { pool.give(scratch) }
                let target = table.words(UInt64.self) + (window * words) << (bits - 1)
                bases.withUnsafeBufferPointer {
                    let base = $0.baseAddress! + window * words
                    group == .g1
                        ? zk_g1_fixed_base_window(base, UInt32(bits), target, scratch.base)
                        : zk_g2_fixed_base_window(base, UInt32(bits), target, scratch.base)
                }
            }
            self.group = group
            windowBits = bits
            multiples = table
        }

        /// scalar·P for every scalar, in parallel.
        func multiply<Curve: ShortWeierstrassCurve>(_ scalars: [Curve.ScalarField]) -> [AffinePoint<Curve>] {
            let pool = ScratchPool()
            return vectorMap(count: scalars.count, chunk: Self.chunk) { range, target in
                let scratch = pool.take(
                    bytes: group.scratchBytes(windowBits: windowBits, count: Self.chunk))
                defer { pool.give(scratch) }
                scalars.withUnsafeBytes {
                    let source = $0.assumingMemoryBound(to: UInt64.self).baseAddress! + 4 * range.lowerBound
                    let table = multiples.words(UInt64.self)
                    group == .g1
                        ? zk_g1_fixed_base_multiply(
                            table, UInt32(windowBits), source, range.count, target, scratch.base)
                        : zk_g2_fixed_base_multiply(
                            table, UInt32(windowBits), source, range.count, target, scratch.base)
                }
            }
        }
    }

    extension VectorPoints.Group {
        var wordsPerPoint: Int { self == .g1 ? 8 : 16 }

        func scratchBytes(windowBits: Int, count: Int) -> Int {
            self == .g1
                ? zk_g1_fixed_base_scratch_bytes(UInt32(windowBits), count)
                : zk_g2_fixed_base_scratch_bytes(UInt32(windowBits), count)
        }
    }

    /// `count` points, written in chunks in parallel.
    private func vectorMap<Curve: ShortWeierstrassCurve>(
        count: Int, chunk: Int, _ write: (Range<Int>, UnsafeMutablePointer<UInt64>) -> Void
    ) -> [AffinePoint<Curve>] {
        [AffinePoint<Curve>](unsafeUninitializedCapacity: count) { buffer, initialized in
            let base = UncheckedSendable(UnsafeMutableRawPointer(buffer.baseAddress))
            let stride = MemoryLayout<AffinePoint<Curve>>.stride
            parallelFor((count + chunk - 1) / chunk) { index in
                let range = index * chunk..<min(count, (index + 1) * chunk)
                let target = base.value! + range.lowerBound * stride
                write(range, target.assumingMemoryBound(to: UInt64.self))
            }
            initialized = count
        }
    }
#endif

/// p[i] + q[i] on the vector kernels; `nil` if they do not have the curve.
func vectorAddPairs<Curve: ShortWeierstrassCurve>(
    _ p: [AffinePoint<Curve>], _ q: [AffinePoint<Curve>]
) -> [AffinePoint<Curve>]? {
    #if arch(x86_64)
        guard !p.isEmpty else { return nil }
        return p.withUnsafeBufferPointer { p in
            q.withUnsafeBufferPointer { q -> [AffinePoint<Curve>]? in
                guard let first = VectorPoints(p), let second = VectorPoints(q) else { return nil }
                let group = first.group
                let pool = ScratchPool()
                let chunk = 4096
                return vectorMap(count: p.count, chunk: chunk) { range, target in
                    let scratch = pool.take(
                        bytes: group.scratchBytes(windowBits: Int(ZK_MSM_MAX_WINDOW), count: chunk))
                    defer { pool.give(scratch) }
                    let offset = range.lowerBound * group.wordsPerPoint
                    let (a, b) = (first.words + offset, second.words + offset)
                    group == .g1
                        ? zk_g1_add(a, b, range.count, target, scratch.base)
                        : zk_g2_add(a, b, range.count, target, scratch.base)
                }
            }
        }
    #else
        return nil
    #endif
}

/// scalar·P for every point on the vector kernels; `nil` if they do not have the curve.
func vectorMultiplyAll<Curve: ShortWeierstrassCurve>(
    _ points: [AffinePoint<Curve>], by scalar: Curve.ScalarField
) -> [AffinePoint<Curve>]? {
    #if arch(x86_64)
        guard !points.isEmpty else { return nil }
        return points.withUnsafeBufferPointer { points -> [AffinePoint<Curve>]? in
            guard let source = VectorPoints(points) else { return nil }
            let group = source.group
            let pool = ScratchPool()
            let chunk = 1024
            return vectorMap(count: points.count, chunk: chunk) { range, target in
                let scratch = pool.take(
                    bytes: group.scratchBytes(windowBits: Int(ZK_MSM_MAX_WINDOW), count: 9 * chunk))
                defer { pool.give(scratch) }
                let first = source.words + range.lowerBound * group.wordsPerPoint
                withUnsafeBytes(of: scalar) {
                    let scalar = $0.assumingMemoryBound(to: UInt64.self).baseAddress!
                    group == .g1
                        ? zk_g1_multiply_all(first, range.count, scalar, target, scratch.base)
                        : zk_g2_multiply_all(first, range.count, scalar, target, scratch.base)
                }
            }
        }
    #else
        return nil
    #endif
}
