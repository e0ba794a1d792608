import Foundation
import TestSupport
import Testing

/// Convolutional networks on the command line: built in, from a file, on CIFAR-10's files.
@Suite struct ConvolutionTests {
    static let specification = """
        {
          "name": "small",
          "input": {
            "shape": {"channels": 1, "height": 8, "width": 8}, "maximum": 16, "shift": 4, "fractionBits": 8
          },
          "layers": [
            {"convolution": {"channels": 2, "kernel": {"height": 3, "width": 3}, "stride": {"height": 2, "width": 2},
             "pooling": {"kind": "maximum", "window": {"height": 3, "width": 1}}}},
            {"dense": {"units": 10, "bias": true}}
          ],
          "weights": {"bits": 12, "fractionBits": 10},
          "activations": {"bits": 12, "fractionBits": 6},
          "training": {
            "loss": "softmaxCrossEntropy", "batchSize": 16, "learningRate": {"numerator": 1, "shift": 2},
            "gradientBits": 12, "outputGradientFractionBits": 9, "hiddenGradientFractionBits": 9,
            "softmax": {"logitFractionBits": 5, "tableBits": 9, "exponentFractionBits": 14}
          }
        }
        """

    @Test func builtInAndOwnNetworksAreTrained() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "small.json").path
            try Data(Self.specification.utf8).write(to: URL(fileURLWithPath: file))
            for (model, weights, shape) in [
                ("digits-convolution", 410, "1×8×8, 4@3×3, average 2×2, 10"),
                (file, 88, "1×8×8, 2@3×3, maximum 3×1, 10"),
            ] {
                let output = folder.appending(path: "model.zkm").path
                let outcome = try zkpot([
                    "train", "--data", "digits", "--split", "train", "--model", model, "--epochs", "2",
                    "--output", output, "--json",
                ])
                #expect(outcome.code == 0, "\(outcome)")
                let json = try outcome.json
                #expect(json["weights"] as? Int == weights)
                #expect((json["correct"] as? Int ?? 0) > 300)
                let facts = try zkpot(["inspect", output])
                #expect(facts.code == 0 && facts.output.contains(shape), "\(facts)")
            }
        }
    }

    @Test func damagedSpecificationsAndForeignDataAreRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "small.json").path
            func train(_ text: String, _ data: String = "digits") throws -> [String] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                return [
                    "train", "--data", data, "--model", file, "--output", folder.appending(path: "o").path,
                ]
            }
            for (part, replacement, reason) in [
                ("\"height\": 3, \"width\": 1}", "\"height\": 4, \"width\": 1}", "pooling.window.height"),
                ("\"channels\": 2", "\"channels\": 4000000000", "layers[0].convolution.channels"),
                ("\"units\": 10", "\"units\": 10, \"rate\": 1", "layers[1].dense.rate: unknown field"),
            ] {
                let text = Self.specification.replacingOccurrences(of: part, with: replacement)
                try expectUnusable(train(text), naming: file, saying: reason)
            }
            let images = folder.appending(path: "data_batch_1.bin").path
            try Data([UInt8](repeating: 3, count: 2 * 3073)).write(to: URL(fileURLWithPath: images))
            try expectUnusable(train(Self.specification, images), saying: "3072 features")
            try Data([UInt8](repeating: 3, count: 3074)).write(to: URL(fileURLWithPath: images))
            try expectUnusable(train(Self.specification, images), naming: images, saying: "records of 3073")
        }
    }
}
