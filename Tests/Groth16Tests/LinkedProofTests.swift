import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import TestSupport
import Testing

@Suite struct LinkedProofTests {
    @Test(arguments: [true, false])
    func honestProofIsAccepted(usesChallenge: Bool) throws {
        let toy = usesChallenge ? ToyFixture.withChallenge : ToyFixture.withoutChallenge
        #expect(try toy.prover.verifier.verify(toy.proven.proof, toy.proven.statement))
        #expect(toy.proven.statement.publicInputs == [52, 7])
        #expect(toy.proven.proof.encoded.count == 192)
        #expect(try Proof<BN254>(encoded: toy.proven.proof.encoded) == toy.proven.proof)
    }

    @Test func commitmentsAreTheUniversalOnes() throws {
        let toy = ToyFixture.withChallenge
        let committer = VectorCommitter<BN254>(capacity: 3)
        let x = try committer.commit(toy.witness.x, blinding: toy.blinding)
        let t = try committer.commit(toy.witness.t, blinding: .zero)
        #expect(toy.proven.statement.commitments == [x, t])
        // Homomorphic: 2·x + 5·x' commits to the sums of values and blindings.
        let other = try committer.commit([1, 2, 3], blinding: 9)
        let sum = JacobianPoint(x) * Fr(2) + JacobianPoint(other) * Fr(5)
        let values = zip(toy.witness.x, [1, 2, 3] as [Fr]).map { Fr(2) * $0 + Fr(5) * $1 }
        #expect(try committer.commit(values, blinding: Fr(2) * toy.blinding + Fr(45)) == sum.affine)
        #expect(throws: MalformedData.self) { try committer.commit([1, 2, 3, 4], blinding: 1) }
    }

    @Test func everythingInTheStatementIsBound() throws {
        let toy = ToyFixture.withChallenge
        let (proof, statement) = (toy.proven.proof, toy.proven.statement)
        let verifier = toy.prover.verifier
        var changed = statement
        changed.publicInputs[0] += 1
        #expect(try !verifier.verify(proof, changed))
        changed = statement
        changed.publicInputs[1] += 1  // the wire that stands in no constraint
        #expect(try !verifier.verify(proof, changed))
        for index in 0..<2 {
            changed = statement
            changed.commitments[index] = (JacobianPoint(changed.commitments[index]).doubled()).affine
            #expect(try !verifier.verify(proof, changed))
        }
        changed = statement
        changed.commitments.swapAt(0, 1)
        #expect(try !verifier.verify(proof, changed))
        let contextChanges: [(inout ProofContext) -> Void] = [
            { $0.ledger = "another" }, { $0.contract = "another" }, { $0.task = "another" },
            { $0.round += 1 },
            { $0.stage += 1 }, { $0.chunk += 1 }, { $0.participant = "mallory" }, { $0.roles = ["t", "x"] },
            { $0.roles = ["x"] },
        ]
        for change in contextChanges {
            changed = statement
            change(&changed.context)
            #expect(try !verifier.verify(proof, changed))
        }
    }

    @Test func everyPointOfTheProofIsBound() throws {
        let toy = ToyFixture.withChallenge
        let proof = toy.proven.proof
        func refused(_ change: (inout Proof<BN254>) -> Void) throws -> Bool {
            var forged = proof
            change(&forged)
            return try !toy.prover.verifier.verify(forged, toy.proven.statement)
        }
        #expect(try refused { $0.a = -$0.a })
        #expect(try refused { $0.b = -$0.b })
        #expect(try refused { $0.c = -$0.c })
        #expect(try refused { $0.link!.commitment = -$0.link!.commitment })
        #expect(try refused { $0.link!.argument = -$0.link!.argument })
        #expect(try refused { $0.a = .infinity })
        #expect(try refused { $0.b = .infinity })
        #expect(try refused { $0.c = .infinity })
        #expect(try refused { $0.link!.commitment = .infinity })
        #expect(try refused { $0.link!.argument = .infinity })
    }

