import Foundation
import Ledger
import QuantizedLearning
import SecureAggregation
import TestSupport
import Testing

/// Secure aggregation of an order on a ledger: one falls silent before its vector is sent, the survivors go on record
/// before anybody reveals a share, and the order is finalized with their sum.
@Suite struct SurvivorTests {
    @Test func theSumOfTheSurvivorsFinalizesTheOrder() throws {
        try TestFiles.withTemporaryFolder { folder in
            let play = try SurvivorStory(in: folder)
            try expectSessionsFromTheLedger(play)
            let (all, survivors) = (SurvivorStory.names, Array(SurvivorStory.names.dropLast()))
            for verb in ["keys", "shares", "masks"] {
                try play.say(verb, all)
                try play.close()
            }
            try play.say("input", survivors)
            try play.close()
            try play.say("consent", survivors)
            try expectUnusable(
                ["aggregate", "survivors", "--board", play.path("board"), "--output", play.path("early")],
                naming: play.path("board/consents.roster"), saying: "has not closed that step")
            try play.close()
            try expectNothingWithoutTheRecord(play)

            // Anybody makes the transaction; in its time it is accepted, once.
            let made = try play.run(
                ["aggregate", "survivors", "--board", play.path("board"), "--output", play.path("survivors")])
            let accounts = survivors.compactMap { play.publicKeys[$0] }.sorted()
            #expect(made["survivors"] as? [String] == accounts && made["signatures"] as? Int == 3)
            #expect(try play.submit("survivors", by: "agg", at: 699) == "too-early")
            #expect(try play.submit("survivors", by: "pat", at: 700) == "not-staked")
            #expect(try play.submit("survivors", by: "agg", at: 701) == "survivorsFixed(count: 3)")
            #expect(try play.submit("survivors", by: "agg", at: 702) == "survivors-already-fixed")
            #expect(try play.order()["survivors"] as? [String] == accounts)
            let page = try zkpot(["ledger", "show", play.ledger, "--task", "digits", "--round", "0"]).output
            #expect(page.contains("of the survivors \(accounts.joined(separator: ", "))"))
            try expectAnotherAttemptIsOfTheSurvivors(play)

            try play.say("unmask", survivors, ["--ledger", play.ledger])
            try play.run(["aggregate", "open", "--board", play.path("board")])
            try finalize(play, survivors)
            try expectTheEnd(play)
        }
    }

    /// Participants, commitments and weights come from the ledger; enrolments choose among them.
    private func expectSessionsFromTheLedger(_ play: SurvivorStory) throws {
        _ = try play.start("board")
        let session = try session(play, "board")
        #expect(
            session.members.map(\.key.description) == SurvivorStory.names.compactMap { play.publicKeys[$0] })
        #expect(session.members.map { Int($0.weight) } == SurvivorStory.names.compactMap { play.scores[$0] })
        #expect(Set(session.members.map(\.weight)).count > 1 && session.threshold == 3)
        for name in ["dan", "ann"] {
            try play.run(
                ["aggregate", "enrol", "--me", play.path(name), "--commitment", play.path("\(name).zkc")]
                    + ["--output", play.path("\(name).enrolment")])
        }
        _ = try play.start("chosen", [play.path("dan.enrolment"), play.path("ann.enrolment")])
        #expect(try self.session(play, "chosen").members == [session.members[3], session.members[0]])

