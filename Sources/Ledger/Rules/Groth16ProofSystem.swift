import EllipticCurves
import FieldArithmetic
import Groth16

/// Groth16 with linked commitments (DESIGN §2) as the ledger's proof system.
struct Groth16ProofSystem<Curve: ProofSystemCurve>: ProofSystem {
    let name: Identifier

    func qualityVerifier(verifyingKey: [UInt8]) throws -> any QualityVerifier {
        try Groth16QualityVerifier<Curve>(VerifyingKey(encoded: verifyingKey))
    }

    func checkCommitment(_ commitment: [UInt8]) throws { try CommitmentGroup<Curve>.check(commitment) }

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

/// Verifies quality proofs: one public input, two linked commitments, and a challenge that binds the context.
private struct Groth16QualityVerifier<Curve: ProofSystemCurve>: QualityVerifier {
    private let verifier: Verifier<Curve>
    let digest: Digest

    /// - Throws: `UnusableQualityKey`, `UnsoundKey`.
    init(_ key: VerifyingKey<Curve>) throws {
        guard key.publicInputCount == 1 else {
            throw UnusableQualityKey("it has \(key.publicInputCount) public inputs, not 1")
        }
        guard key.linkedSegments.count == 2 else {
            throw UnusableQualityKey("it has \(key.linkedSegments.count) linked commitments, not 2")
        }
        // Without a challenge a proof holds in every context, and could be replayed (DESIGN §2, step 3).
        guard key.bindsContext else { throw UnusableQualityKey("its circuit has no challenge") }
        verifier = try Verifier(key)
        digest = Digest(verifier.keyDigest)!
    }

    var isDevelopmentKey: Bool { verifier.key.isDevelopmentKey }

    func verify(_ proofs: [(proof: [UInt8], statement: QualityStatement)]) -> [ProofVerdict] {
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

/// Why a sound key is of no use for quality proofs.
private struct UnusableQualityKey: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension QualityStatement {
    /// The roles of the two commitments, in their order.
    public static let roles = ["model", "test set"]

    /// What the proof has to be bound to.
    public var context: ProofContext {
        ProofContext(
            ledger: ledger.description, task: task.description, round: round,
            chunk: UInt64(chunk), participant: participant.description, roles: Self.roles)
    }

    /// The statement for prover and verifier.
    ///
    /// - Throws: `PointEncodingError` if a commitment is not one of this curve.
    public func statement<Curve: ProofSystemCurve>(
        on curve: Curve.Type = Curve.self
    ) throws -> Statement<Curve> {
        Statement(
            context: context, publicInputs: [Curve.ScalarField(correct)],
            commitments: [
                try CommitmentGroup<Curve>.decode(model), try CommitmentGroup<Curve>.decode(testSet),
            ])
    }
}