    @Test func wrongFormsAreErrors() throws {
        let toy = ToyFixture.withChallenge
        let verifier = toy.prover.verifier
        var statement = toy.proven.statement
        statement.publicInputs.append(1)
        #expect(throws: VerificationError.wrongInputCount(expected: 2, actual: 3)) {
            try verifier.verify(toy.proven.proof, statement)
        }
        statement = toy.proven.statement
        statement.commitments.removeLast()
        #expect(throws: VerificationError.wrongCommitmentCount(expected: 2, actual: 1)) {
            try verifier.verify(toy.proven.proof, statement)
        }
        var plain = toy.proven.proof
        plain.link = nil
        #expect(throws: VerificationError.wrongProofForm(expectedLink: true)) {
            try verifier.verify(plain, toy.proven.statement)
        }
    }

    @Test func wrongWitnessGivesNoProof() throws {
        let toy = ToyFixture.withChallenge
        var wrong = toy.witness
        wrong.error = 1
        #expect(throws: ProvingError.self) {
            try toy.prover.prove(wrong, context: toy.context, blindings: SecretScalars([1, 0]))
        }
        // A commitment of another vector, or of the same with another blinding, does not fit the witness.
        for index in 0..<2 {
            var commitments = toy.proven.statement.commitments
            commitments[index] = G1.infinity
            #expect(throws: ProvingError.self) {
                try toy.prover.prove(
                    toy.witness, context: toy.context, blindings: SecretScalars([toy.blinding, .zero]),
                    commitments: commitments)
            }
        }
        #expect(throws: ProvingError.self) {
            try toy.prover.prove(
                toy.witness, context: toy.context, blindings: SecretScalars([toy.blinding + 1, .zero]),
                commitments: toy.proven.statement.commitments)
        }
        #expect(throws: ProvingError.self) {
            try toy.prover.prove(toy.witness, context: toy.context, blindings: SecretScalars([1]))
        }
    }

    /// D is blinded afresh: two proofs of one witness have nothing in common (CVE-2024-45040).
    @Test func proofsOfOneWitnessShareNoPoint() throws {
        let toy = ToyFixture.withChallenge
        let again = try toy.prover.prove(
            toy.witness, context: toy.context, blindings: SecretScalars([toy.blinding, .zero])
        ).proof
        let first = toy.proven.proof
        #expect(again.a != first.a && again.b != first.b && again.c != first.c)
        #expect(again.link!.commitment != first.link!.commitment)
        #expect(again.link!.argument != first.link!.argument)
    }

    @Test func batchesAgreeWithSingleProofs() throws {
        let toy = ToyFixture.withChallenge
        var items: [(proof: Proof<BN254>, statement: Statement<BN254>)] = []
        for index in 0..<5 {
            let witness = ToyWitness(circuit: toy.circuit, x: [Fr(index), 2, 3], t: [1, 1, Fr(-index)])
            var context = toy.context
            context.chunk = UInt64(index)
            let proven = try toy.prover.prove(
                witness, context: context, blindings: SecretScalars([.random(), .zero]))
            items.append((proven.proof, proven.statement))
        }
        let verifier = toy.prover.verifier
        #expect(try verifier.verifyBatch(items) == [true, true, true, true, true])
        #expect(try verifier.verifyBatch([]) == [])
        #expect(try verifier.verifyBatch([items[0]]) == [true])
        var forged = items
        forged[1].statement = items[2].statement
        forged[3].proof = items[4].proof
        #expect(try verifier.verifyBatch(forged) == [true, false, true, false, true])
        forged = items
        forged[0].proof.c = .infinity
        #expect(try verifier.verifyBatch(forged) == [false, true, true, true, true])
        // Two wrong proofs whose errors cancel without weights.
        forged = items
        let shift = JacobianPoint<BN254G1>.generator
        forged[0].proof.c = (JacobianPoint(forged[0].proof.c) + shift).affine
        forged[1].proof.c = (JacobianPoint(forged[1].proof.c) - shift).affine
        let ones = [Fr](repeating: 1, count: 5)
        #expect(verifier.isAccepted(forged, weights: ones, linkWeights: ones))
        #expect(try verifier.verifyBatch(forged) == [false, false, true, true, true])
    }
}
