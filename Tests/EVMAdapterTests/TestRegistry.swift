import EVMAdapter
import EllipticCurves
import Ethereum
import Foundation
import Groth16
import NetworkTestSupport

/// A chain of the bridge, with senders that wait for one block only.
struct TestChain {
    let url: String
    let node: EthereumNode

    /// Enough for every call of the contracts.
    static let gas: UInt64 = 20_000_000

    init() throws {
        url = try EthereumBridge.shared().newChain()
        node = try EthereumNode(url: url, timeout: .seconds(120))
    }

    static func key(_ number: UInt8) throws -> EthereumKey {
        try EthereumKey(secret: [UInt8](repeating: 0, count: 31) + [number])
    }

    func sender(_ number: UInt8) throws -> TransactionSender {
        var policy = SendingPolicy()
        policy.pollInterval = .milliseconds(5)
        policy.giveUpAfter = .seconds(120)
        return try TransactionSender(node: node, key: Self.key(number), policy: policy)
    }

    func setNextTime(_ seconds: UInt64) throws {
        _ = try node.rpc.call(
            "evm_setNextBlockTimestamp", [.string(UInt256(seconds).quantity)], as: String.self)
    }

    /// The verifier contract of a key.
    func deployVerifier(_ key: VerifyingKey<BN254>, by sender: TransactionSender) throws -> (
        contract: ContractClient, receipt: TransactionReceipt
    ) {
        let compiled = try VerifierContract.compiled(VerifierShape(key))
        return try ContractClient.deploy(
            compiled.interface, code: compiled.code,
            arguments: [.bytes(VerifierContract.constructorArgument(key))],
            gasLimit: Self.gas, by: sender)
    }
}
