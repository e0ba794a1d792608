import Foundation
import TestSupport
import Testing

/// Train, set up, commit, prove, all with `--json`: the files and what the program printed, made once.
struct Story: Sendable {
    let folder: URL
    /// Standard output of each step, by its name.
    let outputs: [String: String]
    /// What Alice's model gets right of ten samples.
    let correct: Int

    /// The story, told at the first call.
    static func told() throws -> Story { try once.get() }

    private static let once = Result { try Story() }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Ten digits that nobody trained on.
    static let testSet = ["--data", "digits", "--split", "test", "--count", "10"]
    static let circuit = ["--circuit", "digits", "--samples", "10"]

    /// Arguments to prove with Alice's files, `changes` in place of the usual arguments.
    func prove(
        _ more: [String], replacing changes: [String: String] = [:], data: [String] = testSet
    ) -> [String] {
        let files = ["--key": "digits.zkpk", "--model": "alice.zkm", "--opening": "alice.zko"]
        let named = files.sorted { $0.key < $1.key }.flatMap { [$0.key, changes[$0.key] ?? path($0.value)] }
        return ["prove"] + named + data + more
    }

    /// Arguments to verify Alice's proof, `changes` in place of the usual arguments.
    func verify(_ more: [String] = [], replacing changes: [String: String] = [:]) -> [String] {
        let files = ["--claim": "alice.claim.json", "--key": "digits.zkvk"]
        let named = files.sorted { $0.key < $1.key }.flatMap { [$0.key, changes[$0.key] ?? path($0.value)] }
        return ["verify", changes["proof"] ?? path("alice.zkp")] + named + more
    }

    /// Arguments to export Alice's proof, `changes` in place of the usual arguments.
    func export(replacing changes: [String: String] = [:]) -> [String] {
        ["export", "calldata"] + verify(replacing: changes).dropFirst()
    }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkpot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        Self.removeAtExit(folder)
        var outputs: [String: String] = [:]
        func path(_ name: String) -> String { folder.appending(path: name).path }
        func step(_ name: String, _ arguments: [String]) throws {
            let outcome = try zkpot(arguments + ["--json"])
            try #require(outcome.code == 0, "\(arguments) gives \(outcome)")
            outputs[name] = outcome.output
        }
        let train = ["train", "--data", "digits", "--split", "train", "--model", "digits", "--epochs", "1"]
        try step("train", train + ["--output", path("alice.zkm")])
        try step("train again", train + ["--seed", "2", "--output", path("bob.zkm")])
        try step("setup", ["setup"] + Self.circuit + ["--output", path("digits")])
        try step("another setup", ["setup"] + Self.circuit + ["--output", path("other")])
        for name in ["alice", "bob"] {
            try step(
                "commit \(name)",
                ["commit"] + Self.circuit + [
                    "--model", path("\(name).zkm"), "--opening", path("\(name).zko"), "--output",
                    path("\(name).zkc"),
                ])
            try step(
                "prove \(name)",
                ["prove", "--key", path("digits.zkpk"), "--model", path("\(name).zkm"), "--opening"]
                    + [path("\(name).zko")] + Self.testSet
                    + ["--ledger", "l", "--task", "t", "--round", "3", "--participant", name, "--output"]
                    + [path(name)])
        }
        try step("commit data", ["commit"] + Self.circuit + Self.testSet + ["--output", path("test.zkc")])

        // The same as other files: a circuit, its model's specification, the test set.
        let project = TestFiles.vectors.deletingLastPathComponent().deletingLastPathComponent()
        let specification = try Data(
            contentsOf: project.appending(path: "Circuits/specs/quality-digits-64-32-10.json"))
        var circuit = try #require(
            try JSONSerialization.jsonObject(with: specification) as? [String: Any])
        circuit["samples"] = 10
        var model = try #require(circuit["model"] as? [String: Any])
        func write(_ object: Any, _ name: String) throws {
            try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
                .write(to: folder.appending(path: name))
        }
        try write(circuit, "circuit.json")
        // The circuit's file says nothing about training.
        model["training"] = [
            "loss": "softmaxCrossEntropy", "batchSize": 8, "learningRate": ["numerator": 1, "shift": 1],
            "gradientBits": 12, "outputGradientFractionBits": 10, "hiddenGradientFractionBits": 7,
            "softmax": ["logitFractionBits": 5, "tableBits": 9, "exponentFractionBits": 14],
        ]
        try write(model, "model.json")
        model["widths"] = [64, 3, 10]
        try write(["circuit": "quality", "samples": 2, "model": model], "tiny.json")
        let digits = try String(
            contentsOf: project.appending(path: "Sources/QuantizedLearning/Resources/digits.csv"),
            encoding: .utf8)
        let samples = digits.split(separator: "\n").filter { $0.first?.isNumber ?? false }
        let tests = stride(from: 0, to: 200, by: 5).map { samples[$0] }
        for (name, count) in [("test.csv", 10), ("train.csv", 40)] {
            try Data((tests[..<count].joined(separator: "\n") + "\n").utf8)
                .write(to: folder.appending(path: name))
        }
        try Data(Self.images(tests)).write(to: folder.appending(path: "images-idx3"))
        try Data(Self.labels(tests)).write(to: folder.appending(path: "labels-idx1"))

        self.folder = folder
        self.outputs = outputs
        correct =
            try #require(
                try JSONSerialization.jsonObject(with: Data((outputs["prove alice"] ?? "").utf8))
                    as? [String: Any])["correct"] as? Int ?? 0
        try #require(correct >= 2 && correct < 10)
        try LedgerStory.tell(in: folder, correct: correct)
    }

    /// IDX, big-endian: magic 2051, number, rows, columns, pixels.
    private static func images(_ lines: [Substring]) -> [UInt8] {
        [0, 0, 8, 3, 0, 0, 0, UInt8(lines.count), 0, 0, 0, 8, 0, 0, 0, 8]
            + lines.flatMap { $0.split(separator: ",").dropLast().compactMap { UInt8($0) } }
    }

    /// IDX: magic 2049, number, labels.
    private static func labels(_ lines: [Substring]) -> [UInt8] {
        [0, 0, 8, 1, 0, 0, 0, UInt8(lines.count)]
            + lines.compactMap { UInt8($0.split(separator: ",").last ?? "") }
    }

    private static func removeAtExit(_ folder: URL) {
        folderToRemove = folder
        atexit { if let folder = folderToRemove { try? FileManager.default.removeItem(at: folder) } }
    }
}

/// Set once, before the exit handler is registered.
nonisolated(unsafe) private var folderToRemove: URL?
