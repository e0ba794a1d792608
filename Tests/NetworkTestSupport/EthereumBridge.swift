import Foundation

/// The EVM that tests run on: `Tests/EthereumBridge/bridge.py` in the project's own Python environment, started once.
public final class EthereumBridge: Sendable {
    private let server: PythonServer

    /// The one of this process.
    ///
    /// - Throws: what is missing and how to get it. Tests that need it fail then, rather than being left out.
    public static func shared() throws -> EthereumBridge { try running.get() }

    private static let running = Result { try EthereumBridge() }

    private init() throws { server = try PythonServer(script: "Tests/EthereumBridge/bridge.py") }

    /// The URL of a chain of its own.
    public func newChain() -> String { "http://127.0.0.1:\(server.port)/\(UUID().uuidString)" }
}
