import Foundation
import NetworkTestSupport
import TestSupport

import Ethereum

/// A chain of the bridge with the accounts that have money on it.
struct TestChain {
    let url: String
    let node: EthereumNode

    init() throws {
        url = try EthereumBridge.shared().newChain()
        node = try EthereumNode(url: url, timeout: .seconds(60))
    }

    /// The account of a small secret key; those of 1 to 10 have a million Ether.
    static func key(_ number: UInt8) throws -> EthereumKey {
        try EthereumKey(secret: [UInt8](repeating: 0, count: 31) + [number])
    }

    /// A sender that asks often.
    func sender(_ number: UInt8 = 1, _ change: (inout SendingPolicy) -> Void = { _ in }) throws
        -> TransactionSender
    {
        var policy = SendingPolicy()
        policy.pollInterval = .milliseconds(5)
        policy.giveUpAfter = .seconds(30)
        change(&policy)
        return try TransactionSender(node: node, key: Self.key(number), policy: policy)
    }

    func mine(_ count: Int = 1) throws {
        for _ in 0..<count { _ = try node.rpc.call("evm_mine", as: String.self) }
    }

    func setAutomine(_ flag: Bool) throws {
        _ = try node.rpc.call("evm_setAutomine", [.bool(flag)], as: Bool.self)
    }

    func snapshot() throws -> String { try node.rpc.call("evm_snapshot") }

    /// Takes back all blocks after the snapshot.
    func revert(to snapshot: String) throws {
        _ = try node.rpc.call("evm_revert", [.string(snapshot)], as: Bool.self)
    }

    func setNextTime(_ seconds: UInt64) throws {
        _ = try node.rpc.call(
            "evm_setNextBlockTimestamp", [.string(UInt256(seconds).quantity)], as: String.self)
    }
}

/// `Tests/EthereumBridge/Till.vy`, compiled.
enum Till {
    private struct File: Decodable { var bytecode: String }

    private static let data = Result {
        try Data(
            contentsOf: TestFiles.vectors.deletingLastPathComponent().appending(
                path: "EthereumBridge/Till.json"))
    }

    static func code() throws -> [UInt8] {
        Hex.decode(try JSONDecoder().decode(File.self, from: data.get()).bytecode) ?? []
    }

    static func interface() throws -> ContractInterface {
        let object = try JSONSerialization.jsonObject(with: data.get()) as? [String: Any]
        return try ContractInterface(json: JSONSerialization.data(withJSONObject: object?["abi"] ?? []))
    }

    static func deploy(by sender: TransactionSender) throws -> ContractClient {
        try ContractClient.deploy(
            interface(), code: code(), arguments: [.integer(40), .string("till")], by: sender
        ).contract
    }
}
