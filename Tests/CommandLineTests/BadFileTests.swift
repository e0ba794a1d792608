import Foundation
import TestSupport
import Testing

/// Files that cannot be used, in the place of every file that a verb reads: exit code 2 and a reason, never a trap.
@Suite struct BadFileTests {
    let story: Story

    init() throws { story = try Story.told() }

    /// Calls `body` with a function that writes a file, and the folder for outputs.
    private func withFile(_ body: (_ write: ([UInt8]) throws -> String, _ folder: String) throws -> Void)
        throws
    {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "damaged").path
            try body(
                { bytes in
                    try Data(bytes).write(to: URL(fileURLWithPath: file))
                    return file
                }, folder.path)
            // Nothing half-made is left beside it.
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path)
                    .filter { $0.hasSuffix(".partial") }.isEmpty)
        }
    }

    @Test(arguments: FileArgument.all)
    func goodFilesAreUsed(_ argument: FileArgument) throws {
        try TestFiles.withTemporaryFolder { folder in
            let arguments = argument.arguments(story, story.path(argument.good), folder.path)
            let outcome = try zkpot(arguments)
            #expect(outcome.code == 0, "\(arguments.joined(separator: " ")) gives \(outcome)")
        }
    }

    @Test(arguments: FileArgument.all)
    func whatIsNoFileIsRefused(_ argument: FileArgument) throws {
        try withFile { write, folder in
            let missing = folder + "/missing"
            try expectUnusable(
                argument.arguments(story, missing, folder), naming: missing, saying: "no such file")
            try expectUnusable(argument.arguments(story, folder, folder), naming: folder, saying: "folder")
            let pipe = folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            try expectUnusable(
                argument.arguments(story, pipe, folder), naming: pipe, saying: "not a regular file")
            let empty = try write([])
            try expectUnusable(argument.arguments(story, empty, folder), naming: empty)
        }
    }

    @Test(arguments: FileArgument.all)
    func truncatedFilesAreRefused(_ argument: FileArgument) throws {
        let good = try story.bytes(argument.good)
        try withFile { write, folder in
            for length in [1, good.count / 3, good.count * 9 / 10, good.count - 1] {
                let file = try write(Array(good[..<length]))
                let arguments = argument.arguments(story, file, folder)
                if argument.partsMayFit {
                    let outcome = try zkpot(arguments)
                    #expect((0...2).contains(outcome.code), "\(arguments) gives \(outcome)")
                } else {
                    try expectUnusable(arguments, naming: file)
                }
                try? FileManager.default.removeItem(atPath: folder + "/o")
            }
        }
    }

    /// Another kind of file of ours, random bytes, and text that is not UTF-8.
    @Test(arguments: FileArgument.all)
    func otherFilesAreRefused(_ argument: FileArgument) throws {
        var generator = SeededGenerator(seed: 21)
        let noise = (0..<500).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let notUnicode = Array("{\"format\": \"".utf8) + [0xFF, 0xFE, 0xC0] + Array("\"}".utf8)
        let deep = Array(String(repeating: "[", count: 100_000).utf8)
        try withFile { write, folder in
            for other in [noise, notUnicode, deep] {
                let file = try write(other)
                try expectUnusable(argument.arguments(story, file, folder), naming: file)
            }
            if argument.name.hasPrefix("inspect") { return }
            for other in ["alice.zkp", "digits.zkvk", "alice.zkm", "tiny.json", "alice.claim.json"]
            where other != argument.good && !(argument.name.contains("circuit") && other == "tiny.json") {
                let file = story.path(other)
                try expectUnusable(argument.arguments(story, file, folder), naming: file)
            }
        }
    }

    @Test(arguments: FileArgument.all)
    func flippedBitsNeverTrap(_ argument: FileArgument) throws {
        let good = try story.bytes(argument.good)
        var generator = SeededGenerator(seed: 22)
        try withFile { write, folder in
            for attempt in 0..<6 {
                var damaged = good
                // At the start, where the numbers are, and anywhere.
                let room = attempt < 3 ? min(good.count, 64) : good.count
                for _ in 0...attempt % 3 {
                    damaged[Int(generator.next() % UInt64(room))] ^= 1 << UInt8(generator.next() % 8)
                }
                let file = try write(damaged)
                let outcome = try zkpot(argument.arguments(story, file, folder))
                let passes = outcome.code == 0 && !(argument.changesNeverPass && damaged != good)
                #expect(passes || outcome.code == 1 || outcome.code == 2, "\(argument.name): \(outcome)")
                // Labels may also be too many, or too large, for the images.
                if outcome.code == 2 && argument.good != "labels-idx1" {
                    #expect(outcome.errors.contains("zkpot: \(file): "), "\(argument.name): \(outcome)")
                }
                try? FileManager.default.removeItem(atPath: folder + "/o")
            }
        }
    }

    @Test func otherVersionsAndCurvesAreNamed() throws {
        let byName = Dictionary(uniqueKeysWithValues: FileArgument.all.map { ($0.name, $0) })
        try withFile { write, folder in
            for name in [
                "prove --key", "prove --opening", "verify <proof>", "verify --key",
                "verify --model-commitment",
                "inspect alice.zkp", "inspect digits.zkpk",
            ] {
                let argument = try #require(byName[name])
                for (position, reason) in [(6, "version 3"), (8, "curve number 3"), (12, "flags")] {
                    var bytes = try story.bytes(argument.good)
                    bytes[position] = position == 12 ? 0x82 : 3
                    let file = try write(bytes)
                    try expectUnusable(
                        argument.arguments(story, file, folder), naming: file, saying: reason)
                }
            }
            for name in ["prove --model", "inspect alice.zkm"] {
                let argument = try #require(byName[name])
                var bytes = try story.bytes(argument.good)
                bytes[8] = 3
                let file = try write(bytes)
                try expectUnusable(argument.arguments(story, file, folder), naming: file, saying: "version 3")
            }
        }
    }

    /// Files of ours that do not fit each other.
    @Test func shapesThatDoNotFitAreNamed() throws {
        try withFile { write, folder in
            let model = folder + "/tiny.zkm"
            let spec = try #require(
                try JSONSerialization.jsonObject(with: Data(story.bytes("tiny.json"))) as? [String: Any])
            let file = try write(
                [UInt8](JSONSerialization.data(withJSONObject: try #require(spec["model"]))))
            let trained = try zkpot(
                ["train", "--data", "digits", "--epochs", "1", "--model", file, "--output", model])
            #expect(trained.code == 0, "\(trained)")
            let output = ["--output", folder + "/x"]
            try expectUnusable(
                story.prove(output, replacing: ["--model": model]), naming: model, saying: "specification")
            try expectUnusable(
                ["commit", "--model", model, "--opening", folder + "/o"] + Story.circuit + output,
                naming: model, saying: "specification")
            try expectUnusable(
                ["train", "--data", "digits", "--model", "digits", "--start", model] + output, naming: model,
                saying: "specification")
            let samples = try write(Array("1,2,3\n".utf8))
            for arguments in [
                story.prove(output, data: ["--data", samples]),
                ["commit", "--data", samples] + Story.circuit + output,
                ["train", "--data", samples, "--model", "digits"] + output,
            ] { try expectUnusable(arguments, naming: samples, saying: "2 features") }
            try expectUnusable(
                story.prove(output, data: ["--data", "digits"]), naming: "digits", saying: "1797 samples")
            // A commitment in the role of another.
            try expectUnusable(
                story.verify(["--model-commitment", story.path("test.zkc")]),
                naming: story.path("test.zkc"), saying: "test set")
        }
    }

    @Test func outputsNeedAFolder() throws {
        try withFile { _, folder in
            let missing = folder + "/missing/x"
            let files = ["--model", story.path("alice.zkm")]
            for arguments in [
                ["train", "--data", "digits", "--model", "digits", "--output"],
                ["setup"] + Story.circuit + ["--output"],
                ["commit"] + Story.circuit + files + ["--opening", folder + "/o", "--output"],
                ["commit"] + Story.circuit + files + ["--output", folder + "/c", "--opening"],
                story.prove(["--output"]), ["circuit"] + Story.circuit + ["--svg"],
            ] {
                try expectUnusable(
                    arguments + [missing], naming: missing, saying: "its folder does not exist")
                try expectUnusable(arguments + [folder], naming: folder, saying: "is a folder")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
