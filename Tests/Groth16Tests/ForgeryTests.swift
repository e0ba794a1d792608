import EllipticCurves
import FieldArithmetic
import Groth16
import TestSupport
import Testing

/// The forgeries of DESIGN §2: each passes a verifier that lacks one of our checks, and must fail ours.
@Suite struct ForgeryTests {
    let toy = ToyFixture.withoutChallenge

    /// Without the link, D can carry a multiple of IC_i, and the public input is the attacker's choice.
    @Test func publicInputHiddenInTheCommitment() throws {
        let verifier = toy.prover.verifier
        var statement = toy.proven.statement
        var proof = toy.proven.proof
        statement.publicInputs[0] += 1000
        let ic = JacobianPoint(verifier.key.ic[1])
        proof.link!.commitment = (JacobianPoint(proof.link!.commitment) - ic * Fr(1000)).affine
        #expect(verifier.isAccepted([(proof, statement)], weights: [1], linkWeights: [0]))
        #expect(try !verifier.verify(proof, statement))
        // The argument of another commitment does not help.
        proof.link!.argument = (JacobianPoint(proof.link!.argument) - ic * Fr(1000)).affine
        #expect(try !verifier.verify(proof, statement))
    }

    /// A = α, B = β, C = 0, D = −IC(public).
    @Test func trivialSolutionOfTheFirstEquation() throws {
        let verifier = toy.prover.verifier
        let statement = Statement<BN254>(
            publicInputs: [123, 456], commitments: toy.proven.statement.commitments)
        let ic =
            JacobianPoint(verifier.key.ic[0]) + JacobianPoint(verifier.key.ic[1]) * Fr(123)
            + JacobianPoint(verifier.key.ic[2]) * Fr(456)
        for argument in [G1.infinity, toy.proven.proof.link!.argument] {
            let proof = Proof<BN254>(
                a: verifier.key.alpha, b: verifier.key.beta, c: .infinity,
                link: .init(commitment: (-ic).affine, argument: argument))
            #expect(verifier.isAccepted([(proof, statement)], weights: [1], linkWeights: [0]))
            #expect(try !verifier.verify(proof, statement))
        }
    }

    /// With a weight known beforehand, B absorbs d·γ − d·w·[a·k_0]₂ and a forged D passes.
    @Test(arguments: [1, 77])
    func knownWeight(_ weight: Int) throws {
        let verifier = toy.prover.verifier
        let key = verifier.key
        var proof = toy.proven.proof
        let d = Fr(31337)
        let w = Fr(weight)
        proof.link!.commitment = (JacobianPoint(proof.link!.commitment) + JacobianPoint(proof.a) * d).affine
        proof.b =
            (JacobianPoint(proof.b) + JacobianPoint(key.gamma) * d - JacobianPoint(key.linkKey[0]) * (d * w))
            .affine
        let item = (proof: proof, statement: toy.proven.statement)
        #expect(verifier.isAccepted([item], weights: [1], linkWeights: [w]))
        #expect(try !verifier.verify(item.proof, item.statement))
    }

    /// A commitment chosen after the proof: the link argument holds for one vector of commitments only.
    @Test func commitmentShiftedByTheProver() throws {
        let verifier = toy.prover.verifier
        var statement = toy.proven.statement
        statement.commitments[0] = (JacobianPoint(statement.commitments[0]) + .generator).affine
        #expect(verifier.isAccepted([(toy.proven.proof, statement)], weights: [1], linkWeights: [0]))
        #expect(try !verifier.verify(toy.proven.proof, statement))
    }

    /// Keys that accept anything are refused whatever made them.
    @Test func unsoundKeys() throws {
        let key = toy.key.verifyingKey
        func refused(_ change: (inout VerifyingKey<BN254>) -> Void) -> Bool {
            var changed = key
            change(&changed)
            // Both the object and its file are refused.
            return (try? Verifier(changed)) == nil
                && (try? VerifyingKey<BN254>(encoded: changed.encoded)) == nil
        }
        #expect(!refused { _ in })
        #expect(refused { $0.gamma = $0.delta })
        #expect(refused { $0.delta = BN254G2.generator })
        #expect(refused { $0.alpha = .infinity })
        #expect(refused { $0.beta = .infinity })
        #expect(refused { $0.gamma = .infinity })
        #expect(refused { $0.delta = .infinity })
        #expect(refused { $0.linkKey[1] = .infinity })
        #expect(refused { $0.linkKey[1] = $0.linkKey[0] })
        #expect(refused { $0.linkKey[2] = $0.gamma })
        #expect(!refused { $0.gamma = BN254G2.generator })
    }

    /// γ = δ accepts anything: the reason for the refusal, shown on the equation itself.
    @Test func equalGammaAndDeltaAcceptEverything() throws {
        var key = toy.key.verifyingKey
        key.gamma = key.delta
        // C = −IC(public) − D makes the product e(α, β) with A = α, B = β.
        let ic =
            JacobianPoint(key.ic[0]) + JacobianPoint(key.ic[1]) * Fr(9) + JacobianPoint(key.ic[2]) * Fr(9)
        let d = JacobianPoint<BN254G1>.generator
        let product = BN254.isPairingProductOne([
            (key.alpha, key.beta), ((-JacobianPoint(key.alpha)).affine, key.beta),
            ((ic + d).affine, key.gamma),
            ((-(ic + d)).affine, key.delta),
        ])
        #expect(product)
        #expect(throws: UnsoundKey.self) { try key.checkSoundness() }
    }

    /// A public wire that stands in no constraint still has a point of its own.
    @Test func unusedPublicWireHasAPoint() {
        for point in toy.key.verifyingKey.ic { #expect(!point.isInfinity) }
    }

    /// [αβ/γ]₁ would let D swallow the whole first equation: no point of a key is it.
    @Test func alphaBetaByGammaIsNotPublished() throws {
        let key = toy.key.verifyingKey
        let bytes = toy.key.withFileBytes { Array($0) }
        var points = key.ic + [key.alpha]
        for tag in ["G1PT", "AQRY", "B1QR", "KQRY", "PQRY", "LQRY", "HQRY", "BASE"] {
            let section = try #require(keySection(tag, of: bytes))
            bytes[section].withUnsafeBytes { raw in
                for offset in stride(from: 0, to: raw.count, by: MemoryLayout<G1>.stride) {
                    points.append(raw.loadUnaligned(fromByteOffset: offset, as: G1.self))
                }
            }
        }
        #expect(points.count > 40)
        for point in points {
            #expect(point.isOnCurve)
            #expect(!BN254.isPairingProductOne([(point, key.gamma), (-key.alpha, key.beta)]))
        }
    }

    @Test func linkOfAKeyCanBeChecked() throws {
        #expect(toy.key.isLinkConsistent())
        #expect(ToyFixture.withChallenge.key.isLinkConsistent())
    }
}
