import Foundation
import Testing

/// An argument of a verb that names a file to read.
struct FileArgument: Sendable, CustomTestStringConvertible {
    let name: String
    /// A file of the story that fits.
    let good: String
    /// The command line with a file in this place, writing to the folder given last.
    let arguments: @Sendable (_ story: Story, _ file: String, _ output: String) -> [String]
    /// Whether a part of the file can be such a file itself, as with lines of samples.
    var partsMayFit = false
    /// Whether no changed bit leaves the file true.
    var changesNeverPass = false

    var testDescription: String { name }

    static let all: [FileArgument] =
        training + committing + proving + verifying + exporting + inspecting + ledgers

    private static let train = ["train", "--epochs", "1"]

    static let training: [FileArgument] = [
        .init(
            name: "train --data", good: "train.csv",
            arguments: { train + ["--data", $1, "--model", "digits", "--output", $2 + "/m"] },
            partsMayFit: true),
        .init(
            name: "train --data of images", good: "images-idx3",
            arguments: {
                train + [
                    "--data", $1, "--labels", $0.path("labels-idx1"), "--model", "digits", "-o", $2 + "/m",
                ]
            }),
        .init(
            name: "train --labels", good: "labels-idx1",
            arguments: {
                train + [
                    "--data", $0.path("images-idx3"), "--labels", $1, "--model", "digits", "-o", $2 + "/m",
                ]
            }),
        .init(
            name: "train --model", good: "model.json",
            arguments: { train + ["--data", $0.path("train.csv"), "--model", $1, "--output", $2 + "/m"] }),
        .init(
            name: "train --start", good: "alice.zkm",
            arguments: {
                train + [
                    "--data", $0.path("train.csv"), "--model", "digits", "--start", $1, "--output", $2 + "/m",
                ]
            }, changesNeverPass: true),
        .init(
            name: "setup --circuit", good: "tiny.json",
            arguments: { ["setup", "--circuit", $1, "--output", $2 + "/k"] }),
        .init(
            name: "circuit --circuit", good: "tiny.json",
            arguments: { ["circuit", "--circuit", $1, "--svg", $2 + "/c.svg"] }),
    ]

    static let committing: [FileArgument] = [
        .init(
            name: "commit --circuit", good: "circuit.json",
            arguments: {
                ["commit", "--circuit", $1, "--model", $0.path("alice.zkm"), "--opening", $2 + "/o"]
                    + ["--output", $2 + "/c"]
            }),
        .init(
            name: "commit --model", good: "alice.zkm",
            arguments: {
                ["commit", "--model", $1, "--opening", $2 + "/o", "--output", $2 + "/c"] + Story.circuit
            }, changesNeverPass: true),
        .init(
            name: "commit --data", good: "test.csv",
            arguments: { ["commit", "--data", $1, "--output", $2 + "/c"] + Story.circuit }, partsMayFit: true),
    ]

    static let proving: [FileArgument] = [
        .init(
            name: "prove --key", good: "digits.zkpk",
            arguments: { $0.prove(["--output", $2 + "/p"], replacing: ["--key": $1]) }),
        .init(
            name: "prove --model", good: "alice.zkm",
            arguments: { $0.prove(["--output", $2 + "/p"], replacing: ["--model": $1]) },
            changesNeverPass: true),
        .init(
            name: "prove --opening", good: "alice.zko",
            arguments: { $0.prove(["--output", $2 + "/p"], replacing: ["--opening": $1]) }),
        .init(
            name: "prove --data", good: "test.csv",
            arguments: { $0.prove(["--output", $2 + "/p"], data: ["--data", $1]) }, partsMayFit: true),
    ]

    static let verifying: [FileArgument] = [
        .init(
            name: "verify <proof>", good: "alice.zkp",
            arguments: { story, file, _ in story.verify(replacing: ["proof": file]) }, changesNeverPass: true),
        .init(
            name: "verify --claim", good: "alice.claim.json",
            arguments: { story, file, _ in story.verify(replacing: ["--claim": file]) }),
        .init(
            name: "verify --key", good: "digits.zkvk",
            arguments: { story, file, _ in story.verify(replacing: ["--key": file]) }, changesNeverPass: true),
        .init(
            name: "verify --model-commitment", good: "alice.zkc",
            arguments: { story, file, _ in story.verify(["--model-commitment", file]) },
            changesNeverPass: true),
        .init(
            name: "verify --data", good: "test.csv",
            arguments: { story, file, _ in story.verify(Story.circuit + ["--data", file]) },
            partsMayFit: true),
        .init(
            name: "verify --circuit", good: "circuit.json",
            arguments: { story, file, _ in story.verify(["--circuit", file] + Story.testSet) }),
    ]

