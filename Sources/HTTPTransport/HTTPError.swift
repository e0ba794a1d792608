/// Why there is no answer to a request.
public enum HTTPError: Error, Equatable, CustomStringConvertible {
    /// The text is not a URL that can be used.
    case invalidURL(String)
    /// No connection, or it broke.
    case connection(server: String, reason: String)
    case timeout(server: String, seconds: Double)
    /// The answer is larger than was allowed, in bytes.
    case tooLarge(server: String, limit: Int)
    /// The answer is not HTTP.
    case malformed(server: String, reason: String)

    public var description: String {
        switch self {
        case .invalidURL(let reason): return reason
        case .connection(let server, let reason): return "\(server): \(reason)"
        case .timeout(let server, let seconds): return "\(server): no complete answer within \(seconds) s"
        case .tooLarge(let server, let limit):
            return "\(server): the answer is larger than the \(limit) bytes that are allowed"
        case .malformed(let server, let reason): return "\(server): the answer is not HTTP: \(reason)"
        }
    }
}