        // Another commitment, a stranger, another order, and files that are no ledger.
        let wrong = play.path("wrong.enrolment")
        try play.run(
            ["aggregate", "enrol", "--me", play.path("ben"), "--commitment", play.path("ann.zkc")]
                + ["--output", wrong])
        try expectUnusable(
            play.startArguments("x") + [wrong], naming: wrong,
            saying: "has another commitment than the ledger")
        try play.run(
            ["aggregate", "enrol", "--me", play.path("agg"), "--commitment", play.path("ann.zkc")]
                + ["--output", wrong])
        try expectUnusable(
            play.startArguments("x") + [wrong], naming: wrong, saying: "nobody that the ledger has accepted")
        func start(_ changes: [String: String]) -> [String] {
            var arguments = play.startArguments("x")
            for (option, value) in changes {
                if let place = arguments.firstIndex(of: option) { arguments[place + 1] = value }
            }
            return arguments
        }
        for change in [["--round": "1"], ["--task": "other"]] {
            try expectUnusable(start(change), naming: play.ledger, saying: "has no round")
        }
        let done = play.story.path("demo.ledger")
        try expectUnusable(start(["--ledger": done]), naming: done, saying: "the round is finalized")
        let damaged = play.path("damaged.ledger")
        for bytes in [Data(), try Data(contentsOf: folder(play, "demo.ledger")).prefix(5000), Data("x".utf8)]
        {
            try bytes.write(to: folder(play, "damaged.ledger"))
            try expectUnusable(start(["--ledger": damaged]), naming: damaged)
        }
    }

    private func folder(_ play: SurvivorStory, _ name: String) -> URL { play.folder.appending(path: name) }

    private func session(_ play: SurvivorStory, _ board: String) throws -> AggregationSession {
        try AggregationSession(encoded: [UInt8](Data(contentsOf: folder(play, "\(board)/session"))))
    }

    /// ⚠ As long as the ledger has no survivors, who looks there reveals nothing.
    private func expectNothingWithoutTheRecord(_ play: SurvivorStory) throws {
        let unmask = ["aggregate", "unmask", "--board", play.path("board"), "--me", play.path("ann")]
        let refused = try zkpot(unmask + ["--ledger", play.ledger])
        #expect(refused.code == 1 && refused.output.hasPrefix("REFUSED: nothing is revealed"), "\(refused)")
        #expect(refused.output.contains("no survivors of this round on record"))
        #expect(try play.run(unmask + ["--ledger", play.ledger], code: 1)["isRevealed"] as? Bool == false)
        #expect(!FileManager.default.fileExists(atPath: play.path("board/unmask")))
        let other = play.story.path("demo.ledger")
        try expectUnusable(
            unmask + ["--ledger", other], naming: other, saying: "is not the ledger of this session")
        let nonsense = folder(play, "nonsense")
        try Data("nonsense".utf8).write(to: nonsense)
        try expectUnusable(unmask + ["--ledger", nonsense.path], naming: nonsense.path)
        // Nor is there a transaction of damaged consents, or of consents that were changed.
        let place = folder(play, "board/consents.roster")
        let good = try Data(contentsOf: place)
        var changed = good
        changed[good.count - 100] ^= 1
        for bad in [Data(), good.dropLast(), good + [0], changed] {
            try bad.write(to: place)
            let outcome = try zkpot(
                ["aggregate", "survivors", "--board", play.path("board"), "--output", play.path("none")])
            #expect(outcome.code == 2 && outcome.errors.contains(play.path("board")), "\(outcome)")
        }
        try good.write(to: place)
        #expect(!FileManager.default.fileExists(atPath: play.path("none")))
    }

    /// Started again after the record is made, only the survivors take part; and the record is not for another set.
    private func expectAnotherAttemptIsOfTheSurvivors(_ play: SurvivorStory) throws {
        _ = try play.start("again", ["--attempt", "1", "--threshold", "2"])
        #expect(
            try session(play, "again").members.map(\.key.description)
                == ["ann", "ben", "cat"].compactMap { play.publicKeys[$0] })
        // A leader that shows another set than the ledger has.
        let place = folder(play, "board/survivors.signed")
        let good = try Data(contentsOf: place)
        let session = try session(play, "board")
        let key = try SigningKey(file: play.path("agg/key.pem"))
        var bytes = try Signed<SurvivorSet>(encoded: [UInt8](good)).message.encoded
        bytes[35] = 2
        bytes.removeLast(34)
        let smaller = try Signed(
            SurvivorSet(encoded: bytes), from: Signed<SurvivorSet>.leaderNumber, in: session, with: key)
        try Data(smaller.encoded).write(to: place)
        let refused = try zkpot(
            ["aggregate", "unmask", "--board", play.path("board"), "--me", play.path("ann")]
                + ["--ledger", play.ledger])
        #expect(refused.code == 1 && refused.output.contains("other survivors"), "\(refused)")
        try good.write(to: place)
    }

    /// The opened sum is the global model that the ledger asks for, and anybody can recompute its commitment.
    private func finalize(_ play: SurvivorStory, _ survivors: [String]) throws {
        let check = ["aggregate", "check", "--board", play.path("board")]
        let checked = try play.run(
            check + [
                "--output", play.path("global.zkm"), "--content", play.content, "--transaction",
                play.path("finalize"),
            ])
        let weights = survivors.map { Int64(play.scores[$0] ?? 0) }
        #expect(checked["divisor"] as? Int == Int(weights.reduce(0, +)))
        let models = try survivors.map {
            try QuantizedModel.read(from: folder(play, "\($0).zkm"))
        }
        #expect(
            try QuantizedModel.read(from: folder(play, "global.zkm"))
                == FederatedAverage(models, coefficients: weights).model())
        let written = try TransactionJSON.decode(Data(contentsOf: folder(play, "finalize")))
        guard case .finalize(let body) = written else {
            Issue.record("\(written.kind) is not finalize")
            return
        }
        #expect(body.globalModel?.openingDigest.description == checked["opening"] as? String)
        // The sum over all who are accepted is not what the ledger wants any more.
        let session = try session(play, "board")
        let wrong = GlobalModel(
            commitment: session.weightedCommitment(of: [0, 1, 2, 3]).encoded(as: .compressed),
            openingDigest: try #require(body.globalModel).openingDigest)
        let transaction = FinalizeOrder(task: body.task, round: body.round, globalModel: wrong).transaction
        try TransactionJSON.encode(transaction).write(to: folder(play, "wrong"))
        #expect(try play.submit("wrong", by: "agg", at: 705) == "aggregate-mismatch")
        #expect(try play.submit("finalize", by: "agg", at: 710).hasPrefix("finalized("))
        // It is recomputed: the opening fits the commitment.
        let report: [String: Any] = ["subject": "globalModel", "complaint": "unfit"]
        #expect(try play.submit("report", report, by: "vic", at: 720).contains("rejected"))
    }

    /// Who was left out is paid all the same, and the ledger follows from its blocks, contents included.
    private func expectTheEnd(_ play: SurvivorStory) throws {
        let participants = try #require(try play.order()["participants"] as? [[String: Any]])
        #expect(participants.allSatisfy { $0["isAccepted"] as? Bool == true })
        #expect(
            participants.map { $0["weight"] as? Int } == SurvivorStory.names.dropLast().map {
                play.scores[$0]
            } + [nil])
        #expect(try play.submit("payout", ["signatures": [Any]()], by: "dan", at: 800).hasPrefix("paid"))
        let ledger = try play.run(["ledger", "show", play.ledger])["ledger"] as? [String: Any]
        let accounts = try #require(ledger?["accounts"] as? [[String: Any]])
        let dan = accounts.first { $0["account"] as? String == play.publicKeys["dan"] }
        #expect(try #require(dan?["balance"] as? Int) > 996)
        let verified = try play.run(["ledger", "verify", play.ledger, "--content", play.content])
        #expect(verified["contents"] as? Int == 1 && verified["believedContents"] as? Int == 0, "\(verified)")
    }
}
