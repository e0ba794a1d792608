import Foundation
import TestSupport
import Testing

/// An order in the mode `zk` with four participants, from the command line, up to the time at which it could be finalized:
/// everybody has proven a model of 64-8-10, the weights of the average are the scores, and the models are secret.
struct SurvivorStory {
    let folder: URL
    let story: Story
    private(set) var publicKeys: [String: String] = [:]
    /// What each participant has proven, by name.
    private(set) var scores: [String: Int] = [:]

    static let names = ["ann", "ben", "cat", "dan"]

    func path(_ name: String) -> String { folder.appending(path: name).path }
    var ledger: String { path("demo.ledger") }
    var content: String { path("blocks") }
    private var circuit: [String] { ["--circuit", path("circuit.json")] }

    /// Runs a command that must end with this code.
    @discardableResult
    func run(_ arguments: [String], code: Int32 = 0) throws -> [String: Any] {
        let outcome = try zkpot(arguments + ["--json"])
        try #require(outcome.code == code, "\(arguments) gives \(outcome)")
        return try outcome.json
    }

    /// Submits a transaction's file, and tells its effect, or the code of its refusal.
    func submit(_ file: String, by name: String, at seconds: UInt64) throws -> String {
        let key = Self.names.contains(name) || name == "agg" ? "\(name)/key.pem" : "\(name).pem"
        let outcome = try zkpot(
            ["ledger", "submit", ledger, path(file), "--key", path(key), "--operator", path("operator.pem")]
                + ["--at", "\(LedgerStory.start + 1000 * seconds)", "--content", content, "--json"])
        let answers = try #require(try outcome.json["transactions"] as? [[String: Any]], "\(outcome)")
        #expect(outcome.code == (answers[0]["effect"] == nil ? 1 : 0))
        return try #require(answers[0]["effect"] as? String ?? answers[0]["refusal"] as? String)
    }

    /// Submits a transaction of this order.
    func submit(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64
    ) throws -> String {
        var object = fields
        object["kind"] = kind
        if kind != "register" { object["task"] = "digits" }
        if kind != "register", kind != "openTask" { object["round"] = 0 }
        try write(object, "transaction.json")
        return try submit("transaction.json", by: name, at: seconds)
    }

    private func accept(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64
    ) throws {
        let answer = try submit(kind, fields, by: name, at: seconds)
        try #require(!answer.contains("-"), "\(kind): \(answer)")
    }

    private func write(_ object: Any, _ name: String) throws {
        try JSONSerialization.data(withJSONObject: object).write(to: folder.appending(path: name))
    }

