import Foundation
import TestSupport
import Testing

/// Files that cannot be used, in the place of every file that the verbs of audits read: exit code 2 and a reason that names a file.
@Suite struct BadAuditFileTests {
    /// A file that a verb reads, and the command line with another in its place.
    struct Argument: Sendable, CustomTestStringConvertible {
        let name: String
        let good: String
        let arguments: @Sendable (_ story: AuditStory, _ file: String, _ output: String) -> [String]
        var testDescription: String { name }
    }

    static let all: [Argument] =
        [
            .init(name: "setup of training", good: "training.json") {
                ["setup", "--circuit", $1, "-o", $2 + "k"]
            },
            .init(name: "setup of updates", good: "updates.json") {
                ["setup", "--circuit", $1, "-o", $2 + "k"]
            },
            .init(name: "task --circuit", good: "training.json") { $0.task(["--circuit": $1], output: $2) },
            .init(name: "task --key", good: "training.zkvk") { $0.task(["--key": $1], output: $2) },
            .init(name: "task --update-key", good: "updates.zkvk") {
                $0.task(["--update-key": $1], output: $2)
            },
            .init(name: "data --task", good: "task.json") { $0.data(["--task": $1], output: $2) },
            .init(name: "train --task", good: "task.json") {
                $0.train(["--task": $1], prefix: $2, model: $2 + "m")
            },
            .init(name: "train --dataset", good: "alice.zkd") {
                $0.train(["--dataset": $1], prefix: $2, model: $2 + "m")
            },
            .init(name: "challenge --task", good: "task.json") { $0.challenge(["--task": $1], output: $2) },
            .init(name: "challenge --trajectory", good: "alice.zkt") {
                $0.challenge(["--trajectory": $1], output: $2)
            },
            .init(name: "answer --task", good: "task.json") { $0.answer(["--task": $1], output: $2) },
            .init(name: "answer --challenge", good: "alice.challenge.json") {
                $0.answer(["--challenge": $1], output: $2)
            },
            .init(name: "answer --trajectory", good: "alice.zkt") {
                $0.answer(["--trajectory": $1], output: $2)
            },
            .init(name: "answer --dataset", good: "alice.zkd") { $0.answer(["--dataset": $1], output: $2) },
            .init(name: "answer --key", good: "training.zkpk") { $0.answer(["--key": $1], output: $2) },
            .init(name: "answer --update-key", good: "updates.zkpk") {
                $0.answer(["--update-key": $1], output: $2)
            },
            .init(name: "verify <answers>", good: "alice.zka") { story, file, _ in
                story.verify(["answer": file])
            },
            .init(name: "verify --task", good: "task.json") { story, file, _ in story.verify(["--task": file])
            },
            .init(name: "verify --challenge", good: "alice.challenge.json") { story, file, _ in
                story.verify(["--challenge": file])
            },
            .init(name: "verify --key", good: "training.zkvk") { story, file, _ in
                story.verify(["--key": file])
            },
            .init(name: "verify --update-key", good: "updates.zkvk") { story, file, _ in
                story.verify(["--update-key": file])
            },
            .init(name: "verify --model-commitment", good: "alice.zkc") { story, file, _ in
                story.verify(["--model-commitment": file])
            },
        ] + inspected

    static let inspected: [Argument] = [
        "task.json", "alice.challenge.json", "alice.zkd", "alice.zkds", "alice.zkt", "alice.zkts",
        "alice.zkck",
        "alice.zka", "training.zkpk", "updates.zkpk", "training.json", "updates.json",
    ].map { good in
        Argument(name: "inspect \(good)", good: good) { _, file, _ in ["inspect", file] }
    }

    let story: AuditStory

    init() throws { story = try AuditStory.told() }

    private func expectRefused(_ argument: Argument, _ bytes: [UInt8], _ folder: URL) throws {
        let file = folder.appending(path: "damaged")
        try Data(bytes).write(to: file)
        try expectUnusable(
            argument.arguments(story, file.path, folder.appending(path: "o").path), naming: file.path)
    }

