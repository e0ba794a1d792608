import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Parallelism
import Polynomials

/// Why no proof was made.
public enum ProvingError: Error, CustomStringConvertible {
    case wrongWitness(String)
    case noProof(String)

    public var description: String {
        switch self {
        case .wrongWitness(let reason): return "the witness does not fit the key: \(reason)"
        case .noProof(let reason): return "no valid proof: \(reason)"
        }
    }
}

/// A proof, the statement it shows, and how long each stage took.
public struct ProvenStatement<Curve: ProofSystemCurve>: Sendable {
    public var proof: Proof<Curve>
    public var statement: Statement<Curve>
    public var stages: [(name: String, duration: Duration)]
}

/// Makes proofs with one key (DESIGN §2, "Prove").
///
/// - SeeAlso: Groth, eprint 2016/260, section 3.2; the commitment D and the challenges as in eprint 2022/1072.
public final class Prover<Curve: ProofSystemCurve>: Sendable {
    public typealias Scalar = Curve.ScalarField
    public typealias G1 = AffinePoint<Curve.G1>

    public let key: ProvingKey<Curve>
    public let verifier: Verifier<Curve>
    private let domain: EvaluationDomain<Scalar>

    /// - Throws: `UnsoundKey`, `MalformedData`.
    public init(_ key: ProvingKey<Curve>) throws {
        guard let domain = EvaluationDomain<Scalar>(size: key.shape.domainSize) else {
            throw MalformedData("the field has no domain of \(key.shape.domainSize) elements")
        }
        self.key = key
        self.domain = domain
        verifier = try Verifier(key.verifyingKey)
    }

    /// Proves that the witness satisfies the circuit, with fresh randomness, and verifies the proof.
    ///
    /// - Parameters:
    ///   - blindings: ρ_j of each linked segment: fresh and uniform for private values, zero for public ones.
    ///   - commitments: Ĉ_j if they are known already; they are computed otherwise.
    /// - Throws: `ProvingError`; errors of the witness.
    public func prove(
        _ witness: some TwoPhaseWitness<Scalar>, context: ProofContext = ProofContext(),
        blindings: borrowing SecretScalars<Scalar>, commitments: [G1]? = nil
    ) throws -> ProvenStatement<Curve> {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<4 {
            // A denominator that is zero for these challenges is met with a new ν, never skipped.
            let randomness = SecretScalars<Scalar>(count: 3, using: &generator)
            do {
                let proven = try prove(
                    witness, context: context, blindings: blindings, commitments: commitments,
                    randomness: randomness)
                guard try verifier.verify(proven.proof, proven.statement) else {
                    throw ProvingError.noProof(
                        "the witness breaks a constraint, a commitment does not fit it, or the key is damaged"
                    )
                }
                return proven
            } catch CircuitError.unluckyChallenge {
                continue
            }
        }
        throw ProvingError.noProof("a denominator of the circuit stays zero for every challenge")
    }

    /// Plain Groth16 of a circuit without commitments.
    public func prove(_ witness: some TwoPhaseWitness<Scalar>) throws -> ProvenStatement<Curve> {
        try prove(witness, blindings: SecretScalars([]))
    }

    /// The deterministic part: `randomness` is (r, s, ν). The proof is not verified.
    package func prove(
        _ witness: some TwoPhaseWitness<Scalar>, context: ProofContext,
        blindings: borrowing SecretScalars<Scalar>, commitments: [G1]?,
        randomness: borrowing SecretScalars<Scalar>
    ) throws -> ProvenStatement<Curve> {
        let shape = key.shape
        var clock = StageClock()
        let committed = witness.committed
        let publicInputs = witness.statement
        guard committed.count == shape.committedCount,
            publicInputs.count == shape.publicCount - 1 - shape.challengeCount
        else { throw ProvingError.wrongWitness("it has another number of committed or public values") }
        guard blindings.count == shape.linkedCounts.count,
            commitments == nil || commitments!.count == shape.linkedCounts.count
        else {
            throw ProvingError.wrongWitness("one blinding and commitment is wanted for each linked segment")
        }

        let statement = Statement<Curve>(
            context: context, publicInputs: publicInputs,
            commitments: commitments ?? commit(committed, blindings: blindings))
        clock.mark("external commitments")
        let link = linkedCommitment(committed, nu: randomness[2], blindings: blindings)
        clock.mark("commitment D and link argument")
        let challenges = Transcript.challenges(
            count: shape.challengeCount, keyDigest: verifier.keyDigest, statement: statement,
            commitment: link?.commitment ?? .infinity)
        let assignment = try witness.assignment(challenges: challenges)
        guard assignment.count == shape.wireCount, assignment.first == .one,
            assignment[1..<shape.publicCount].elementsEqual(challenges + publicInputs)
        else { throw ProvingError.wrongWitness("its public values or their number differ") }
        clock.mark("witness")

        let h = quotientValues(assignment)
        clock.mark("quotient")
        let hSum = sum(h, key.hQuery)
        clock.mark("MSM H")
        let aValues = gather(assignment, key.aWires)
        let a =
            JacobianPoint(key.verifyingKey.alpha) + sum(aValues, key.aQuery)
            + JacobianPoint(key.delta1) * randomness[0]
        clock.mark("MSM A")
        let bValues = gather(assignment, key.bWires)
        let bSums = bValues.withUnsafeBufferPointer { multiScalarMultiply($0, [key.b1Query], [key.b2Query]) }
        let b1 = JacobianPoint(key.beta1) + bSums.first[0] + JacobianPoint(key.delta1) * randomness[1]
        let b2 =
            JacobianPoint(key.verifyingKey.beta) + bSums.second[0]
            + JacobianPoint(key.verifyingKey.delta) * randomness[1]
        clock.mark("MSM B in G1 and G2")
        let firstPrivate = shape.publicCount + shape.committedCount
        let lSum = sum(Array(assignment[firstPrivate...]), key.lQuery)
        clock.mark("MSM L")
        // C = Σ_private w_i·[L_i/δ] + h + s·A + r·B₁ − r·s·[δ] − ν·[η/δ]
        var c =
            lSum + hSum + a * randomness[1] + b1 * randomness[0]
            - JacobianPoint(key.delta1) * (randomness[0] * randomness[1])
        if link != nil { c -= JacobianPoint(key.etaByDelta) * randomness[2] }
        let proof = Proof<Curve>(a: a.affine, b: b2.affine, c: c.affine, link: link)
        return ProvenStatement(proof: proof, statement: statement, stages: clock.stages)
    }

