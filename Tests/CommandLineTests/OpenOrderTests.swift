import ContentStore
import Foundation
import TestSupport
import Testing

/// The mode `open` with real models: the ledger's questions are answered from a folder of blocks.
@Suite struct OpenOrderTests {
    let story: Story

    init() throws { story = try Story.told() }

    private func worth(_ name: String) throws -> Int {
        let output = try #require(story.outputs["prove \(name)"])
        let claim = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return try #require(claim?["correct"] as? Int)
    }

    @Test func honestClaimsCountAndLiesAreFound() throws {
        try TestFiles.withTemporaryFolder { folder in
            let order = try OpenOrder(story, in: folder)
            let (ann, bob) = (try worth("alice"), try worth("bob"))
            try #require(bob < 10)
            func participant(_ name: String) -> [String: Any] {
                ["participant": order.publicKeys[name] ?? ""]
            }
            for (name, correct, opening) in [("ann", ann, "ann"), ("bob", bob + 1, "bob"), ("cat", 1, "ann")]
            {
                try order.accept(
                    "claimScore", ["correct": correct, "opening": order.openings[opening] ?? ""], by: name,
                    at: 220)
            }
            // A false validation of an honest claim.
            try order.accept(
                "validate", participant("ann").merging(["correct": ann - 1]) { $1 }, by: "val", at: 400)
            let challenge = participant("ann").merging(["validator": order.publicKeys["val"] ?? ""]) { $1 }
            let without = try order.expectUnavailable(
                "challenge", challenge, by: "vic", at: 410, content: false)
            #expect(without.contains("name the folder of blocks with --content"), "\(without)")
            let decided = try order.accept("challenge", challenge, by: "vic", at: 420)
            #expect(decided.contains("isUpheld: true, score: \(ann), slashed: 2, awarded: 1"), "\(decided)")
            // An opening of another commitment has no score, and is unfit.
            let foreign = try order.expectUnavailable("check", participant("cat"), by: "vic", at: 510)
            #expect(foreign.contains("the model's opening: it does not open the commitment"), "\(foreign)")
            let report: [String: Any] = ["subject": order.publicKeys["cat"] ?? "", "complaint": "unfit"]
            #expect(try order.accept("report", report, by: "vic", at: 520).contains("upheld"))
            let fits: [String: Any] = ["subject": "testSet", "complaint": "unfit"]
            #expect(try order.accept("report", fits, by: "vic", at: 530).contains("rejected"))
            let checked = try order.accept("check", participant("bob"), by: "vic", at: 610)
            #expect(checked == "scoreChecked(\(bob))", "\(checked)")

            let sum = try order.run(
                ["ledger", "sum", order.openings["ann"] ?? "", "--content", order.content])
            #expect(sum["divisor"] as? Int == 1)
            let global = ["commitment": sum["commitment"] ?? "", "openingDigest": sum["opening"] ?? ""]
            try order.accept("finalize", ["globalModel": global], by: "pat", at: 700)
            let judged: [String: Any] = ["subject": "globalModel", "complaint": "unfit"]
            #expect(try order.accept("report", judged, by: "vic", at: 710).contains("rejected"))
            try expectTheEnd(order)
            try expectReplay(order, answers: 5)
        }
    }

    /// Ann alone is accepted; the validator, Bob and Cat have lost their stakes.
    private func expectTheEnd(_ order: OpenOrder) throws {
        let shown = try order.run(["ledger", "show", order.ledger, "--task", "digits", "--round", "0"])
        let view = try #require(shown["order"] as? [String: Any])
        let accepted = try #require(view["participants"] as? [[String: Any]])
            .filter { $0["isAccepted"] as? Bool == true }.compactMap { $0["participant"] as? String }
        #expect(accepted == [order.publicKeys["ann"]])
        let ledger = try order.run(["ledger", "show", order.ledger])["ledger"] as? [String: Any]
        let accounts = try #require(ledger?["accounts"] as? [[String: Any]])
        for (name, role, stake) in [
            ("ann", "participant", 4), ("bob", "participant", 0), ("cat", "participant", 0),
            ("val", "validator", 0),
        ] {
            let account = accounts.first { $0["account"] as? String == order.publicKeys[name] }
            #expect((account?["stakes"] as? [String: Any])?[role] as? Int ?? 0 == stake, "\(name)")
        }
    }

    /// The replay asks the same checker; without blocks the receipts are believed, and it says so.
    private func expectReplay(_ order: OpenOrder, answers: Int) throws {
        let verify = ["ledger", "verify", order.ledger]
        let with = try order.run(verify + ["--content", order.content])
        #expect(with["contents"] as? Int == answers && with["believedContents"] as? Int == 0, "\(with)")
        let without = try order.run(verify)
        #expect(without["contents"] as? Int == 0 && without["believedContents"] as? Int == answers)
        let text = try zkpot(verify)
        #expect(text.output.contains("\(answers) answers believed, as --content does not have them"))
        // A damaged block is no block.
        let bob = try ContentIdentifier(order.openings["bob"] ?? "").description
        let block = URL(fileURLWithPath: "\(order.content)/\(bob.suffix(2))/\(bob)")
        try Data("another file".utf8).write(to: block)
        let less = try order.run(verify + ["--content", order.content])
        #expect(less["contents"] as? Int == answers - 1 && less["believedContents"] as? Int == 1, "\(less)")
    }

    /// What a claim names may be any file: a reason, and no score.
    @Test func hostileOpeningsHaveNoScore() throws {
        try TestFiles.withTemporaryFolder { folder in
            var order = try OpenOrder(story, in: folder)
            let store = try LocalStore(folder: order.content)
            let good = try store.get(try ContentIdentifier(order.openings["ann"] ?? ""))
            func changed(_ position: Int, to byte: UInt8) -> [UInt8] {
                var bytes = good
                bytes[position] = byte
                return bytes
            }
            let sum = try order.run(
                ["ledger", "sum", order.openings["ann"] ?? "", "--content", order.content])
            let pristine = order.ledger
            order.ledger = order.path("copy.ledger")
            let missing = String(repeating: "1a", count: 32)
            for (bytes, reason) in [
                (nil, "has no block"), ([], "too few for a header"), (Array(good.dropLast()), "truncated"),
                (good + [0], "bytes too many"), (Array(good[..<20]), "truncated"),
                (changed(16, to: 0xFF), "modulus"), (changed(47, to: good[47] ^ 1), "does not open"),
                (changed(49, to: 0xFF), "truncated"), (changed(good.count - 9, to: 77), "checksum"),
                (
                    try store.get(try ContentIdentifier(sum["opening"] as? String ?? "")),
                    "not a revealed model"
                ),
                (try story.bytes("alice.zkm"), "not a ZKPoT file"),
            ] as [([UInt8]?, String)] {
                let opening = try bytes.map {
                    try store.put($0).digest.map { String(format: "%02x", $0) }.joined()
                }
                try? FileManager.default.removeItem(atPath: order.ledger)
                try FileManager.default.copyItem(atPath: pristine, toPath: order.ledger)
                try order.accept(
                    "claimScore", ["correct": 10, "opening": opening ?? missing], by: "ann", at: 220)
                let errors = try order.expectUnavailable(
                    "check", ["participant": order.publicKeys["ann"] ?? ""], by: "vic", at: 510)
                #expect(errors.contains("the model's opening: ") && errors.contains(reason), "\(errors)")
            }
        }
    }
}
