/// An answer: status, header fields with names in lower case, and body.
public struct HTTPResponse: Sendable, Equatable {
    public var status: Int
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8]) {
        (self.status, self.headers, self.body) = (status, headers, body)
    }
}

/// Sends requests, each over a connection of its own.
public struct HTTPClient: Sendable {
    /// Time for a whole request with its answer.
    public var timeout: Duration
    /// Bytes that the body of an answer may have.
    public var maximumBodyByteCount: Int

    public init(timeout: Duration = .seconds(30), maximumBodyByteCount: Int = 32 << 20) {
        self.timeout = timeout
        self.maximumBodyByteCount = maximumBodyByteCount
    }

    /// Posts a body and waits for the answer, whatever its status.
    ///
    /// - Parameter contentType: printable ASCII.
    /// - Throws: `HTTPError`.
    public func post(_ body: [UInt8], contentType: String, to endpoint: HTTPEndpoint) throws(HTTPError)
        -> HTTPResponse
    {
        let head = """
            POST \(endpoint.path) HTTP/1.1\r
            Host: \(endpoint.authority)\r
            User-Agent: zkpot\r
            Accept: */*\r
            Connection: close\r
            Content-Type: \(contentType)\r
            Content-Length: \(body.count)\r
            \r\n
            """
        let connection = try Connection(to: endpoint, timeout: timeout)
        var sendingFailed: HTTPError?
        do throws(HTTPError) {
            try connection.send(Array(head.utf8) + body)
        } catch .connection(let server, let reason) {
            // A server may refuse a request, and say why, before it has read all of it.
            sendingFailed = .connection(server: server, reason: reason)
        }
        var reader = HTTPResponseReader(connection, maximumBodyByteCount: maximumBodyByteCount)
        do throws(HTTPError) {
            return try reader.read()
        } catch {
            throw sendingFailed ?? error
        }
    }
}
