import Foundation
import TestSupport
import Testing

/// `zkpot export` as a user has it.
@Suite struct ExportVerbTests {
    @Test func verifiersOfOurKeys() throws {
        let story = try Story.told()
        try TestFiles.withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path }
            func read(_ name: String) throws -> String {
                try String(contentsOfFile: path(name), encoding: .utf8)
            }
            let export = ["export", "verifier", "--key", story.path("digits.zkvk"), "--json"]
            let outcome = try zkpot(export + ["--output", path("v.vy"), "--bytecode", path("v.hex")])
            #expect(outcome.code == 0, "\(outcome)")
            #expect(try outcome.json["function"] as? String == "verify(uint256[12],bytes32,uint256[5])")
            #expect(try outcome.json["compiled"] as? String == "QualityVerifier")
            let source = try read("v.vy")
            #expect(source.contains("def __init__():") && !source.contains("{{") && !source.contains("#each"))
            #expect(try read("v.hex").wholeMatch(of: /0x[0-9a-f]{10000,}\n/) != nil)
            let shape = try zkpot(export + ["--output", path("s.vy"), "--form", "shape"])
            #expect(try read("s.vy").contains("def __init__(key: Bytes[KEY_BYTES]):"))
            let argument = try #require(try shape.json["constructorArgument"] as? String)
            #expect(source.contains("x\"\(argument.dropFirst(2))\""))
            #expect(outcome.errors.contains("development"))
            try expectUnusable(
                [
                    "export", "verifier", "--key", story.path("digits.zkvk"), "-o", path("x"), "--bytecode",
                    path("x"),
                ],
                saying: "same file")
        }
    }

    @Test func keysAndProofsOfSnarkjs() throws {
        let folder = TestFiles.vectors.appending(path: "snarkjs")
        func path(_ name: String) -> String { folder.appending(path: name).path }
        let proof = ["export", "calldata", path("proof_snarkjs.json"), "--public", path("public.json")]
        let outcome = try zkpot(proof + ["--key", path("verification_key.json"), "--json"])
        #expect(outcome.code == 0, "\(outcome)")
        let function = try #require(try outcome.json["function"] as? String)
        #expect(function == "verifyProof(uint256[2],uint256[2][2],uint256[2],uint256[4])")
        // Selector, eight words of the proof, one for each input.
        #expect((try outcome.json["data"] as? String)?.count == 2 + 2 * (4 + 32 * 12))
        try TestFiles.withTemporaryFolder { temporary in
            let output = temporary.appending(path: "v.vy").path
            let verifier = try zkpot([
                "export", "verifier", "--key", path("verification_key.json"), "-o", output,
            ])
            #expect(verifier.code == 0, "\(verifier)")
        }
    }

    /// What is false is not exported.
    @Test func onlyTrueProofsAreExported() throws {
        let story = try Story.told()
        let good = try zkpot(story.export())
        #expect(good.code == 0 && good.output.wholeMatch(of: /0x[0-9a-f]{1160}\n/) != nil, "\(good)")
        let registry = try zkpot(story.export() + ["--target", "registry", "--json"])
        let function = "proveQuality(bytes32,uint256,uint256,uint256[12],uint256,uint256[2],uint256[2])"
        #expect(try registry.json["function"] as? String == function)
        // Bob's proof does not show Alice's claim.
        let bob = try zkpot(story.export(replacing: ["proof": story.path("bob.zkp")]))
        #expect(bob.code == 1 && bob.output.contains("REFUSED: the proof does not show the claim"), "\(bob)")
        let other = try zkpot(story.export(replacing: ["--key": story.path("other.zkvk")]))
        #expect(other.code == 1 && other.output.contains("another key"), "\(other)")
        try expectUnusable(
            ["export", "calldata", story.path("alice.zkp"), "--key", story.path("digits.zkvk")],
            saying: "--claim")
    }
}
