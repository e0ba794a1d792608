import Glibc

/// The SQLite file of a ledger: blocks, transactions and receipts as bytes. It knows nothing of the rules.
final class LedgerStore {
    /// "ZKPT", so that `file` and we can tell a ledger from other SQLite files.
    private static let applicationID: Int64 = 0x5A4B_5054
    private static let schemaVersion: Int64 = 1
    /// The whole schema, word for word: a file with anything else in it is refused before anything is read
    /// from it.
    private static let schema = [
        "CREATE TABLE block (height INTEGER PRIMARY KEY, header BLOB NOT NULL, seal BLOB NOT NULL)",
        "CREATE TABLE configuration (one INTEGER PRIMARY KEY CHECK (one = 1), encoding BLOB NOT NULL)",
        "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), height INTEGER NOT NULL, hash BLOB NOT NULL)",
        """
        CREATE TABLE record (height INTEGER NOT NULL, position INTEGER NOT NULL, signed BLOB NOT NULL, \
        receipt BLOB NOT NULL, PRIMARY KEY (height, position)) WITHOUT ROWID
        """,
    ]

    let path: String
    private let database: SQLiteDatabase
    /// Held for as long as the store is open for writing.
    private let lock: FileLock?

    /// Makes a new, empty file.
    static func create(at path: String) throws(LedgerError) -> LedgerStore {
        let lock = try FileLock(ledger: path)
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw LedgerError.file(path: path, reason: reason(errno)) }
        close(file)
        let database = try SQLiteDatabase(path: path, mode: .create)
        try setDurability(of: database)
        try database.transaction("BEGIN IMMEDIATE") { () throws(LedgerError) in
            for table in schema { try database.execute(table) }
            try database.execute("PRAGMA application_id = \(applicationID)")
            try database.execute("PRAGMA user_version = \(schemaVersion)")
        }
        return LedgerStore(path: path, database: database, lock: lock)
    }

    /// Opens a file that is there.
    static func open(_ path: String, forWriting: Bool) throws(LedgerError) -> LedgerStore {
        var information = stat()
        guard stat(path, &information) == 0 else {
            throw LedgerError.file(path: path, reason: reason(errno))
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw LedgerError.file(path: path, reason: "is not a file")
        }
        guard information.st_size > 0 else { throw LedgerError.file(path: path, reason: "is empty") }
        let lock = forWriting ? try FileLock(ledger: path) : nil
        let database = try SQLiteDatabase(path: path, mode: forWriting ? .readWrite : .readOnly)
        try checkSchema(of: database)
        if forWriting { try setDurability(of: database) }
        return LedgerStore(path: path, database: database, lock: lock)
    }

    private init(path: String, database: SQLiteDatabase, lock: FileLock?) {
        self.path = path
        self.database = database
        self.lock = lock
    }

    /// Write-ahead log, synced at every commit: what COMMIT has confirmed survives a crash and a loss of
    /// power.
    private static func setDurability(of database: SQLiteDatabase) throws(LedgerError) {
        guard try database.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw LedgerError.file(path: database.path, reason: "SQLite cannot keep a write-ahead log for it")
        }
        try database.execute("PRAGMA synchronous = FULL")
    }

    private static func checkSchema(of database: SQLiteDatabase) throws(LedgerError) {
        guard try database.integer("PRAGMA application_id") == applicationID else {
            throw LedgerError.file(path: database.path, reason: "is an SQLite file, but not a ledger")
        }
        let version = try database.integer("PRAGMA user_version")
        guard version == schemaVersion else {
            throw LedgerError.file(
                path: database.path, reason: "has schema version \(version), not \(schemaVersion)")
        }
        var found: [String] = []
        let statement = try database.prepare("SELECT sql FROM sqlite_schema ORDER BY name")
        while found.count <= schema.count, try statement.step() { found.append(try statement.text(0)) }
        guard found == schema else {
            throw LedgerError.file(path: database.path, reason: "does not have a ledger's tables")
        }
    }

    // MARK: - Reading

    /// Runs `body` on one unchanging view of the file.
    func snapshot<Result>(_ body: () throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try database.transaction("BEGIN", body)
    }

    func configuration() throws(LedgerError) -> [UInt8] {
        let statement = try database.prepare("SELECT encoding FROM configuration")
        guard try statement.step() else {
            throw LedgerError.file(path: path, reason: "has no configuration")
        }
        let encoding = try statement.bytes(0)
        guard try !statement.step() else {
            throw LedgerError.file(path: path, reason: "has two configurations")
        }
        return encoding
    }

    func head() throws(LedgerError) -> ChainHead {
        let statement = try database.prepare("SELECT height, hash FROM head")
        guard try statement.step(), let height = UInt64(exactly: try statement.integer(0)),
            let hash = Digest(try statement.bytes(1)), try !statement.step()
        else { throw LedgerError.file(path: path, reason: "does not say which block is the last") }
        return ChainHead(height: height, hash: hash)
    }

    /// Hands out the blocks in order, from `first` on. `body` returns whether to go on.
    func forEachBlock(
        from first: UInt64 = 0, _ body: (StoredBlock) throws(LedgerError) -> Bool
    ) throws(LedgerError) {
        let blocks = try database.prepare(
            "SELECT height, header, seal FROM block WHERE height >= ? ORDER BY height")
        let records = try database.prepare(
            "SELECT position, signed, receipt FROM record WHERE height = ? ORDER BY position")
        try blocks.bind(1, Int64(clamping: first))
        while try blocks.step() {
            let height = try blocks.integer(0)
            try records.bind(1, height)
            var block = StoredBlock(
                height: UInt64(bitPattern: height), header: try blocks.bytes(1), seal: try blocks.bytes(2),
                records: [])
            while try records.step() {
                guard try records.integer(0) == block.records.count else {
                    throw LedgerError.corrupt(
                        path: path, place: "block \(height)",
                        reason: "transaction \(block.records.count) is missing")
                }
                block.records.append(
                    StoredRecord(transaction: try records.bytes(1), receipt: try records.bytes(2)))
            }
            records.reset()
            guard try body(block) else { return }
        }
    }

    /// Transactions in the file, those of blocks that are not there included.
    func recordCount() throws(LedgerError) -> Int64 { try database.integer("SELECT count(*) FROM record") }

    /// Blocks in the file, those of negative height included.
    func blockCount() throws(LedgerError) -> Int64 { try database.integer("SELECT count(*) FROM block") }

    /// SQLite's own check of the file.
    func checkIntegrity() throws(LedgerError) {
        let result = try database.text("PRAGMA integrity_check(1)")
        guard result == "ok" else { throw LedgerError.file(path: path, reason: result) }
    }

    // MARK: - Writing

    func write(configuration: [UInt8]) throws(LedgerError) {
        let statement = try database.prepare("INSERT INTO configuration VALUES (1, ?)")
        try statement.bind(1, configuration)
        try statement.run()
    }

    /// Runs `body` as one change of the file, which is there in full, for good, when this returns, or not at
    /// all.
    func change(_ body: () throws(LedgerError) -> Void) throws(LedgerError) {
        try database.transaction("BEGIN IMMEDIATE", body)
    }

    /// Writes a block that follows `previous`, within `change`.
    func write(_ block: Block, after previous: ChainHead?) throws(LedgerError) {
        if let previous, try head() != previous {
            throw LedgerError.file(path: path, reason: "was changed by another program")
        }
        let height = Int64(clamping: block.header.height)
        let insertBlock = try database.prepare("INSERT INTO block VALUES (?, ?, ?)")
        try insertBlock.bind(1, height)
        try insertBlock.bind(2, block.header.encoded)
        try insertBlock.bind(3, block.seal)
        try insertBlock.run()
        let insertRecord = try database.prepare("INSERT INTO record VALUES (?, ?, ?, ?)")
        for (position, record) in block.records.enumerated() {
            try insertRecord.bind(1, height)
            try insertRecord.bind(2, Int64(position))
            try insertRecord.bind(3, record.transaction.encoded)
            try insertRecord.bind(4, record.receipt.encoded)
            try insertRecord.run()
        }
        let replaceHead = try database.prepare("INSERT OR REPLACE INTO head VALUES (1, ?, ?)")
        try replaceHead.bind(1, height)
        try replaceHead.bind(2, block.header.hash.bytes)
        try replaceHead.run()
    }
}

/// A block as it is stored, nothing checked.
struct StoredBlock {
    let height: UInt64
    let header: [UInt8]
    let seal: [UInt8]
    var records: [StoredRecord]
}

/// A transaction and its receipt as they are stored, nothing checked.
struct StoredRecord {
    let transaction: [UInt8]
    let receipt: [UInt8]
}
