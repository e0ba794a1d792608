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

    /// One order from its opening to the payout, with a real proof of quality, by commands alone.
    @Test func anOrderFromOpeningToPayout() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let story = try Story.told()
        let node = try EthereumNode(url: url)
        func key(_ number: UInt8) throws -> (file: String, address: String) {
            let key = try EthereumKey(secret: [UInt8](repeating: 0, count: 31) + [number])
            let file = path("\(number).key")
            try key.write(to: file)
            return (file, key.address.description)
        }
        func done(_ arguments: [String], _ location: SourceLocation = #_sourceLocation) throws -> [String:
            Any]
        {
            let outcome = try chain(arguments)
            #expect(outcome.code == 0, "\(arguments) gives \(outcome)", sourceLocation: location)
            return try outcome.json
        }
        func setTime(_ seconds: UInt64) throws {
            _ = try node.rpc.call("evm_setNextBlockTimestamp", [.number(Int(seconds))], as: String.self)
        }
        let (publisher, alice, aggregator) = (try key(1), try key(2), try key(3))
        let stakes = ["publisher", "participant", "validator", "verifier", "aggregator"].map {
            "\"\($0)\": 100"
        }
        let parameters = """
            {"minimumStake": {\(stakes.joined(separator: ", "))}, "minimumBond": 50, "nonRevealSlash": 2500,
             "challengerShare": 5000, "voteQuorum": 2, "maximumParticipants": 16, "maximumValidators": 16}
            """
        try Data(parameters.utf8).write(to: URL(filePath: path("parameters.json")))
        let gas = ["--gas", "12000000"]
        let verifier = try done(
            ["deploy", "verifier", "--verifying-key", story.path("digits.zkvk"), "--key", publisher.file]
                + gas)
        let registry = try #require(
            try done(
                ["deploy", "registry", "--parameters", path("parameters.json"), "--key", publisher.file] + gas
            )[
                "contract"] as? String)
        let order = ["--registry", registry, "--task", "digits", "--round", "0"]
        for (account, role) in [(publisher, "publisher"), (alice, "participant"), (aggregator, "aggregator")]
        {
            _ = try done(["send", registry, "deposit", "--value", "5000", "--key", account.file])
            _ = try done(["send", registry, "register", role, "100", "--key", account.file])
        }
        _ = try done(
            [
                "send", registry, "openTask", "digits", try #require(verifier["contract"] as? String), "10",
                "5",
            ]
                + [
                    "false", "0", "[\"0x0000000000000000000000000000000000000000\",0,0]", "--key",
                    publisher.file,
                ])

        // The test set is that of Alice's other proof.
        let claim = try #require(
            try JSONSerialization.jsonObject(with: Data(story.bytes("alice.claim.json"))) as? [String: Any])
        let digits = String(repeating: "5a", count: 32)
        let opening = """
            {"salt": "0x\(digits)", "contents": "0x\(digits)", "baseline": 0,
             "chunks": [{"commitment": "\(try #require(claim["testSet"] as? String))", "samples": 10}]}
            """
        try Data(opening.utf8).write(to: URL(filePath: path("opening.json")))
        let hash = try #require(
            try done(["test-set", path("opening.json")] + order)["testSetHash"] as? String)
        let now = try node.latestBlock().timestamp
        let times = (1...8).map { "\(now + 1000 * UInt64($0))" }.joined(separator: ",")
        _ = try done(
            ["send", registry, "openOrder", "digits", "0", hash]
                + ["[1000,50,[4000,3000,2000,1000],[\(times)],[],0,[0,0]]", "--key", publisher.file])
        try setTime(now + 1100)
        let secret = path("alice.secret")
        let commit = ["commit", story.path("alice.zkc")] + order + ["--secret"]
        _ = try done(commit + [secret, "--key", alice.file])
        try expectUnusable(
            ["chain"] + commit + [secret, "--key", alice.file, "--node", url], naming: secret,
            saying: "exists")
        #expect(try FileManager.default.attributesOfItem(atPath: secret)[.posixPermissions] as? Int == 0o600)
        try setTime(now + 2100)
        _ = try done(["test-set", path("opening.json")] + order + ["--key", publisher.file])
        _ = try done(["reveal"] + order + ["--secret", secret, "--key", alice.file])

        // A proof for this chain, registry and account.
        let prove = try zkpot(
            story.prove([
                "--ledger", "eip155:131277322940537", "--contract", registry.lowercased(), "--task", "digits",
                "--participant", alice.address.lowercased(), "--output", path("proof"),
            ]))
        #expect(prove.code == 0, "\(prove)")
        let send = ["prove", path("proof.zkp"), "--claim", path("proof.claim.json")]
        try expectUnusable(
            ["chain"] + send + ["--key", aggregator.file, "--node", url], naming: path("proof.claim.json"),
            saying: "would have to be for")
        let proven = try done(send + ["--key", alice.file])
        #expect((proven["events"] as? [[String: Any]])?.first?["name"] as? String == "QualityProven")
        let again = try chain(send + ["--key", alice.file])
        #expect(again.code == 1 && again.output.contains("claim-not-better"), "\(again)")

        try setTime(now + 7100)
        try fixSurvivors(alice, not: aggregator, in: order, at: registry)
        try Data("opening of the global model".utf8).write(to: URL(filePath: path("global")))
        _ = try done(["finalize"] + order + ["--model", path("global"), "--key", aggregator.file])
        let signed = try done(["sign-payout"] + order + ["--key", publisher.file])
        let payments = try #require(signed["payments"] as? [[String: String]])
        // Nobody validated: that share is the leader's.
        func sum(_ address: String) -> Int {
            payments.filter { $0["account"] == address }.compactMap { Int($0["amount"] ?? "") }.reduce(0, +)
        }
        #expect(sum(alice.address) == 900 && sum(aggregator.address) == 100, "\(payments)")
        try setTime(now + 8100)
        _ = try done(["send", registry, "payout", "digits", "0", "[]", "--key", alice.file])
        let account = try done(["account", alice.address, "--registry", registry])
        #expect((account["registry"] as? [String: Any])?["balance"] as? String == "5800")
        #expect(try chain(["send", registry, "payout", "digits", "0", "[]", "--key", alice.file]).code == 1)
    }

    /// Alice signs that she is the only survivor, and the aggregator puts it on record, once.
    private func fixSurvivors(
        _ alice: (file: String, address: String), not aggregator: (file: String, address: String),
        in order: [String], at registry: String
    ) throws {
        let sign = ["sign-survivors", alice.address] + order
        try expectUnusable(
            ["chain"] + sign + ["--key", aggregator.file, "--node", url], naming: aggregator.file,
            saying: "none of the survivors")
        try expectUnusable(
            ["chain"] + sign + [alice.address.lowercased(), "--key", alice.file, "--node", url],
            saying: "a survivor is named twice")
        // In the order of the accounts' bytes, whatever the order of the words.
        let two = try chain(
            ["sign-survivors", aggregator.address, alice.address] + order + ["--key", alice.file])
        let ascending = [alice.address, aggregator.address].sorted { $0.lowercased() < $1.lowercased() }
        #expect(try two.json["survivors"] as? [String] == ascending, "\(two)")
        let signed = try chain(sign + ["--key", alice.file])
        #expect(signed.code == 0, "\(signed)")
        let digest = try chain(["call", registry, "survivorsDigest", "digits", "0", "[\"\(alice.address)\"]"])
        #expect(
            try digest.json["values"] as? [String] == [
                try #require(signed.json["survivorsDigest"] as? String)
            ])

        func fix(_ outcome: Outcome) throws -> Outcome {
            let words = try #require(try outcome.json["signature"] as? [String])
            let signature = "[[\(words.map { "\"\($0)\"" }.joined(separator: ","))]]"
            return try chain(
                ["send", registry, "fixSurvivors", "digits", "0", "[\"\(alice.address)\"]", signature]
                    + ["--key", aggregator.file])
        }
        let other = try fix(two)
        #expect(other.code == 1 && other.output.contains("bad-survivor-signature"), "\(other)")
        let fixed = try fix(signed)
        #expect(fixed.code == 0, "\(fixed)")
        let event = try #require((try fixed.json["events"] as? [[String: Any]])?.first)
        #expect(event["name"] as? String == "SurvivorsFixed")
        let again = try fix(signed)
        #expect(again.code == 1 && again.output.contains("survivors-already-fixed"), "\(again)")
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
