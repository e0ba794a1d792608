import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import TestSupport
import Testing

/// Keys of ours as `.zkey` files.
@Suite struct SnarkjsKeyWritingTests {
    /// x·x = y and (3x − 5y + 7)·(y + 2) = out, and so many rows x·x = y more; x and y are private.
    private func cubic(extraRows: Int = 0) -> R1CS<Fr> {
        let square: (a: [Int: Int], b: [Int: Int], c: [Int: Int]) = ([2: 1], [2: 1], [3: 1])
        let rows = [square, ([2: 3, 3: -5, 0: 7], [3: 1, 0: 2], [1: 1])]
        return makeR1CS(
            rows + Array(repeating: square, count: extraRows), publicCount: 2, challengeCount: 0,
            segments: [],
            privateCount: 2)
    }

    private func witness(x: Fr) -> FinishedWitness {
        let y = x * x
        return FinishedWitness(values: [.one, (3 * x - 5 * y + 7) * (y + 2), x, y], publicCount: 2)
    }

    /// With given r and s both keys, ours and the one read back, must give the same points.
    @Test func aWrittenKeyReadBackGivesTheSameProof() throws {
        let key = try KeyGenerator<BN254>.developmentSetup(cubic())
        try TestFiles.withTemporaryFolder { folder in
            let path = folder.appending(path: "cubic.zkey").path
            try SnarkjsKey.write(key, to: path)
            let copy = try SnarkjsKey.read(path: path)
            #expect(copy.shape == key.shape)
            #expect(copy.verifyingKey.ic == key.verifyingKey.ic)
            #expect(copy.verifyingKey.gamma == key.verifyingKey.gamma)
            func proof(_ key: ProvingKey<BN254>) throws -> Proof<BN254> {
                try Prover(key).prove(
                    witness(x: 11), context: ProofContext(), blindings: SecretScalars([]), commitments: nil,
                    randomness: SecretScalars([5, -9, .zero])
                ).proof
            }
            #expect(try proof(key) == proof(copy))
            let proven = try Prover(copy).prove(witness(x: 11))
            #expect(try Verifier(key.verifyingKey).verify(proven.proof, proven.statement))
            var wrong = witness(x: 11)
            wrong.values[3] += 1
            #expect(throws: ProvingError.self) { try Prover(copy).prove(wrong) }
        }
    }

    @Test func aKeyThatSnarkjsCannotHoldIsRefused() throws {
        try TestFiles.withTemporaryFolder { folder in
            let url = folder.appending(path: "refused.zkey")
            #expect(throws: MalformedData.self) {
                try SnarkjsKey.write(ToyFixture.withChallenge.key, to: url.path)
            }
            #expect(throws: MalformedData.self) {
                try SnarkjsKey.write(ToyFixture.withoutChallenge.key, to: url.path)
            }
            // Four rows and two public wires take a domain of 6 = 3·2 points.
            let six = try KeyGenerator<BN254>.developmentSetup(cubic(extraRows: 2))
            #expect(six.shape.domainSize == 6)
            #expect(throws: MalformedData.self) { try SnarkjsKey.write(six, to: url.path) }
            #expect(!FileManager.default.fileExists(atPath: url.path))
            let four = try KeyGenerator<BN254>.developmentSetup(cubic())
            #expect(throws: MalformedData.self) {
                try SnarkjsKey.write(four, to: folder.appending(path: "missing/key.zkey").path)
            }
        }
    }
}
