import CFieldKernels
import FieldArithmetic
import Parallelism

#if arch(x86_64)
    /// Signed digits of many scalars for the vector kernels, made once for all sums with these scalars.
    ///
    /// Scalars are put in the order of falling length, so that each window concerns a prefix of the order only:
    /// small scalars cost what their few windows cost.
    struct VectorDigits: Sendable {
        let windowBits: Int
        /// How many scalars reach window 0, 1, …; never rising, never zero.
        let reach: [Int]
        /// The digits of window w start here.
        private let starts: [Int]
        private let order: KernelMemory
        private let digits: KernelMemory

        var windowCount: Int { reach.count }

        /// - Parameters:
        ///   - lengths: of these scalars; those of length 0 are left out.
        ///   - windowBits: 2…16; by default what costs least for these lengths.
        init(
            _ scalars: UnsafeBufferPointer<BN254ScalarField>, _ lengths: ScalarLengths,
            windowBits forced: Int? = nil
        ) {
            let chunk = ScalarLengths.chunk
            let histograms = lengths.histograms
            let chunkCount = histograms.count
            let source = UncheckedSendable(scalars.words)
            let total = lengths.total
            let bits = forced ?? Self.cheapestWindow(total)
            windowBits = bits
            reach = Self.reach(total, windowBits: bits)
            starts = reach.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }

            // Scalars of greater need come first; within one need, the chunks follow each other.
            var cursors = [zk_msm_cursor](repeating: zk_msm_cursor(), count: chunkCount)
            var next = 0
            for need in stride(from: reach.count, to: 0, by: -1) {
                for part in 0..<chunkCount {
                    withUnsafeMutableBytes(of: &cursors[part].next) {
                        $0.assumingMemoryBound(to: UInt32.self)[need] = UInt32(next)
                    }
                    next += Self.count(ofNeed: need, in: histograms[part], windowBits: bits)
                }
            }
            order = KernelMemory(bytes: 4 * next)
            digits = KernelMemory(bytes: 2 * (starts.last ?? 0))
            let (orderWords, digitWords) = (order.words(UInt32.self), digits.words(UInt16.self))
            let target = UncheckedSendable((orderWords, digitWords))
            let starts = starts
            cursors.withUnsafeMutableBufferPointer { cursors in
                let cursors = UncheckedSendable(cursors)
                parallelFor(next == 0 ? 0 : chunkCount) { part in
                    zk_msm_recode(
                        source.value! + 4 * part * chunk, lengths.memory.words(UInt8.self) + part * chunk,
                        part * chunk,
                        min(chunk, scalars.count - part * chunk), UInt32(bits), &cursors.value[part],
                        target.value.0, target.value.1, starts)
                }
            }
        }

        /// Sorts the entries of a part of a window by bucket; see `zk_msm_sort`.
        func sort(
            window: Int, places: Range<Int>, base: UInt32, entries: UnsafeMutablePointer<UInt32>,
            bounds: UnsafeMutablePointer<UInt32>
        ) -> UInt32 {
            zk_msm_sort(
                digits.words(UInt16.self) + starts[window] + places.lowerBound,
                order.words(UInt32.self) + places.lowerBound, places.count, UInt32(windowBits), base, entries,
                bounds)
        }

        /// A scalar of b > 0 bits needs b/c + 1 windows of c bits.
        private static func count(ofNeed need: Int, in histogram: [UInt32], windowBits: Int) -> Int {
            let longest = min(histogram.count, need * windowBits)
            return (max(1, (need - 1) * windowBits)..<longest).reduce(0) { $0 + Int(histogram[$1]) }
        }

        private static func reach(_ histogram: [Int], windowBits: Int) -> [Int] {
            var remaining = histogram.dropFirst().reduce(0, +)
            var reach: [Int] = []
            for window in 0... {
                if remaining == 0 { break }
                reach.append(remaining)
                let first = max(1, window * windowBits)
                let end = min(histogram.count, (window + 1) * windowBits)
                if first < end { remaining -= histogram[first..<end].reduce(0, +) }
            }
            return reach
        }

        /// The window with the least work for scalars of which `histogram[b]` have b bits.
        ///
        /// An entry costs its sorting and an addition, a bucket the two additions of its reduction, a window its share of
        /// the sum of all windows.
        static func cheapestWindow(_ histogram: [Int]) -> Int {
            func cost(_ bits: Int) -> Int {
                reach(histogram, windowBits: bits).reduce(0) { $0 + 5 * $1 + 8 << (bits - 1) + 70 }
            }
            return (2...Int(ZK_MSM_MAX_WINDOW)).min { cost($0) < cost($1) } ?? 2
        }
    }
#endif
