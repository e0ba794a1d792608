import Foundation
import TestSupport
import Testing

/// A convolutional network from training to a verified claim, and what its circuits cost, on the command line.
@Suite struct ConvolutionStoryTests {
    private static func specification(maximum: Bool) -> [String: Any] {
        let side = { (length: Int) in ["height": length, "width": length] }
        return [
            "name": "small",
            "input": [
                "shape": ["channels": 1, "height": 8, "width": 8], "maximum": 16, "shift": 4,
                "fractionBits": 8,
            ] as [String: Any],
            "layers": [
                [
                    "convolution": [
                        "channels": 4, "kernel": side(3), "bias": true,
                        "pooling": ["kind": maximum ? "maximum" : "average", "window": side(2)]
                            as [String: Any],
                    ] as [String: Any]
                ], ["dense": ["units": 10, "bias": true] as [String: Any]],
            ],
            "weights": ["bits": 12, "fractionBits": 10], "activations": ["bits": 12, "fractionBits": 6],
            "training": [
                "loss": "softmaxCrossEntropy", "batchSize": 16, "learningRate": ["numerator": 1, "shift": 2],
                "gradientBits": 12, "outputGradientFractionBits": 9, "hiddenGradientFractionBits": 9,
                "softmax": ["logitFractionBits": 5, "tableBits": 9, "exponentFractionBits": 14],
            ] as [String: Any],
        ]
    }

    @Test(arguments: [false, true])
    func fromTrainingToAVerifiedClaim(maximum: Bool) throws {
        try TestFiles.withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path }
            func write(_ object: [String: Any], _ name: String) throws {
                try JSONSerialization.data(withJSONObject: object).write(to: folder.appending(path: name))
            }
            func run(_ arguments: [String], code: Int32 = 0) throws -> Outcome {
                let outcome = try zkpot(arguments)
                #expect(outcome.code == code, "\(arguments): \(outcome)")
                return outcome
            }
            let model = Self.specification(maximum: maximum)
            try write(model, "model.json")
            try write(["circuit": "quality", "samples": 12, "model": model], "quality.json")
            try write(["circuit": "training-step", "steps": 2, "model": model], "step.json")

            // What the circuits cost, and a picture of it.
            let cost = try run(["circuit", "--circuit", path("quality.json"), "--json"]).json
            #expect(cost["circuit"] as? String == "quality" && cost["samples"] as? Int == 12)
            let step = try run(["circuit", "--circuit", path("step.json"), "--svg", path("step.svg")])
            #expect(step.output.contains("2 steps of 1×8×8, 4@3×3"))
            #expect(step.output.contains("step 2/layer 1"))
            #expect(try String(contentsOfFile: path("step.svg"), encoding: .utf8).contains("<svg"))
            // A number of samples is for quality circuits.
            let refused = try run(
                ["circuit", "--circuit", path("step.json"), "--samples", "3"], code: 2)
            #expect(refused.errors.contains("step.json"))

            _ = try run(["setup", "--circuit", path("quality.json"), "--output", path("key")])
            _ = try run([
                "train", "--data", "digits", "--split", "train", "--model", path("model.json"), "--epochs",
                "1", "--output", path("a.zkm"),
            ])
            let circuit = ["--circuit", path("quality.json")]
            let samples = ["--data", "digits", "--split", "test", "--count", "12"]
            _ = try run(
                ["commit"] + circuit + [
                    "--model", path("a.zkm"), "--opening", path("a.zko"), "--output", path("a.zkc"),
                ])
            let proven = try run(
                [
                    "prove", "--key", path("key.zkpk"), "--model", path("a.zkm"), "--opening", path("a.zko"),
                    "--participant", "alice", "--output", path("a"), "--json",
                ] + samples)
            #expect((try proven.json["correct"] as? Int ?? 0) > 4)
            let verify =
                [
                    "verify", path("a.zkp"), "--claim", path("a.claim.json"), "--key", path("key.zkvk"),
                    "--model-commitment", path("a.zkc"),
                ] + circuit
            _ = try run(verify + samples)
            // The same claim about other samples is false.
            _ = try run(
                verify + ["--data", "digits", "--split", "train", "--count", "12"], code: 1)
            // A key for another pooling proves nothing of this model.
            try write(
                ["circuit": "quality", "samples": 12, "model": Self.specification(maximum: !maximum)],
                "other.json")
            let foreign = try run(
                ["commit", "--circuit", path("other.json"), "--model", path("a.zkm"), "--opening"]
                    + [path("b.zko"), "--output", path("b.zkc")], code: 2)
            #expect(foreign.errors.contains("a.zkm"))
        }
    }
}
