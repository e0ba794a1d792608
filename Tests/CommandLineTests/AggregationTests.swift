import Foundation
import QuantizedLearning
import SecureAggregation
import TestSupport
import Testing

/// Secure aggregation as five people and a leader play it with files.
@Suite struct AggregationTests {
    /// One lies about its model and is named, one falls silent after its vector was sent: it is in the sum.
    @Test func aLiarIsNamedAndTheSilentAreCarried() throws {
        let story = try AggregationStory.told()
        let play = try story.start(round: 10, ["--weights", "1,2,3,4,5"])
        #expect(try play.status()["due"] as? String == "keys")
        try play.say("keys", [0, 1, 2, 3, 4])
        try play.close()
        try play.say("shares", [0, 1, 2, 3, 4])
        try play.close()
        try play.say("masks", [0, 1, 2, 3, 4])
        try play.close()
        try play.say("input", [0, 1, 2, 3, 4])
        try play.forge("input", 1, MaskedInput.self) { $0[100] ^= 1 }
        let closed = try play.close()
        #expect(closed.output.contains("Named: participant 1 sent a masked vector that is not"))
        #expect(closed.output.contains("participants 0, 2, 3, 4"))
        try play.say("consent", [0, 2, 3])
        try play.close()
        try play.say("unmask", [0, 2, 3])
        try play.open()
        let global = story.path("global.zkm")
        #expect(try play.check(["--output", global]).output.hasPrefix("VALID"))
        let models = try [0, 2, 3, 4].map {
            try QuantizedModel.read(from: URL(fileURLWithPath: story.model($0)))
        }
        let expected = try FederatedAverage(models, coefficients: [1, 3, 4, 5]).model()
        #expect(try QuantizedModel.read(from: URL(fileURLWithPath: global)) == expected)
        #expect(try play.status()["due"] == nil)
        #expect(try (play.status()["faults"] as? [String])?.count == 1)
        try expectRefusals(story, play)
        // A second sum of the same round could give a model away; another round could not.
        let again = try story.start(round: 10, ["--attempt", "1"])
        try again.say("keys", [0, 2], code: 2)
        try again.say("keys", [4])
        let arguments = ["aggregate", "keys", "--board", again.board, "--me", story.path("ann")]
        #expect(try zkpot(arguments).errors.contains("two sums"))
        try story.run(arguments + ["--again"])
        let next = try story.start(round: 11)
        try next.say("keys", [2])
    }

