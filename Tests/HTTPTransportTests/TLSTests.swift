import Foundation
import HTTPTransport
import NetworkTestSupport
import TestSupport
import Testing

/// Over TLS: an answer from who has the right certificate, and from nobody else.
@Suite(.serialized) struct TLSTests {
    private func post(_ host: String, _ port: UInt16) throws -> String {
        let client = HTTPClient(timeout: .seconds(10), maximumBodyByteCount: 100_000)
        let endpoint = try HTTPEndpoint("https://\(host):\(port)/")
        let answer = try client.post(Array("question".utf8), contentType: "text/plain", to: endpoint)
        return String(decoding: answer.body, as: UTF8.self)
    }

    private func refusal(_ host: String, _ port: UInt16) -> String {
        do {
            return "not refused: \(try post(host, port))"
        } catch {
            return "\(error)"
        }
    }

    @Test func certificatesAreChecked() throws {
        let server = try PythonServer(script: "Tests/Vectors/tls/server.py")
        let certificate = TestFiles.vectors.appending(path: "tls/certificate.pem").path
        // Nobody has said that this certificate counts.
        #expect(refusal("127.0.0.1", server.port).contains("TLS: the server's certificate is refused"))
        setenv("SSL_CERT_FILE", certificate, 1)
        defer { unsetenv("SSL_CERT_FILE") }
        #expect(try post("127.0.0.1", server.port) == "secret answer to question")
        // It is for another name.
        #expect(refusal("localhost", server.port).contains("certificate is refused"))
        #expect(refusal("localhost", server.port).contains("mismatch"))
    }

    @Test func whatIsNoTLSIsRefused() throws {
        let plain = try LoopbackServer { $0.answer(status: 200, Array("in the clear".utf8)) }
        #expect(refusal("127.0.0.1", plain.port).contains("TLS: "))
        let closing = try LoopbackServer { _ in }
        #expect(refusal("127.0.0.1", closing.port).contains("https://127.0.0.1:\(closing.port): "))
        let noise = try LoopbackServer { connection in
            connection.send([UInt8](repeating: 0x16, count: 100_000))
            connection.staySilent()
        }
        #expect(refusal("127.0.0.1", noise.port).contains("TLS: "))
    }
}
