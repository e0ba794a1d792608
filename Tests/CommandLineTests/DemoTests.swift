import Foundation
import TestSupport
import Testing

/// The demo in its smallest form.
@Suite struct DemoTests {
    private static let small = ["demo", "--rounds", "1", "--samples", "20", "--epochs", "1", "--output"]

    @Test func aRoundIsPlayedTwiceInOneFolder() throws {
        try TestFiles.withTemporaryFolder { folder in
            let demo = folder.appending(path: "demo")
            for run in 1...2 {
                let outcome = try zkpot(Self.small + [demo.path] + (run == 2 ? ["--json"] : []))
                #expect(outcome.code == 0, "\(outcome)")
                if run == 1 {
                    #expect(outcome.output.contains("3 proofs accepted, 1 attempts to cheat refused"))
                    #expect(outcome.errors.contains("mallory"))
                } else {
                    let report = try #require(try outcome.json["report"] as? [String: Any])
                    let refusals = try #require(report["refusals"] as? [[String: Any]])
                    #expect(refusals.map { $0["participant"] as? String } == ["mallory"])
                    #expect(try outcome.json["proofsVerified"] as? Int == 4)
                }
                let page = try String(contentsOf: demo.appending(path: "report.html"), encoding: .utf8)
                #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("mallory"))
                #expect(page.contains("claims 5 correct samples more than its proof shows"))
                #expect(page.contains("<svg") && !page.contains("src=\"http"))
            }
            try inspectLedger(demo)
        }
    }

    private func inspectLedger(_ demo: URL) throws {
        let ledger = demo.appending(path: "ledger.sqlite")
        let outcome = try zkpot(["inspect", ledger.path])
        #expect(outcome.code == 0 && outcome.output.contains("ledger"), "\(outcome)")
        let aggregate = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: demo.appending(path: "round-1-aggregate.json"))) as? [String: Any])
        let blinding = try #require(aggregate["blinding"] as? String)
        #expect(blinding.count == 64 && !outcome.output.contains(blinding))

        // Damaged in many ways: an answer or a reason, never a trap.
        let good = [UInt8](try Data(contentsOf: ledger))
        let damaged = demo.appending(path: "damaged.sqlite")
        var generator = SeededGenerator(seed: 31)
        for attempt in 0..<12 {
            var bytes = good
            if attempt < 4 {
                bytes.removeLast(Int(generator.next() % UInt64(good.count - 16)))
            } else {
                for _ in 0..<1 << (attempt - 4) {
                    let room = attempt % 2 == 0 ? 100 : bytes.count - 16
                    bytes[16 + Int(generator.next() % UInt64(room))] ^= UInt8(1 + generator.next() % 255)
                }
            }
            try Data(bytes).write(to: damaged)
            let outcome = try zkpot(["inspect", damaged.path])
            #expect(outcome.code == 0 || outcome.code == 2, "\(outcome)")
            if outcome.code == 2 { #expect(outcome.errors.contains("\(damaged.path): "), "\(outcome)") }
        }
    }

    @Test func whatIsNoDemoIsNotTouched() throws {
        try TestFiles.withTemporaryFolder { folder in
            let foreign = folder.appending(path: "foreign")
            try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: true)
            let note = foreign.appending(path: "note.txt")
            try Data("mine".utf8).write(to: note)
            for output in [foreign, note, note.appending(path: "inside")] {
                try expectUnusable(Self.small + [output.path], naming: output.path)
                #expect(try FileManager.default.contentsOfDirectory(atPath: foreign.path) == ["note.txt"])
                #expect(try Data(contentsOf: note) == Data("mine".utf8))
            }
        }
    }
}
