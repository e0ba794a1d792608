import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct LedgerCommandTests {
    let story: Story

    init() throws { story = try Story.told() }

    private var ledger: String { story.path("demo.ledger") }

    /// What the accounts have after the order: of a reward of 100, 30 for the participants, 10 for the validators, 10 for
    /// the aggregator, the rest for the leader.
    @Test func theOrderIsPaid() throws {
        let shown = try zkpot(["ledger", "show", ledger, "--json"])
        #expect(shown.code == 0, "\(shown)")
        let view = try #require(try shown.json["ledger"] as? [String: Any])
        let accounts = try #require(view["accounts"] as? [[String: Any]])
        #expect(
            accounts.compactMap { $0["balance"] as? Int }.filter { $0 > 0 }.sorted() == [897, 1008, 1076])
        #expect(view["escrow"] as? Int == 0)
        #expect((try shown.json["openOrders"] as? [Any])?.isEmpty == true)
        let order = try zkpot(["ledger", "show", ledger, "--task", "digits", "--round", "0"])
        #expect(order.code == 0 && order.output.contains("paid, settled"), "\(order)")
        let task = try zkpot(["ledger", "show", ledger, "--task", "digits"])
        #expect(task.code == 0 && task.output.contains("mode zk"), "\(task)")
        let text = try zkpot(["ledger", "show", ledger])
        #expect(text.output.contains("No open orders."), "\(text)")
        try expectUnusable(["ledger", "show", ledger, "--task", "x"], naming: ledger, saying: "no task x")
        try expectUnusable(
            ["ledger", "show", ledger, "--task", "digits", "--round", "1"], naming: ledger,
            saying: "no round 1")
    }

    @Test func theWholeLedgerIsVerified() throws {
        let outcome = try zkpot(["ledger", "verify", ledger, "--json"])
        #expect(outcome.code == 0, "\(outcome)")
        #expect(try outcome.json["isValid"] as? Bool == true)
        #expect(try outcome.json["proofs"] as? Int == 1)
        let height = try #require(try outcome.json["height"] as? Int)
        let head = try #require(try outcome.json["headHash"] as? String)
        #expect(try zkpot(["ledger", "verify", ledger, "--checkpoint", "\(height):\(head)"]).code == 0)
        let elsewhere = try zkpot(["ledger", "verify", ledger, "--checkpoint", "\(height + 1):\(head)"])
        #expect(elsewhere.code == 1 && elsewhere.output.contains("REFUSED"), "\(elsewhere)")
        #expect(
            try zkpot(["ledger", "verify", ledger, "--skip-proofs", "--json"]).json["proofs"] as? Int == 0)
    }

    @Test func blocksAreExportedAsLines() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "blocks.jsonl")
            let outcome = try zkpot(["ledger", "export", ledger, "--output", file.path, "--json"])
            #expect(outcome.code == 0, "\(outcome)")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            #expect(try outcome.json["blocks"] as? Int == lines.count)
            var previous: String?
            for (height, line) in lines.enumerated() {
                let block = try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(block["height"] as? Int == height)
                if let previous { #expect(block["previous"] as? String == previous) }
                previous = block["hash"] as? String
                // The bytes that are given are those below the hash.
                let header = try #require([UInt8](hexadecimal: block["header"] as? String ?? ""))
                #expect(try BlockHeader(encoded: header).hash.description == previous)
                for record in try #require(block["records"] as? [[String: Any]]) {
                    let bytes = try #require([UInt8](hexadecimal: record["signed"] as? String ?? ""))
                    let signed = try SignedTransaction(encoded: bytes)
                    #expect(signed.isSigned)
                    #expect(signed.digest.description == record["digest"] as? String)
                    let transaction = try JSONSerialization.data(
                        withJSONObject: try #require(record["transaction"]))
                    #expect(try TransactionJSON.decode(transaction) == signed.transaction)
                }
            }
            let rest = try zkpot(
                ["ledger", "export", ledger, "--output", file.path, "--from", "\(lines.count - 1)", "--json"])
            #expect(try rest.json["blocks"] as? Int == 1)
        }
    }

    /// A refused transaction is recorded, and exit code 1.
    @Test func refusalsAreTold() throws {
        try TestFiles.withTemporaryFolder { folder in
            let copy = try LedgerCopy.make(of: story, in: folder.path)
            let file = folder.appending(path: "transfer.json")
            let to = String(repeating: "1a", count: 32)
            try Data("{\"kind\": \"transfer\", \"to\": \"\(to)\", \"amount\": 5000}".utf8).write(to: file)
            let keys = ["--key", story.path("ann.pem"), "--operator", story.path("operator.pem")]
            let outcome = try zkpot(["ledger", "submit", copy, file.path, "--json"] + keys)
            #expect(outcome.code == 1, "\(outcome)")
            let answers = try #require(try outcome.json["transactions"] as? [[String: Any]])
            #expect(answers[0]["refusal"] as? String == "insufficient-balance")
            #expect(answers[0]["isRecorded"] as? Bool == true)
            // Before the ledger's time nothing is recorded.
            let early = try zkpot(["ledger", "submit", copy, file.path, "--at", "5"] + keys)
            #expect(early.code == 1 && early.output.contains("not recorded"), "\(early)")
            // With another key than the operator's nothing is written.
            try expectUnusable(
                ["ledger", "submit", copy, file.path, "--key", story.path("ann.pem"), "--operator"]
                    + [story.path("ann.pem")], naming: copy, saying: "another key")
            // What is not a transaction, with the reason.
            for (text, reason) in [
                ("{\"kind\": \"transfer\", \"to\": \"\(to)\"}", "amount is missing"),
                ("{\"kind\": \"transfer\", \"to\": \"\(to)\", \"amount\": -1}", "amount"),
                (
                    "{\"kind\": \"transfer\", \"to\": \"\(to)\", \"amount\": 1, \"amuont\": 2}",
                    "no field amuont"
                ),
                ("{\"kind\": \"transfer\", \"to\": \"1a\", \"amount\": 1}", "64 hexadecimal digits"),
                ("{\"kind\": \"trasnfer\"}", "expects openTask, "), ("[1, 2]", "instead"),
            ] {
                try Data(text.utf8).write(to: file)
                try expectUnusable(
                    ["ledger", "submit", copy, file.path] + keys, naming: file.path, saying: reason)
            }
        }
    }

    @Test func keysAndLedgersAreNotOverwritten() throws {
        let key = story.path("ann.pem")
        try expectUnusable(["key", "--output", key], naming: key, saying: "exists")
        let told = try zkpot(["key", key])
        #expect(told.code == 0 && told.output.count == 65)
        let secret = try String(contentsOfFile: key, encoding: .utf8).split(separator: "\n")[1]
        #expect(!told.output.contains(secret))
        try expectUnusable(
            ["ledger", "init", ledger, "--name", "x", "--operator", story.path("operator.pem")],
            naming: ledger, saying: "exists")
        try TestFiles.withTemporaryFolder { folder in
            let open = folder.appending(path: "open.pem")
            try FileManager.default.copyItem(atPath: key, toPath: open.path)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: open.path)
            try expectUnusable(["key", open.path], naming: open.path, saying: "can be read by others")
        }
        let file = story.path("secret.json")
        try expectUnusable(
            [
                "ledger", "secret", "--account", String(repeating: "1a", count: 32), "--task", "t", "--round",
                "0",
            ]
                + ["--output", file], naming: file, saying: "exists")
    }

    @Test func allocationsAndParametersMustMakeSense() throws {
        try TestFiles.withTemporaryFolder { folder in
            let new = folder.appending(path: "new.ledger").path
            let base = ["ledger", "init", new, "--name", "x", "--operator", story.path("operator.pem")]
            let key = String(repeating: "1a", count: 32)
            for (options, reason) in [
                (["--allocate", "\(key)"], "expects a public key"),
                (["--allocate", "\(key)=x"], "expects a public key"),
                (["--allocate", "\(key)=1,\(key)=2"], "each once"),
                (["--allocate", "\(key)=\(UInt64.max)"], "more than"),
            ] {
                let outcome = try zkpot(base + options)
                #expect(outcome.code == 2 && outcome.errors.contains(reason), "\(outcome)")
            }
            var parameters = LedgerStory.parameters
            parameters["voteQuorum"] = 0
            let file = folder.appending(path: "p.json")
            try JSONSerialization.data(withJSONObject: parameters).write(to: file)
            let outcome = try zkpot(base + ["--parameters", file.path])
            #expect(outcome.code == 2 && outcome.errors.contains("quorum"), "\(outcome)")
        }
    }

    /// Every kind of transaction has an example in the documentation, and it can be read.
    @Test func theDocumentedTransactionsCanBeRead() throws {
        let page = TestFiles.vectors.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Docs/transactions.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let examples = text.components(separatedBy: "```json\n").dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
        let kinds = try examples.map { try TransactionJSON.decode(Data($0.utf8)).kind }
        #expect(kinds.count == Transaction.Kind.allCases.count)
        #expect(Set(kinds) == Set(Transaction.Kind.allCases))
    }
}

/// A copy of the story's ledger to write to.
enum LedgerCopy {
    static func make(of story: Story, in folder: String) throws -> String {
        let copy = folder + "/copy.ledger"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: story.path("demo.ledger"), toPath: copy)
        return copy
    }
}
