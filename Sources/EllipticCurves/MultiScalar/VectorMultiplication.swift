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
        }

        var wordsPerPoint: Int { group.wordsPerPoint }

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

    /// Sums of multiples on the vector kernels: several lists of points under the same scalars.
    struct VectorMultiplication {
        /// Neighbouring windows that one task sums together, or a part of one window's places.
        private struct Task {
            var windows: Range<Int>
            var part = 0
            var parts = 1
            /// Where its partial sums go, counted in windows.
            var output: Int
        }

        private let digits: VectorDigits
        private let tasks: [Task]
        /// The window of each output, in the order of falling weight.
        private let outputWindows: [Int]

        /// Entries below which windows are taken together.
        private static let smallTask = 1 << 14

        /// Places that are sorted and summed at a time, so that their points stay in the cache and its page tables.
        private static let piece = 1 << 18

        init(_ digits: VectorDigits) {
            self.digits = digits
            let threads = Parallelism.threadCount
            let total = digits.reach.reduce(0, +)
            let grain = max(Self.smallTask, total / (4 * threads))
            let enough = min(Self.smallTask, total / threads)
            var tasks: [Task] = []
            var outputs: [Int] = []
            var upper = digits.windowCount
            while upper > 0 {
                var lower = upper - 1
                var entries = digits.reach[lower]
                while lower > 0, entries + digits.reach[lower - 1] <= enough {
                    lower -= 1
                    entries += digits.reach[lower]
                }
                // Windows that do not go evenly into the threads are cut, the topmost ones.
                let isOdd = upper > digits.windowCount / threads * threads
                var parts = (digits.reach[lower] + grain - 1) / grain
                if isOdd && lower == upper - 1 && entries >= 2 * Self.smallTask {
                    parts = max(parts, threads)
                }
                if lower < upper - 1 { parts = 1 }
                for part in 0..<parts {
                    tasks.append(
                        Task(windows: lower..<upper, part: part, parts: parts, output: outputs.count))
                    outputs += (lower..<upper).reversed()
                }
                upper = lower
            }
            self.tasks = tasks
            outputWindows = outputs
        }

        /// Σ scalar·P for each list of points, as affine words.
        func multiply(_ lists: [VectorPoints]) -> [[UInt64]] {
            let infinity = lists.map { $0.infinityBits() }
            let sums = lists.map {
                KernelMemory(bytes: outputWindows.count * digits.windowBits * $0.wordsPerPoint * 8)
            }
            let scratch = ScratchPool()
            // Long tasks first.
            let order = tasks.indices.sorted { entryCount(tasks[$0]) > entryCount(tasks[$1]) }
            parallelFor(tasks.count) { index in
                run(tasks[order[index]], lists, infinity, sums, scratch)
            }
            return parallelMap(lists.count) { finish(sums[$0], lists[$0].group) }
        }

        private func entryCount(_ task: Task) -> Int {
            digits.reach[task.windows].reduce(0, +) / task.parts
        }

        private func run(
            _ task: Task, _ lists: [VectorPoints], _ infinity: [KernelMemory?], _ sums: [KernelMemory],
            _ pool: ScratchPool
        ) {
            let windows = task.windows.count
            let bits = UInt32(digits.windowBits)
            let buckets = 1 << (digits.windowBits - 1)
            // The top window comes first, as in the outputs.
            let places = task.windows.reversed().map { window in
                let reach = digits.reach[window]
                return task.part * reach / task.parts..<(task.part + 1) * reach / task.parts
            }
            let scratch = lists.map { list in
                pool.take(
                    bytes: list.group == .g1
                        ? zk_g1_msm_scratch_bytes(bits, windows) : zk_g2_msm_scratch_bytes(bits, windows))
            }
            let longest = places.map(\.count).max() ?? 0
            let pieces = max(1, (longest + Self.piece - 1) / Self.piece)
            let sorted = pool.take(
                bytes: 4 * (places.reduce(0) { $0 + $1.count / pieces + 1 } + windows * buckets + 1))
            defer {
                pool.give(sorted)
                for block in scratch { pool.give(block) }
            }
            let bounds = sorted.words(UInt32.self)
            let entries = bounds + windows * buckets + 1
            for piece in 0..<pieces {
                var end: UInt32 = 0
                for (row, range) in places.enumerated() {
                    let lower = range.lowerBound + piece * range.count / pieces
                    let upper = range.lowerBound + (piece + 1) * range.count / pieces
                    end = digits.sort(
                        window: task.windows.upperBound - 1 - row, places: lower..<upper, base: end,
                        entries: entries, bounds: bounds + row * buckets)
                }
                for (index, list) in lists.enumerated() {
                    let marks = infinity[index]?.words(UInt64.self)
                    let isFirst: Int32 = piece == 0 ? 1 : 0
                    switch list.group {
                    case .g1:
                        zk_g1_msm_accumulate(
                            list.words, marks, entries, bounds, bits, windows, isFirst, scratch[index].base)
                    case .g2:
                        zk_g2_msm_accumulate(
                            list.words, marks, entries, bounds, bits, windows, isFirst, scratch[index].base)
                    }
                }
            }
            for (index, list) in lists.enumerated() {
                let output =
                    sums[index].words(UInt64.self) + task.output * digits.windowBits * list.wordsPerPoint
                switch list.group {
                case .g1: zk_g1_msm_sums(bits, windows, output, scratch[index].base)
                case .g2: zk_g2_msm_sums(bits, windows, output, scratch[index].base)
                }
            }
        }

        private func finish(_ sums: KernelMemory, _ group: VectorPoints.Group) -> [UInt64] {
            let shifts = outputWindows.map { UInt32($0 * digits.windowBits) }
            let bits = UInt32(digits.windowBits)
            var result = [UInt64](repeating: 0, count: group.wordsPerPoint)
            switch group {
            case .g1: zk_g1_msm_finish(sums.words(UInt64.self), shifts, shifts.count, bits, &result)
            case .g2: zk_g2_msm_finish(sums.words(UInt64.self), shifts, shifts.count, bits, &result)
            }
            return result
        }
    }

    /// Memory that tasks hand on to each other, so that its pages are not new for each of them.
    final class ScratchPool: Sendable {
        struct Block: @unchecked Sendable {
            let memory: KernelMemory
            let bytes: Int
            var base: UnsafeMutableRawPointer { memory.base }
            func words<Word>(_ type: Word.Type) -> UnsafeMutablePointer<Word> { memory.words(type) }
        }

        private let free = Mutex<[Block]>([])

        func take(bytes: Int) -> Block {
            let found = free.withLock { blocks -> Block? in
                // The smallest that is large enough.
                let fitting = blocks.indices.filter { blocks[$0].bytes >= bytes }
                let best = fitting.min { blocks[$0].bytes < blocks[$1].bytes }
                return best.map { blocks.remove(at: $0) }
            }
            return found ?? Block(memory: KernelMemory(bytes: bytes), bytes: bytes)
        }

        func give(_ block: Block) { free.withLock { $0.append(block) } }
    }

    /// Σ scalar·P on the vector kernels for each list of points, as affine words; `nil` if they do not have the field.
    func vectorSums<Scalar>(_ scalars: UnsafeBufferPointer<Scalar>, _ lists: [VectorPoints]) -> [[UInt64]]? {
        guard Scalar.self == BN254ScalarField.self, !scalars.isEmpty else { return nil }
        return scalars.withMemoryRebound(to: BN254ScalarField.self) {
            VectorMultiplication(VectorDigits($0)).multiply(lists)
        }
    }

    extension JacobianPoint {
        /// The point of affine words that a kernel wrote.
        init(affineWords words: [UInt64]) {
            self = words.withUnsafeBytes {
                precondition($0.count == MemoryLayout<AffinePoint<Curve>>.size)
                return JacobianPoint($0.loadUnaligned(as: AffinePoint<Curve>.self))
            }
        }
    }
#endif
