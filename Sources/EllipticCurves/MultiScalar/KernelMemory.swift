import CFieldKernels
import Parallelism

#if arch(x86_64)
    /// Memory aligned for the vector kernels, freed with the object. Large blocks lie in large pages where the system
    /// has them: the kernels' accesses to buckets and entries are scattered.
    final class KernelMemory: @unchecked Sendable {
        let base: UnsafeMutableRawPointer

        private static let largePage = 1 << 21

        init(bytes: Int) {
            if bytes >= Self.largePage {
                base = .allocate(byteCount: bytes, alignment: Self.largePage)
                zk_advise_large_pages(base, bytes)
            } else {
                base = .allocate(byteCount: max(64, bytes), alignment: 64)
            }
        }

        deinit { base.deallocate() }

        func words<Word>(_ type: Word.Type) -> UnsafeMutablePointer<Word> {
            base.assumingMemoryBound(to: type)
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

        private let free = Guarded<[Block]>([])

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

    /// Hands out the steps of several tasks: those of one task in their order and one at a time.
    struct StepQueue: Sendable {
        struct Step: Equatable, Sendable {
            var task: Int
            var piece: Int
        }

        private var waiting: [Step]
        private var busy: Set<Int> = []

        init(_ steps: [Step]) { waiting = steps }

        /// The first step whose task is not at work. If there is none, whoever is at the tasks that are left will get
        /// their steps.
        mutating func next() -> Step? {
            guard let position = waiting.firstIndex(where: { !busy.contains($0.task) }) else { return nil }
            busy.insert(waiting[position].task)
            return waiting.remove(at: position)
        }

        mutating func finish(_ step: Step) { busy.remove(step.task) }
    }
#endif
