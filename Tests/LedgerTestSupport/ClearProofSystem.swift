import EllipticCurves
import FieldArithmetic
import Ledger

/// A proof system for testing the rules alone: a proof is a hash of key and statement, which anybody can
/// make.
///
/// Commitments are real points of BN254. Key and proof are as small and fast as can be, so that tests can go
/// through thousands of transactions.
public struct ClearProofSystem: ProofSystem {
    public let name = Identifier("test-clear-bn254")!

    public init() {}

    /// A key: its marks, then anything.
    public static func key(isDevelopmentKey: Bool, number: UInt8 = 0) -> [UInt8] {
        [isDevelopmentKey ? 1 : 0, number]
    }

    /// The proof of a statement. Like a Groth16 proof it can be re-randomised: the last byte does not matter.
    public static func proof(of statement: QualityStatement, key: [UInt8], randomness: UInt8 = 0) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.encode(key)
        encoder.encode(statement.ledger)
        encoder.encode(statement.task.description)
        encoder.encode(statement.round)
        encoder.encode(statement.chunk)
        encoder.encode(statement.participant)
        encoder.encode(statement.model)
        encoder.encode(statement.testSet)
        encoder.encode(statement.correct)
        return Digest(sha256: encoder.bytes).bytes + [randomness]
    }

    /// The proof of a stage.
    public static func proof(of statement: StageStatement, key: [UInt8]) -> [UInt8] {
        var encoder = CanonicalEncoder()
        encoder.encode(key)
        encoder.encode(statement.ledger)
        encoder.encode(statement.task.description)
        encoder.encode(statement.round)
        encoder.encode(statement.stage)
        encoder.encode(statement.participant)
        encoder.encode(list: [statement.before, statement.after] + statement.batches) { $0.encode($1) }
        return Digest(sha256: encoder.bytes).bytes + [0]
    }

    /// A commitment: so many times the generator.
    public static func commitment(_ number: UInt64) -> [UInt8] {
        let point = JacobianPoint<BN254G1>.generator.multipliedVartime(by: BN254ScalarField(number))
        return point.affine.encoded(as: .compressed)
    }

    package func qualityVerifier(verifyingKey: [UInt8]) throws -> any StatementVerifier {
        guard verifyingKey.count == 2, verifyingKey[0] < 2 else { throw TestFailure("a key has two bytes") }
        return Verifier(key: verifyingKey)
    }

    package func stageVerifier(verifyingKey: [UInt8], batches: Int) throws -> any StatementVerifier {
        try qualityVerifier(verifyingKey: verifyingKey)
    }

    package func checkCommitment(_ commitment: [UInt8]) throws {
        try CommitmentGroup<BN254>.check(commitment)
    }

    package func coordinates(of commitment: [UInt8]) throws -> [UInt8] {
        try CommitmentGroup<BN254>.decode(commitment).encoded(as: .uncompressed)
    }

    package func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8] {
        try CommitmentGroup<BN254>.weightedSum(terms)
    }

    private struct Verifier: StatementVerifier {
        let key: [UInt8]
        var digest: Digest { Digest(sha256: key) }
        var isDevelopmentKey: Bool { key[0] == 1 }

        func verify(_ proofs: [(proof: [UInt8], statement: ProvenStatement)]) -> [ProofVerdict] {
            proofs.map { proof, statement in
                guard proof.count == 33 else { return .malformed("a proof has 33 bytes") }
                let right =
                    switch statement {
                    case .quality(let statement): ClearProofSystem.proof(of: statement, key: key)
                    case .stage(let statement): ClearProofSystem.proof(of: statement, key: key)
                    }
                return proof.dropLast() == right.dropLast() ? .valid : .invalid
            }
        }
    }
}

public struct TestFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
