import Foundation
import TestSupport
import Testing

/// An order in the mode `open`, from the command line: models are revealed in a folder of blocks, and scored from it.
///
/// Ann claims what her model is worth, Bob more than his is, and Cat names Ann's opening for her own commitment.
struct OpenOrder {
    let story: Story
    let folder: URL
    var ledger: String
    private(set) var publicKeys: [String: String] = [:]
    /// Digests of the openings of the models of Ann and Bob.
    private(set) var openings: [String: String] = [:]

    static let names = ["ann", "bob", "cat"]

    func path(_ name: String) -> String { folder.appending(path: name).path }
    var content: String { path("blocks") }

    /// Runs a command that must succeed.
    @discardableResult
    func run(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try zkpot(arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments) gives \(outcome)")
        return try outcome.json
    }

    /// Submits a transaction, with the blocks unless said otherwise.
    func submit(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64, content: Bool = true
    ) throws -> Outcome {
        var object = fields
        (object["kind"], object["task"]) = (kind, "digits")
        if kind != "openTask" { object["round"] = 0 }
        return try submit(object, by: name, at: seconds, content: content)
    }

    private func submit(
        _ object: [String: Any], by name: String, at seconds: UInt64, content: Bool
    ) throws -> Outcome {
        try JSONSerialization.data(withJSONObject: object)
            .write(to: folder.appending(path: "transaction.json"))
        return try zkpot(
            [
                "ledger", "submit", ledger, path("transaction.json"), "--key", path("\(name).pem"),
                "--operator",
            ]
                + [path("operator.pem"), "--at", "\(LedgerStory.start + 1000 * seconds)", "--json"]
                + (content ? ["--content", self.content] : []))
    }

    /// Submits what must be accepted, and tells its effect.
    @discardableResult
    func accept(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64, content: Bool = true
    ) throws -> String {
        let outcome = try submit(kind, fields, by: name, at: seconds, content: content)
        try #require(outcome.code == 0, "\(kind) gives \(outcome)")
        let answers = try #require(try outcome.json["transactions"] as? [[String: Any]])
        return try #require(answers[0]["effect"] as? String)
    }

    /// Submits what must be refused for want of contents, and tells what is said about them.
    func expectUnavailable(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64, content: Bool = true
    ) throws -> String {
        let outcome = try submit(kind, fields, by: name, at: seconds, content: content)
        try #require(outcome.code == 1, "\(kind) gives \(outcome)")
        let answers = try #require(try outcome.json["transactions"] as? [[String: Any]])
        #expect(answers[0]["refusal"] as? String == "content-unavailable", "\(outcome)")
        return outcome.errors
    }

    /// Everything up to the claims, which are open from second 220 to 400: t1 … t7 are 100, 200, … 800.
    init(_ story: Story, in folder: URL) throws {
        (self.story, self.folder) = (story, folder)
        ledger = folder.appending(path: "open.ledger").path
        for name in ["operator", "pat", "val", "vic"] + Self.names {
            publicKeys[name] = try run(["key", "--output", path("\(name).pem")])["publicKey"] as? String
        }
        var parameters = LedgerStory.parameters
        parameters["recomputesOpenings"] = true
        try JSONSerialization.data(withJSONObject: parameters)
            .write(to: folder.appending(path: "parameters.json"))
        try run(
            ["ledger", "init", ledger, "--name", "open", "--operator", path("operator.pem")]
                + ["--parameters", path("parameters.json")]
                + (["pat", "val", "vic"] + Self.names).flatMap {
                    ["--allocate", "\(publicKeys[$0] ?? "")=1000"]
                })
        for (name, role, amount) in [
            ("pat", "publisher", 10), ("pat", "aggregator", 3), ("val", "validator", 2),
            ("vic", "verifier", 5),
            ("ann", "participant", 4), ("bob", "participant", 4), ("cat", "participant", 4),
        ] {
            let object: [String: Any] = ["kind": "register", "role": role, "amount": amount]
            let outcome = try submit(object, by: name, at: 100, content: false)
            try #require(outcome.code == 0, "\(outcome)")
        }
        let circuit = try run(["ledger", "circuit", "--content", content] + Story.circuit)
        try accept(
            "openTask",
            [
                "description": "Handwritten digits\n\(circuit["line"] ?? "")", "qualityKeys": [Any](),
                "minimumSamples": 10, "weights": "equal", "mode": "open", "entryShare": 0,
            ], by: "pat", at: 100)
        try openOrderAndReveal()
    }

    private mutating func openOrderAndReveal() throws {
        let stored = try run(["store", "put", story.path("test.csv"), "--folder", content])
        let testSet = try run(
            ["commit", "--data", story.path("test.csv"), "--output", path("test.zkc")] + Story.circuit)
        let opening = LedgerStory.testSetOpening(
            data: stored["sha256"], samples: 10, commitment: testSet["commitment"])
        try JSONSerialization.data(withJSONObject: opening).write(to: folder.appending(path: "opening.json"))
        let hash = try run(
            ["ledger", "test-set-hash", ledger, path("opening.json"), "--task", "digits", "--round", "0"])
        try accept(
            "openOrder",
            [
                "testSetHash": hash["testSetHash"] ?? "",
                "windows": LedgerStory.windows(from: 100, every: 100),
                "reward": 100, "bond": 5, "payoutSigners": [Any](), "payoutThreshold": 0, "start": "",
                "split": ["leader": 5000, "participants": 3000, "validators": 1000, "aggregator": 1000],
            ], by: "pat", at: 100)
        for name in Self.names {
            let model = story.path(name == "bob" ? "bob.zkm" : "alice.zkm")
            let committed = try run(
                ["commit", "--model", model, "--opening", path("\(name).zko"), "--output"]
                    + [path("\(name).zkc")] + Story.circuit)
            let secret = try run(
                ["ledger", "secret", "--account", publicKeys[name] ?? "", "--task", "digits", "--round", "0"]
                    + ["--output", path("\(name).json")])
            try accept(
                "commitModel",
                [
                    "commitment": committed["commitment"] ?? "",
                    "beaconCommitment": secret["beaconCommitment"] ?? "",
                ], by: name, at: 150)
            if name == "cat" { continue }
            let revealed = try run(
                ["ledger", "opening", "--model", model, "--opening", path("\(name).zko"), "--content"]
                    + [content] + Story.circuit)
            #expect(revealed["commitment"] as? String == committed["commitment"] as? String)
            openings[name] = revealed["opening"] as? String
        }
        try accept("revealTestSet", ["opening": opening], by: "pat", at: 200)
        for name in Self.names {
            let secret = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: folder.appending(path: "\(name).json"))) as? [String: Any])
            try accept("revealSecret", ["secret": secret["secret"] ?? ""], by: name, at: 210)
        }
    }
}
