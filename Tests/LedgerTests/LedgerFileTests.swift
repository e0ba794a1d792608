import CSQLite
import Foundation
import Ledger
import LedgerTestSupport
import Parallelism
import TestSupport
import Testing

@Suite struct LedgerFileTests {
    @Test func whatIsConfirmedIsThereAgain() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let written: (state: Digest, head: ChainHead, json: Data)
        do {
            let ledger = try StoredStory.write(path)
            var state = ledger.state
            written = (state.root(), ledger.head, try ledger.json())
        }
        let ledger = try StoredStory.open(path)
        var state = ledger.state
        #expect(state.root() == written.state)
        #expect(ledger.head == written.head)
        #expect(try ledger.json() == written.json)
        #expect(ledger.head.height == 9)

        let report = try ledger.verify(checkpoint: written.head)
        #expect(report.blocks == 10)
        #expect(report.transactions == 36)
        #expect(report.refused == 5)
        #expect(report.proofs == 6)
        #expect(report.head == written.head)
        #expect(try ledger.verify(verifiesProofs: false).proofs == 0)

        // Any block is a checkpoint; a block of another history is none.
        let third = try ledger.block(at: 3)!
        _ = try ledger.verify(checkpoint: ChainHead(height: 3, hash: third.header.hash))
        let other = ChainHead(height: 3, hash: third.header.stateRoot)
        #expect(throws: LedgerError.checkpointMissing(path: path, other)) {
            try ledger.verify(checkpoint: other)
        }
        let future = ChainHead(height: 10, hash: third.header.hash)
        #expect(throws: LedgerError.checkpointMissing(path: path, future)) {
            try ledger.verify(checkpoint: future)
        }
        #expect(try ledger.block(at: 10) == nil)
        #expect(try ledger.block(at: .max) == nil)
    }

    @Test func theViewTellsTheStory() throws {
        let folder = try TemporaryFolder()
        let ledger = try StoredStory.write(folder.file("ledger"))
        let view = try JSONDecoder().decode(LedgerView.self, from: ledger.json())
        #expect(try view == ledger.view())
        let round = try #require(view.tasks.first?.orders.first)
        #expect(round.phase == "paid")
        #expect(round.participants.map(\.provenCorrect) == [135, 135, 0])
        #expect(round.participants.map(\.isAccepted) == [true, true, false])
        #expect(round.participants.map(\.weight) == [1, 1, nil])
        #expect(round.participants[0].provenAccuracy == 0.9)
        #expect(round.leader == round.participants[0].participant)
        let refusals = view.blocks.flatMap(\.transactions).compactMap(\.refusal)
        #expect(
            refusals == [
                "late-commitment", "replayed-proof", "proof-does-not-verify", "malformed-proof",
                "aggregate-mismatch",
            ])
        #expect(try ledger.view(includingBlocks: false).blocks.isEmpty)
    }

    @Test func onlyTheOperatorWrites() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        do { _ = try StoredStory.create(path) }
        #expect(throws: LedgerError.notTheOperator(path: path)) {
            try Ledger.open(path, operatorKey: Story.signer(1), proofSystem: { _ in ClearProofSystem() })
        }
        let reader = try StoredStory.open(path)
        let transaction = try reader.sign(Story.openTask(), with: Story.signer(1))
        #expect(throws: LedgerError.readOnly(path: path)) { try reader.submit(transaction, at: Story.start) }
    }

    @Test func oneWriterAndManyReaders() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let writer = try StoredStory.write(path)
        #expect(throws: LedgerError.locked(path: path)) { try StoredStory.open(path, forWriting: true) }
        #expect(throws: LedgerError.locked(path: path)) { try StoredStory.create(path) }
        let reader = try StoredStory.open(path)
        let before = reader.head
        let transaction = try writer.sign(Story.openTask(Identifier("more")!), with: Story.signer(1))
        #expect(try writer.submit(transaction, at: writer.state.time).isAccepted)
        // A reader keeps the view it was opened with; verifying and a new reader see what is there.
        #expect(reader.head == before)
        #expect(try reader.view().blocks.count == Int(before.height) + 1)
        #expect(try reader.verify().head == writer.head)
        #expect(try StoredStory.open(path).head == writer.head)
    }

    @Test func refusedAndUnrecordedTransactions() throws {
        let folder = try TemporaryFolder()
        let ledger = try StoredStory.create(folder.file("ledger"))
        let (a, b) = (Story.signer(1), Story.signer(2))
        let good = try ledger.sign(.register(Register(role: .publisher, amount: 100)), with: a)
        let unknown = try ledger.sign(Story.commit(3, by: b), with: b)
        let wrong = try SignedTransaction(Story.commit(3, by: b), ledger: ledger.identifier, nonce: 5, key: b)
        let results = try ledger.append([wrong, good, good, unknown], at: Story.start)
        #expect(results[0] == .failure(.wrongNonce(expected: 0, actual: 5)))
        #expect(try results[1].get().isAccepted)
        #expect(results[2] == .failure(.wrongNonce(expected: 1, actual: 0)))
        #expect(try !results[3].get().isAccepted)
        #expect(try ledger.block(at: 1)?.records.map(\.transaction) == [good, unknown])
        // Without anything to record there is no block.
        #expect(throws: Rejection.wrongNonce(expected: 1, actual: 0)) {
            try ledger.submit(good, at: Story.start)
        }
        #expect(ledger.head.height == 1)
        let crowd = [SignedTransaction](repeating: good, count: Limits.transactionsPerBlock + 1)
        #expect(throws: LedgerError.self) { try ledger.append(crowd, at: Story.start) }
        _ = try ledger.verify()
    }

    /// Applying a block with its proofs checked together gives what one transaction at a time gives, on any number of
    /// threads.
    @Test func batchesAndThreadsChangeNothing() throws {
        let (_, blocks) = try StoredStory.blocks()
        var single = Story().state
        let receipts = try blocks.flatMap { block in
            try block.transactions.map { try single.apply($0, at: block.time) }
        }
        #expect(receipts.contains { !$0.isAccepted })
        let configured = Parallelism.threadCount
        defer { Parallelism.threadCount = configured }
        var random = SeededGenerator(seed: 4)
        for attempt in 0..<10 {
            Parallelism.threadCount = 1 + attempt % 4
            var batched = Story().state
            var results: [Receipt] = []
            for block in blocks {
                var rest = block.transactions[...]
                while !rest.isEmpty {
                    let part = rest.prefix(1 + Int(random.next() % 16))
                    rest = rest.dropFirst(part.count)
                    results += try batched.applyBatch(Array(part), at: block.time).map { try $0.get() }
                }
            }
            #expect(results == receipts)
            #expect(batched.root() == single.root())
        }
    }

    @Test func equalStoriesHaveEqualRoots() throws {
        let folder = try TemporaryFolder()
        let first = try StoredStory.write(folder.file("first"))
        let second = try StoredStory.write(folder.file("second"))
        #expect(first.head == second.head)
        // Another salt, another ledger.
        var (a, b) = (Story().state, Story(salt: 8).state)
        #expect(a.identifier != b.identifier)
        #expect(a.root() != b.root())
    }

    @Test func filesThatAreNoLedgers() throws {
        let folder = try TemporaryFolder()
        #expect(throws: LedgerError.file(path: "/nowhere/x", reason: "No such file or directory")) {
            try StoredStory.open("/nowhere/x")
        }
        #expect(throws: LedgerError.file(path: folder.path, reason: "is not a file")) {
            try StoredStory.open(folder.path)
        }
        let path = folder.file("x")
        try write([], to: path)
        #expect(throws: LedgerError.file(path: path, reason: "is empty")) { try StoredStory.open(path) }
        try write(Array("not a database, but long enough to be looked at as one".utf8), to: path)
        #expect(throws: LedgerError.file(path: path, reason: "file is not a database (SQLite code 26)")) {
            try StoredStory.open(path)
        }
        #expect(throws: LedgerError.self) { try StoredStory.create(path) }
        // A database, but of something else.
        let other = folder.file("other")
        try execute("CREATE TABLE t (x)", on: other)
        #expect(throws: LedgerError.file(path: other, reason: "is an SQLite file, but not a ledger")) {
            try StoredStory.open(other)
        }
    }

    @Test func otherVersionsTablesAndSystemsAreRefused() throws {
        let folder = try TemporaryFolder()
        func refusal(_ sql: String) throws -> String {
            let path = folder.file("ledger\(abs(sql.hashValue))")
            do { _ = try StoredStory.write(path) }
            try execute(sql, on: path)
            var words = "opened"
            do { _ = try StoredStory.open(path) } catch { words = "\(error)" }
            #expect(words.hasPrefix("ledger \(path): "))
            return String(words.dropFirst("ledger \(path): ".count))
        }
        #expect(try refusal("PRAGMA user_version = 2") == "has schema version 2, not 1")
        let tables = "does not have a ledger's tables"
        #expect(try refusal("CREATE TABLE more (x)") == tables)
        #expect(try refusal("CREATE TRIGGER t AFTER INSERT ON block BEGIN DELETE FROM block; END") == tables)
        #expect(
            try refusal("ALTER TABLE block RENAME TO b2; CREATE VIEW block AS SELECT * FROM b2") == tables)
        #expect(try refusal("DROP TABLE record") == tables)
        #expect(try refusal("DELETE FROM configuration") == "has no configuration")
        #expect(try refusal("DELETE FROM head") == "does not say which block is the last")
        #expect(try refusal("UPDATE head SET height = -1") == "does not say which block is the last")
        #expect(try refusal("UPDATE head SET hash = x'00'") == "does not say which block is the last")
        #expect(
            try refusal("UPDATE block SET header = 'text' WHERE height = 2")
                == "column header should hold bytes")
        #expect(
            try refusal("UPDATE block SET seal = zeroblob(0) WHERE height = 2")
                == "block 2: the seal is not the operator's signature")
        #expect(
            try refusal("UPDATE block SET header = zeroblob(100000) WHERE height = 2").hasPrefix("block 2: "))

        let path = folder.file("system")
        do { _ = try StoredStory.write(path) }
        #expect(
            throws: LedgerError.file(path: path, reason: "uses the unknown proof system test-clear-bn254")
        ) {
            try Ledger.open(path)
        }
    }

    @Test func missingAndAddedRowsAreFound() throws {
        let folder = try TemporaryFolder()
        let changes = [
            "DELETE FROM block WHERE height = 9", "DELETE FROM block WHERE height = 3",
            "DELETE FROM block WHERE height = 0", "DELETE FROM block",
            "DELETE FROM record WHERE height = 5 AND position = 4", "DELETE FROM record WHERE height = 2",
            "DELETE FROM record WHERE height = 3 AND position = 0",
            "INSERT INTO block SELECT 10, header, seal FROM block WHERE height = 9",
            "INSERT INTO block SELECT -1, header, seal FROM block WHERE height = 9",
            "INSERT INTO record SELECT 9, 1, signed, receipt FROM record WHERE height = 9 AND position = 0",
            "INSERT INTO record SELECT 0, 0, signed, receipt FROM record WHERE height = 9 AND position = 0",
            "INSERT INTO record SELECT 99, 0, signed, receipt FROM record WHERE height = 9 AND position = 0",
            "INSERT INTO record SELECT 9, -1, signed, receipt FROM record WHERE height = 9 AND position = 0",
            "UPDATE record SET position = position - 1 WHERE height = 2 AND position > 0; DELETE FROM record WHERE 0",
            "UPDATE block SET height = 60 WHERE height = 9", "UPDATE head SET height = 8",
            // The last block taken away with everything that belongs to it, but for the hash that only it
            // has.
            "DELETE FROM block WHERE height = 9; DELETE FROM record WHERE height = 9; UPDATE head SET height = 8",
            "UPDATE record SET signed = (SELECT signed FROM record WHERE height = 3 AND position = 1) "
                + "WHERE height = 3 AND position = 0",
            "UPDATE record SET receipt = (SELECT receipt FROM record WHERE height = 5 AND position = 0) "
                + "WHERE height = 5 AND position = 1",
        ]
        for (index, change) in changes.enumerated() {
            let path = folder.file("ledger\(index)")
            do { _ = try StoredStory.write(path) }
            do { try execute(change, on: path) } catch { continue }
            #expect(throws: LedgerError.self, "\(change)") { try StoredStory.open(path) }
        }
    }
}

/// Runs SQL on a file, behind the ledger's back.
func execute(_ sql: String, on path: String) throws {
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK,
        sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
    else { throw TestFailure(String(cString: sqlite3_errmsg(connection))) }
}
