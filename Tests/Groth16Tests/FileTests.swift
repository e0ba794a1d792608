import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import TestSupport
import Testing

/// Keys and proofs as files, whole and damaged.
@Suite struct FileTests {
    let toy = ToyFixture.withChallenge

    @Test func provingKeyIsUsedFromItsFile() throws {
        try TestFiles.withTemporaryFolder { folder in
            let url = folder.appending(path: "toy.zkpk")
            try toy.key.withFileBytes { try Data($0).write(to: url) }
            let key = try ProvingKey<BN254>(path: url.path)
            #expect(key.verifyingKey == toy.key.verifyingKey)
            #expect(key.specification == Array("toy".utf8))
            #expect(key.shape == toy.key.shape)
            #expect(key.verifyingKey.isDevelopmentKey)
            let proven = try Prover(key).prove(
                toy.witness, context: toy.context, blindings: SecretScalars([.random(), .zero]))
            #expect(try toy.prover.verifier.verify(proven.proof, proven.statement))
        }
    }

    /// Whatever is wrong with a key, it is refused when it is opened or by the prover's own check: nothing traps.
    @Test func damagedProvingKeysGiveNoProof() throws {
        let bytes = toy.key.withFileBytes { Array($0) }
        try TestFiles.withTemporaryFolder { folder in
            let url = folder.appending(path: "damaged.zkpk")
            func provesWith(_ damaged: [UInt8]) throws -> Bool {
                try Data(damaged).write(to: url)
                do {
                    let key = try ProvingKey<BN254>(path: url.path)
                    let proven = try Prover(key).prove(
                        toy.witness, context: toy.context, blindings: SecretScalars([1, .zero]))
                    return try toy.prover.verifier.verify(proven.proof, proven.statement)
                } catch {
                    return false
                }
            }
            #expect(try provesWith(bytes))
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<40 {
                #expect(try !provesWith(Array(bytes[..<Int(generator.next() % UInt64(bytes.count))])))
            }
            #expect(try !provesWith(bytes + [0]))
            for position in 0..<600 {
                var damaged = bytes
                damaged[position] ^= 1 << (generator.next() % 8)
                // Padding and the unused development mark of an inner copy may change nothing; no damage may trap.
                _ = try provesWith(damaged)
            }
            for _ in 0..<200 {
                var damaged = bytes
                for _ in 0..<4 {
                    damaged[Int(generator.next() % UInt64(bytes.count))] = UInt8(generator.next() & 255)
                }
                _ = try provesWith(damaged)
            }
            #expect(throws: MalformedData.self) { try ProvingKey<BN254>(path: folder.path) }
        }
    }

    @Test func damagedVerifyingKeysAreRefused() throws {
        let bytes = toy.key.verifyingKey.encoded
        #expect(try VerifyingKey<BN254>(encoded: bytes) == toy.key.verifyingKey)
        for length in 0..<bytes.count {
            #expect((try? VerifyingKey<BN254>(encoded: Array(bytes[..<length]))) == nil)
        }
        #expect((try? VerifyingKey<BN254>(encoded: bytes + [0])) == nil)
        var generator = SeededGenerator(seed: 12)
        for position in 0..<bytes.count {
            var damaged = bytes
            damaged[position] ^= 1 << (generator.next() % 8)
            // Flags, digest and names may carry other values, but then it is another key.
            if let key = try? VerifyingKey<BN254>(encoded: damaged) {
                #expect(key.digest != toy.key.verifyingKey.digest)
                #expect(try !Verifier(key).verify(toy.proven.proof, toy.proven.statement))
            }
        }
    }

    @Test func damagedProofsAreRefused() throws {
        let digest = toy.key.verifyingKey.digest
        let file = ProofFile(verifyingKeyDigest: digest, proof: toy.proven.proof)
        let bytes = file.encoded
        #expect(bytes.count == 16 + 32 + 192)
        #expect(try ProofFile<BN254>(encoded: bytes) == file)
        for length in 0..<bytes.count where length != 16 + 32 + 128 {
            #expect((try? ProofFile<BN254>(encoded: Array(bytes[..<length]))) == nil)
        }
        for position in 48..<bytes.count {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[position] ^= 1 << bit
                if let proof = try? ProofFile<BN254>(encoded: damaged).proof {
                    #expect(try !toy.prover.verifier.verify(proof, toy.proven.statement))
                }
            }
        }
        for position in 0..<16 {
            var damaged = bytes
            damaged[position] ^= 0x80
            #expect((try? ProofFile<BN254>(encoded: damaged)) == nil)
        }
    }

    @Test func onlyOneKindOfFileFits() {
        #expect(throws: MalformedData("this is a verifying key, not a proof")) {
            try ProofFile<BN254>(encoded: toy.key.verifyingKey.encoded)
        }
    }
}