    static let exporting: [FileArgument] = [
        .init(
            name: "export verifier --key", good: "digits.zkvk",
            arguments: { ["export", "verifier", "--key", $1, "--output", $2 + "/v"] }),
        .init(
            name: "export calldata <proof>", good: "alice.zkp",
            arguments: { story, file, _ in story.export(replacing: ["proof": file]) }, changesNeverPass: true),
        .init(
            name: "export calldata --claim", good: "alice.claim.json",
            arguments: { story, file, _ in story.export(replacing: ["--claim": file]) }),
        .init(
            name: "export calldata --key", good: "digits.zkvk",
            arguments: { story, file, _ in story.export(replacing: ["--key": file]) }, changesNeverPass: true),
    ]

    static let inspecting: [FileArgument] = [
        "digits.zkpk", "digits.zkvk", "alice.zkp", "alice.zkc", "alice.zko", "alice.zkm", "alice.claim.json",
        "circuit.json", "model.json",
    ].map { good in
        .init(name: "inspect \(good)", good: good, arguments: { _, file, _ in ["inspect", file] })
    }

    @Sendable private static func operatorKey(_ story: Story) -> [String] {
        ["--operator", story.path("operator.pem")]
    }

    static let ledgers: [FileArgument] = [
        .init(name: "key <key>", good: "ann.pem", arguments: { _, file, _ in ["key", file] }),
        .init(
            name: "ledger init --operator", good: "operator.pem",
            arguments: {
                ["ledger", "init", $2 + "/new-\(UUID().uuidString)", "--name", "n", "--operator", $1]
            }),
        .init(
            name: "ledger init --parameters", good: "parameters.json",
            arguments: {
                ["ledger", "init", $2 + "/new-\(UUID().uuidString)", "--name", "n", "--parameters", $1]
                    + operatorKey($0)
            }),
        .init(
            name: "ledger show <ledger>", good: "demo.ledger",
            arguments: { _, file, _ in ["ledger", "show", file] }, partsMayFit: true),
        .init(
            name: "ledger verify <ledger>", good: "demo.ledger",
            arguments: { _, file, _ in ["ledger", "verify", file] }, partsMayFit: true),
        .init(
            name: "ledger export <ledger>", good: "demo.ledger",
            arguments: { ["ledger", "export", $1, "--output", $2 + "/e"] }, partsMayFit: true),
        .init(
            name: "ledger submit <transaction>", good: "register.json",
            arguments: { story, file, folder in
                let copy = (try? LedgerCopy.make(of: story, in: folder)) ?? ""
                return ["ledger", "submit", copy, file, "--key", story.path("val.pem")] + operatorKey(story)
            }),
        .init(
            name: "ledger submit --key", good: "ann.pem",
            arguments: { story, file, folder in
                let copy = (try? LedgerCopy.make(of: story, in: folder)) ?? ""
                return ["ledger", "submit", copy, story.path("register.json"), "--key", file]
                    + operatorKey(story)
            }),
        .init(
            name: "ledger test-set-hash <opening>", good: "opening.json",
            arguments: { story, file, _ in
                ["ledger", "test-set-hash", story.path("demo.ledger"), file, "--task", "t", "--round", "0"]
            }),
        .init(
            name: "ledger proof <proof>", good: "alice.zkp",
            arguments: {
                ["ledger", "proof", $1, "--claim", $0.path("alice.claim.json"), "--output", $2 + "/t"]
            }),
        .init(
            name: "ledger proof --claim", good: "alice.claim.json",
            arguments: {
                ["ledger", "proof", $0.path("alice.zkp"), "--claim", $1, "--output", $2 + "/t"]
            }),
        .init(
            name: "ledger circuit --circuit", good: "circuit.json",
            arguments: { ["ledger", "circuit", "--circuit", $1, "--content", $2 + "/b"] }),
        .init(
            name: "ledger opening --model", good: "alice.zkm",
            arguments: {
                ["ledger", "opening", "--model", $1, "--opening", $0.path("alice.zko"), "--content"]
                    + [$2 + "/b"] + Story.circuit
            }, changesNeverPass: true),
        .init(
            name: "ledger opening --opening", good: "alice.zko",
            arguments: {
                ["ledger", "opening", "--model", $0.path("alice.zkm"), "--opening", $1, "--content"]
                    + [$2 + "/b"] + Story.circuit
            }),
    ]
}
