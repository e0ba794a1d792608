import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// From training to an accepted proof, on a tiny model with real keys.
@Suite struct TrainingStepProofTests {
    /// A circuit of two steps with its key, and four batches for two stages.
    struct Fixture: Sendable {
        let circuit: TrainingStepCircuit
        let prover: TrainingStepProver
        let committer: TrainingStepCommitter
        let start: QuantizedModel
        let batches: [Dataset]

        static let shared = Result { try Fixture() }

        private init() throws {
            let spec = ModelSpec(
                name: "tiny", widths: [4, 3, 2], input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
                weights: FixedPoint(bits: 6, fractionBits: 3),
                activations: FixedPoint(bits: 8, fractionBits: 4),
                training: TrainingSpec(
                    batchSize: 2, learningRate: LearningRate(numerator: 1, shift: 1), gradientBits: 8,
                    outputGradientFractionBits: 6, hiddenGradientFractionBits: 5,
                    softmax: SoftmaxSpec(logitFractionBits: 2, tableBits: 4, exponentFractionBits: 6)))
            circuit = try TrainingStepCircuit(spec: spec, steps: 2)
            prover = try TrainingStepProver(TrainingStepProver.developmentSetup(circuit))
            committer = TrainingStepCommitter(circuit)
            start = try QuantizedModel.initial(spec: spec, seed: 1)
            var generator = SeededGenerator(seed: 1)
            batches = try (0..<4).map { _ in
                try Dataset(
                    name: "batch", featureCount: 4, classCount: 2,
                    pixels: (0..<8).map { _ in UInt8.random(in: 0...16, using: &generator) },
                    labels: (0..<2).map { _ in UInt8.random(in: 0...1, using: &generator) })
            }
        }
    }

    private static func openings() -> TrainingStepProver.Openings {
        TrainingStepProver.Openings(
            modelBefore: CommitmentOpening(), modelAfter: CommitmentOpening(),
            batches: [CommitmentOpening(), CommitmentOpening()])
    }

    private static func context(stage: UInt64) -> ProofContext {
        ProofContext(ledger: "test", task: "tiny", stage: stage, participant: "alice")
    }

    /// Two stages that meet in one checkpoint commitment.
    @Test func stagesChainByTheirCommitments() throws {
        let fixture = try Fixture.shared.get()
        let first = Self.openings()
        var second = Self.openings()
        second.modelBefore = first.modelAfter
        let (firstBatches, secondBatches) = (Array(fixture.batches[0..<2]), Array(fixture.batches[2..<4]))
        let middle = try #require(
            try fixture.circuit.trace(model: fixture.start, batches: firstBatches).last
        ).nextModel
        let end = try #require(try fixture.circuit.trace(model: middle, batches: secondBatches).last)
            .nextModel
        #expect(end.flattened != fixture.start.flattened)

        let one = try fixture.prover.prove(
            model: fixture.start, batches: firstBatches, openings: first, context: Self.context(stage: 0))
        let two = try fixture.prover.prove(
            model: middle, batches: secondBatches, openings: second, context: Self.context(stage: 1))
        #expect(one.statement.commitments[1] == two.statement.commitments[0])
        let recomputed = [
            try fixture.committer.commit(to: fixture.start, opening: first.modelBefore),
            try fixture.committer.commit(to: middle, opening: first.modelAfter),
            try fixture.committer.commit(toBatch: fixture.batches[0], opening: first.batches[0]),
            try fixture.committer.commit(toBatch: fixture.batches[1], opening: first.batches[1]),
        ]
        #expect(one.statement.commitments == recomputed)
        let verifier = fixture.prover.prover.verifier
        for proven in [one, two] { #expect(try verifier.verify(proven.proof, proven.statement)) }

        // The verifier puts the statement together from commitments that it has.
        let statement = TrainingStepRelation.statement(
            modelBefore: recomputed[0], modelAfter: recomputed[1], batches: Array(recomputed[2...]),
            context: Self.context(stage: 0))
        #expect(try verifier.verify(one.proof, statement))
        // Exchanged batches, exchanged models, another stage, a checkpoint from elsewhere.
        var changed = statement
        changed.commitments.swapAt(2, 3)
        #expect(try !verifier.verify(one.proof, changed))
        changed = statement
        changed.commitments.swapAt(0, 1)
        #expect(try !verifier.verify(one.proof, changed))
        changed = statement
        changed.context = Self.context(stage: 1)
        #expect(try !verifier.verify(one.proof, changed))
        for index in 0..<4 {
            changed = statement
            changed.commitments[index] = two.statement.commitments[(index + 1) % 4]
            #expect(try !verifier.verify(one.proof, changed))
        }
    }

    /// The prover cannot tie the steps to a checkpoint or a batch that they are not about.
    @Test func otherCheckpointsAndBatchesHaveNoProof() throws {
        let fixture = try Fixture.shared.get()
        let openings = Self.openings()
        let batches = Array(fixture.batches[0..<2])
        let after = try #require(try fixture.circuit.trace(model: fixture.start, batches: batches).last)
            .nextModel
        var weights = after.flattened
        weights[0] += 1
        let offByOne = try QuantizedModel(spec: after.spec, flattened: weights)
        let honest = [
            try fixture.committer.commit(to: fixture.start, opening: openings.modelBefore),
            try fixture.committer.commit(to: after, opening: openings.modelAfter),
            try fixture.committer.commit(toBatch: batches[0], opening: openings.batches[0]),
            try fixture.committer.commit(toBatch: batches[1], opening: openings.batches[1]),
        ]
        func proof(_ commitments: [AffinePoint<BN254G1>]) throws -> ProvenStatement<BN254> {
            try fixture.prover.prove(
                model: fixture.start, batches: batches, openings: openings, context: Self.context(stage: 0),
                commitments: commitments)
        }
        _ = try proof(honest)
        var forged = honest
        forged[1] = try fixture.committer.commit(to: offByOne, opening: openings.modelAfter)
        #expect(throws: ProvingError.self) { try proof(forged) }
        forged = honest
        forged[1] = try fixture.committer.commit(to: fixture.start, opening: openings.modelAfter)
        #expect(throws: ProvingError.self) { try proof(forged) }
        forged = honest
        forged[2] = try fixture.committer.commit(toBatch: fixture.batches[3], opening: openings.batches[0])
        #expect(throws: ProvingError.self) { try proof(forged) }
    }

    @Test func keysOfOtherCircuitsAreRefused() throws {
        let fixture = try Fixture.shared.get()
        #expect(throws: (any Error).self) { try QualityProver(fixture.prover.prover.key) }
        let other = try TrainingStepCircuit(spec: fixture.circuit.spec, steps: 1)
        let mislabelled = try KeyGenerator<BN254>.developmentSetup(
            try other.constraints(over: BN254ScalarField.self),
            specification: CircuitSpecification(fixture.circuit).encoded)
        #expect(throws: MalformedData.self) { try TrainingStepProver(mislabelled) }
    }
}
