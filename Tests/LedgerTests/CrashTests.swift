import Glibc
import Ledger
import LedgerTestSupport
import TestSupport
import Testing

@Suite struct CrashTests {
    /// A writer is killed (`kill -9`) at random moments; every block that it said was confirmed is there
    /// again.
    @Test func killedWritersLoseNothing() throws {
        let writer = try builtExecutable("ledger-crash-writer")
        var random = SeededGenerator(seed: 31)
        var confirmed = 0
        for _ in 0..<3 {
            let folder = try TemporaryFolder()
            let path = folder.file("ledger")
            do { _ = try StoredStory.create(path) }
            var known: [ChainHead] = []
            for _ in 0..<14 {
                known += try Self.run(writer, ledger: path, random: &random)
                // The next opening comes after a crash: for writing, to recover, and then again for reading.
                do { _ = try StoredStory.open(path, forWriting: true) }
                let ledger = try StoredStory.open(path)
                if let last = known.last { #expect(ledger.head.height >= last.height) }
            }
            let ledger = try StoredStory.open(path)
            var hashes: [UInt64: Digest] = [:]
            try ledger.forEachBlock {
                hashes[$0.header.height] = $0.header.hash
                return true
            }
            for head in known { #expect(hashes[head.height] == head.hash) }
            _ = try ledger.verify(checkpoint: known.last)
            confirmed += known.count
        }
        #expect(confirmed > 30)
    }

    /// 200 random submits, killed in the middle and taken up again, come to what the rules give without a crash: the file's
    /// transactions, replayed in memory, have the state root of every block.
    @Test func replayAgreesAfterCrashes() throws {
        let writer = try builtExecutable("ledger-crash-writer")
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        do { _ = try StoredStory.create(path) }
        var random = SeededGenerator(seed: 33)
        var known: [ChainHead] = []
        var transactions = 0
        while transactions < 200 {
            known += try Self.run(writer, ledger: path, random: &random)
            let ledger = try StoredStory.open(path)
            transactions = 0
            try ledger.forEachBlock {
                transactions += $0.records.count
                return true
            }
        }
        let ledger = try StoredStory.open(path)
        var state = Story().state
        var roots: [UInt64: (hash: Digest, isRight: Bool)] = [:]
        try ledger.forEachBlock { block in
            let results = state.applyBatch(block.records.map(\.transaction), at: block.header.time)
            let receipts = results.map { try? $0.get() }
            let isRight =
                receipts == block.records.map { Optional($0.receipt) }
                && state.root() == block.header.stateRoot
            roots[block.header.height] = (block.header.hash, isRight)
            return true
        }
        #expect(roots.values.allSatisfy { $0.isRight })
        #expect(known.allSatisfy { roots[$0.height]?.hash == $0.hash })
        #expect(state.accounted == state.supply)
    }

    /// A power loss cuts the write-ahead log; what is left is a whole, shorter chain, and what was written into the
    /// database before is not lost.
    @Test func aCutLogLeavesAWholeChain() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let ledger = try StoredStory.write(path)
        let (database, log) = (try read(path), try read(path + "-wal"))
        var heights: Set<UInt64> = []
        for step in 0...40 {
            let cut = folder.file("cut\(step)")
            try write(database, to: cut)
            // Somewhere, not only where a frame ends.
            let length = log.count * step / 40
            try write(Array(log.prefix(step == 40 ? length : max(0, length - step % 7))), to: cut + "-wal")
            guard let survivor = try? StoredStory.open(cut, forWriting: true) else {
                // Only before the tables were there.
                #expect(heights.isEmpty)
                continue
            }
            heights.insert(survivor.head.height)
            _ = try survivor.verify(checkpoint: survivor.head)
            if survivor.head.height > 0 {
                let block = try ledger.block(at: survivor.head.height)
                #expect(block?.header.hash == survivor.head.hash)
            }
            // It goes on from there.
            var source = RandomTransactions(seed: UInt64(step))
            let (transaction, signer) = try source.next(survivor.state, at: survivor.state.time)
            _ = try survivor.submit(survivor.sign(transaction, with: signer), at: survivor.state.time)
            _ = try survivor.verify(checkpoint: survivor.head)
        }
        #expect(heights.contains(ledger.head.height))
        #expect(heights.count >= 3)
    }

    /// Another process is shut out while a writer lives, and let in when it is killed.
    @Test func theLockGoesWithTheProcess() throws {
        let writer = try builtExecutable("ledger-crash-writer")
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        do { _ = try StoredStory.create(path) }
        let child = try Child(writer, [path, "1"])
        _ = child.nextLine()
        #expect(throws: LedgerError.locked(path: path)) { try StoredStory.open(path, forWriting: true) }
        child.kill()
        _ = try StoredStory.open(path, forWriting: true)
    }

    /// Starts a writer, kills it after a random number of blocks and microseconds.
    ///
    /// - Returns: the blocks that it said were confirmed.
    private static func run(
        _ writer: String, ledger: String, random: inout SeededGenerator
    ) throws -> [ChainHead] {
        let child = try Child(writer, [ledger, String(random.next() % 1_000_000)])
        var lines: [String] = []
        for _ in 0..<random.next() % 6 {
            guard let line = child.nextLine() else { throw TestFailure("the writer ended by itself") }
            lines.append(line)
        }
        usleep(UInt32(random.next() % 4000))
        child.kill()
        while let line = child.nextLine() { lines.append(line) }
        return try lines.map { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let height = UInt64(words[0]),
                let hash = Digest(hexadecimal: String(words[1]))
            else { throw TestFailure("the writer says: \(line)") }
            return ChainHead(height: height, hash: hash)
        }
    }
}

/// A child process whose output is read line by line.
private final class Child {
    private let process: pid_t
    private let output: Int32
    private var buffer: [UInt8] = []
    private var isRunning = true

    init(_ path: String, _ arguments: [String]) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw TestFailure("no pipe") }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process = pid_t()
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        guard posix_spawn(&process, path, &actions, nil, &words, &environment) == 0 else {
            close(ends[0])
            throw TestFailure("cannot start \(path)")
        }
        self.process = process
        output = ends[0]
    }

    deinit {
        kill()
        close(output)
    }

    /// The next whole line, `nil` at the end. A line cut short by the kill is not one.
    func nextLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                defer { buffer.removeFirst(end + 1) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(output, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    func kill() {
        guard isRunning else { return }
        isRunning = false
        Glibc.kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }
}
