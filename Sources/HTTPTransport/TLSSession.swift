import COpenSSLTLS

/// TLS 1.2 or newer over bytes that somebody else moves. The server must have a certificate for its name that leads to
/// one of the system's authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others).
final class TLSSession {
    private let server: String
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// - Parameter host: a name, or an IP address.
    init(host: String, server: String) throws(HTTPError) {
        self.server = server
        func failure(_ reason: String) -> HTTPError { .connection(server: server, reason: "TLS: \(reason)") }
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw failure("no memory") }
        guard let session = SSL_new(context) else {
            SSL_CTX_free(context)
            throw failure("no memory")
        }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            SSL_CTX_free(context)
            throw failure("no memory")
        }
        SSL_set_bio(session, incoming, outgoing)
        (self.context, self.session) = (context, session)
        (self.incoming, self.outgoing) = (incoming, outgoing)

        guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw failure("no certificates") }
        // A session takes over its context's authorities when it looks for them, but its own mode and parameters now.
        SSL_set_verify(session, SSL_VERIFY_PEER, nil)
        let isOldEnough = SSL_ctrl(session, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1
        let parameters = SSL_get0_param(session)
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1
        var isNamed = isAddress
        if !isAddress {
            var name = Array(host.utf8CString)
            isNamed =
                SSL_set1_host(session, host) == 1
                && SSL_ctrl(
                    session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &name) == 1
        }
        guard isOldEnough, isNamed else { throw failure("OpenSSL does not take the server's name") }
        SSL_set_connect_state(session)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    func handshake(
        send: ([UInt8]) throws(HTTPError) -> Void, receive: () throws(HTTPError) -> [UInt8]
    ) throws(HTTPError) {
        while true {
            let status = SSL_do_handshake(session)
            try flush(send)
            if status == 1 { return }
            try proceed(after: status, "during the handshake", receive)
        }
    }

    func send(_ bytes: [UInt8], _ send: ([UInt8]) throws(HTTPError) -> Void) throws(HTTPError) {
        // The outgoing side is memory, so that a write never has to wait.
        for start in stride(from: 0, to: bytes.count, by: 16 << 10) {
            let part = Array(bytes[start..<min(bytes.count, start + 16 << 10)])
            guard SSL_write(session, part, Int32(part.count)) == Int32(part.count) else {
                throw failure("the connection broke while sending")
            }
            try flush(send)
        }
    }

    /// Decrypted bytes; empty at the end, which the server must have announced.
    func receive(_ receive: () throws(HTTPError) -> [UInt8]) throws(HTTPError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = SSL_read(session, &buffer, Int32(buffer.count))
            if count > 0 { return Array(buffer[..<Int(count)]) }
            if SSL_get_error(session, count) == SSL_ERROR_ZERO_RETURN { return [] }
            try proceed(after: count, "before its end was announced", receive)
        }
    }

    /// Feeds what arrives, if that is what the session waits for.
    private func proceed(
        after status: Int32, _ moment: String, _ receive: () throws(HTTPError) -> [UInt8]
    ) throws(HTTPError) {
        guard SSL_get_error(session, status) == SSL_ERROR_WANT_READ else { throw failure(explanation) }
        let bytes = try receive()
        guard !bytes.isEmpty else { throw failure("the connection was closed \(moment)") }
        guard BIO_write(incoming, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw failure("no memory")
        }
    }

    private func flush(_ send: ([UInt8]) throws(HTTPError) -> Void) throws(HTTPError) {
        var buffer = [UInt8](repeating: 0, count: 32 << 10)
        while BIO_ctrl_pending(outgoing) > 0 {
            let count = BIO_read(outgoing, &buffer, Int32(buffer.count))
            guard count > 0 else { return }
            try send(Array(buffer[..<Int(count)]))
        }
    }

    /// What is wrong with the certificate, or else OpenSSL's own words.
    private var explanation: String {
        let result = SSL_get_verify_result(session)
        if result != Int(X509_V_OK), let text = X509_verify_cert_error_string(result) {
            return "the server's certificate is refused: \(String(cString: text))"
        }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(ERR_get_error(), &text, text.count)
        return text.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    private func failure(_ reason: String) -> HTTPError {
        .connection(server: server, reason: "TLS: \(reason)")
    }
}
