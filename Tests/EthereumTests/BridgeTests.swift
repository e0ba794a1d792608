import Foundation
import NetworkTestSupport
import Testing

/// The parts of the test's own chain that are not eth-tester's.
@Suite struct BridgeTests {
    /// The bridge's pairing against py_ecc and the vectors of EIP-197.
    @Test func thePairingIsThePrecompiles() throws {
        let output = try PythonScript.run(script: "Tests/EthereumBridge/test_pairing.py", ["7"])
        #expect(String(decoding: output, as: UTF8.self).hasPrefix("14 vectors of EIP-197"))
    }
}
