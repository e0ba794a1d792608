/// Reads one answer off a connection. Everything in it is foreign: no length is believed before it is checked against a
/// limit, and nothing is reserved that has not arrived.
///
/// - SeeAlso: RFC 9112, sections 4 to 7.
struct HTTPResponseReader {
    private static let maximumHeadByteCount = 64 << 10
    private static let maximumInterimAnswers = 8

    private let connection: Connection
    private let maximumBodyByteCount: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var hasBegun = false

    init(_ connection: Connection, maximumBodyByteCount: Int) {
        self.connection = connection
        self.maximumBodyByteCount = maximumBodyByteCount
    }

    mutating func read() throws(HTTPError) -> HTTPResponse {
        for _ in 0..<Self.maximumInterimAnswers {
            let (status, headers) = try readHead()
            if (100..<200).contains(status) { continue }
            return HTTPResponse(status: status, headers: headers, body: try readBody(status, headers))
        }
        throw malformed("it is interim answers only")
    }

    private func malformed(_ reason: String) -> HTTPError {
        .malformed(server: connection.server, reason: reason)
    }

    // MARK: - Head

    private mutating func readHead() throws(HTTPError) -> (status: Int, headers: [String: String]) {
        var budget = Self.maximumHeadByteCount
        let statusLine = try readLine(&budget)
        let words = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            words[1].utf8.allSatisfy({ (48...57).contains($0) }), let status = Int(words[1]), status >= 100
        else { throw malformed("its first line is no status line") }
        var headers: [String: String] = [:]
        while true {
            let line = try readLine(&budget)
            if line.isEmpty { return (status, headers) }
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw malformed("a header field has no name")
            }
            let name = line[..<colon].lowercased()
            guard !name.contains(" "), !name.contains("\t") else {
                throw malformed("a header field's name has a space")
            }
            let value = String(line[line.index(after: colon)...].trimmingSpaces)
            if let earlier = headers[name] {
                guard name != "content-length" || earlier == value else {
                    throw malformed("it has two lengths")
                }
                if name != "content-length" { headers[name] = earlier + ", " + value }
            } else {
                headers[name] = value
            }
        }
    }

    // MARK: - Body

    private mutating func readBody(_ status: Int, _ headers: [String: String]) throws(HTTPError) -> [UInt8] {
        if let encoding = headers["content-encoding"], encoding.lowercased() != "identity" {
            throw malformed("its body is compressed, which was not asked for")
        }
        let length = headers["content-length"]
        if let transfer = headers["transfer-encoding"] {
            guard length == nil else { throw malformed("it has both a length and a transfer encoding") }
            guard transfer.lowercased() == "chunked" else {
                throw malformed("its transfer encoding is unknown")
            }
            return try readChunks()
        }
        if status == 204 || status == 304 { return [] }
        guard let length else { return try readToEnd() }
        guard !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw malformed("its length is not a number")
        }
        guard length.utf8.count <= 18, let count = Int(length), count <= maximumBodyByteCount else {
            throw .tooLarge(server: connection.server, limit: maximumBodyByteCount)
        }
        return try readBytes(count)
    }

    private mutating func readToEnd() throws(HTTPError) -> [UInt8] {
        var body = Array(buffer[position...])
        (buffer, position) = ([], 0)
        while true {
            guard body.count <= maximumBodyByteCount else {
                throw .tooLarge(server: connection.server, limit: maximumBodyByteCount)
            }
            let more = try connection.receive()
            if more.isEmpty { return body }
            body += more
        }
    }

    private mutating func readChunks() throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        // Also the lines between chunks count, so that an endless stream of empty ones ends.
        var budget = Self.maximumHeadByteCount + maximumBodyByteCount / 8
        while true {
            let line = try readLine(&budget)
            let digits = line.prefix { $0 != ";" }.trimmingSpaces
            guard !digits.isEmpty, digits.utf8.count <= 8, digits.allSatisfy(\.isHexDigit),
                let count = Int(digits, radix: 16)
            else { throw malformed("the length of a chunk is not a number") }
            if count == 0 {
                while try !readLine(&budget).isEmpty {}
                return body
            }
            guard count <= maximumBodyByteCount - body.count else {
                throw .tooLarge(server: connection.server, limit: maximumBodyByteCount)
            }
            body += try readBytes(count)
            guard try readBytes(2) == [13, 10] else { throw malformed("a chunk is longer than it says") }
        }
    }

    // MARK: - Bytes

    private mutating func readBytes(_ count: Int) throws(HTTPError) -> [UInt8] {
        while buffer.count - position < count {
            guard try fill() else {
                throw malformed("it ends after \(buffer.count - position) of \(count) bytes")
            }
        }
        defer {
            position += count
            compact()
        }
        return Array(buffer[position..<position + count])
    }

    /// A line without its end, of printable ASCII; other bytes become question marks.
    private mutating func readLine(_ budget: inout Int) throws(HTTPError) -> String {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 10) {
                guard end > position, buffer[end - 1] == 13 else {
                    throw malformed("a line of its head does not end with CR LF")
                }
                let line = buffer[position..<end - 1]
                budget -= end + 1 - position
                guard budget >= 0 else { throw malformed("its head is too long") }
                let text = String(
                    decoding: line.map { (0x20..<0x7F).contains($0) || $0 == 9 ? $0 : UInt8(ascii: "?") },
                    as: UTF8.self)
                position = end + 1
                compact()
                return text
            }
            searched = buffer.count
            guard buffer.count - position <= budget else { throw malformed("its head is too long") }
            guard try fill() else {
                throw malformed(hasBegun ? "it ends too early" : "it is empty")
            }
        }
    }

    /// Adds what arrives next; `false` at the end.
    private mutating func fill() throws(HTTPError) -> Bool {
        let more = try connection.receive()
        buffer += more
        if !more.isEmpty { hasBegun = true }
        return !more.isEmpty
    }

    private mutating func compact() {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            position = 0
        } else if position > 1 << 20 {
            buffer.removeFirst(position)
            position = 0
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var part = drop { $0 == " " || $0 == "\t" }
        while let last = part.last, last == " " || last == "\t" { part.removeLast() }
        return part
    }
}
