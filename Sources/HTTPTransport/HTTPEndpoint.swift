/// A server and a path on it: `http://127.0.0.1:8545/`, `https://node.example/v1/…`.
public struct HTTPEndpoint: Sendable, Hashable, CustomStringConvertible {
    public let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address without brackets.
    public let host: String
    public let port: UInt16
    /// Path and query, beginning with a slash.
    public let path: String

    /// - Throws: `HTTPError.invalidURL`.
    public init(_ url: String) throws(HTTPError) {
        func invalid(_ reason: String) -> HTTPError { .invalidURL("the URL \(reason)") }
        guard url.utf8.count <= 2048 else { throw invalid("is longer than 2048 bytes") }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw invalid("has a space, a control character or a letter that is not ASCII")
        }
        var rest = url[...]
        switch true {
        case url.lowercased().hasPrefix("http://"): (isSecure, rest) = (false, rest.dropFirst(7))
        case url.lowercased().hasPrefix("https://"): (isSecure, rest) = (true, rest.dropFirst(8))
        default: throw invalid("begins neither with http:// nor with https://")
        }
        rest = rest.prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest.dropFirst(authority.count)
        path = tail.hasPrefix("/") ? String(tail) : "/" + tail
        guard !authority.contains("@") else { throw invalid("holds a user name, which is not supported") }

        let name: Substring
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("has no ] behind its [") }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let behind = authority[authority.index(after: end)...]
            guard behind.isEmpty || behind.hasPrefix(":") else { throw invalid("has text behind its ]") }
            portText = behind.isEmpty ? nil : behind.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw invalid("has more than one colon in its server") }
            name = parts[0]
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard !name.isEmpty, name.utf8.count <= 255,
            name.utf8.allSatisfy({
                Self.isHostByte($0) || (authority.hasPrefix("[") && $0 == UInt8(ascii: ":"))
            })
        else { throw invalid("names no server") }
        host = String(name)
        if let portText {
            guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(portText),
                number > 0
            else { throw invalid("has a port that is not a number from 1 to 65535") }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
    }

    private init(isSecure: Bool, host: String, port: UInt16, path: String) {
        (self.isSecure, self.host, self.port, self.path) = (isSecure, host, port, path)
    }

    /// The same server with `path`, which is appended to the endpoint's own.
    public func appending(path more: String) -> HTTPEndpoint {
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        return HTTPEndpoint(isSecure: isSecure, host: host, port: port, path: base + more)
    }

    /// Whether the server is this machine, as far as the name tells.
    public var isLoopback: Bool { host == "localhost" || host.hasPrefix("127.") || host == "::1" }

    /// Scheme, server and port. Path and query are left out: they may hold an access token.
    public var description: String { (isSecure ? "https://" : "http://") + authority }

    /// What stands in the `Host` field.
    var authority: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}
