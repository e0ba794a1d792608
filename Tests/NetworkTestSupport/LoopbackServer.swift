import Foundation
import Synchronization

/// A TCP server on the loopback that says to each connection whatever a test wants, decent or not.
public final class LoopbackServer: Sendable {
    public let port: UInt16
    private let socket: Int32
    /// Servers stay until the process ends, whatever becomes of the test's own references.
    private static let all = Mutex<[LoopbackServer]>([])

    public var url: String { "http://127.0.0.1:\(port)" }

    /// - Parameter handler: runs on a thread of its own for each connection, which is closed behind it.
    public init(_ handler: @escaping @Sendable (ServedConnection) -> Void) throws {
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw ServerError(description: "no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else {
            close(listener)
            throw ServerError(description: "the loopback cannot be listened on")
        }
        socket = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                if connection < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                Thread.detachNewThread { handler(ServedConnection(connection)) }
            }
        }
        Self.all.withLock { $0.append(self) }
    }

    /// A server that answers every request with what the handler makes of it.
    public convenience init(
        answering handler: @escaping @Sendable (ServedRequest) -> (status: Int, body: [UInt8])
    ) throws {
        try self.init { connection in
            guard let request = connection.readRequest() else { return }
            let (status, body) = handler(request)
            connection.answer(status: status, body)
        }
    }

    /// A port on which nobody listens.
    public static func closedPort() throws -> UInt16 {
        let server = try LoopbackServer { _ in }
        shutdown(server.socket, Int32(SHUT_RDWR))
        return server.port
    }
}

/// A request as a server sees it.
public struct ServedRequest: Sendable {
    /// `POST /path?query HTTP/1.1` and the header fields.
    public var head: String
    public var body: [UInt8]

    /// Path and query.
    public var path: String {
        let words = head.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? String(words[1]) : ""
    }
}

/// The server's end of a connection.
public final class ServedConnection: @unchecked Sendable {
    // Unchecked: used by one thread.
    private let socket: Int32

    init(_ socket: Int32) { self.socket = socket }

    deinit { close(socket) }

    /// A whole request, `nil` if the client goes away before.
    public func readRequest() -> ServedRequest? {
        var bytes: [UInt8] = []
        var expected: Int?
        while true {
            if expected == nil, let end = bytes.firstRange(of: [13, 10, 13, 10]) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                let length = head.split(separator: "\r\n").first {
                    $0.lowercased().hasPrefix("content-length:")
                }
                let count = length.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
                expected = end.upperBound + count
            }
            if let expected, bytes.count >= expected, let end = bytes.firstRange(of: [13, 10, 13, 10]) {
                return ServedRequest(
                    head: String(decoding: bytes[..<end.lowerBound], as: UTF8.self),
                    body: Array(bytes[end.upperBound..<expected]))
            }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// Sends bytes; `false` if the client is gone.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends a whole answer.
    public func answer(status: Int, _ body: [UInt8]) {
        send(
            Array(
                "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8
            )
                + body)
    }

    /// Says nothing until the client goes away.
    public func staySilent() {
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) > 0 {}
    }
}

struct ServerError: Error, CustomStringConvertible {
    let description: String
}