    /// After the end: nobody says anything else, secrets are the owner's alone, damaged files are named.
    private func expectRefusals(_ story: AggregationStory, _ play: AggregationStory.Play) throws {
        // The same answer again, but no answer to another roster.
        try play.say("unmask", [0])
        let survivors = play.file("survivors.signed")
        let fixed = try Data(contentsOf: survivors)
        var damaged = fixed
        damaged[40] ^= 1
        try damaged.write(to: survivors)
        try play.say("consent", [0], code: 2)
        try fixed.write(to: survivors)

        let session = try #require(
            try FileManager.default.contentsOfDirectory(atPath: story.path("ann")).first { $0 != "key.pem" })
        for file in ["key.pem", session + "/root"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: story.path("ann/" + file))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
        for name in ["session", "model.json", "aggregate.sum"] {
            let file = play.file(name)
            let good = try Data(contentsOf: file)
            for bad in [Data(), good.prefix(good.count / 2), Data("nonsense".utf8)] {
                try bad.write(to: file)
                try expectUnusable(["aggregate", "check", "--board", play.board], naming: file.path)
            }
            try good.write(to: file)
        }
        // Another sum does not open the commitments.
        let file = play.file("aggregate.sum")
        var other = try Data(contentsOf: file)
        other[other.count - 1] ^= 1
        try other.write(to: file)
        #expect(try play.check(code: 1).output.hasPrefix("REFUSED"))
        #expect(!FileManager.default.fileExists(atPath: story.path("none.zkm")))
    }

    /// One is missing from the keys on, one sends no vector.
    @Test func silentInKeysAndInput() throws {
        let story = try AggregationStory.told()
        let play = try story.start(round: 20)
        try play.say("keys", [0, 1, 2, 3])
        try play.close()
        // Too late, and out of turn.
        try play.say("shares", [4], code: 2)
        try play.say("masks", [0], code: 2)
        try play.say("shares", [0, 1, 2, 3])
        try play.close()
        try play.say("masks", [0, 1, 2, 3])
        try play.close()
        try play.say("input", [0, 1, 3])
        try play.close()
        try play.say("consent", [1, 3])
        // A vector that comes after all could also be one that the leader ignored: survivors are told, and decide.
        try play.say("input", [2])
        let consent = ["aggregate", "consent", "--board", play.board, "--me", story.path("ann")]
        let warned = try story.run(consent)
        #expect(warned.errors.contains("participant 2 sent a vector, is not named, and is left out"))
        #expect(!warned.errors.contains("participant 4"))
        try play.close()
        try play.say("unmask", [0, 1, 3])
        try play.open()
        #expect(try play.check(["--json"]).json["survivors"] as? [Int] == [0, 1, 3])
    }

    /// One deals no shares, one commits to no masks; then one share too few, and nothing is opened.
    @Test func silentInSharesAndMasksAndTooFew() throws {
        let story = try AggregationStory.told()
        let play = try story.start(round: 30)
        try play.say("keys", [0, 1, 2, 3, 4])
        // What is no message is as good as silence.
        try Data("nonsense".utf8).write(to: play.file("keys/4.message"))
        let closed = try play.close()
        #expect(closed.errors.contains("Participant 4: ") && closed.output.contains("0, 1, 2, 3."))
        try play.say("shares", [0, 1, 2, 3])
        try play.close()
        try play.say("masks", [0, 1, 2])
        try play.close()
        try play.say("input", [0, 1, 2])
        try play.close()
        try play.say("consent", [0, 1, 2])
        try play.close()
        try play.say("unmask", [0, 1])
        let failed = try play.open(code: 1)
        #expect(failed.output.contains("only 2 of at least 3 participants; nothing is opened"))
        #expect(!FileManager.default.fileExists(atPath: play.file("aggregate.sum").path))
        try play.say("unmask", [2])
        try play.open()
        #expect(try play.check(["--json"]).json["isValid"] as? Bool == true)
    }

    /// Two ends of a pair disagree: the dispute names who lied, the others go on.
    @Test func disputesAreSettled() throws {
        let story = try AggregationStory.told()
        let play = try story.start(round: 40)
        for verb in ["keys", "shares", "masks"] {
            try play.say(verb, [0, 1, 2, 3])
            if verb == "masks" {
                // Its commitment with participant 0, replaced by that with participant 2.
                try play.forge("masks", 3, MaskCommitments.self) {
                    $0.replaceSubrange(68..<100, with: Array($0[132..<164]))
                }
            }
            let closed = try play.close()
            #expect(closed.output.contains("In dispute: 0 and 3") == (verb == "masks"))
        }
        #expect(try play.status()["due"] as? String == "dispute")
        try play.say("dispute", [0, 1])
        #expect(try play.close().output.contains("participant 3 signed a wrong commitment"))
        for (verb, isLast) in [("input", false), ("consent", false), ("unmask", true)] {
            try play.say(verb, [0, 1, 2])
            if !isLast { try play.close() }
        }
        try play.open()
        #expect(try play.check(["--json"]).json["survivors"] as? [Int] == [0, 1, 2])
    }

    @Test func beginningsThatCannotBeUsed() throws {
        let story = try AggregationStory.told()
        let enrolments = AggregationStory.names.map { story.path("\($0).enrolment") }
        func start(_ files: [String], _ options: [String]) throws -> Outcome {
            try zkpot(
                ["aggregate", "start"] + files + [
                    "--board", story.path("beginning"), "--leader", story.path("leader"), "--model", "digits",
                ] + options)
        }
        for (options, reason) in [
            (["--threshold", "2"], "not above half"), (["--threshold", "6"], "at most all"),
            (["--weights", "1,2"], "5 whole numbers"), (["--weights", "1,2,3,4,0"], "5 whole numbers"),
            (["--task", "two words"], "--task expects"), (["--ledger", "12"], "--ledger expects"),
            (["--ledger", enrolments[0]], "--task is needed"),
            (["--ledger", enrolments[0], "--task", "t", "--weights", "1"], "those of the ledger"),
        ] {
            let outcome = try start(enrolments, options)
            #expect(outcome.code == 2 && outcome.errors.contains(reason), "\(outcome)")
        }
        let twice = try start(enrolments + [enrolments[0]], [])
        #expect(twice.code == 2 && twice.errors.contains("stands twice"))
        for bad in [
            "", "{}", "{\"format\": \"zkpot-enrolment\", \"key\": \"00\", \"commitment\": \"00\"}",
        ] {
            let file = story.path("bad.enrolment")
            try Data(bad.utf8).write(to: URL(fileURLWithPath: file))
            let outcome = try start([file] + enrolments, [])
            #expect(outcome.code == 2 && outcome.errors.hasPrefix("zkpot: \(file): "), "\(outcome)")
        }
        #expect(try start(enrolments, []).code == 0)
        // The board is there, a stranger has no seat, only the leader closes.
        #expect(try start(enrolments, []).errors.contains("not empty"))
        let board = ["--board", story.path("beginning")]
        try expectUnusable(
            ["aggregate", "keys", "--me", story.path("leader")] + board, naming: story.path("leader"),
            saying: "not the folder of a participant")
        try expectUnusable(
            ["aggregate", "close", "--leader", story.path("ann")] + board, naming: story.path("ann"),
            saying: "not the folder of this session's leader")
        try expectUnusable(["aggregate", "open"] + board, naming: story.path("beginning"))
        try expectUnusable(
            ["aggregate", "status", "--board", story.path("nowhere")], naming: story.path("nowhere"),
            saying: "no such folder")
        try expectUnusable(
            ["aggregate", "status", "--board", story.folder.path],
            naming: story.folder.path + "/session")
    }

    @Test func everyStepHasHelpWithAnExample() throws {
        for verb in [
            "enrol", "start", "keys", "shares", "masks", "dispute", "input", "consent", "survivors", "unmask",
            "close", "open", "check", "status",
        ] {
            let help = try zkpot(["aggregate", verb, "--help"])
            #expect(help.code == 0 && help.output.contains("Usage: zkpot aggregate \(verb) "))
            #expect(help.output.contains("Example\n  $ zkpot aggregate \(verb) "))
        }
    }
}
