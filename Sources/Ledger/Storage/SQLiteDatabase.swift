import CSQLite

/// An SQLite file. Every failure is a `LedgerError` with the file's name and SQLite's reason.
///
/// The file may be hostile: its schema is trusted with nothing, and no value may be longer than
/// `maximumValueBytes`.
final class SQLiteDatabase {
    enum Mode { case create, readWrite, readOnly }

    static let maximumValueBytes: Int32 = 1 << 22

    let path: String
    private let connection: OpaquePointer

    init(path: String, mode: Mode) throws(LedgerError) {
        self.path = path
        let flags =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        var opened: OpaquePointer?
        // A name such as ":memory:" or "file:x" means a file, too.
        let location = path.hasPrefix("/") ? path : "./" + path
        let code = sqlite3_open_v2(location, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
            sqlite3_close_v2(opened)
            throw LedgerError.file(path: path, reason: reason)
        }
        connection = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, Self.maximumValueBytes)
        sqlite3_busy_timeout(opened, 5000)
        try execute("PRAGMA trusted_schema = OFF")
        try execute("PRAGMA cell_size_check = ON")
        try execute("PRAGMA mmap_size = 0")
    }

    deinit { sqlite3_close_v2(connection) }

    /// Runs statements without values.
    func execute(_ sql: String) throws(LedgerError) {
        guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
    }

    /// Compiles a statement.
    func prepare(_ sql: String) throws(LedgerError) -> SQLiteStatement {
        var statement: OpaquePointer?
        guard sqlite3_prepare_v3(connection, sql, -1, 0, &statement, nil) == SQLITE_OK, let statement else {
            throw failure
        }
        return SQLiteStatement(statement, of: self)
    }

    /// The integer in the first column of the first row.
    func integer(_ sql: String) throws(LedgerError) -> Int64 {
        let statement = try prepare(sql)
        guard try statement.step() else { throw LedgerError.file(path: path, reason: "\(sql) gives nothing") }
        return try statement.integer(0)
    }

    /// The text in the first column of the first row.
    func text(_ sql: String) throws(LedgerError) -> String {
        let statement = try prepare(sql)
        guard try statement.step() else { throw LedgerError.file(path: path, reason: "\(sql) gives nothing") }
        return try statement.text(0)
    }

    /// Runs `body` between `begin` and COMMIT; an error rolls back.
    func transaction<Result>(
        _ begin: String, _ body: () throws(LedgerError) -> Result
    ) throws(LedgerError) -> Result {
        try execute(begin)
        do throws(LedgerError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // SQLite has rolled back by itself after some errors; then this one has nothing to do.
            sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// The last failure.
    var failure: LedgerError {
        .file(
            path: path,
            reason:
                "\(String(cString: sqlite3_errmsg(connection))) (SQLite code \(sqlite3_extended_errcode(connection)))"
        )
    }
}

/// A compiled statement. Columns and parameters are counted as SQLite counts them: from 0, and from 1.
final class SQLiteStatement {
    private let statement: OpaquePointer
    private let database: SQLiteDatabase

    fileprivate init(_ statement: OpaquePointer, of database: SQLiteDatabase) {
        self.statement = statement
        self.database = database
    }

    deinit { sqlite3_finalize(statement) }

    func bind(_ parameter: Int32, _ value: Int64) throws(LedgerError) {
        guard sqlite3_bind_int64(statement, parameter, value) == SQLITE_OK else { throw database.failure }
    }

    func bind(_ parameter: Int32, _ value: [UInt8]) throws(LedgerError) {
        // SQLITE_TRANSIENT, a C macro that Swift does not import: SQLite copies the bytes.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        guard sqlite3_bind_blob64(statement, parameter, value, UInt64(value.count), transient) == SQLITE_OK
        else { throw database.failure }
    }

    /// Goes to the next row; `false` after the last.
    func step() throws(LedgerError) -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw database.failure
        }
    }

    /// Runs a statement that gives no rows, and makes it ready to run again.
    func run() throws(LedgerError) {
        guard try !step() else {
            throw LedgerError.file(path: database.path, reason: "rows where none belong")
        }
        reset()
    }

    func reset() { sqlite3_reset(statement) }

    func integer(_ column: Int32) throws(LedgerError) -> Int64 {
        try check(column, SQLITE_INTEGER, "an integer")
        return sqlite3_column_int64(statement, column)
    }

    func text(_ column: Int32) throws(LedgerError) -> String {
        try check(column, SQLITE_TEXT, "text")
        guard let units = sqlite3_column_text(statement, column) else { throw database.failure }
        return String(cString: units)
    }

    func bytes(_ column: Int32) throws(LedgerError) -> [UInt8] {
        try check(column, SQLITE_BLOB, "bytes")
        let start = sqlite3_column_blob(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        guard count > 0 else { return [] }
        guard let start else { throw database.failure }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func check(_ column: Int32, _ type: Int32, _ kind: String) throws(LedgerError) {
        guard sqlite3_column_type(statement, column) == type else {
            throw LedgerError.file(
                path: database.path,
                reason:
                    "column \(String(cString: sqlite3_column_name(statement, column))) should hold \(kind)")
        }
    }
}
