import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import ProofOfTraining
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Convolutional networks with real keys: a step of training, and the quality of the model that it ends with.
@Suite struct ConvolutionProofTests {
    private static func spec(_ pooling: PoolingSpec.Kind) -> ModelSpec {
        ModelSpec(
            name: "tiny convolution",
            architecture: Architecture(
                input: Shape(channels: 1, height: 5, width: 5),
                layers: [
                    .convolution(
                        ConvolutionSpec(
                            channels: 2, kernel: Extent(2), bias: true,
                            pooling: PoolingSpec(pooling, window: Extent(2)))),
                    .convolution(ConvolutionSpec(channels: 2, kernel: Extent(2), padding: Extent(1))),
                    .dense(DenseSpec(units: 2, bias: true)),
                ]),
            input: InputSpec(maximum: 16, shift: 0, fractionBits: 4),
            weights: FixedPoint(bits: 6, fractionBits: 3),
            activations: FixedPoint(bits: 8, fractionBits: 4),
            training: TrainingSpec(
                batchSize: 2, learningRate: LearningRate(numerator: 1, shift: 1), gradientBits: 8,
                outputGradientFractionBits: 6, hiddenGradientFractionBits: 5,
                softmax: SoftmaxSpec(logitFractionBits: 2, tableBits: 4, exponentFractionBits: 6)))
    }

    private static func samples(_ count: Int, seed: UInt64) throws -> Dataset {
        var generator = SeededGenerator(seed: seed)
        return try Dataset(
            name: "random", featureCount: 25, classCount: 2,
            pixels: (0..<count * 25).map { _ in UInt8.random(in: 0...16, using: &generator) },
            labels: (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) })
    }

    /// A model and a batch whose step moves every layer.
    private static func start(
        _ circuit: TrainingStepCircuit
    ) throws -> (model: QuantizedModel, batch: Dataset, after: QuantizedModel) {
        for seed in 1...200 as ClosedRange<UInt64> {
            let model = try QuantizedModel.initial(spec: circuit.spec, seed: seed)
            let batch = try samples(2, seed: seed)
            guard let trace = try? circuit.trace(model: model, batches: [batch]).last,
                trace.backward.allSatisfy({ $0.update.elements.contains { $0 != 0 } })
            else { continue }
            return (model, batch, trace.nextModel)
        }
        throw CircuitError.malformed("no such step")
    }

    /// The checkpoint's commitment is the link between the two proofs.
    @Test(arguments: [PoolingSpec.Kind.average, .maximum])
    func stepAndQuality(pooling: PoolingSpec.Kind) throws {
        let spec = Self.spec(pooling)
        let circuit = try TrainingStepCircuit(spec: spec, steps: 1)
        let prover = try TrainingStepProver(TrainingStepProver.developmentSetup(circuit))
        let committer = TrainingStepCommitter(circuit)
        let (model, batch, after) = try Self.start(circuit)
        let openings = TrainingStepProver.Openings(
            modelBefore: CommitmentOpening(), modelAfter: CommitmentOpening(), batches: [CommitmentOpening()])
        let context = ProofContext(ledger: "test", task: "convolution", participant: "alice")
        let step = try prover.prove(model: model, batches: [batch], openings: openings, context: context)
        #expect(step.proof.encoded.count == 192)
        let checkpoint = try committer.commit(to: after, opening: openings.modelAfter)
        let statement = TrainingStepRelation.statement(
            modelBefore: try committer.commit(to: model, opening: openings.modelBefore),
            modelAfter: checkpoint,
            batches: [try committer.commit(toBatch: batch, opening: openings.batches[0])], context: context)
        let verifier = prover.prover.verifier
        #expect(try verifier.verify(step.proof, statement))

        // A weight of the convolution off by one unit, no update at all, another batch: neither made nor accepted.
        var weights = after.flattened
        weights[0] += 1
        let offByOne = try QuantizedModel(spec: spec, flattened: weights)
        let foreign = [
            (1, try committer.commit(to: offByOne, opening: openings.modelAfter)),
            (1, try committer.commit(to: model, opening: openings.modelAfter)),
            (2, try committer.commit(toBatch: Self.samples(2, seed: 999), opening: openings.batches[0])),
        ]
        for (index, commitment) in foreign {
            var changed = statement
            changed.commitments[index] = commitment
            #expect(try !verifier.verify(step.proof, changed))
            #expect(throws: ProvingError.self) {
                try prover.prove(
                    model: model, batches: [batch], openings: openings, context: context,
                    commitments: changed.commitments)
            }
        }

        let quality = try QualityCircuit(spec: spec, sampleCount: 3)
        let qualityProver = try QualityProver(QualityProver.developmentSetup(quality))
        let testSet = try Self.samples(3, seed: 5)
        let correct = try after.correctCount(on: testSet)
        let proven = try qualityProver.prove(
            model: after, opening: openings.modelAfter, testSet: testSet, correct: correct, context: context)
        #expect(proven.statement.commitments[0] == checkpoint)
        let claim = QualityRelation.statement(
            correct: correct, model: checkpoint, testSet: try QualityCommitter(quality).commit(to: testSet),
            context: context)
        #expect(try qualityProver.prover.verifier.verify(proven.proof, claim))
        var changed = claim
        changed.publicInputs = [Fr(correct + 1)]
        #expect(try !qualityProver.prover.verifier.verify(proven.proof, changed))
        #expect(throws: (any Error).self) {
            try qualityProver.prove(
                model: after, opening: openings.modelAfter, testSet: testSet, correct: correct + 1,
                context: context)
        }
    }
}
