import Glibc

/// A TCP connection, with TLS if the endpoint wants it, that is given up at a fixed time.
final class Connection {
    let server: String
    private let deadline: ContinuousClock.Instant
    private let timeout: Duration
    private let socket: Int32
    private var session: TLSSession?

    /// Connects to the first address of the host that answers.
    init(to endpoint: HTTPEndpoint, timeout: Duration) throws(HTTPError) {
        server = endpoint.description
        self.timeout = timeout
        deadline = .now + timeout
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG
        if endpoint.isLoopback || endpoint.host.contains(":") { hints.ai_flags = AI_NUMERICSERV }
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
        guard status == 0, let list else {
            throw .connection(
                server: endpoint.description,
                reason: "no address for this server: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(list) }
        let addresses = Array(sequence(first: list) { $0.pointee.ai_next }.prefix(8))
        var failure: HTTPError?
        var connected: Int32?
        for (index, address) in addresses.enumerated() where connected == nil {
            let share = max(.zero, deadline - .now) / (addresses.count - index)
            do throws(HTTPError) {
                connected = try Self.connect(address.pointee, until: .now + share, server, timeout)
            } catch {
                failure = failure ?? error
            }
        }
        guard let connected else {
            throw failure ?? .connection(server: endpoint.description, reason: "has no address")
        }
        socket = connected
        if endpoint.isSecure {
            let session = try TLSSession(host: endpoint.host, server: server)
            try session.handshake(
                send: { bytes throws(HTTPError) in try self.sendRaw(bytes) },
                receive: { () throws(HTTPError) in try self.receiveRaw() })
            self.session = session
        }
    }

    deinit { close(socket) }

    /// - Throws: `HTTPError`.
    func send(_ bytes: [UInt8]) throws(HTTPError) {
        guard let session else { return try sendRaw(bytes) }
        try session.send(bytes) { part throws(HTTPError) in try self.sendRaw(part) }
    }

    /// What has arrived, at least one byte; empty at the end of the stream.
    func receive() throws(HTTPError) -> [UInt8] {
        guard let session else { return try receiveRaw() }
        return try session.receive { () throws(HTTPError) in try self.receiveRaw() }
    }

    // MARK: - The socket

    private static func connect(
        _ address: addrinfo, until end: ContinuousClock.Instant, _ server: String, _ timeout: Duration
    ) throws(HTTPError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(address.ai_family, kind, 0)
        guard socket >= 0 else { throw .connection(server: server, reason: words(errno)) }
        do throws(HTTPError) {
            if Glibc.connect(socket, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS || errno == EINTR else {
                    throw .connection(server: server, reason: words(errno))
                }
                try wait(socket, Int16(POLLOUT), until: end, server, timeout)
                var status: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                guard getsockopt(socket, SOL_SOCKET, SO_ERROR, &status, &size) == 0, status == 0 else {
                    throw .connection(server: server, reason: words(status == 0 ? errno : status))
                }
            }
            return socket
        } catch {
            close(socket)
            throw error
        }
    }

    private static func wait(
        _ socket: Int32, _ events: Int16, until end: ContinuousClock.Instant, _ server: String,
        _ timeout: Duration
    ) throws(HTTPError) {
        while true {
            let left = (end - .now) / .milliseconds(1)
            guard left > 0 else { throw .timeout(server: server, seconds: timeout / .seconds(1)) }
            var descriptor = pollfd(fd: socket, events: events, revents: 0)
            let count = poll(&descriptor, 1, Int32(min(left.rounded(.up), 60_000)))
            if count > 0 { return }
            if count < 0 && errno != EINTR { throw .connection(server: server, reason: words(errno)) }
        }
    }

    private func sendRaw(_ bytes: [UInt8]) throws(HTTPError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                try Self.wait(socket, Int16(POLLOUT), until: deadline, server, timeout)
            } else if errno != EINTR {
                throw .connection(server: server, reason: words(errno))
            }
        }
    }

    private func receiveRaw() throws(HTTPError) -> [UInt8] {
        while true {
            // Also while bytes keep coming: a server that drips must not hold a caller for ever.
            guard ContinuousClock.now < deadline else {
                throw .timeout(server: server, seconds: timeout / .seconds(1))
            }
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let received = recv(socket, buffer.baseAddress!, buffer.count, 0)
                if received < 0 { failure = errno }
                count = max(0, received)
            }
            switch failure {
            case 0: return bytes
            case EAGAIN: try Self.wait(socket, Int16(POLLIN), until: deadline, server, timeout)
            case EINTR: continue
            default: throw .connection(server: server, reason: words(failure))
            }
        }
    }
}

/// The system's words for an error number.
private func words(_ number: Int32) -> String { String(cString: strerror(number)) }