    /// D = Σ x_i·K_i + ν·[η/γ]₁ and π = Σ x_i·P_i + ν·P_ν + Σ ρ_j·P_ρj, sums with the same scalars; `nil` if the
    /// circuit commits to nothing.
    private func linkedCommitment(
        _ committed: [Scalar], nu: Scalar, blindings: borrowing SecretScalars<Scalar>
    ) -> Proof<Curve>.Link? {
        if committed.isEmpty { return nil }
        let none: [UnsafeBufferPointer<AffinePoint<Curve.G2>>] = []
        let sums = committed.withUnsafeBufferPointer {
            multiScalarMultiply($0, [key.kQuery, key.linkQuery], none).first
        }
        var argument = sums[1] + JacobianPoint(key.linkBlinding) * nu
        for index in 0..<blindings.count {
            argument = argument + JacobianPoint(key.linkBase(index)) * blindings[index]
        }
        let points = JacobianPoint.batchAffine([sums[0] + JacobianPoint(key.etaByGamma) * nu, argument])
        return .init(commitment: points[0], argument: points[1])
    }

    /// Ĉ_j = Σ_t x_t·G_t + ρ_j·G_blind for every linked segment.
    private func commit(_ committed: [Scalar], blindings: borrowing SecretScalars<Scalar>) -> [G1] {
        var start = 0
        var points: [G1] = []
        for (index, count) in key.shape.linkedCounts.enumerated() {
            let values = Array(committed[start..<start + count])
            let sum = sum(values, UnsafeBufferPointer(rebasing: key.bases[..<count]))
            points.append((sum + JacobianPoint(key.blindingBase) * blindings[index]).affine)
            start += count
        }
        return points
    }

    /// (a·b − c)(g·ωⁱ) for all i, the quotient being this over the constant −2 that the key contains.
    ///
    /// c is a·b on the domain, as it is for every satisfied witness; for another the proof does not verify.
    private func quotientValues(_ assignment: [Scalar]) -> [Scalar] {
        let size = domain.size
        let rows = key.shape.constraintCount
        var a = [Scalar](repeating: .zero, count: size)
        var b = a
        var c = a
        assignment.withUnsafeBufferPointer { assignment in
            a.withUnsafeMutableBufferPointer { a in
                b.withUnsafeMutableBufferPointer { b in
                    c.withUnsafeMutableBufferPointer { c in
                        QuadraticProgram.product(key.a, assignment, coefficients: key.coefficients, into: a)
                        QuadraticProgram.product(key.b, assignment, coefficients: key.coefficients, into: b)
                        for wire in 0..<key.shape.publicCount { a[rows + wire] = assignment[wire] }
                        Scalar.multiply(UnsafeBufferPointer(a), UnsafeBufferPointer(b), into: c)
                        domain.moveToCoset(many: [a, b, c])
                        Scalar.multiplySubtract(a, UnsafeBufferPointer(b), UnsafeBufferPointer(c))
                    }
                }
            }
        }
        return a
    }

    private func gather(_ values: [Scalar], _ wires: UnsafeBufferPointer<UInt32>) -> [Scalar] {
        wires.map { values[Int($0)] }
    }

    private func sum<Group: ShortWeierstrassCurve>(
        _ scalars: [Scalar], _ points: UnsafeBufferPointer<AffinePoint<Group>>
    ) -> JacobianPoint<Group> where Group.ScalarField == Scalar {
        scalars.withUnsafeBufferPointer { multiScalarMultiply($0, points) }
    }
}

/// Names and lengths of the stages of one proof.
struct StageClock {
    private(set) var stages: [(name: String, duration: Duration)] = []
    private var last = ContinuousClock.now

    mutating func mark(_ name: String) {
        let now = ContinuousClock.now
        stages.append((name, now - last))
        last = now
    }
}
