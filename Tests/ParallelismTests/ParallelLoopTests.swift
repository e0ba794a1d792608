import Parallelism
import Synchronization
import Testing

@Suite struct ParallelLoopTests {
    @Test(arguments: [0, 1, 2, 7, 1000])
    func everyIndexOnce(count: Int) {
        let counts = parallelMap(count) { $0 }
        #expect(counts == Array(0..<count))
        let sum = Atomic<Int>(0)
        parallelFor(count) { sum.add($0, ordering: .relaxed) }
        #expect(sum.load(ordering: .relaxed) == count * (count - 1) / 2)
    }

    @Test(arguments: [0, 1, 5, 64, 1001])
    func rangesCoverTheWhole(count: Int) {
        let seen = Guarded([Int](repeating: 0, count: count))
        parallelRanges(count, minimum: 3) { range in
            seen.withLock { seen in for index in range { seen[index] += 1 } }
        }
        #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
    }

    /// Additions on many threads, none of which is lost; an error leaves the lock open.
    @Test func guardedValues() {
        struct Failure: Error {}
        let list = Guarded<[Int]>([])
        parallelFor(64) { index in
            for _ in 0..<100 { list.withLock { $0.append(index) } }
        }
        #expect(list.withLock { $0.sorted() } == (0..<64).flatMap { Array(repeating: $0, count: 100) })
        #expect(throws: Failure.self) { try list.withLock { _ in throw Failure() } }
        #expect(list.withLock { $0.count } == 6400)
    }

    @Test func nestedLoops() {
        let sums = parallelMap(8) { outer in parallelMap(50) { $0 * outer }.reduce(0, +) }
        #expect(sums == (0..<8).map { 1225 * $0 })
    }

    @Test func errorsOfEitherSideAreThrown() throws {
        struct Failure: Error {}
        let (a, b) = try inParallel({ 1 }, { "two" })
        #expect(a == 1 && b == "two")
        #expect(throws: Failure.self) { _ = try inParallel({ throw Failure() }, { 2 }) }
        #expect(throws: Failure.self) { _ = try inParallel({ 2 }, { throw Failure() }) }
    }
}
