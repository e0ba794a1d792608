import Foundation
import Testing

/// What `inspect` tells, and what it must not tell.
@Suite struct InspectTests {
    let story: Story

    init() throws { story = try Story.told() }

    @Test(arguments: [
        ("digits.zkpk", "proving key"), ("digits.zkvk", "verifying key"), ("alice.zkp", "proof"),
        ("alice.zkc", "commitment to a  model"), ("test.zkc", "commitment to a  test set"),
        ("alice.zko", "secret, not shown"), ("alice.zkm", "quantized model, private"),
        ("alice.claim.json", "claim of a quality proof"), ("circuit.json", "circuit"),
        ("model.json", "specification of a model"),
    ])
    func everyFileIsRecognised(name: String, words: String) throws {
        let outcome = try zkpot(["inspect", story.path(name)])
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome)")
        #expect(outcome.output.hasPrefix(story.path(name)) && outcome.output.contains(words))
    }

    @Test func developmentKeysAreCalledSo() throws {
        for name in ["digits.zkpk", "digits.zkvk"] {
            #expect(try zkpot(["inspect", story.path(name)]).output.contains("DEVELOPMENT ONLY"))
        }
    }

    /// The blinding's digits occur in nothing that any verb prints.
    @Test func secretsAreNotShown() throws {
        let names = [
            "alice.zko", "alice.zkm", "alice.zkc", "alice.zkp", "alice.claim.json", "digits.zkpk",
            "digits.zkvk",
        ]
        let files = names.map(story.path)
        let printed = try [
            zkpot(["inspect"] + files), zkpot(["inspect", "--json"] + files),
            zkpot(story.verify(["--model-commitment", story.path("alice.zkc")])),
        ]
        let texts = printed.map { $0.output + $0.errors } + story.outputs.values
        let blinding = try story.bytes("alice.zko").suffix(32)
        #expect(printed.allSatisfy { $0.code == 0 })
        for order in [Array(blinding), blinding.reversed()] {
            // Any eight bytes of it would be too much.
            for start in stride(from: 0, to: 32, by: 8) {
                let digits = order[start..<start + 8].map { String(format: "%02x", $0) }.joined()
                #expect(texts.allSatisfy { !$0.lowercased().contains(digits) })
            }
        }
        // The public point is shown, so such digits would be found.
        let point = try story.bytes("alice.zkc")[16..<48].map { String(format: "%02x", $0) }.joined()
        #expect(texts.contains { $0.contains(point) })
    }

    /// Names in files from others do not reach the terminal as commands.
    @Test func hostileNamesAreMadeHarmless() throws {
        var claim = try #require(
            try JSONSerialization.jsonObject(with: Data(story.bytes("alice.claim.json"))) as? [String: Any])
        var context = try #require(claim["context"] as? [String: Any])
        context["participant"] = "\u{1B}[2Jmallory\u{202E}"
        claim["context"] = context
        let file = story.path("hostile.json")
        try JSONSerialization.data(withJSONObject: claim).write(to: URL(fileURLWithPath: file))
        for arguments in [["inspect", file], story.verify(replacing: ["--claim": file])] {
            let outcome = try zkpot(arguments)
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }
        #expect(try zkpot(["inspect", file]).output.contains("mallory"))
    }
}
