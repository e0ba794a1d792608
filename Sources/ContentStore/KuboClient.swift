import Foundation
import HTTPTransport

/// The block commands of kubo's RPC API (`/api/v0/…`), and of whatever else speaks it.
///
/// The server is not trusted: a block that it hands out is hashed again, and the name that it gives to a block is
/// compared with the block's own.
///
/// - SeeAlso: the kubo RPC API v0 reference, `block/put`, `block/get`, `pin/add`.
public struct KuboClient: Sendable {
    /// Above this a block is not exchanged between nodes by default, and kubo wants to be told that it is meant.
    static let largestExchangedBlock = 1 << 20

    public let endpoint: HTTPEndpoint
    public let maximumBlockByteCount: Int
    private let timeout: Duration

    /// - Parameter url: where the API is, `http://127.0.0.1:5001` for a kubo of one's own.
    /// - Throws: `HTTPError.invalidURL`.
    public init(
        url: String, timeout: Duration = .seconds(60),
        maximumBlockByteCount: Int = LocalStore.defaultMaximumBlockByteCount
    ) throws(HTTPError) {
        endpoint = try HTTPEndpoint(url)
        self.timeout = timeout
        self.maximumBlockByteCount = maximumBlockByteCount
    }

    /// Stores a block on the server.
    ///
    /// - Parameter pin: keep it when the server cleans up.
    /// - Throws: `ContentError`.
    @discardableResult
    public func put(_ content: [UInt8], pin: Bool = true) throws(ContentError) -> ContentIdentifier {
        guard content.count <= maximumBlockByteCount else {
            throw .tooLarge(byteCount: content.count, limit: maximumBlockByteCount)
        }
        let identifier = ContentIdentifier(of: content)
        let form = MultipartForm(file: content)
        var query = "cid-codec=raw&mhtype=sha2-256&mhlen=32&pin=\(pin)"
        if content.count > Self.largestExchangedBlock { query += "&allow-big-block=true" }
        let answer = try call("block/put", query, form.body, form.contentType, limit: 64 << 10)
        let block = try decode(Block.self, answer)
        guard (try? ContentIdentifier(block.Key)) == identifier else {
            throw refusal("it stored the block as something else than \(identifier)")
        }
        return identifier
    }

    /// The block of this name.
    ///
    /// - Throws: `ContentError.damaged` if the server hands out anything else, or another `ContentError`.
    public func get(_ identifier: ContentIdentifier) throws(ContentError) -> [UInt8] {
        let content = try call(
            "block/get", "arg=\(identifier)", [], Self.noForm, limit: maximumBlockByteCount)
        guard identifier.names(content) else { throw .damaged(identifier, place: endpoint.description) }
        return content
    }

    /// Asks the server to keep the block when it cleans up, and to fetch it if it does not have it.
    ///
    /// - Throws: `ContentError`.
    public func pin(_ identifier: ContentIdentifier) throws(ContentError) {
        let answer = try call("pin/add", "arg=\(identifier)", [], Self.noForm, limit: 64 << 10)
        let pins = try decode(Pins.self, answer)
        guard pins.Pins.contains(where: { (try? ContentIdentifier($0)) == identifier }) else {
            throw refusal("it did not pin \(identifier)")
        }
    }

    // MARK: - The wire

    private static let noForm = "application/x-www-form-urlencoded"

    private struct Block: Decodable { var Key: String }
    private struct Pins: Decodable { var Pins: [String] }
    private struct Failure: Decodable { var Message: String }

    private func call(
        _ command: String, _ query: String, _ body: [UInt8], _ contentType: String, limit: Int
    ) throws(ContentError) -> [UInt8] {
        let client = HTTPClient(timeout: timeout, maximumBodyByteCount: limit)
        let answer: HTTPResponse
        do throws(HTTPError) {
            answer = try client.post(
                body, contentType: contentType, to: endpoint.appending(path: "/api/v0/\(command)?\(query)"))
        } catch {
            throw .server(name: endpoint.description, reason: reason(of: error))
        }
        guard answer.status == 200 else {
            let message = try? JSONDecoder().decode(Failure.self, from: Data(answer.body)).Message
            let words = message.map { ": " + Self.excerpt($0) } ?? ""
            throw refusal("\(command) gives status \(answer.status)\(words)")
        }
        return answer.body
    }

    private func decode<Value: Decodable>(_: Value.Type, _ json: [UInt8]) throws(ContentError) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(json))
        } catch {
            throw refusal("its answer is not the JSON of kubo")
        }
    }

    private func refusal(_ reason: String) -> ContentError {
        .server(name: endpoint.description, reason: reason)
    }

    /// The error without the server's name, which stands before it.
    private func reason(of error: HTTPError) -> String {
        let text = error.description
        let name = endpoint.description + ": "
        return text.hasPrefix(name) ? String(text.dropFirst(name.count)) : text
    }

    /// Words of a server, shortened and without control characters.
    private static func excerpt(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
