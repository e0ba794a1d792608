import Dispatch
import Foundation
import Synchronization

/// The library's pool: Dispatch's worker threads, limited to `threadCount` at a time.
public enum Parallelism {
    private static let configured = Atomic<Int>(initialThreadCount)

    /// Threads that a parallel loop may use: at least 1.
    public static var threadCount: Int {
        get { configured.load(ordering: .relaxed) }
        set { configured.store(max(1, newValue), ordering: .relaxed) }
    }

    private static var initialThreadCount: Int {
        if let text = ProcessInfo.processInfo.environment["ZKPOT_THREADS"], let count = Int(text), count > 0 {
            return min(count, 1024)
        }
        return max(1, ProcessInfo.processInfo.activeProcessorCount)
    }
}

/// Calls `body` once for each index in 0..<count, on up to `Parallelism.threadCount` threads.
///
/// Indices are handed out one at a time, in order, so tasks may differ in length. `body` runs on several threads at
/// once: what it writes must be disjoint by index. Loops may be nested.
public func parallelFor(_ count: Int, _ body: (Int) -> Void) {
    let workers = min(Parallelism.threadCount, count)
    guard workers > 1 else {
        for index in 0..<max(0, count) { body(index) }
        return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
        let task = UncheckedSendable(body)
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                task.value(index)
            }
        }
    }
}

/// Cuts 0..<count into ranges of at least `minimum` (but for the last) and calls `body` for each, in parallel.
public func parallelRanges(_ count: Int, minimum: Int = 1, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let pieces = Parallelism.threadCount == 1 ? 1 : 4 * Parallelism.threadCount
    let length = max(minimum, (count + pieces - 1) / pieces, 1)
    parallelFor((count + length - 1) / length) { piece in
        body(piece * length..<min(count, (piece + 1) * length))
    }
}

/// The results of `transform` for 0..<count, in order, computed in parallel.
public func parallelMap<Result>(_ count: Int, _ transform: (Int) -> Result) -> [Result] {
    [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
        let base = UncheckedSendable(buffer)
        parallelFor(count) { base.value.initializeElement(at: $0, to: transform($0)) }
        initialized = count
    }
}

/// The results of both closures, computed at the same time.
public func inParallel<A, B>(_ first: () throws -> A, _ second: () throws -> B) throws -> (A, B) {
    var a: Swift.Result<A, any Error>?
    var b: Swift.Result<B, any Error>?
    parallelFor(2) { index in
        if index == 0 {
            a = Swift.Result { try first() }
        } else {
            b = Swift.Result { try second() }
        }
    }
    return (try a!.get(), try b!.get())
}

/// Carries a value into concurrent code whose author vouches that its uses do not race.
@frozen
public struct UncheckedSendable<Value>: @unchecked Sendable {
    public var value: Value

    @inlinable
    public init(_ value: Value) { self.value = value }
}
