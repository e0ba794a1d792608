import Foundation
import TestSupport
import Testing

/// The story as a user plays it: what is true gives 0, what is false gives 1.
@Suite struct StoryTests {
    let story: Story

    init() throws { story = try Story.told() }

    /// Alice's claim with some values changed, in a file.
    private func verify(claim change: (inout [String: Any]) -> Void) throws -> Outcome {
        try TestFiles.withTemporaryFolder { folder in
            var claim = try #require(
                try JSONSerialization.jsonObject(with: Data(story.bytes("alice.claim.json")))
                    as? [String: Any])
            change(&claim)
            let file = folder.appending(path: "changed.json")
            try JSONSerialization.data(withJSONObject: claim).write(to: file)
            return try zkpot(story.verify(replacing: ["--claim": file.path]))
        }
    }

    private func verify(context key: String, _ value: Any) throws -> Outcome {
        try verify { claim in
            var context = claim["context"] as? [String: Any] ?? [:]
            context[key] = value
            claim["context"] = context
        }
    }

    @Test func aTrueClaimIsVerified() throws {
        let outcome = try zkpot(
            story.verify(["--model-commitment", story.path("alice.zkc")] + Story.circuit + Story.testSet))
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output.hasPrefix("VALID: at least \(story.correct) of 10 samples"))
        #expect(outcome.output.contains("participant \"alice\"") && outcome.output.contains("round 3"))
        #expect(!outcome.output.contains("Not checked"))
        #expect(outcome.errors.hasPrefix("warning: development key"))
        let partly = try zkpot(story.verify() + ["--kernel", "portable", "--threads", "1"])
        #expect(partly.code == 0)
        #expect(partly.output.contains("--data") && partly.output.contains("--model-commitment"))
    }

    @Test func resultsAreJSON() throws {
        for (name, output) in story.outputs {
            #expect(
                try JSONSerialization.jsonObject(with: Data(output.utf8)) is [String: Any], "\(name)")
        }
        let verified = try zkpot(story.verify() + ["--json"])
        #expect(try verified.json["isValid"] as? Bool == true)
        #expect(try verified.jsonError["warning"] is String)
        let inspected = try zkpot(["inspect", story.path("alice.zkp"), "--json"])
        #expect(try (inspected.json["files"] as? [Any])?.count == 1)
        let circuit = try zkpot(["circuit", "--circuit", story.path("tiny.json"), "--json"])
        #expect(try (circuit.json["regions"] as? [Any])?.isEmpty == false)
        let refused = try zkpot(story.verify(replacing: ["--key": story.path("other.zkvk")]) + ["--json"])
        #expect(refused.code == 1)
        #expect(try refused.json["isValid"] as? Bool == false)
    }

    @Test func errorsAreJSON() throws {
        let missing = story.path("missing")
        let failed = try zkpot(["--json"] + story.verify(replacing: ["--claim": missing]))
        #expect(failed.code == 2 && failed.output.isEmpty)
        #expect(try failed.jsonError["file"] as? String == missing)
        #expect(try failed.jsonError["exitCode"] as? Int == 2)
        #expect(try failed.jsonError["verb"] as? String == "zkpot verify")
        // With a warning before it.
        let late = try zkpot(
            story.prove(["-o", missing, "--json"], replacing: ["--opening": story.path("alice.zkm")]))
        #expect(late.code == 2 && late.output.isEmpty)
        for line in late.errors.split(separator: "\n") {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    @Test func moreThanTheModelGetsRightIsNotProven() throws {
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "greedy").path
            let more = ["--correct", "\(story.correct + 1)", "--output", output]
            let outcome = try zkpot(story.prove(more))
            #expect(outcome.code == 1, "\(outcome)")
            #expect(outcome.output.contains("right on \(story.correct) of 10"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            let less = ["--correct", "\(story.correct - 1)", "--output", output, "--stages"]
            #expect(try zkpot(story.prove(less)).code == 0)
            let modest = try zkpot(
                story.verify(replacing: ["proof": output + ".zkp", "--claim": output + ".claim.json"]))
            #expect(modest.code == 0)
            // Neither proof shows the other's claim, though one of them is implied.
            #expect(try zkpot(story.verify(replacing: ["--claim": output + ".claim.json"])).code == 1)
            #expect(try zkpot(story.verify(replacing: ["proof": output + ".zkp"])).code == 1)
        }
    }

    @Test func editedClaimsAreFalse() throws {
        let honest = try verify { _ in }
        #expect(honest.code == 0, "\(honest)")
        let other = try #require(
            try JSONSerialization.jsonObject(with: Data(story.bytes("bob.claim.json"))) as? [String: Any])
        #expect(try verify { $0["correct"] = story.correct + 1 }.code == 1)
        #expect(try verify { $0["correct"] = 0 }.code == 1)
        #expect(try verify { $0["model"] = other["model"] }.code == 1)
        #expect(try verify { $0["testSet"] = other["model"] }.code == 1)
        #expect(try verify { ($0["model"], $0["testSet"]) = ($0["testSet"], $0["model"]) }.code == 1)
        for (key, value) in [
            ("participant", "mallory"), ("task", "u"), ("ledger", "m"), ("contract", "c"), ("round", 4),
            ("stage", 1), ("chunk", 1),
        ] as [(String, Any)] {
            let outcome = try verify(context: key, value)
            #expect(outcome.code == 1 && outcome.output.contains("REFUSED"), "\(key): \(outcome)")
        }
    }

    @Test func impossibleClaimsAreUnusable() throws {
        for value in [-1, 11, 1 << 40] { #expect(try verify { $0["correct"] = value }.code == 2) }
        for value in [0, -1] { #expect(try verify { $0["samples"] = value }.code == 2) }
        #expect(try verify { $0["version"] = 2 }.errors.contains("version 2"))
        #expect(try verify { $0["format"] = "x" }.code == 2)
        #expect(try verify { $0["model"] = String(repeating: "f", count: 64) }.code == 2)
        #expect(try verify { $0["model"] = "+1" + String(repeating: "0", count: 62) }.code == 2)
        #expect(try verify { $0["model"] = nil }.errors.contains("\"model\" is missing"))
        #expect(try verify(context: "roles", ["test set", "model"]).code == 2)
        #expect(try verify(context: "round", -1).code == 2)
    }

    @Test func foreignProofsKeysAndDataAreRefused() throws {
        func refusal(_ arguments: [String]) throws -> String {
            let outcome = try zkpot(arguments)
            #expect(outcome.code == 1, "\(outcome)")
            return outcome.output
        }
        #expect(
            try refusal(story.verify(replacing: ["--key": story.path("other.zkvk")])).contains("another key"))
        #expect(
            try refusal(story.verify(["--model-commitment", story.path("bob.zkc")]))
                .contains("another model"))
        let bob = ["proof": story.path("bob.zkp")]
        #expect(try refusal(story.verify(replacing: bob)).contains("does not show the claim"))
        for data in [["--skip", "1"], ["--count", "9"], ["--split", "train", "--count", "10"]] {
            let named = ["--data", "digits"] + (data.contains("--split") ? [] : ["--split", "test"])
            let count = data.contains("--count") ? [] : ["--count", "10"]
            let refused = try refusal(story.verify(Story.circuit + named + data + count))
            #expect(refused.contains("another test set"))
        }
    }

    @Test func commitmentsAreFreshAndOpeningsAreKept() throws {
        try TestFiles.withTemporaryFolder { folder in
            func commit(_ name: String) throws -> Outcome {
                try zkpot(
                    ["commit"] + Story.circuit + [
                        "--model", story.path("alice.zkm"), "--opening",
                        folder.appending(path: name).path, "--output", folder.appending(path: "c").path,
                    ])
            }
            #expect(try commit("first").code == 0)
            let first = try Data(contentsOf: folder.appending(path: "c"))
            let opening = try Data(contentsOf: folder.appending(path: "first"))
            #expect(first != Data(try story.bytes("alice.zkc")))
            // The opening that is there is not overwritten, and neither is the commitment.
            let again = try commit("first")
            #expect(again.code == 2 && again.errors.contains("first: "))
            #expect(try Data(contentsOf: folder.appending(path: "first")) == opening)
            #expect(try Data(contentsOf: folder.appending(path: "c")) == first)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.appending(path: "first").path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            try expectUnusable(
                ["commit"] + Story.circuit + [
                    "--model", story.path("alice.zkm"), "--opening", folder.appending(path: "d").path,
                    "--output", folder.appending(path: "d").path,
                ])
        }
    }

    /// Everybody gets the same commitment to the test set, from whatever file.
    @Test func theTestSetIsCommittedToReproducibly() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "again.zkc")
            let idx = [
                "--data", story.path("images-idx3"), "--labels", story.path("labels-idx1"), "--count", "10",
            ]
            let circuit = ["--circuit", story.path("circuit.json")]
            for data in [Story.testSet, ["--data", story.path("test.csv")], idx] {
                let outcome = try zkpot(["commit"] + circuit + data + ["--output", file.path])
                #expect(outcome.code == 0, "\(outcome)")
                #expect(try [UInt8](Data(contentsOf: file)) == story.bytes("test.zkc"))
            }
        }
    }
}
