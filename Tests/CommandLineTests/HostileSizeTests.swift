import Foundation
import TestSupport
import Testing

/// Small files that declare huge contents: refused in the memory that the program needs anyway.
@Suite struct HostileSizeTests {
    let story: Story

    init() throws { story = try Story.told() }

    /// Kibibytes of address space; enough for the program's threads and libraries, but not for what is declared.
    private static let addressSpace = 700_000

    private func refuse(
        _ bytes: [UInt8], _ arguments: (String) -> [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "huge").path
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            try expectUnusable(
                arguments(file), naming: file, addressSpace: Self.addressSpace, sourceLocation: sourceLocation
            )
        }
    }

    private func littleEndian(_ number: UInt64, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    private func replacing(_ file: String, at position: Int, _ bytes: [UInt8]) throws -> [UInt8] {
        var all = try story.bytes(file)
        all.replaceSubrange(position..<position + bytes.count, with: bytes)
        return all
    }

    @Test func theLimitSufficesForWhatIsRight() throws {
        #expect(try zkpot(story.verify(), addressSpace: Self.addressSpace).code == 0)
        #expect(
            try zkpot(["inspect", story.path("digits.zkpk")], addressSpace: Self.addressSpace).code == 0)
    }

    /// Circuits that are allowed, but not on such a machine.
    @Test(arguments: ["\"quality\", \"samples\": 100", "\"bounded-update\", \"bound\": 1"])
    func circuitsLargerThanMemory(kind: String) throws {
        let specification = """
            {"circuit": \(kind), "model": {"name": "huge", "widths": [8000, 8000, 10], "bias": false,
            "input": {"maximum": 16, "shift": 4, "fractionBits": 8}, "weights": {"bits": 12, "fractionBits": 9},
            "activations": {"bits": 12, "fractionBits": 5}}}
            """
        try refuse(Array(specification.utf8)) { ["circuit", "--circuit", $0] }
        try refuse(Array(specification.utf8)) {
            ["setup", "--circuit", $0, "--output", story.path("unwritten")]
        }
    }

    @Test func provingKeys() throws {
        let header = Array(try story.bytes("digits.zkpk")[..<4096])
        for key in [
            header, try replacing("digits.zkpk", at: 16, [255, 255, 255, 255]),
            try replacing("digits.zkpk", at: 20, littleEndian(.max, bytes: 8)),
            try replacing("digits.zkpk", at: 40, littleEndian(.max - 64, bytes: 8)),
            try replacing("digits.zkpk", at: 40, littleEndian(1 << 62, bytes: 8)),
        ] {
            try refuse(key) { ["inspect", $0] }
            try refuse(key) { story.prove(["--output", story.path("unwritten")], replacing: ["--key": $0]) }
        }
        // The circuit's numbers, one after the other.
        let bytes = try story.bytes("digits.zkpk")
        let shape = try #require(keySection("SHAP", of: bytes))
        for index in 0..<8 {
            for number in [(1 << 31) - 1, .max] as [UInt64] {
                var damaged = bytes
                let position = shape.lowerBound + 8 * index
                damaged.replaceSubrange(position..<position + 8, with: littleEndian(number, bytes: 8))
                try refuse(damaged) { ["inspect", $0] }
            }
        }
    }

    /// A key whose specification names a far larger circuit than its own.
    @Test func keysOfAnotherCircuitThanTheyName() throws {
        var bytes = try story.bytes("digits.zkpk")
        let range = try #require(keySection("SPEC", of: bytes))
        let text = String(decoding: bytes[range], as: UTF8.self)
        // Of the same length, so that all else stays where it is.
        let named = text.replacing("\"samples\" : 10", with: "\"samples\":9999")
        #expect(named != text)
        bytes.replaceSubrange(range, with: Array(named.utf8))
        try refuse(bytes) { story.prove(["--output", story.path("unwritten")], replacing: ["--key": $0]) }
    }

    @Test func verifyingKeysCommitmentsAndModels() throws {
        let many = [UInt8](repeating: 255, count: 4)
        for position in [48, 52, 56, 60] {
            try refuse(replacing("digits.zkvk", at: position, many)) {
                story.verify(replacing: ["--key": $0])
            }
        }
        try refuse(replacing("alice.zkc", at: 48, many)) { story.verify(["--model-commitment", $0]) }
        try refuse(replacing("alice.zkm", at: 12, many)) {
            story.prove(["--output", story.path("unwritten")], replacing: ["--model": $0])
        }
    }

    @Test func images() throws {
        for position in [4, 8, 12] {
            try refuse(replacing("images-idx3", at: position, [127, 255, 255, 255])) {
                ["train", "--data", $0, "--labels", story.path("labels-idx1"), "--model", "digits"]
                    + ["--output", story.path("unwritten")]
            }
        }
        try refuse(replacing("labels-idx1", at: 4, [127, 255, 255, 255])) {
            ["train", "--data", story.path("images-idx3"), "--labels", $0, "--model", "digits"]
                + ["--output", story.path("unwritten")]
        }
    }

    /// A specification of a few hundred bytes that asks for 2³⁶ inputs, or for as many weights as are allowed.
    @Test func circuits() throws {
        let good = try #require(
            try JSONSerialization.jsonObject(with: Data(story.bytes("tiny.json"))) as? [String: Any])
        var model = try #require(good["model"] as? [String: Any])
        for widths in [[1 << 20, 62, 10], [64, 1 << 19, 10], [64, 1 << 20, 1 << 20, 10]] {
            model["widths"] = widths
            let circuit = ["circuit": "quality", "samples": 65536, "model": model] as [String: Any]
            let bytes = [UInt8](try JSONSerialization.data(withJSONObject: circuit))
            try refuse(bytes) { ["circuit", "--circuit", $0] }
            try refuse(bytes) { ["setup", "--circuit", $0, "--output", story.path("unwritten")] }
            try refuse(bytes) {
                ["commit", "--circuit", $0, "--output", story.path("unwritten")] + Story.testSet
            }
            try refuse(bytes) { ["inspect", $0] }
        }
        // Allowed by itself, but not the circuit of this model or these samples: no bases are derived for it.
        model["widths"] = [1 << 16, 100, 10]
        let circuit = ["circuit": "quality", "samples": 1, "model": model] as [String: Any]
        let bytes = [UInt8](try JSONSerialization.data(withJSONObject: circuit))
        try TestFiles.withTemporaryFolder { folder in
            let file = folder.appending(path: "wide.json").path
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let output = ["--output", folder.appending(path: "c").path]
            try expectUnusable(
                ["commit", "--circuit", file, "--model", story.path("alice.zkm"), "--opening"]
                    + [folder.appending(path: "o").path] + output, naming: story.path("alice.zkm"),
                addressSpace: Self.addressSpace)
            try expectUnusable(
                ["commit", "--circuit", file, "--data", "digits", "--count", "1"] + output, naming: "digits",
                addressSpace: Self.addressSpace)
        }
    }
}
