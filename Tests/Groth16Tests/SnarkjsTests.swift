import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import TestSupport
import Testing

/// A finished assignment, as a `.wtns` file holds it, of a plain circuit.
struct FinishedWitness: TwoPhaseWitness {
    var values: [Fr]
    var publicCount: Int

    var statement: [Fr] { Array(values[1..<publicCount]) }
    var committed: [Fr] { [] }
    func assignment(challenges: [Fr]) throws -> [Fr] { values }
}

/// Keys, proofs and witnesses of snarkjs and rapidsnark.
@Suite struct SnarkjsTests {
    let folder = TestFiles.vectors.appending(path: "snarkjs")

    /// The values of a `.wtns` file: section 2, canonical little-endian.
    private func witness(_ url: URL, publicCount: Int) throws -> FinishedWitness {
        let values = try WitnessFile<Fr>.read(from: Data(contentsOf: url))
        return FinishedWitness(values: values, publicCount: publicCount)
    }

    @Test(arguments: ["proof_snarkjs.json", "proof_rapidsnark.json"])
    func publishedProofsVerify(file: String) throws {
        let key = try SnarkjsJSON.verifyingKey(
            Data(contentsOf: folder.appending(path: "verification_key.json")))
        let inputs = try SnarkjsJSON.publicInputs(Data(contentsOf: folder.appending(path: "public.json")))
        let proof = try SnarkjsJSON.proof(Data(contentsOf: folder.appending(path: file)))
        let verifier = try Verifier(key)
        #expect(try verifier.verify(proof, Statement(publicInputs: inputs)))
        for index in inputs.indices {
            var wrong = inputs
            wrong[index] += 1
            #expect(try !verifier.verify(proof, Statement(publicInputs: wrong)))
        }
        #expect(proof.encoded.count == 128)
        #expect(try Proof<BN254>(encoded: proof.encoded) == proof)
        #expect(try SnarkjsJSON.proof(SnarkjsJSON.encode(proof)) == proof)
    }

    @Test func ourProofsVerifyUnderTheirKey() throws {
        let key = try SnarkjsKey.read(path: folder.appending(path: "circuit_final.zkey").path)
        let json = try SnarkjsJSON.verifyingKey(
            Data(contentsOf: folder.appending(path: "verification_key.json")))
        #expect(key.verifyingKey == json)
        let prover = try Prover(key)
        let witness = try witness(folder.appending(path: "witness.wtns"), publicCount: key.shape.publicCount)
        let proven = try prover.prove(witness)
        let inputs = try SnarkjsJSON.publicInputs(Data(contentsOf: folder.appending(path: "public.json")))
        #expect(proven.statement.publicInputs == inputs)
        var wrong = witness
        wrong.values[key.shape.wireCount - 1] += 1
        #expect(throws: ProvingError.self) { try prover.prove(wrong) }
    }

    /// With given r and s the proof is determined: every point must be the published one.
    @Test(.enabled(if: TestFiles.shared("vectors/groth16-mixed14") != nil, "needs the shared vectors"))
    func knownAnswer() throws {
        struct KnownAnswer: Decodable {
            var r: String
            var s: String
        }
        let folder = try #require(TestFiles.shared("vectors/groth16-mixed14"))
        let json = try Data(contentsOf: folder.appending(path: "known_answer_r_s.json"))
        let randomness = try JSONDecoder().decode(KnownAnswer.self, from: json)
        func number(_ text: String) throws -> Fr {
            try #require(BigInteger(text).flatMap { $0.limbs(as: Limbs4.self) }.flatMap { Fr(canonical: $0) })
        }
        let object = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
        let expected = try SnarkjsJSON.proof(
            JSONSerialization.data(withJSONObject: #require(object["proof"])))
        let key = try SnarkjsKey.read(path: folder.appending(path: "circuit_final.zkey").path)
        let prover = try Prover(key)
        let proven = try prover.prove(
            witness(folder.appending(path: "witness.wtns"), publicCount: key.shape.publicCount),
            context: ProofContext(), blindings: SecretScalars([]), commitments: nil,
            randomness: SecretScalars([number(randomness.r), number(randomness.s), .zero]))
        #expect(proven.proof == expected)
    }

    @Test func damagedKeysAreRefused() throws {
        let bytes = try [UInt8](Data(contentsOf: folder.appending(path: "circuit_final.zkey")))
        try TestFiles.withTemporaryFolder { (folder: URL) throws in
            let url = folder.appending(path: "damaged.zkey")
            func refused(_ damaged: [UInt8]) throws -> Bool {
                try Data(damaged).write(to: url)
                return (try? SnarkjsKey.read(path: url.path)) == nil
            }
            #expect(try !refused(bytes))
            for length in [0, 3, 11, 12, 30, 700, bytes.count / 2, bytes.count - 1] {
                #expect(try refused(Array(bytes[..<length])))
            }
            #expect(try refused(bytes + [0]))
            // Heads of file and sections, numbers and the points of the verifying key.
            for position in Array(0..<60) + [64, 100, 128, 200, 400, 660] {
                var damaged = bytes
                damaged[position] ^= 0x55
                #expect(try refused(damaged), "byte \(position)")
            }
            #expect(throws: MalformedData.self) { try SnarkjsKey.read(path: folder.path) }
            #expect(throws: MalformedData.self) { try SnarkjsKey.read(path: url.path + ".missing") }
        }
    }

    @Test func damagedJSONIsRefused() throws {
        #expect(throws: MalformedData.self) { try SnarkjsJSON.proof(Data("{}".utf8)) }
        #expect(throws: MalformedData.self) { try SnarkjsJSON.publicInputs(Data("[1]".utf8)) }
        #expect(throws: MalformedData.self) { try SnarkjsJSON.publicInputs(Data("[\"-1\"]".utf8)) }
        #expect(throws: MalformedData.self) { try SnarkjsJSON.publicInputs(Data("[\"0x1\"]".utf8)) }
        let modulus = BigInteger(Fr.modulus).description
        #expect(throws: MalformedData.self) { try SnarkjsJSON.publicInputs(Data("[\"\(modulus)\"]".utf8)) }
        let proof = try String(contentsOf: folder.appending(path: "proof_snarkjs.json"), encoding: .utf8)
        let first = try #require(proof.firstMatch(of: /"(\d{60,})"/))
        let damaged = proof.replacing(first.1, with: "12345", maxReplacements: 1)
        #expect(throws: MalformedData.self) { try SnarkjsJSON.proof(Data(damaged.utf8)) }
    }
}
