import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits
import Testing

/// Quality proofs show their statement, and nothing else.
@Suite struct QualityProofTests {
    let fixture: ProofFixture

    init() throws { fixture = try ProofFixture.made() }

    @Test func anHonestProofIsAccepted() throws {
        #expect(try fixture.verifies { _ in })
        let statement = QualityRelation.statement(
            correct: fixture.correct, model: fixture.commitment, testSet: fixture.testCommitment,
            context: ProofFixture.context)
        #expect(fixture.proven.statement == statement)
        #expect(fixture.proven.proof.encoded.count == 192)
        // Fewer than the model gets right is true as well.
        for least in 0..<fixture.correct {
            let modest = try fixture.prover.prove(
                model: fixture.model, opening: fixture.opening, testSet: fixture.testSet, correct: least,
                context: ProofFixture.context, commitments: (fixture.commitment, fixture.testCommitment))
            #expect(try fixture.prover.prover.verifier.verify(modest.proof, modest.statement))
        }
    }

    @Test func moreThanTheModelGetsRightHasNoProof() throws {
        for claimed in [fixture.correct + 1, ProofFixture.sampleCount, ProofFixture.sampleCount + 1, -1] {
            #expect(throws: CircuitError.self) {
                try fixture.prover.prove(
                    model: fixture.model, opening: fixture.opening, testSet: fixture.testSet,
                    correct: claimed, context: ProofFixture.context)
            }
        }
    }

    @Test func theClaimedNumberIsBound() throws {
        for number in -1...ProofFixture.sampleCount + 1 where number != fixture.correct {
            #expect(try !fixture.verifies { $0.publicInputs = [Fr(number)] })
        }
        #expect(throws: VerificationError.self) { try fixture.verifies { $0.publicInputs = [] } }
    }

    @Test func modelAndTestSetAreBound() throws {
        let otherModel = try fixture.committer.commit(
            to: ProofFixture.model(seed: 77), opening: CommitmentOpening())
        // The same weights, blinded afresh, are another commitment too.
        let again = try fixture.committer.commit(to: fixture.model, opening: CommitmentOpening())
        for point in [otherModel, again, .infinity, fixture.testCommitment] {
            #expect(try !fixture.verifies { $0.commitments[0] = point })
        }
        let otherSet = try fixture.committer.commit(to: ProofFixture.samples(seed: 78))
        for point in [otherSet, .infinity, fixture.commitment] {
            #expect(try !fixture.verifies { $0.commitments[1] = point })
        }
        #expect(try !fixture.verifies { $0.commitments.swapAt(0, 1) })
        #expect(throws: VerificationError.self) { try fixture.verifies { $0.commitments.removeLast() } }
    }

    @Test func everyFieldOfTheContextIsBound() throws {
        let changes: [(inout ProofContext) -> Void] = [
            { $0.ledger = "other" }, { $0.contract = "" }, { $0.task = "task " }, { $0.round = 4 },
            { $0.stage = 1 }, { $0.chunk = 1 }, { $0.participant = "bob" }, { $0.roles.swapAt(0, 1) },
            { $0.roles = [] }, { ($0.ledger, $0.contract) = ($0.contract, $0.ledger) },
            { ($0.ledger, $0.contract) = ("ledgercontract", "") }, { $0.roles = ["modeltest set"] },
        ]
        for (index, change) in changes.enumerated() {
            #expect(try !fixture.verifies { change(&$0.context) }, "change \(index)")
        }
    }

    /// A test set in two chunks: each proof counts for its own chunk and samples only.
    @Test func chunksAreNotExchanged() throws {
        let chunks = try [fixture.testSet, ProofFixture.samples(seed: 79)]
        let verifier = fixture.prover.prover.verifier
        let proofs = try chunks.enumerated().map { index, samples in
            var context = ProofFixture.context
            context.chunk = UInt64(index)
            return try fixture.prover.prove(
                model: fixture.model, opening: fixture.opening, testSet: samples,
                correct: fixture.model.correctCount(on: samples), context: context)
        }
        for (index, proven) in proofs.enumerated() {
            #expect(try verifier.verify(proven.proof, proven.statement))
            var moved = proven.statement
            moved.context.chunk = UInt64(1 - index)
            #expect(try !verifier.verify(proven.proof, moved))
            moved.commitments = proofs[1 - index].statement.commitments
            #expect(try !verifier.verify(proven.proof, moved))
            #expect(try !verifier.verify(proven.proof, proofs[1 - index].statement))
        }
        #expect(try verifier.verifyBatch(proofs.map { ($0.proof, $0.statement) }) == [true, true])
        let exchanged = [(proofs[0].proof, proofs[1].statement), (proofs[1].proof, proofs[1].statement)]
        #expect(try verifier.verifyBatch(exchanged) == [false, true])
    }

    /// The prover compares what it made with the commitments that it was given.
    @Test func foreignCommitmentsGiveNoProof() throws {
        func proves(
            opening: CommitmentOpening? = nil, model: G1? = nil, testSet: G1? = nil
        ) throws -> Bool {
            do {
                _ = try fixture.prover.prove(
                    model: fixture.model, opening: opening ?? fixture.opening, testSet: fixture.testSet,
                    correct: fixture.correct, context: ProofFixture.context,
                    commitments: (model ?? fixture.commitment, testSet ?? fixture.testCommitment))
                return true
            } catch ProvingError.noProof {
                return false
            }
        }
        #expect(try proves())
        #expect(try !proves(opening: CommitmentOpening()))
        #expect(
            try !proves(
                model: fixture.committer.commit(to: ProofFixture.model(seed: 80), opening: fixture.opening)))
        #expect(try !proves(testSet: fixture.committer.commit(to: ProofFixture.samples(seed: 81))))
    }

    /// A copied commitment, shifted or blinded again, cannot be proven without its opening.
    @Test func copiedCommitmentsAreOfNoUse() throws {
        let shift = try fixture.committer.commit(
            to: QuantizedModel.zero(spec: ProofFixture.spec), opening: CommitmentOpening())
        let copy = (JacobianPoint(fixture.commitment) + JacobianPoint(shift)).affine
        #expect(copy != fixture.commitment)
        #expect(try !fixture.verifies { $0.commitments[0] = copy })
        let doubled = JacobianPoint(fixture.commitment).doubled().affine
        #expect(try !fixture.verifies { $0.commitments[0] = doubled })
    }

    @Test func modelsAndTestSetsOfOtherShapesAreRefused() throws {
        var wider = ProofFixture.spec
        wider.widths = [6, 5, 3]
        let model = try QuantizedModel.zero(spec: wider)
        #expect(throws: CircuitError.self) {
            try fixture.committer.commit(to: model, opening: CommitmentOpening())
        }
        #expect(throws: CircuitError.self) { try fixture.circuit.requireFit(model) }
        #expect(throws: CircuitError.self) {
            try fixture.committer.commit(to: ProofFixture.samples(seed: 1, count: 6))
        }
        let bright = try Dataset(
            name: "bright", featureCount: 6, classCount: 3, pixels: Array(repeating: 17, count: 6),
            labels: [0])
        #expect(throws: LearningError.self) { try fixture.committer.commit(to: bright) }
        #expect(throws: LearningError.self) { try fixture.circuit.requireFit(bright) }
    }

    /// Circuits that no machine could hold are refused before anything is made for them.
    @Test func hugeCircuitsAreRefused() throws {
        var huge = ProofFixture.spec
        huge.widths = [1 << 20, 60, 3]
        #expect(throws: CircuitError.self) { try QualityCircuit(spec: huge, sampleCount: 1) }
        huge.widths = [1 << 16, 2, 3]
        #expect(throws: CircuitError.self) { try QualityCircuit(spec: huge, sampleCount: 1 << 16) }
        #expect(throws: Never.self) { try QualityCircuit(spec: huge, sampleCount: 10) }
    }
}
