/// Why a ledger file cannot be used. Every case names the file.
public enum LedgerError: Error, Equatable, CustomStringConvertible {
    /// The file cannot be read or written, or is no ledger.
    case file(path: String, reason: String)
    /// Another process has the ledger open for writing.
    case locked(path: String)
    /// What is stored does not follow from the rules: changed, missing, or added.
    case corrupt(path: String, place: String, reason: String)
    /// The key is not the one that seals this ledger.
    case notTheOperator(path: String)
    /// The ledger was opened for reading.
    case readOnly(path: String)
    /// The ledger is genuine, but does not contain the block that the caller knows.
    case checkpointMissing(path: String, ChainHead)

    public var description: String {
        switch self {
        case .file(let path, let reason): "ledger \(path): \(reason)"
        case .locked(let path): "ledger \(path): locked, another process has it open for writing"
        case .corrupt(let path, let place, let reason): "ledger \(path): \(place): \(reason)"
        case .notTheOperator(let path): "ledger \(path): the key is not the operator's"
        case .readOnly(let path): "ledger \(path): is open for reading only"
        case .checkpointMissing(let path, let head): "ledger \(path): does not contain \(head)"
        }
    }
}
