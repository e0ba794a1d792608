import Foundation
import TestSupport
import Testing

/// A training that is audited on a ledger, from the command line: the answer to an audit becomes transactions.
@Suite struct LedgerAuditTests {
    let story: AuditStory

    init() throws { story = try AuditStory.told() }

    @Test func answersBecomeTransactions() throws {
        try TestFiles.withTemporaryFolder { folder in
            let order = try AuditedOrder(story, in: folder)
            let files = try order.answer()
            #expect(files.map { URL(fileURLWithPath: $0).lastPathComponent }.sorted() == order.expectedFiles)
            // A proof of another stage does not pass, and is recorded as refused.
            let stage = try #require(files.first { $0.contains("stage-") })
            var transaction = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: stage)))
                    as? [String: Any])
            let update = try #require(
                try JSONSerialization.jsonObject(
                    with: Data(contentsOf: folder.appending(path: "answers/update-0.json"))) as? [String: Any]
            )
            transaction["proof"] = update["proof"]
            let forged = try order.submit(transaction, by: "ann", at: 320)
            #expect(forged.code == 1 && forged.output.contains("\"proof-does-not-verify\""), "\(forged)")
            // All true ones, in one block.
            let outcome = try zkpot(
                ["ledger", "submit", order.ledger] + files + order.signed(by: "ann", at: 330))
            #expect(outcome.code == 0, "\(outcome)")
            let answers = try #require(try outcome.json["transactions"] as? [[String: Any]])
            let effects = answers.compactMap { $0["effect"] as? String }
            #expect(effects.contains("stageProven(answered: 2, wanted: 2)"), "\(effects)")
            #expect(effects.contains("stageProven(answered: 3, wanted: 3)"), "\(effects)")
            let verified = try zkpot(["ledger", "verify", order.ledger, "--json"])
            #expect(verified.code == 0, "\(verified)")
            #expect(try verified.json["proofs"] as? Int == files.count + 1)
        }
    }

    /// Tasks that are none of a ledger's, and files that are none of an audit's.
    @Test func otherAuditsAreRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "answers")
            try FileManager.default.createDirectory(at: output, withIntermediateDirectories: false)
            let names = ["alice.zka", "task.json", "alice.challenge.json"]
            func arguments(_ paths: [String]) -> [String] {
                ["ledger", "audit-transactions", paths[0], "--task", paths[1], "--challenge", paths[2]]
                    + ["--output", output.path]
            }
            let good = names.map { story.path($0) }
            try expectUnusable(arguments(good), naming: good[1], saying: "not a task of an embedded ledger")
            let bad = folder.appending(path: "bad")
            for (index, name) in names.enumerated() {
                let bytes = try story.bytes(name)
                var paths = good
                paths[index] = bad.path
                try expectUnusable(arguments(paths), naming: bad.path, saying: "no such file")
                for damaged in [
                    [], Array(bytes.dropLast(3)), Array(bytes[..<20]), [UInt8](repeating: 0xF1, count: 99),
                ] {
                    try Data(damaged).write(to: bad)
                    try expectUnusable(arguments(paths), naming: bad.path)
                }
                try FileManager.default.removeItem(at: bad)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: output.path).isEmpty)
        }
    }
}

/// An order with audits of the mode `bounded`: three stages, two of them proven, all of them bounded.
private struct AuditedOrder {
    let story: AuditStory
    let folder: URL
    let ledger: String
    private(set) var publicKeys: [String: String] = [:]

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    let expectedFiles = [
        "stage-0.json", "stage-2.json", "update-0.json", "update-1.json", "update-2.json",
    ]

    @discardableResult
    private func run(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try zkpot(arguments + ["--json"])
        try #require(outcome.code == 0, "\(arguments) gives \(outcome)")
        return try outcome.json
    }

    func signed(by name: String, at seconds: UInt64) -> [String] {
        ["--key", path("\(name).pem"), "--operator", path("operator.pem"), "--json"]
            + ["--at", "\(LedgerStory.start + 1000 * seconds)"]
    }

    func submit(_ object: [String: Any], by name: String, at seconds: UInt64) throws -> Outcome {
        let file = folder.appending(path: "transaction.json")
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        return try zkpot(["ledger", "submit", ledger, file.path] + signed(by: name, at: seconds))
    }

    private func accept(
        _ kind: String, _ fields: [String: Any], by name: String, at seconds: UInt64
    ) throws {
        var object = fields
        object["kind"] = kind
        if kind != "register" { object["task"] = "tiny" }
        if kind != "register" && kind != "openTask" { object["round"] = 0 }
        let outcome = try submit(object, by: name, at: seconds)
        try #require(outcome.code == 0, "\(kind) gives \(outcome)")
    }

    private func hexadecimal(_ name: String) throws -> String {
        try story.bytes(name).map { String(format: "%02x", $0) }.joined()
    }

    private func beacon(_ name: String, at seconds: UInt64) throws -> String {
        let page = try run(
            ["ledger", "show", ledger, "--task", "tiny", "--round", "0", "--at"]
                + ["\(LedgerStory.start + 1000 * seconds)"])
        return try #require(page[name] as? String)
    }

