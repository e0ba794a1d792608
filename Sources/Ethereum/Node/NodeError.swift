import HTTPTransport

/// Why a node's answer cannot be used.
public enum NodeError: Error, Equatable, CustomStringConvertible {
    case transport(HTTPError)
    /// The answer has another HTTP status than 200 and is no JSON-RPC error.
    case status(server: String, code: Int)
    case malformed(server: String, method: String, reason: String)
    /// The node refuses.
    case refused(method: String, code: Int, message: String, data: [UInt8]?)

    public var description: String {
        switch self {
        case .transport(let error): "\(error)"
        case .status(let server, let code): "\(server): HTTP status \(code)"
        case .malformed(let server, let method, let reason):
            "\(server): the answer to \(method) cannot be used: \(reason)"
        case .refused(let method, let code, let message, _):
            "the node refuses \(method): \(message.isEmpty ? "no reason is given" : foreignText(message)) (\(code))"
        }
    }

    /// What the node says, in lower case; empty for other errors.
    var refusal: String {
        if case .refused(_, _, let message, _) = self { message.lowercased() } else { "" }
    }
}
