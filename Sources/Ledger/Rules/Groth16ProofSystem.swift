import EllipticCurves
import FieldArithmetic
import Groth16

/// Groth16 with linked commitments (DESIGN §2) as the ledger's proof system.
struct Groth16ProofSystem<Curve: ProofSystemCurve>: ProofSystem {
    let name: Identifier

    func qualityVerifier(verifyingKey: [UInt8]) throws -> any StatementVerifier {
        try Groth16Verifier<Curve>(
            VerifyingKey(encoded: verifyingKey), publicInputs: 1, commitments: QualityStatement.roles.count)
    }

    func stageVerifier(verifyingKey: [UInt8], batches: Int) throws -> any StatementVerifier {
        try Groth16Verifier<Curve>(
            VerifyingKey(encoded: verifyingKey), publicInputs: 0,
            commitments: StageStatement.roles(batches: batches).count)
    }

    func checkCommitment(_ commitment: [UInt8]) throws { try CommitmentGroup<Curve>.check(commitment) }

    func coordinates(of commitment: [UInt8]) throws -> [UInt8] {
        try CommitmentGroup<Curve>.decode(commitment).encoded(as: .uncompressed)
    }

    func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8] {
        try CommitmentGroup<Curve>.weightedSum(terms)
    }
}

/// The proof systems that a ledger can be made with.
package enum ProofSystems {
    package static let standard: any ProofSystem = Groth16ProofSystem<BN254>(
        name: Identifier("groth16-bn254")!)

    /// The proof system of this name, `nil` if this version has none.
    package static func named(_ name: Identifier) -> (any ProofSystem)? {
        [standard].first { $0.name == name }
    }
}

/// Verifies proofs of one form, with a challenge that binds the context.
private struct Groth16Verifier<Curve: ProofSystemCurve>: StatementVerifier {
    private let verifier: Verifier<Curve>
    let digest: Digest

    /// - Throws: `UnusableKey`, `UnsoundKey`.
    init(_ key: VerifyingKey<Curve>, publicInputs: Int, commitments: Int) throws {
        guard key.publicInputCount == publicInputs else {
            throw UnusableKey("it has \(key.publicInputCount) public inputs, not \(publicInputs)")
        }
        guard key.linkedSegments.count == commitments else {
            throw UnusableKey("it has \(key.linkedSegments.count) linked commitments, not \(commitments)")
        }
        // Without a challenge a proof holds in every context, and could be replayed (DESIGN §2, step 3).
        guard key.bindsContext else { throw UnusableKey("its circuit has no challenge") }
        verifier = try Verifier(key)
        digest = Digest(verifier.keyDigest) ?? Digest(sha256: verifier.keyDigest)
    }

    var isDevelopmentKey: Bool { verifier.key.isDevelopmentKey }

    func verify(_ proofs: [(proof: [UInt8], statement: ProvenStatement)]) -> [ProofVerdict] {
        var verdicts = [ProofVerdict](repeating: .invalid, count: proofs.count)
        var items: [(proof: Proof<Curve>, statement: Statement<Curve>)] = []
        var places: [Int] = []
        for (index, entry) in proofs.enumerated() {
            do {
                let proof = try Proof<Curve>(encoded: entry.proof)
                guard proof.link != nil else { throw VerificationError.wrongProofForm(expectedLink: true) }
                items.append((proof, try entry.statement.statement()))
                places.append(index)
            } catch {
                verdicts[index] = .malformed("\(error)")
            }
        }
        do {
            for (index, isValid) in zip(places, try verifier.verifyBatch(items)) where isValid {
                verdicts[index] = .valid
            }
        } catch {
            // The form of key, statement and proof was checked above, so that one cannot spoil another's
            // verdict.
            for index in places { verdicts[index] = .malformed("\(error)") }
        }
        return verdicts
    }
}

/// Why a sound key is of no use for these proofs.
private struct UnusableKey: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
