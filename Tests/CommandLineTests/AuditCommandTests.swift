import Foundation
import TestSupport
import Testing

/// Audits on the command line: what is accepted, what is false, what goes on after it was interrupted.
@Suite struct AuditCommandTests {
    let story: AuditStory

    init() throws { story = try AuditStory.told() }

    private func object(_ name: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(story.bytes(name))) as? [String: Any])
    }

    private func write(_ object: [String: Any], _ folder: URL, _ name: String) throws -> String {
        let file = folder.appending(path: name)
        try JSONSerialization.data(withJSONObject: object).write(to: file)
        return file.path
    }

    @Test func theStoryIsAccepted() throws {
        let outcome = try zkpot(story.verify() + ["--json"])
        #expect(outcome.code == 0, "\(outcome)")
        let result = try outcome.json
        #expect(result["isValid"] as? Bool == true)
        #expect(result["startChecked"] as? Bool == true)
        let answers = try #require(result["answers"] as? [[String: Any]])
        #expect(answers.count == 1 && answers[0]["participant"] as? String == "alice")
        #expect(answers[0]["stages"] as? Int == 3)
        #expect(answers[0]["proofs"] as? Int == 9)
        let text = try zkpot(story.verify())
        #expect(text.output.hasPrefix("VALID") && text.errors.contains("development key"))
        // Twice the same answer is as good as once.
        let file = story.path("alice.zka")
        let challenge = story.path("alice.challenge.json")
        let both = try zkpot(
            [
                "audit", "verify", file, file, "--challenge", "\(challenge),\(challenge)", "--task",
                story.path("task.json"), "--key", story.path("training.zkvk"), "--update-key",
                story.path("updates.zkvk"), "--json",
            ])
        #expect(both.code == 0, "\(both)")
    }

    @Test func secretsAreForTheirOwnerAndNeverReplaced() throws {
        for name in ["alice.zkds", "alice.zkts", "alice.zkck", "alice.zko"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: story.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        let before = try ["alice.zkds", "alice.zkts", "alice.zkck", "alice.zko"].map(story.bytes)
        try expectUnusable(
            story.data(output: story.path("alice")), naming: story.path("alice.zkds"), saying: "exists")
        try expectUnusable(
            story.train(prefix: story.path("alice"), model: story.path("again.zkm")),
            naming: story.path("alice.zkts"), saying: "exists")
        #expect(try ["alice.zkds", "alice.zkts", "alice.zkck", "alice.zko"].map(story.bytes) == before)
        // No eight bytes of a seed are printed by any verb.
        let inspected = try zkpot(
            ["inspect"] + ["alice.zkds", "alice.zkts", "alice.zkd", "alice.zkt", "alice.zka"].map(story.path))
        #expect(inspected.code == 0)
        let texts = [inspected.output, try zkpot(story.verify()).output] + story.outputs.values
        for name in ["alice.zkds", "alice.zkts"] {
            let seed = try story.bytes(name).suffix(32)
            for start in stride(from: seed.startIndex, to: seed.endIndex, by: 8) {
                let digits = seed[start..<start + 8].map { String(format: "%02x", $0) }.joined()
                #expect(texts.allSatisfy { !$0.contains(digits) })
            }
        }
    }

    /// Exit code 1, and the stage that is at fault.
    @Test func falseAnswersAreRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            // An answer to another beacon.
            let other = folder.appending(path: "other.json").path
            var beacon = 0
            var stages: [Int] = []
            let asked = try #require(try object("alice.challenge.json")["stages"] as? [Int])
            repeat {
                beacon += 1
                let digits = String(repeating: String(format: "%02x", beacon), count: 32)
                let made = try zkpot(story.challenge(beacon: digits, output: other) + ["--json"])
                try #require(made.code == 0, "\(made)")
                stages = try #require(try made.json["stages"] as? [Int])
            } while stages == asked
            var outcome = try zkpot(story.verify(["--challenge": other]) + ["--json"])
            #expect(outcome.code == 1, "\(outcome)")
            var answer = try #require((try outcome.json["answers"] as? [[String: Any]])?.first)
            let missing = try #require(stages.first { !asked.contains($0) })
            #expect(answer["stage"] as? Int == missing)
            #expect(answer["reason"] as? String == "stage \(missing) is asked for and not answered")
            #expect(try zkpot(story.verify(["--challenge": other])).output.hasPrefix("REFUSED"))

            // Another participant, root, data set, data beacon or model than in the answer: the stages follow from the
            // first two, so a challenge that is only edited is no challenge.
            var challenge = try object("alice.challenge.json")
            // Some names get the same few stages by chance; then it is the answer that does not fit.
            var isForged = false
            for number in 0..<16 where !isForged {
                challenge["participant"] = "bob \(number)"
                let file = try write(challenge, folder, "bob.json")
                let outcome = try zkpot(story.verify(["--challenge": file]))
                #expect(outcome.code == 1 || outcome.code == 2, "\(outcome)")
                isForged = outcome.code == 2
                if isForged { #expect(outcome.errors.contains("bob.json: its stages"), "\(outcome)") }
            }
            #expect(isForged)
            for (field, value, reason) in [
                ("dataset", AuditStory.beacon, "the batches are not those"),
                ("dataBeacon", AuditStory.beacon, "the beacon's order"),
            ] {
                challenge = try object("alice.challenge.json")
                challenge[field] = value
                let file = try write(challenge, folder, "changed.json")
                outcome = try zkpot(story.verify(["--challenge": file]))
                #expect(outcome.code == 1 && outcome.output.contains(reason), "\(outcome)")
            }
            challenge = try object("alice.challenge.json")
            let task = try object("task.json")
            challenge["model"] = task["start"]
            let file = try write(challenge, folder, "changed.json")
            outcome = try zkpot(story.verify(["--challenge": file]) + ["--json"])
            answer = try #require((try outcome.json["answers"] as? [[String: Any]])?.first)
            #expect(outcome.code == 1 && answer["stage"] as? Int == 5, "\(outcome)")

            // One proof in the place of another.
            var bytes = try story.bytes("alice.zka")
            let end = bytes.count
            let (last, earlier) = (Array(bytes[(end - 192)...]), Array(bytes[(end - 384)..<(end - 192)]))
            bytes.replaceSubrange((end - 384)..<(end - 192), with: last)
            bytes.replaceSubrange((end - 192)..., with: earlier)
            try Data(bytes).write(to: folder.appending(path: "swapped.zka"))
            outcome = try zkpot(
                story.verify(["answer": folder.appending(path: "swapped.zka").path]) + ["--json"])
            answer = try #require((try outcome.json["answers"] as? [[String: Any]])?.first)
            #expect(outcome.code == 1 && answer["stage"] as? Int == 4, "\(outcome)")

            // The commitment to another model than the published one.
            let commitment = folder.appending(path: "start.zkc")
            var published = try story.bytes("alice.zkc")
            let start = try #require(task["start"] as? String)
            let point = stride(from: 0, to: 64, by: 2).map { index in
                UInt8(start.dropFirst(index).prefix(2), radix: 16) ?? 0
            }
            published.replaceSubrange(16..<48, with: point)
            try Data(published).write(to: commitment)
            outcome = try zkpot(story.verify(["--model-commitment": commitment.path]))
            #expect(outcome.code == 1 && outcome.output.contains("another model"), "\(outcome)")
        }
    }

    /// The model that was trained in stages is committed to like any other: its quality can be proven.
    @Test func theLastCheckpointIsCommittedLikeAnyModel() throws {
        try TestFiles.withTemporaryFolder { folder in
            var circuit = try object("training.json")
            circuit["circuit"] = "quality"
            circuit["samples"] = 10
            circuit["steps"] = nil
            circuit["bound"] = nil
            let file = try write(circuit, folder, "quality.json")
            let prefix = folder.appending(path: "quality").path
            let test = ["--data", "digits", "--split", "test", "--count", "10"]
            for arguments in [
                ["setup", "--circuit", file, "--output", prefix],
                ["prove", "--key", prefix + ".zkpk", "--model", story.path("alice.zkm"), "--opening"]
                    + [story.path("alice.zko"), "--output", prefix] + test,
                ["verify", prefix + ".zkp", "--claim", prefix + ".claim.json", "--key", prefix + ".zkvk"]
                    + ["--model-commitment", story.path("alice.zkc"), "--circuit", file] + test,
            ] {
                let outcome = try zkpot(arguments)
                #expect(outcome.code == 0, "\(arguments): \(outcome)")
            }
        }
    }

    /// Killed in the middle, the answer goes on where it stopped.
    @Test func anInterruptedAnswerGoesOn() throws {
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "answer.zka").path
            let parts = output + ".parts"
            let arguments = story.answer(output: output)
            try zkpotKilled(arguments) {
                ((try? FileManager.default.contentsOfDirectory(atPath: parts)) ?? [])
                    .contains { $0.hasSuffix(".zkp") }
            }
            #expect(!FileManager.default.fileExists(atPath: output))
            let there = try FileManager.default.contentsOfDirectory(atPath: parts)
                .filter { $0.hasSuffix(".zkp") }.sorted()
            #expect(!there.isEmpty)
            // One of the proofs is damaged, and one is of something else: both are made again.
            let first = URL(filePath: parts).appending(path: there[0])
            var bytes = [UInt8](try Data(contentsOf: first))
            bytes[60] ^= 1
            try Data(bytes).write(to: first)
            let foreign = URL(filePath: parts).appending(path: "update-5.zkp")
            try Data(story.bytes("alice.zka").prefix(240)).write(to: foreign)

            let outcome = try zkpot(arguments + ["--json"])
            #expect(outcome.code == 0, "\(outcome)")
            let kept = try #require(try outcome.json["kept"] as? Int)
            #expect(kept >= there.count - 2 && kept < 9)
            #expect(!FileManager.default.fileExists(atPath: parts))
            #expect(try zkpot(story.verify(["answer": output])).code == 0)
        }
    }

    /// An answer that is complete but for the last step has nothing left to prove.
    @Test func rightProofsAreKept() throws {
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "answer.zka").path
            let parts = URL(filePath: output + ".parts")
            try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
            let asked = try #require(try object("alice.challenge.json")["stages"] as? [Int])
            // The last update proof of the accepted answer, as a file of its own.
            let header = [UInt8]("ZKPOTP".utf8) + [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
            let key = try #require(try object("task.json")["updateKey"] as? String)
            let digest = stride(from: 0, to: 64, by: 2).map {
                UInt8(key.dropFirst($0).prefix(2), radix: 16) ?? 0
            }
            let proof = try story.bytes("alice.zka").suffix(192)
            try Data(header + digest + proof).write(to: parts.appending(path: "update-5.zkp"))
            let outcome = try zkpot(story.answer(output: output) + ["--json"])
            #expect(outcome.code == 0, "\(outcome)")
            #expect(try outcome.json["kept"] as? Int == 1)
            #expect(asked.count == 3)
        }
    }

    @Test func dataThatWereNotCommittedToGiveNoAnswer() throws {
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "a.zka").path
            let other = ["--data", "digits", "--split", "test", "--count", "64"]
            let outcome = try zkpot(story.answer(data: other, output: output))
            #expect(outcome.code == 2 && outcome.errors.contains("stage 0: batch"), "\(outcome)")
            try expectUnusable(
                story.answer(data: ["--data", "digits"], output: output),
                saying: "not those that were committed")
            try expectUnusable(
                story.train(
                    ["--task": story.path("task.json")], prefix: folder.appending(path: "x").path,
                    model: folder.appending(path: "x.zkm").path
                ).filter { $0 != "--count" && $0 != "64" }, naming: "digits", saying: "batches")
        }
    }

    @Test func stagesOfAnotherNumberAreNamed() throws {
        try TestFiles.withTemporaryFolder { folder in
            let task = folder.appending(path: "task.json").path
            #expect(try zkpot(story.task(stages: 7, output: task)).code == 0)
            let output = folder.appending(path: "c.json").path
            try expectUnusable(
                story.challenge(["--task": task], output: output), naming: story.path("alice.zkt"),
                saying: "6 stages")
            try expectUnusable(story.verify(["--task": task]), naming: story.path("alice.zka"), saying: "7")
            try expectUnusable(
                story.answer(["--task": task], output: output), naming: story.path("alice.challenge.json"),
                saying: "another task")
        }
    }

    @Test(arguments: [
        ("audit", "a verb is missing"), ("audit verfy x", "did you mean 'verify'?"),
        ("audit challenge --beacon 12 --output x --task x --trajectory x", "64 hexadecimal digits"),
        ("audit verify x", "<answers>"),
        ("train --data digits --output x", "--model"),
        ("train --data digits --output x --commit-trajectory y", "needs --task"),
        ("train --data digits --output x --model digits --beacon \(AuditStory.beacon)", "belong to"),
    ])
    func wrongCommandLinesAreExplained(line: String, reason: String) throws {
        let outcome = try zkpot(line.split(separator: " ").map(String.init))
        #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome)")
        if reason != "<answers>" { #expect(outcome.errors.contains(reason), "\(outcome.errors)") }
    }
}
