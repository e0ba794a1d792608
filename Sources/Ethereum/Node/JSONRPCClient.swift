import Foundation
import HTTPTransport
import Synchronization

/// JSON-RPC 2.0 over HTTP: one request, one answer, which must be to that request.
///
/// - SeeAlso: the JSON-RPC 2.0 specification.
public final class JSONRPCClient: Sendable {
    public let endpoint: HTTPEndpoint
    private let client: HTTPClient
    private let lastIdentifier = Mutex(0)

    public init(endpoint: HTTPEndpoint, client: HTTPClient) {
        self.endpoint = endpoint
        self.client = client
    }

    private struct Request: Encodable {
        var jsonrpc = "2.0"
        var id: Int
        var method: String
        var params: [JSONValue]
    }

    /// Decoded apart from the result, so that a wrong result is told from a wrong envelope.
    private struct Envelope: Decodable {
        var jsonrpc: String?
        var id: JSONValue?
        var error: Failure?
        var hasResult: Bool

        enum CodingKeys: String, CodingKey { case jsonrpc, id, error, result }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            jsonrpc = try container.decodeIfPresent(String.self, forKey: .jsonrpc)
            id = try container.decodeIfPresent(JSONValue.self, forKey: .id)
            error = try container.decodeIfPresent(Failure.self, forKey: .error)
            hasResult = container.contains(.result)
        }
    }

    private struct Failure: Decodable {
        var code: Int
        var message: String?
        var data: JSONValue?
    }

    private struct Answer<Value: Decodable>: Decodable { var result: Value }

    /// Calls a method.
    ///
    /// - Returns: the result; `Optional` types take `null`.
    /// - Throws: `NodeError`.
    public func call<Value: Decodable>(
        _ method: String, _ parameters: [JSONValue] = [], as type: Value.Type = Value.self
    ) throws(NodeError) -> Value {
        let identifier = lastIdentifier.withLock { value in
            value += 1
            return value
        }
        let body = try encode(Request(id: identifier, method: method, params: parameters))
        let answer: HTTPResponse
        do throws(HTTPError) {
            answer = try client.post(body, contentType: "application/json", to: endpoint)
        } catch {
            throw .transport(error)
        }
        func malformed(_ reason: String) -> NodeError {
            .malformed(server: endpoint.description, method: method, reason: reason)
        }
        let json = Data(answer.body)
        let envelope: Envelope
        do {
            envelope = try JSONDecoder().decode(Envelope.self, from: json)
        } catch {
            if answer.status != 200 { throw .status(server: endpoint.description, code: answer.status) }
            throw malformed(Self.reason(error, whole: "JSON-RPC"))
        }
        if answer.status != 200, envelope.error == nil {
            throw .status(server: endpoint.description, code: answer.status)
        }
        guard envelope.jsonrpc == "2.0" else { throw malformed("it is not of JSON-RPC 2.0") }
        if let failure = envelope.error {
            guard !envelope.hasResult || envelope.id == .number(identifier) else {
                throw malformed("it answers another request")
            }
            // A node that could not read the request does not know its number.
            guard envelope.id == .number(identifier) || envelope.id == nil || envelope.id == .null else {
                throw malformed("it answers another request")
            }
            throw .refused(
                method: method, code: failure.code, message: failure.message ?? "",
                data: failure.data?.firstBytes)
        }
        guard envelope.id == .number(identifier) else { throw malformed("it answers another request") }
        guard envelope.hasResult else { throw malformed("it has neither a result nor an error") }
        do {
            return try JSONDecoder().decode(Answer<Value>.self, from: json).result
        } catch {
            throw malformed(Self.reason(error, whole: "what \(method) gives"))
        }
    }

    private func encode(_ request: Request) throws(NodeError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return [UInt8](try encoder.encode(request))
        } catch {
            throw .malformed(
                server: endpoint.description, method: request.method, reason: "the request is not JSON")
        }
    }

    private static func reason(_ error: any Error, whole: String) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
            return path.isEmpty ? "the whole" : foreignText(path.joined(separator: "."))
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context)) has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context): return "\(place(context)) is of another type"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(place(context)): \(foreignText(context.debugDescription))"
        default: return "it is not \(whole)"
        }
    }
}
