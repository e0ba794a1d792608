/// Why content cannot be stored or handed out.
public enum ContentError: Error, Equatable, CustomStringConvertible {
    case invalidIdentifier(String)
    case notFound(ContentIdentifier, place: String)
    /// What is stored under a name is not what the name says.
    case damaged(ContentIdentifier, place: String)
    case tooLarge(byteCount: Int, limit: Int)
    case file(path: String, reason: String)
    /// A server refused, or answered something that cannot be used.
    case server(name: String, reason: String)

    public var description: String {
        switch self {
        case .invalidIdentifier(let reason): return reason
        case .notFound(let identifier, let place): return "\(place): has no block \(identifier)"
        case .damaged(let identifier, let place):
            return "\(place): what is stored as \(identifier) is something else"
        case .tooLarge(let count, let limit):
            return "\(count) bytes are more than the \(limit) that a block may have"
        case .file(let path, let reason): return "\(path): \(reason)"
        case .server(let name, let reason): return "\(name): \(reason)"
        }
    }
}
