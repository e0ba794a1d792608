import EVMAdapter
import Ethereum
import Foundation
import NetworkTestSupport
import TestSupport
import Testing

/// `zkpot chain` as a user has it, against a real EVM.
@Suite struct ChainVerbTests {
    private let url: String
    private let folder: URL

    /// A chain, and the key of an account that has money on it.
    init() throws {
        url = try EthereumBridge.shared().newChain()
        folder = FileManager.default.temporaryDirectory.appending(path: "zkpot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func richKey() throws -> String {
        let key = path("rich.key")
        try EthereumKey(secret: [UInt8](repeating: 0, count: 31) + [1]).write(to: key)
        return key
    }

    private func chain(_ arguments: [String]) throws -> Outcome {
        try zkpot(["chain"] + arguments + ["--node", url, "--json"])
    }

    @Test func theWayOfAParticipant() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let story = try Story.told()
        let rich = try richKey()
        let made = try zkpot(["chain", "key", "--output", path("alice.key"), "--json"])
        let alice = try #require(try made.json["address"] as? String)
        try expectUnusable(["chain", "key", "--output", path("alice.key")], saying: "exists")
        let secret = try String(contentsOfFile: path("alice.key"), encoding: .utf8).prefix(64)
        #expect(!made.output.contains(secret) && !made.errors.contains(secret))

        let verifier = try chain([
            "deploy", "verifier", "--verifying-key", story.path("digits.zkvk"), "--key", rich,
        ])
        #expect(verifier.code == 0, "\(verifier)")
        let verifierAddress = try #require(try verifier.json["contract"] as? String)
        let parameters = """
            {"minimumStake": {"publisher": 100, "participant": "100", "validator": 100, "verifier": 100, "aggregator": 100},
             "minimumBond": 50, "nonRevealSlash": 2500, "challengerShare": 5000, "voteQuorum": 2,
             "maximumParticipants": 16, "maximumValidators": 16}
            """
        try Data(parameters.utf8).write(to: URL(filePath: path("parameters.json")))
        let deployed = try chain(
            [
                "deploy", "registry", "--parameters", path("parameters.json"), "--key", rich, "--gas",
                "12000000",
            ])
        #expect(deployed.code == 0, "\(deployed)")
        let registry = try #require(try deployed.json["contract"] as? String)

        let send = ["send", registry]
        let deposit = try chain(send + ["deposit", "--value", "0.000001gwei", "--key", rich])
        #expect(deposit.code == 0, "\(deposit)")
        let stake = try chain(send + ["register", "publisher", "200", "--key", rich])
        #expect(stake.code == 0, "\(stake)")
        let account = try chain(
            ["account", "--key", rich, "--registry", registry])
        let inside = try #require(try account.json["registry"] as? [String: Any])
        #expect(inside["balance"] as? String == "800", "\(account)")
        let task = try chain(
            send + ["openTask", "digits", verifierAddress, "10", "5", "false", "0"]
                + ["[\"0x0000000000000000000000000000000000000000\",0,0]", "--key", rich])
        #expect(task.code == 0, "\(task)")
        let events = try #require(try task.json["events"] as? [[String: Any]])
        #expect(events.first?["name"] as? String == "TaskOpened")
        // The same again is refused, with the protocol's code, before and without a transaction.
        let again = try chain(
            send + ["openTask", "digits", verifierAddress, "10", "5", "false", "0"]
                + ["[\"0x0000000000000000000000000000000000000000\",0,0]", "--key", rich])
        #expect(again.code == 1, "\(again)")
        #expect(try again.json["reason"] as? String == "task-exists")
        // Nobody may withdraw what it does not have; asking tells it too.
        let asked = try chain(["call", registry, "withdraw", "5", "--from", alice])
        #expect(asked.code == 1 && asked.output.contains("insufficient-balance"), "\(asked)")
        let order = try chain(["call", registry, "orderName", "digits", "0"])
        let expected = RegistryHashes.orderName(
            chainID: 131_277_322_940_537, registry: try Address(registry), task: "digits", round: 0)
        #expect(try order.json["values"] as? [String] == [Hex.encode(expected)])

        // An account without money cannot send; a proof for elsewhere is not sent.
        try expectUnusable(
            ["chain"] + send + ["deposit", "--value", "1", "--key", path("alice.key"), "--node", url],
            saying: "are needed")
        try expectUnusable(
            [
                "chain", "prove", story.path("alice.zkp"), "--claim", story.path("alice.claim.json"), "--key",
                rich,
            ]
                + ["--node", url], naming: story.path("alice.claim.json"), saying: "names no registry")

        let hash = try #require(try deposit.json["transaction"] as? String)
        let receipt = try chain(["receipt", hash])
        #expect(receipt.code == 0, "\(receipt)")
        #expect(try receipt.json["isInChain"] as? Bool == true)
        #expect(try chain(["receipt", "0x" + String(repeating: "0", count: 64)]).code == 1)
        let logs = try chain(["logs", registry, "--event", "Deposited"])
        #expect((try logs.json["events"] as? [Any])?.count == 1, "\(logs)")
    }

    @Test func whatCannotBeUsed() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rich = try richKey()
        let nobody = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"
        try expectUnusable(
            ["chain", "account", nobody, "--node", url, "--chain", "1"], saying: "not chain 1")
        let closed = "http://127.0.0.1:\(try LoopbackServer.closedPort())"
        try expectUnusable(["chain", "account", nobody, "--node", closed], saying: "refused")
        try expectUnusable(["chain", "call", nobody, "burnt", "--node", url], saying: "no contract")
        try expectUnusable(
            ["chain", "send", nobody, "deposit", "--value", "1", "--key", rich, "--node", url],
            saying: "no contract")
        let hostile = try LoopbackServer(answering: { _ in (200, Array("{}".utf8)) })
        try expectUnusable(["chain", "account", nobody, "--node", hostile.url], saying: "cannot be used")
        // A key that others can read, one that is none, and the secret in no message.
        chmod(rich, 0o644)
        try expectUnusable(
            ["chain", "account", "--key", rich, "--node", url], saying: "can be read by others")
        let bad = path("bad.key")
        try Data(String(repeating: "7g", count: 32).utf8).write(to: URL(filePath: bad))
        chmod(bad, 0o600)
        let outcome = try zkpot(["chain", "account", "--key", bad, "--node", url])
        #expect(outcome.code == 2 && outcome.errors.contains("64 hexadecimal digits"))
        #expect(!outcome.errors.contains("7g7g"))
        let interface = path("interface.json")
        try Data("[{]".utf8).write(to: URL(filePath: interface))
        try expectUnusable(
            ["chain", "call", nobody, "f", "--interface", interface, "--node", url], naming: interface)
        try Data("{}".utf8).write(to: URL(filePath: interface))
        chmod(rich, 0o600)
        try expectUnusable(
            ["chain", "deploy", "registry", "--parameters", interface, "--key", rich, "--node", url],
            naming: interface)
    }
}