    /// Everything up to the claims. t1 … t7 are 100, 200, … 800.
    init(in folder: URL) throws {
        self.folder = folder
        story = try Story.told()
        try makeModels()
        try makeLedger()
        try openOrder()
        for (index, name) in Self.names.enumerated() { try commit(name, at: 110 + UInt64(index)) }
        let opening = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appending(path: "opening")))
        try accept("revealTestSet", ["opening": opening], by: "pat", at: 200)
        for (index, name) in Self.names.enumerated() { try claim(name, at: 210 + 10 * UInt64(index)) }
    }

    private func makeModels() throws {
        let data = try Data(contentsOf: story.folder.appending(path: "tiny.json"))
        var specification = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        var model = try #require(specification["model"] as? [String: Any])
        model["widths"] = [64, 8, 10]
        (specification["samples"], specification["model"]) = (10, model)
        try write(specification, "circuit.json")
        try write(model, "model.json")
        for (index, name) in Self.names.enumerated() {
            try run(
                ["train", "--data", "digits", "--split", "train", "--epochs", "3", "--seed", "\(index + 1)"]
                    + ["--model", path("model.json"), "--output", path("\(name).zkm")])
        }
        try run(["setup"] + circuit + ["--output", path("keys")])
    }

    private mutating func makeLedger() throws {
        for name in Self.names + ["agg"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
            publicKeys[name] = try run(["key", "--output", path("\(name)/key.pem")])["publicKey"] as? String
        }
        for name in ["operator", "pat", "vic"] {
            publicKeys[name] = try run(["key", "--output", path("\(name).pem")])["publicKey"] as? String
        }
        var parameters = LedgerStory.parameters
        parameters["recomputesOpenings"] = true
        try write(parameters, "parameters.json")
        let rich = Self.names + ["agg", "pat", "vic"]
        try run(
            ["ledger", "init", ledger, "--name", "demo", "--operator", path("operator.pem")]
                + ["--parameters", path("parameters.json"), "--allow-development-keys"]
                + rich.flatMap { ["--allocate", "\(publicKeys[$0] ?? "")=1000"] })
        let line = try run(["ledger", "circuit", "--content", content] + circuit)["line"] as? String ?? ""
        for (name, role, amount) in [
            ("pat", "publisher", 10), ("agg", "aggregator", 3), ("vic", "verifier", 2),
        ]
            + Self.names.map({ ($0, "participant", 4) })
        {
            try accept("register", ["role": role, "amount": amount], by: name, at: 1)
        }
        let key = try Data(contentsOf: folder.appending(path: "keys.zkvk"))
        try accept(
            "openTask",
            [
                "description": "Handwritten digits\n\(line)", "minimumSamples": 10,
                "weights": "provenAccuracy", "mode": "zk", "entryShare": 0,
                "qualityKeys": [
                    ["samples": 10, "verifyingKey": key.map { String(format: "%02x", $0) }.joined()]
                ],
            ], by: "pat", at: 2)
    }

    private func openOrder() throws {
        let stored = try run(["store", "put", story.path("test.csv"), "--folder", content])
        let testSet = try run(
            ["commit", "--data", story.path("test.csv"), "--output", path("test.zkc")] + circuit)
        let opening = LedgerStory.testSetOpening(
            data: stored["sha256"], samples: 10, commitment: testSet["commitment"])
        try write(opening, "opening")
        let hash = try run(
            ["ledger", "test-set-hash", ledger, path("opening"), "--task", "digits", "--round", "0"])
        try accept(
            "openOrder",
            [
                "testSetHash": hash["testSetHash"] ?? "",
                "windows": LedgerStory.windows(from: 100, every: 100), "reward": 100, "bond": 5,
                "payoutSigners": [Any](), "payoutThreshold": 0, "start": "",
                "split": ["leader": 5000, "participants": 4000, "validators": 0, "aggregator": 1000],
            ], by: "pat", at: 3)
    }

    private func commit(_ name: String, at seconds: UInt64) throws {
        let committed = try run(
            ["commit", "--model", path("\(name).zkm"), "--opening", path("\(name).zko"), "--output"]
                + [path("\(name).zkc")] + circuit)
        let secret = try run(
            ["ledger", "secret", "--account", publicKeys[name] ?? "", "--task", "digits", "--round", "0"]
                + ["--output", path("\(name).secret")])
        try accept(
            "commitModel",
            [
                "commitment": committed["commitment"] ?? "",
                "beaconCommitment": secret["beaconCommitment"] ?? "",
            ], by: name, at: seconds)
    }

    private mutating func claim(_ name: String, at seconds: UInt64) throws {
        let revealed = try submit("\(name).secret", by: name, at: seconds)
        try #require(revealed == "secretRevealed")
        let identifier =
            (try run(["ledger", "show", ledger])["ledger"] as? [String: Any])?["identifier"] as? String ?? ""
        let proven = try run(
            ["prove", "--key", path("keys.zkpk"), "--model", path("\(name).zkm"), "--opening"]
                + [path("\(name).zko"), "--data", story.path("test.csv"), "--ledger", identifier]
                + ["--task", "digits", "--round", "0", "--participant", publicKeys[name] ?? ""]
                + ["--output", path("proof-\(name)")])
        scores[name] = proven["correct"] as? Int
        try run(
            [
                "ledger", "proof", path("proof-\(name).zkp"), "--claim", path("proof-\(name).claim.json"),
                "--output",
            ]
                + [path("\(name).proof")])
        let answer = try submit("\(name).proof", by: name, at: seconds + 5)
        try #require(answer.hasPrefix("qualityProven"), "\(answer)")
    }

    // MARK: - The aggregation

    /// Starts a board from the ledger.
    func start(_ board: String, _ options: [String] = [], code: Int32 = 0) throws -> [String: Any] {
        try run(startArguments(board) + options, code: code)
    }

    func startArguments(_ board: String) -> [String] {
        ["aggregate", "start", "--ledger", ledger, "--task", "digits", "--round", "0"]
            + ["--board", path(board), "--leader", path("agg"), "--model", path("model.json")]
    }

    /// Participants say something on the board.
    func say(_ verb: String, _ names: [String], _ options: [String] = [], code: Int32 = 0) throws {
        for name in names {
            let model =
                verb == "input" ? ["--model", path("\(name).zkm"), "--opening", path("\(name).zko")] : []
            try run(
                ["aggregate", verb, "--board", path("board"), "--me", path(name)] + model + options,
                code: code)
        }
    }

    func close() throws {
        try run(["aggregate", "close", "--board", path("board"), "--leader", path("agg")])
    }

    /// The order as the ledger shows it.
    func order() throws -> [String: Any] {
        let shown = try run(["ledger", "show", ledger, "--task", "digits", "--round", "0"])
        return try #require(shown["order"] as? [String: Any])
    }
}
