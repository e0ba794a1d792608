import Foundation
import TestSupport
import Testing

/// A publisher, a participant and a verifier of audits on a tiny model, in the mode `sampled+bounded`: all files, made once.
struct AuditStory: Sendable {
    let folder: URL
    /// Standard output of each step, by its name.
    private(set) var outputs: [String: String]

    static func told() throws -> AuditStory { try once.get() }
    private static let once = Result { try AuditStory() }

    static let data = ["--data", "digits", "--split", "train", "--count", "64"]
    static let dataBeacon = String(repeating: "a1", count: 32)
    static let beacon = String(repeating: "b2", count: 32)

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Options that name files of this story, `changes` in their place.
    private func files(_ usual: KeyValuePairs<String, String>, _ changes: [String: String]) -> [String] {
        usual.flatMap { [$0.key, changes[$0.key] ?? path($0.value)] }
    }

    func task(_ changes: [String: String] = [:], stages: Int = 6, output: String) -> [String] {
        ["audit", "task", "--task", "tiny", "--mode", "sampled+bounded", "--audits", "3"]
            + ["--stages", "\(stages)", "--output", output]
            + files(
                ["--circuit": "training.json", "--key": "training.zkvk", "--update-key": "updates.zkvk"],
                changes)
    }

    func data(_ changes: [String: String] = [:], output: String) -> [String] {
        ["audit", "data", "--output", output] + Self.data + files(["--task": "task.json"], changes)
    }

    func train(_ changes: [String: String] = [:], prefix: String, model: String) -> [String] {
        ["train", "--commit-trajectory", prefix, "--output", model, "--participant", "alice"] + Self.data
            + ["--beacon", Self.dataBeacon]
            + files(["--task": "task.json", "--dataset": "alice.zkd"], changes)
    }

    func challenge(
        _ changes: [String: String] = [:], beacon: String = beacon, output: String
    ) -> [String] {
        ["audit", "challenge", "--beacon", beacon, "--output", output]
            + files(["--task": "task.json", "--trajectory": "alice.zkt"], changes)
    }

    func answer(
        _ changes: [String: String] = [:], data: [String] = data, output: String
    ) -> [String] {
        ["audit", "answer", "--output", output] + data
            + files(
                [
                    "--task": "task.json", "--challenge": "alice.challenge.json", "--trajectory": "alice.zkt",
                    "--dataset": "alice.zkd", "--key": "training.zkpk", "--update-key": "updates.zkpk",
                ], changes)
    }

    func verify(_ changes: [String: String] = [:]) -> [String] {
        ["audit", "verify", changes["answer"] ?? path("alice.zka")]
            + files(
                [
                    "--task": "task.json", "--challenge": "alice.challenge.json", "--key": "training.zkvk",
                    "--update-key": "updates.zkvk", "--model-commitment": "alice.zkc",
                ], changes)
    }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "zkpot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        auditFolderToRemove = folder
        atexit { if let folder = auditFolderToRemove { try? FileManager.default.removeItem(at: folder) } }
        self.folder = folder
        let model = """
            {"name": "tiny", "widths": [64, 4, 10], "bias": false,
             "input": {"maximum": 16, "shift": 4, "fractionBits": 8},
             "weights": {"bits": 12, "fractionBits": 9}, "activations": {"bits": 12, "fractionBits": 5},
             "training": {"loss": "softmaxCrossEntropy", "batchSize": 8,
              "learningRate": {"numerator": 1, "shift": 3}, "gradientBits": 12,
              "outputGradientFractionBits": 10, "hiddenGradientFractionBits": 7,
              "softmax": {"logitFractionBits": 5, "tableBits": 9, "exponentFractionBits": 14}}}
            """
        for (name, text) in [
            (
                "training.json",
                "{\"circuit\": \"training-step\", \"steps\": 2, \"bound\": 150, \"model\": \(model)}"
            ),
            ("updates.json", "{\"circuit\": \"bounded-update\", \"bound\": 300, \"model\": \(model)}"),
        ] { try Data(text.utf8).write(to: folder.appending(path: name)) }
        var outputs: [String: String] = [:]
        func file(_ name: String) -> String { folder.appending(path: name).path }
        func step(_ name: String, _ arguments: [String]) throws {
            let outcome = try zkpot(arguments + ["--json"])
            try #require(outcome.code == 0, "\(arguments) gives \(outcome)")
            outputs[name] = outcome.output
        }
        for name in ["training", "updates"] {
            try step("setup \(name)", ["setup", "--circuit", file("\(name).json"), "--output", file(name)])
        }
        self.outputs = [:]
        try step("task", task(output: file("task.json")))
        try step("data", data(output: file("alice")))
        try step("train", train(prefix: file("alice"), model: file("alice.zkm")))
        try step("challenge", challenge(output: file("alice.challenge.json")))
        try step("answer", answer(output: file("alice.zka")))
        self.outputs = outputs
    }
}

/// Set once, before the exit handler is registered.
nonisolated(unsafe) private var auditFolderToRemove: URL?