    init(_ story: AuditStory, in folder: URL) throws {
        (self.story, self.folder) = (story, folder)
        ledger = folder.appending(path: "audits.ledger").path
        for name in ["operator", "pat", "ann"] {
            publicKeys[name] = try run(["key", "--output", path("\(name).pem")])["publicKey"] as? String
        }
        try JSONSerialization.data(withJSONObject: LedgerStory.parameters)
            .write(to: folder.appending(path: "parameters.json"))
        let made = try run(
            ["ledger", "init", ledger, "--name", "audits", "--operator", path("operator.pem")]
                + ["--allow-development-keys", "--parameters", path("parameters.json")]
                + ["pat", "ann"].flatMap { ["--allocate", "\(publicKeys[$0] ?? "")=1000"] })
        let task = try run(
            ["audit", "task", "--ledger", made["identifier"] as? String ?? "", "--task", "tiny", "--mode"]
                + ["sampled+bounded", "--stages", "3", "--audits", "2", "--circuit"]
                + [story.path("training.json"), "--key", story.path("training.zkvk"), "--update-key"]
                + [story.path("updates.zkvk"), "--output", path("task.json")])
        try accept("register", ["role": "publisher", "amount": 10], by: "pat", at: 100)
        try accept("register", ["role": "participant", "amount": 4], by: "ann", at: 100)
        try accept(
            "openTask",
            [
                "description": "tiny", "qualityKeys": [Any](), "minimumSamples": 1, "weights": "equal",
                "mode": "open", "entryShare": 0,
                "audit": [
                    "mode": "bounded", "stages": 3, "sampleSize": 2, "stepsPerStage": 2, "bound": 150,
                    "verifyingKey": try hexadecimal("training.zkvk"),
                    "updateKey": try hexadecimal("updates.zkvk"),
                ],
            ], by: "pat", at: 100)
        try train(start: task["start"] as? String ?? "")
    }

    private func train(start: String) throws {
        let data = try run(
            ["audit", "data", "--task", path("task.json"), "--output", path("ann")] + AuditStory.data)
        // Nobody looks at the test set here.
        let opening = LedgerStory.testSetOpening(
            data: String(repeating: "d1", count: 32), samples: 1, commitment: start)
        try JSONSerialization.data(withJSONObject: opening).write(to: folder.appending(path: "opening.json"))
        let hash = try run(
            ["ledger", "test-set-hash", ledger, path("opening.json"), "--task", "tiny", "--round", "0"])
        try accept(
            "openOrder",
            [
                "testSetHash": hash["testSetHash"] ?? "",
                "windows": LedgerStory.windows(from: 120, every: 90), "reward": 100, "bond": 5,
                "payoutSigners": [Any](), "payoutThreshold": 0, "start": start,
                "split": ["leader": 5000, "participants": 3000, "validators": 1000, "aggregator": 1000],
            ], by: "pat", at: 100)
        try accept(
            "commitData", ["batchRoot": data["batchRoot"] ?? "", "batches": data["batches"] ?? 0], by: "ann",
            at: 110)
        let account = publicKeys["ann"] ?? ""
        let trained = try run(
            ["train", "--commit-trajectory", path("ann"), "--output", path("ann.zkm"), "--participant"]
                + [account, "--beacon", try beacon("dataBeacon", at: 130), "--task", path("task.json")]
                + ["--dataset", path("ann.zkd")] + AuditStory.data)
        let secret = try run(
            ["ledger", "secret", "--account", account, "--task", "tiny", "--round", "0", "--output"]
                + [path("secret.json")])
        try accept(
            "commitModel",
            [
                "commitment": trained["commitment"] ?? "", "checkpointRoot": trained["root"] ?? "",
                "beaconCommitment": secret["beaconCommitment"] ?? "",
            ], by: "ann", at: 150)
        try accept("revealTestSet", ["opening": opening], by: "pat", at: 215)
        let revealed = try zkpot(
            ["ledger", "submit", ledger, path("secret.json")] + signed(by: "ann", at: 220))
        try #require(revealed.code == 0, "\(revealed)")
    }

    /// Proves what the ledger's beacon picks, and makes the transactions.
    func answer() throws -> [String] {
        let challenge = path("challenge.json")
        try run(
            ["audit", "challenge", "--task", path("task.json"), "--trajectory", path("ann.zkt"), "--beacon"]
                + [try beacon("auditBeacon", at: 310), "--output", challenge])
        try run(
            ["audit", "answer", "--task", path("task.json"), "--challenge", challenge, "--trajectory"]
                + [path("ann.zkt"), "--dataset", path("ann.zkd"), "--key", story.path("training.zkpk")]
                + ["--update-key", story.path("updates.zkpk"), "--output", path("ann.zka")]
                + AuditStory.data)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "answers"), withIntermediateDirectories: false)
        let made = try run(
            ["ledger", "audit-transactions", path("ann.zka"), "--task", path("task.json"), "--challenge"]
                + [challenge, "--output", path("answers")])
        return try #require(made["files"] as? [String])
    }
}
