import CSQLite
import Foundation
import Ledger
import LedgerTestSupport
import TestSupport
import Testing

@Suite struct TamperTests {
    /// Every byte of configuration, headers, seals, transactions and receipts, changed one at a time.
    @Test(arguments: [
        ("configuration", "encoding", "1"), ("head", "hash", "1"), ("block", "header", "height IN (0, 5, 9)"),
        ("block", "seal", "height IN (0, 5, 9)"),
        ("record", "signed", "height IN (5, 9) AND position < 1"),
        ("record", "receipt", "height IN (5, 8)"),
    ])
    func everyByteCounts(table: String, column: String, rows: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        do { _ = try StoredStory.write(path) }
        let tampering = try Tampering(path)
        var changed = 0
        for (place, original) in try tampering.values(of: column, in: table, where: rows) {
            for index in original.indices {
                var bytes = original
                bytes[index] ^= UInt8(1 << (index % 8))
                try tampering.set(column, in: table, where: place, to: bytes)
                #expect(throws: LedgerError.self, "\(table).\(column), \(place), byte \(index)") {
                    try StoredStory.open(path)
                }
                changed += 1
            }
            try tampering.set(column, in: table, where: place, to: original)
        }
        #expect(changed >= 32)
        _ = try StoredStory.open(path).verify()
    }

    /// The operator itself may lie about a receipt: seals and roots then fit, but not the rules or the proof.
    @Test func aLyingOperatorIsFound() throws {
        let (story, blocks) = try StoredStory.blocks()
        for lie in Lie.allCases {
            let folder = try TemporaryFolder()
            let path = folder.file("ledger")
            do {
                let ledger = try Ledger.create(
                    at: path, configuration: story.state.configuration, operatorKey: Story.signer(0),
                    proofSystem: LyingProofSystem(lie: lie))
                for block in blocks { _ = try ledger.append(block.transactions, at: block.time) }
            }
            let ledger = try StoredStory.open(path)
            _ = try ledger.verify(verifiesProofs: false)
            #expect(throws: LedgerError.self) { try ledger.verify() }
        }
    }

    /// An operator that records what nobody signed: only the senders' signatures, which `verify` checks, show
    /// it.
    @Test func anInventedTransactionIsFound() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let ledger = try StoredStory.create(path)
        let genuine = try ledger.sign(
            .register(Register(role: .publisher, amount: 100)), with: Story.signer(1))
        var bytes = genuine.encoded
        bytes[bytes.count - 1] ^= 1
        let invented = try SignedTransaction(encoded: bytes)
        var state = ledger.state
        let receipt = state.record(
            invented, at: Story.start, oracle: Oracle(proof: { _ in .valid }, content: { _ in .unavailable }))
        let block = try Block(
            height: 1, previous: ledger.head.hash, time: Story.start,
            records: [BlockRecord(transaction: invented, receipt: receipt)], stateRoot: state.root(),
            ledger: ledger.identifier, operatorKey: Story.signer(0))
        try execute(
            """
            INSERT INTO block VALUES (1, x'\(block.header.encoded.hexadecimal)', x'\(block.seal.hexadecimal)');
            INSERT INTO record VALUES (1, 0, x'\(bytes.hexadecimal)', x'\(receipt.encoded.hexadecimal)');
            UPDATE head SET height = 1, hash = x'\(block.header.hash)';
            """, on: path)
        let reader = try StoredStory.open(path)
        #expect(
            throws: LedgerError.corrupt(
                path: path, place: "block 1, transaction 0",
                reason: "it should not have been recorded: the signature is not the sender's")
        ) { try reader.verify() }
    }

    /// Bytes of the file itself, anywhere: either it is refused, or nothing that is told has changed.
    @Test func damagedFilesNeverTrap() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger")
        let (json, head): (Data, ChainHead)
        do {
            let ledger = try StoredStory.write(path)
            (json, head) = (try ledger.json(), ledger.head)
        }
        let original = try read(path)
        var random = SeededGenerator(seed: 21)
        var refused = 0
        for round in 0..<400 {
            var bytes = original
            if round % 8 == 0 {
                bytes.removeLast(1 + Int(random.next() % UInt64(bytes.count - 1)))
            } else {
                for _ in 0...random.next() % 4 {
                    // Half of them in SQLite's own structures at the start of a page.
                    let page = Int(random.next() % UInt64(bytes.count / 4096)) * 4096
                    let offset = random.next() % (random.next() % 2 == 0 ? 100 : 4096)
                    bytes[page + Int(offset)] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            let damaged = folder.file("damaged\(round)")
            try write(bytes, to: damaged)
            do {
                let ledger = try StoredStory.open(damaged)
                _ = try ledger.verify(checkpoint: head)
                #expect(try ledger.json() == json)
            } catch let error as LedgerError {
                #expect("\(error)".hasPrefix("ledger \(damaged)"))
                refused += 1
            }
        }
        #expect(refused > 100)
    }
}

