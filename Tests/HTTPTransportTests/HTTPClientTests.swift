import Foundation
import NetworkTestSupport
import Testing

import HTTPTransport

/// Answers of every kind over real connections: what fits is understood, everything else is an error, soon.
@Suite struct HTTPClientTests {
    /// What came of posting "question" to a server that answers with exactly these bytes and closes.
    private func answer(
        to text: String, limit: Int = 1000, timeout: Duration = .seconds(10)
    ) throws -> Result<HTTPResponse, HTTPError> {
        let server = try LoopbackServer { connection in
            if connection.readRequest() != nil { connection.send(text) }
        }
        return try post(to: server, limit: limit, timeout: timeout)
    }

    private func post(to server: LoopbackServer, limit: Int = 1000, timeout: Duration = .seconds(10)) throws
        -> Result<HTTPResponse, HTTPError>
    {
        let client = HTTPClient(timeout: timeout, maximumBodyByteCount: limit)
        let endpoint = try HTTPEndpoint(server.url + "/path?query")
        return Result { () throws(HTTPError) in
            try client.post(Array("question".utf8), contentType: "text/plain", to: endpoint)
        }
    }

    @Test func aRequestArrivesAsItWasMeant() throws {
        let server = try LoopbackServer { request in
            (200, Array((request.head + "|").utf8) + request.body)
        }
        let response = try post(to: server).get()
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 200)
        #expect(text.hasPrefix("POST /path?query HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(text.contains("\r\nContent-Length: 8|") && text.contains("\r\nContent-Type: text/plain"))
        #expect(text.hasSuffix("|question"))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", 200, "body"),
        ("HTTP/1.1 404 Not Found\r\ncontent-length:4 \r\n\r\nbody+more", 404, "body"),
        ("HTTP/1.0 200 OK\r\n\r\nall up to the end", 200, "all up to the end"),
        ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""), ("HTTP/1.1 204 None\r\n\r\n", 204, ""),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\nA;x=y\r\n0123456789\r\n0\r\nT: t\r\n\r\n",
            200, "body0123456789"
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, "ok"),
    ])
    func answersAreUnderstood(_ text: String, status: Int, body: String) throws {
        let response = try answer(to: text).get()
        #expect(response.status == status && String(decoding: response.body, as: UTF8.self) == body)
    }

    @Test(arguments: [
        ("", "it is empty"), ("\r\n\r\n", "no status line"), ("hello\r\n\r\n", "no status line"),
        ("HTTP/2 200 OK\r\n\r\n", "no status line"), ("HTTP/1.1 20 OK\r\n\r\n", "no status line"),
        ("HTTP/1.1 2OO OK\r\n\r\n", "no status line"), ("HTTP/1.1 -10 OK\r\n\r\n", "no status line"),
        ("HTTP/1.1 200 OK\r\nContent-Le", "it ends too early"),
        ("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "CR LF"),
        ("HTTP/1.1 200 OK\r\n: 4\r\n\r\n", "no name"), ("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "no name"),
        ("HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nbody", "has a space"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nbody", "it ends after 4 of 8 bytes"),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nbody", "its length is not a number"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0x4\r\n\r\nbody", "its length is not a number"),
        ("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nbody", "its length is not a number"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody!", "two lengths"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nbody", "both a length"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nbody", "transfer encoding is unknown"),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbody", "compressed"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "length of a chunk"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-4\r\nbody\r\n", "length of a chunk"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody!\r\n0\r\n\r\n",
            "longer than it says"
        ),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n", "it ends too early"),
    ])
    func whatIsNoHTTPIsRefused(_ text: String, reason: String) throws {
        guard case .failure(.malformed(_, let actual)) = try answer(to: text) else {
            Issue.record("\(text) gives \(try answer(to: text))")
            return
        }
        #expect(actual.contains(reason), "\(text) gives \(actual)")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n",
    ])
    func largeAnswersAreRefusedBeforeTheyArrive(_ text: String) throws {
        guard case .failure(.tooLarge(_, let limit)) = try answer(to: text, limit: 100) else {
            Issue.record("\(text) is not refused")
            return
        }
        #expect(limit == 100)
    }

    @Test func endlessAnswersEnd() throws {
        let pieces = [
            "x", "4\r\nbody\r\n", "Field: value\r\n", "1;" + String(repeating: "x", count: 500) + "\r\ny\r\n",
        ]
        let heads = ["\r\n", "Transfer-Encoding: chunked\r\n\r\n", "", "Transfer-Encoding: chunked\r\n\r\n"]
        for (head, piece) in zip(heads, pieces) {
            let server = try LoopbackServer { connection in
                _ = connection.readRequest()
                connection.send("HTTP/1.1 200 OK\r\n" + head)
                while connection.send(piece) {}
            }
            switch try post(to: server) {
            case .failure(.tooLarge), .failure(.malformed): continue
            case let other: Issue.record("\(piece): \(other)")
            }
        }
        let interim = try LoopbackServer { connection in
            _ = connection.readRequest()
            while connection.send("HTTP/1.1 100 Continue\r\n\r\n") {}
        }
        #expect(throws: HTTPError.self) { try post(to: interim).get() }
    }

    @Test func timeIsLimited() throws {
        let silent = try LoopbackServer { $0.staySilent() }
        let dripping = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while connection.send("x") { usleep(20_000) }
        }
        for server in [silent, dripping] {
            guard case .failure(.timeout(let name, 0.2)) = try post(to: server, timeout: .milliseconds(200))
            else {
                Issue.record("no time-out")
                continue
            }
            #expect(name == server.url)
        }
    }

    @Test func missingServersAreNamed() throws {
        let client = HTTPClient(timeout: .seconds(5), maximumBodyByteCount: 10)
        let url = "http://127.0.0.1:\(try LoopbackServer.closedPort())"
        do {
            _ = try client.post([], contentType: "text/plain", to: HTTPEndpoint(url))
            Issue.record("there is an answer")
        } catch HTTPError.connection(let server, let reason) {
            #expect(server == url && reason.contains("refused"))
        }
    }

    /// A server may refuse without reading the request.
    @Test func earlyAnswersAreHeard() throws {
        let server = try LoopbackServer { connection in
            connection.answer(status: 413, Array("no".utf8))
            connection.staySilent()
        }
        let client = HTTPClient(timeout: .seconds(5), maximumBodyByteCount: 10)
        let response = try client.post(
            [UInt8](repeating: 0, count: 100_000), contentType: "x/y", to: HTTPEndpoint(server.url))
        #expect(response.status == 413)
    }

    @Test func urls() throws {
        let good: [(String, Bool, String, UInt16, String)] = [
            ("http://127.0.0.1:8545", false, "127.0.0.1", 8545, "/"),
            ("https://node.example/v1/x?key=y#z", true, "node.example", 443, "/v1/x?key=y"),
            ("HTTP://localhost", false, "localhost", 80, "/"), ("http://[::1]:99/p", false, "::1", 99, "/p"),
            ("http://a_b-c:1?q", false, "a_b-c", 1, "/?q"),
        ]
        for (text, isSecure, host, port, path) in good {
            let endpoint = try HTTPEndpoint(text)
            #expect(endpoint.isSecure == isSecure && endpoint.host == host, "\(text)")
            #expect(endpoint.port == port && endpoint.path == path, "\(text)")
        }
        for text in [
            "", "ftp://x", "127.0.0.1:8545", "http://", "http://:80", "http://x:0", "http://x:65536",
            "http://x:8o",
            "http://x:", "http://a b", "http://a\r\nHost: b", "http://user:secret@x", "http://[::1",
            "http://[::1]x",
            "http://a:1:2", "http://é", "http://x/" + String(repeating: "y", count: 2100), "http://a:b@c:1",
        ] {
            #expect(throws: HTTPError.self, "\(text)") { try HTTPEndpoint(text) }
        }
        // A token in the path is never shown.
        #expect("\(try HTTPEndpoint("https://node.example/v3/token?t=secret"))" == "https://node.example:443")
    }
}
