import Foundation
import NetworkTestSupport
import Synchronization

/// A node that answers what a test tells it to.
final class FakeNode: Sendable {
    /// The JSON of a method's result.
    private let results: Mutex<[String: String]>
    /// Parameters of all calls, by method.
    let calls = Mutex<[(method: String, body: String)]>([])

    init(_ results: [String: String]) { self.results = Mutex(results) }

    subscript(method: String) -> String? {
        get { results.withLock { $0[method] } }
        set { results.withLock { $0[method] = newValue } }
    }

    func answer(_ request: ServedRequest) -> (Int, [UInt8]) {
        let object = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        let method = object?["method"] as? String ?? ""
        let identifier = object?["id"] as? Int ?? 0
        calls.withLock { $0.append((method, String(decoding: request.body, as: UTF8.self))) }
        guard let result = self[method] else {
            let error =
                #"{"jsonrpc":"2.0","id":\#(identifier),"error":{"code":-32601,"message":"no \#(method)"}}"#
            return (200, Array(error.utf8))
        }
        return (200, Array(#"{"jsonrpc":"2.0","id":\#(identifier),"result":\#(result)}"#.utf8))
    }
}