/// What a lying operator says about proofs.
enum Lie: CaseIterable { case everyProofIsValid, noProofIsValid, everyProofIsMalformed }

private struct LyingProofSystem: ProofSystem {
    let lie: Lie
    let honest = ClearProofSystem()
    var name: Identifier { honest.name }

    func qualityVerifier(verifyingKey: [UInt8]) throws -> any StatementVerifier {
        LyingVerifier(lie: lie, honest: try honest.qualityVerifier(verifyingKey: verifyingKey))
    }
    func stageVerifier(verifyingKey: [UInt8], batches: Int) throws -> any StatementVerifier {
        try qualityVerifier(verifyingKey: verifyingKey)
    }
    func checkCommitment(_ commitment: [UInt8]) throws { try honest.checkCommitment(commitment) }
    func coordinates(of commitment: [UInt8]) throws -> [UInt8] { try honest.coordinates(of: commitment) }
    func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8] {
        try honest.weightedSum(terms)
    }

    struct LyingVerifier: StatementVerifier {
        let lie: Lie
        let honest: any StatementVerifier
        var digest: Digest { honest.digest }
        var isDevelopmentKey: Bool { honest.isDevelopmentKey }

        func verify(_ proofs: [(proof: [UInt8], statement: ProvenStatement)]) -> [ProofVerdict] {
            proofs.map { _ in
                switch lie {
                case .everyProofIsValid: .valid
                case .noProofIsValid: .invalid
                case .everyProofIsMalformed: .malformed("so it is said")
                }
            }
        }
    }
}

/// Changes rows of a ledger behind its back.
private final class Tampering {
    private var connection: OpaquePointer?

    init(_ path: String) throws {
        guard sqlite3_open(path, &connection) == SQLITE_OK else { throw TestFailure("cannot open \(path)") }
        sqlite3_exec(connection, "PRAGMA synchronous = OFF", nil, nil, nil)
    }

    deinit { sqlite3_close(connection) }

    /// The values of a column, and a condition for the row of each.
    func values(of column: String, in table: String, where rows: String) throws -> [(String, [UInt8])] {
        let keys =
            [
                "configuration": "'one = ' || one", "head": "'one = ' || one",
                "block": "'height = ' || height",
            ][
                table, default: "'height = ' || height || ' AND position = ' || position"]
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        sqlite3_prepare_v2(
            connection, "SELECT \(keys), \(column) FROM \(table) WHERE \(rows)", -1, &statement, nil)
        var values: [(String, [UInt8])] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            let bytes = UnsafeRawBufferPointer(
                start: sqlite3_column_blob(statement, 1), count: Int(sqlite3_column_bytes(statement, 1)))
            values.append((String(cString: sqlite3_column_text(statement, 0)), Array(bytes)))
        }
        return values
    }

    func set(_ column: String, in table: String, where row: String, to bytes: [UInt8]) throws {
        let sql = "UPDATE \(table) SET \(column) = x'\(bytes.hexadecimal)' WHERE \(row)"
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK, sqlite3_changes(connection) == 1
        else { throw TestFailure(String(cString: sqlite3_errmsg(connection))) }
    }
}
