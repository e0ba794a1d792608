import CFieldKernels
import FieldArithmetic
import Parallelism

#if arch(x86_64)
    /// Sums of multiples on the vector kernels: several lists of points under the same scalars.
    ///
    /// A task has the buckets of a window, or of a part of it. It goes over its places piece by piece, and neighbouring
    /// tasks take the same piece one after another: its points are then fetched from memory once for several windows.
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
        /// All pieces of all tasks in the order of work.
        private let steps: [StepQueue.Step]
        /// The window of each output, in the order of falling weight.
        private let outputWindows: [Int]

        /// Up to so many points `portableMultiply` is faster, in both groups.
        static let fewPoints = 5

        /// Entries below which windows are taken together.
        private static let smallTask = 1 << 14

        /// Places that are sorted and summed at a time: 16 MiB of points of G1.
        private static let piece = 1 << 18

        init(_ digits: VectorDigits) {
            self.digits = digits
            let threads = Parallelism.threadCount
            let total = digits.reach.reduce(0, +)
            let grain = max(Self.smallTask, total / (2 * threads))
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
                // Windows that do not go evenly into the threads are cut, the topmost ones; those of several pieces need not
                // be, as threads go from one window to another between pieces.
                let isOdd = upper > digits.windowCount / threads * threads
                var parts = (digits.reach[lower] + grain - 1) / grain
                if isOdd && lower == upper - 1 && entries >= 2 * Self.smallTask && entries < 2 * Self.piece {
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
            func entryCount(_ task: Int) -> Int {
                digits.reach[tasks[task].windows].reduce(0, +) / tasks[task].parts
            }
            // Long tasks first. As many as share their pieces have buckets at the same time.
            let order = tasks.indices.sorted { entryCount($0) > entryCount($1) }
            let together = max(4, 2 * threads)
            steps = stride(from: 0, to: order.count, by: together).flatMap { first in
                let group = order[first..<min(order.count, first + together)]
                let longest = group.map { Self.pieceCount(tasks[$0], digits) }.max() ?? 0
                return (0..<longest).flatMap { piece in
                    group.filter { piece < Self.pieceCount(tasks[$0], digits) }
                        .map { StepQueue.Step(task: $0, piece: piece) }
                }
            }
        }

        /// The task's places in one of its windows.
        private static func places(_ task: Task, _ window: Int, _ digits: VectorDigits) -> Range<Int> {
            let reach = digits.reach[window]
            return task.part * reach / task.parts..<(task.part + 1) * reach / task.parts
        }

        private static func pieceCount(_ task: Task, _ digits: VectorDigits) -> Int {
            max(1, (places(task, task.windows.lowerBound, digits).count + piece / 2) / piece)
        }

        /// Σ scalar·P for each list of points, in words of Jacobian points.
        ///
        /// - Parameters:
        ///   - infinity: each list's `infinityBits`.
        func multiply(_ lists: [VectorPoints], _ infinity: [KernelMemory?]) -> [[UInt64]] {
            let sums = lists.map {
                KernelMemory(bytes: outputWindows.count * digits.windowBits * $0.wordsPerPoint * 8)
            }
            let pool = ScratchPool()
            let buckets = tasks.map { _ in BucketScratch() }
            let queue = Guarded(StepQueue(steps))
            parallelFor(min(Parallelism.threadCount, tasks.count)) { _ in
                while let step = queue.withLock({ $0.next() }) {
                    run(step, buckets[step.task], lists, infinity, sums, pool)
                    queue.withLock { $0.finish(step) }
                }
            }
            return parallelMap(lists.count) { finish(sums[$0], lists[$0].group) }
        }

        /// A task's buckets, one block for each list of points. Steps of one task never run at the same time.
        private final class BucketScratch: @unchecked Sendable {
            var blocks: [ScratchPool.Block] = []
        }

        private func run(
            _ step: StepQueue.Step, _ scratch: BucketScratch, _ lists: [VectorPoints],
            _ infinity: [KernelMemory?],
            _ sums: [KernelMemory], _ pool: ScratchPool
        ) {
            let task = tasks[step.task]
            let windows = task.windows.count
            let bits = UInt32(digits.windowBits)
            let buckets = 1 << (digits.windowBits - 1)
            let pieces = Self.pieceCount(task, digits)
            // The top window comes first, as in the outputs.
            let places = task.windows.reversed().map { window in
                let all = Self.places(task, window, digits)
                let lower = min(all.upperBound, all.lowerBound + step.piece * Self.piece)
                let isLast = step.piece == pieces - 1
                return lower..<(isLast ? all.upperBound : min(all.upperBound, lower + Self.piece))
            }
            if step.piece == 0 {
                scratch.blocks = lists.map { list in
                    pool.take(
                        bytes: list.group == .g1
                            ? zk_g1_msm_scratch_bytes(bits, windows) : zk_g2_msm_scratch_bytes(bits, windows))
                }
            }
            let sorted = pool.take(
                bytes: 4 * (places.reduce(0) { $0 + $1.count } + windows * buckets + 1))
            defer { pool.give(sorted) }
            let bounds = sorted.words(UInt32.self)
            let entries = bounds + windows * buckets + 1
            var end: UInt32 = 0
            for (row, range) in places.enumerated() {
                end = digits.sort(
                    window: task.windows.upperBound - 1 - row, places: range, base: end, entries: entries,
                    bounds: bounds + row * buckets)
            }
            let isFirst: Int32 = step.piece == 0 ? 1 : 0
            for (index, list) in lists.enumerated() {
                let marks = infinity[index]?.words(UInt64.self)
                let base = scratch.blocks[index].base
                switch list.group {
                case .g1:
                    zk_g1_msm_accumulate(list.words, marks, entries, bounds, bits, windows, isFirst, base)
                case .g2:
                    zk_g2_msm_accumulate(list.words, marks, entries, bounds, bits, windows, isFirst, base)
                }
            }
            guard step.piece == pieces - 1 else { return }
            for (index, list) in lists.enumerated() {
                let block = scratch.blocks[index]
                let output =
                    sums[index].words(UInt64.self) + task.output * digits.windowBits * list.wordsPerPoint
                switch list.group {
                case .g1: zk_g1_msm_sums(bits, windows, output, block.base)
                case .g2: zk_g2_msm_sums(bits, windows, output, block.base)
                }
                pool.give(block)
            }
            scratch.blocks = []
        }

        private func finish(_ sums: KernelMemory, _ group: VectorPoints.Group) -> [UInt64] {
            switch group {
            case .g1:
                finish(BN254G1.self, group) { zk_g1_msm_window_points(sums.words(UInt64.self), $0, $1, $2) }
            case .g2:
                finish(BN254G2.self, group) { zk_g2_msm_window_points(sums.words(UInt64.self), $0, $1, $2) }
            }
        }

        /// Σ 2^shift·window by Horner's rule, in words of a Jacobian point. A chain of doublings leaves nothing to do for
        /// seven of eight lanes, so that it is faster here.
        @specialized(where Curve == BN254G1)
        @specialized(where Curve == BN254G2)
        private func finish<Curve: ShortWeierstrassCurve>(
            _: Curve.Type, _ group: VectorPoints.Group,
            windowPoints: (Int, UInt32, UnsafeMutablePointer<UInt64>) -> Void
        ) -> [UInt64] {
            let wordsPerWindow = group.wordsPerPoint / 2 * 3
            if outputWindows.isEmpty { return JacobianPoint<Curve>.zero.words }
            let words = [UInt64](unsafeUninitializedCapacity: outputWindows.count * wordsPerWindow) {
                windowPoints(outputWindows.count, UInt32(digits.windowBits), $0.baseAddress!)
                $1 = $0.count
            }
            let total = words.withUnsafeBytes { words in
                var total = JacobianPoint<Curve>.zero
                var weight = outputWindows.first ?? 0
                for (index, window) in outputWindows.enumerated() {
                    for _ in 0..<(weight - window) * digits.windowBits { total = total.doubled() }
                    weight = window
                    total += JacobianPoint(
                        homogeneous: words.baseAddress! + index * wordsPerWindow * MemoryLayout<UInt64>.size)
                }
                for _ in 0..<weight * digits.windowBits { total = total.doubled() }
                return total
            }
            return total.words
        }
    }

    /// Σ scalar·P on the vector kernels for each list of points, in words of Jacobian points; `nil` if they do not have the field.
    func vectorSums<Scalar>(_ scalars: UnsafeBufferPointer<Scalar>, _ lists: [VectorPoints]) -> [[UInt64]]? {
        guard Scalar.self == BN254ScalarField.self, !scalars.isEmpty else { return nil }
        return scalars.withMemoryRebound(to: BN254ScalarField.self) { scalars in
            var lengths = ScalarLengths(scalars)
            let equal = EqualScalars(scalars, &lengths)
            let digits = VectorDigits(scalars, lengths)
            let lists = lists.map { $0.aligned(visits: digits.reach.reduce(0, +)) }
            let infinity = lists.map { $0.infinityBits() }
            let sums = VectorMultiplication(digits).multiply(lists, infinity)
            guard let equal else { return sums }
            let grouped = equal.pointSums(lists, infinity)
            let more = equal.scalars.withUnsafeBufferPointer {
                VectorMultiplication(VectorDigits($0, ScalarLengths($0)))
                    .multiply(grouped, grouped.map { $0.infinityBits() })
            }
            return lists.indices.map { index in
                switch lists[index].group {
                case .g1:
                    (JacobianPoint<BN254G1>(words: sums[index]) + JacobianPoint(words: more[index])).words
                case .g2:
                    (JacobianPoint<BN254G2>(words: sums[index]) + JacobianPoint(words: more[index])).words
                }
            }
        }
    }

    extension JacobianPoint {
        fileprivate var words: [UInt64] {
            withUnsafeBytes(of: self) { Array($0.bindMemory(to: UInt64.self)) }
        }

        /// The point that `VectorMultiplication` left in words.
        init(words: [UInt64]) {
            self = words.withUnsafeBytes {
                precondition($0.count == MemoryLayout<Self>.size)
                return $0.loadUnaligned(as: Self.self)
            }
        }

        /// The point of homogeneous coordinates X‖Y‖Z that a kernel wrote: x = X/Z, y = Y/Z.
        fileprivate init(homogeneous words: UnsafeRawPointer) {
            let size = MemoryLayout<Curve.BaseField>.size
            let x = words.loadUnaligned(as: Curve.BaseField.self)
            let y = (words + size).loadUnaligned(as: Curve.BaseField.self)
            let z = (words + 2 * size).loadUnaligned(as: Curve.BaseField.self)
            self = z.isZero ? .zero : Self(x: x * z, y: y * z.squared(), z: z)
        }
    }
#endif