    @Test(arguments: all)
    func badFilesAreRefused(_ argument: Argument) throws {
        let good = try story.bytes(argument.good)
        try TestFiles.withTemporaryFolder { folder in
            let output = folder.appending(path: "o").path
            let missing = folder.appending(path: "missing").path
            try expectUnusable(
                argument.arguments(story, missing, output), naming: missing, saying: "no such file")
            try expectUnusable(
                argument.arguments(story, folder.path, output), naming: folder.path, saying: "folder")
            for length in [0, good.count / 3, good.count - 1] {
                try expectRefused(argument, Array(good[..<length]), folder)
            }
            var generator = SeededGenerator(seed: 31)
            try expectRefused(
                argument, (0..<400).map { _ in UInt8(truncatingIfNeeded: generator.next()) }, folder)
            if argument.name.hasPrefix("inspect") { return }
            for other in ["alice.zko", "task.json"] where other != argument.good {
                try expectRefused(argument, story.bytes(other), folder)
            }
        }
    }

    @Test(arguments: all)
    func flippedBitsNeverTrap(_ argument: Argument) throws {
        let good = try story.bytes(argument.good)
        var generator = SeededGenerator(seed: 32)
        try TestFiles.withTemporaryFolder { folder in
            for attempt in 0..<3 {
                var damaged = good
                // At the start, where the numbers are, and anywhere.
                let room = attempt < 2 ? min(good.count, 64) : good.count
                damaged[Int(generator.next() % UInt64(room))] ^= 1 << UInt8(generator.next() % 8)
                let file = folder.appending(path: "damaged\(attempt)")
                try Data(damaged).write(to: file)
                let outcome = try zkpot(
                    argument.arguments(story, file.path, folder.appending(path: "o\(attempt)").path))
                #expect((0...2).contains(outcome.code), "\(argument.name): \(outcome)")
                if outcome.code == 2 { #expect(outcome.errors.contains("zkpot: "), "\(outcome)") }
            }
        }
    }

    /// The secrets that lie beside public files.
    @Test func secretsOfSomethingElseAreNamed() throws {
        try TestFiles.withTemporaryFolder { folder in
            func copy(_ name: String, as other: String) throws {
                try? FileManager.default.removeItem(at: folder.appending(path: other))
                try Data(story.bytes(name)).write(to: folder.appending(path: other))
            }
            func path(_ name: String) -> String { folder.appending(path: name).path }
            try copy("alice.zkt", as: "alice.zkt")
            let arguments = story.answer(["--trajectory": path("alice.zkt")], output: path("a.zka"))
            try expectUnusable(arguments, naming: path("alice.zkts"), saying: "no such file")
            try copy("alice.zkds", as: "alice.zkts")
            try expectUnusable(
                arguments, naming: path("alice.zkts"), saying: "another data set or trajectory")
            try copy("alice.zkts", as: "alice.zkts")
            try expectUnusable(arguments, naming: path("alice.zkck"), saying: "no such file")
            try copy("alice.zkts", as: "alice.zkck")
            try expectUnusable(arguments, naming: path("alice.zkck"), saying: "not a file of checkpoints")
            try copy("alice.zkck", as: "alice.zkck")
            #expect(try zkpot(arguments).code == 0)
            try copy("alice.zkd", as: "alice.zkd")
            try expectUnusable(
                story.answer(["--dataset": path("alice.zkd")], output: path("b.zka")),
                naming: path("alice.zkds"), saying: "no such file")
        }
    }

    /// Small files that declare huge contents, under a limit of memory.
    @Test func hostileSizesAreRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            for (name, positions) in [
                ("alice.zkd", [16]), ("alice.zkt", [16, 89]), ("alice.zka", [48, 52, 56]),
                ("alice.zkck", [12]),
            ] {
                for position in positions {
                    var bytes = try story.bytes(name)
                    for offset in 0..<4 { bytes[position + offset] = 0xFF }
                    let file = folder.appending(path: "hostile")
                    try Data(bytes).write(to: file)
                    try expectUnusable(
                        ["inspect", file.path], naming: file.path, addressSpace: 1 << 20)
                }
            }
        }
    }
}
