import Glibc

/// Makes sure that one process at a time writes a ledger. The system lets go of the lock when the process
/// ends, however it ends, so there are no stale locks.
///
/// The lock is on a file of its own beside the ledger: closing any descriptor of the SQLite file would let go
/// of SQLite's own locks.
final class FileLock {
    private let file: Int32

    /// - Throws: `LedgerError.locked` if another holder is there.
    init(ledger path: String) throws(LedgerError) {
        file = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
        guard file >= 0 else {
            throw LedgerError.file(path: path, reason: "cannot make its lock file: \(reason(errno))")
        }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let number = errno
            close(file)
            throw number == EWOULDBLOCK
                ? LedgerError.locked(path: path)
                : LedgerError.file(path: path, reason: "cannot be locked: \(reason(number))")
        }
    }

    // Unlocked and not only closed: a child process that is just being started may hold the file for a moment.
    deinit {
        flock(file, LOCK_UN)
        close(file)
    }
}
