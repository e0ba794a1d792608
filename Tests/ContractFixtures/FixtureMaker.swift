import AuditProtocol
import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// Trains, commits and proves what a request asks for, with fresh keys.
struct FixtureMaker {
    typealias Scalar = BN254ScalarField

    private let request: Request
    private let quality: QualityProver
    private let steps: TrainingStepProver
    private let qualityCommitter: QualityCommitter
    private let stepCommitter: TrainingStepCommitter
    private let digits: (train: Dataset, test: Dataset)

    init(_ request: Request) throws {
        self.request = request
        let spec = Self.spec
        let qualityCircuit = try QualityCircuit(spec: spec, sampleCount: request.samples)
        let stepCircuit = try TrainingStepCircuit(spec: spec, steps: 1)
        quality = try QualityProver(QualityProver.developmentSetup(qualityCircuit))
        steps = try TrainingStepProver(TrainingStepProver.developmentSetup(stepCircuit))
        qualityCommitter = QualityCommitter(qualityCircuit)
        stepCommitter = TrainingStepCommitter(stepCircuit)
        digits = try Dataset.digits().split()
    }

    /// The shape of `Circuits/specs/training-step-digits-64-32-10.json`, one step a stage.
    private static let spec = ModelSpec(
        name: "digits-64-32-10", widths: [64, 32, 10],
        input: InputSpec(maximum: 16, shift: 4, fractionBits: 8),
        weights: FixedPoint(bits: 12, fractionBits: 9), activations: FixedPoint(bits: 12, fractionBits: 5),
        training: TrainingSpec(
            batchSize: 32, learningRate: LearningRate(numerator: 1, shift: 1), gradientBits: 12,
            outputGradientFractionBits: 10, hiddenGradientFractionBits: 7,
            softmax: SoftmaxSpec(logitFractionBits: 5, tableBits: 9, exponentFractionBits: 14)))

    func response() throws -> Response {
        let testSet = digits.test.prefix(request.samples)
        let products = try InnerProductFixture()
        let unbound = try InnerProductFixture(hasChallenge: false)
        let openings = Dictionary(
            request.products.compactMap(\.opening).map { ($0, Scalar.random()) },
            uniquingKeysWith: { first, _ in first })
        return Response(
            keys: [
                "quality": quality.prover.key.verifyingKey.encoded.hexadecimal,
                "step": steps.prover.key.verifyingKey.encoded.hexadecimal,
                "product": products.verifyingKey.encoded.hexadecimal,
                "unbound": unbound.verifyingKey.encoded.hexadecimal,
            ],
            samples: request.samples,
            testSet: try qualityCommitter.commit(to: testSet).encoded(as: .uncompressed).hexadecimal,
            trainers: Dictionary(
                uniqueKeysWithValues: try request.trainers.map { ($0.name, try train($0, testSet: testSet)) }
            ),
            products: Dictionary(
                uniqueKeysWithValues: try request.products.map { product in
                    let blinding = product.opening.flatMap { openings[$0] } ?? Scalar.random()
                    let proven = try products.prove(
                        product.model, testSet: product.testSet, blinding: blinding, context: product.context)
                    return (product.name, Response.Proven(proven))
                }),
            unbound: Response.Proven(
                try unbound.prove([1, 2, 3, 4], testSet: [5, 6, 7, 8], context: ProofContext())))
    }

    /// One training: batches committed and put in the beacon's order, checkpoints committed, every stage proven.
    private func train(_ trainer: Request.Trainer, testSet: Dataset) throws -> Response.Trainer {
        let size = Self.spec.training?.batchSize ?? 0
        let indices = Array(stride(from: trainer.shard, to: digits.train.count, by: trainer.shards))
        let own = digits.train.subset(indices.prefix(size * trainer.batches))
        guard own.count == size * trainer.batches, let before = [UInt8](hexadecimal: trainer.beaconBefore),
            let after = [UInt8](hexadecimal: trainer.beaconAfter)
        else { throw MalformedData("\(trainer.name): the shard is too small, or the beacon not hexadecimal") }
        let batches = (0..<trainer.batches).map { own.subset($0 * size..<($0 + 1) * size) }
        let batchOpenings = batches.map { _ in CommitmentOpening() }
        let batchPoints = try zip(batches, batchOpenings).map {
            try stepCommitter.commit(toBatch: $0, opening: $1).encoded(as: .uncompressed)
        }
        let dataset = datasetDigest(
            root: MerkleTree.root(
                leaves: batchPoints.enumerated().map { AuditLeaf.batch($0, commitment: $1) }),
            batches: batches.count)
        let party = AuditParty(task: trainer.stepContext.task, participant: trainer.stepContext.participant)
        let beacon = Digest(sha256: before + dataset.bytes + after)
        guard
            let order = BatchOrder(batchCount: batches.count, dataset: dataset, beacon: beacon, party: party)?
                .batches(firstStep: 0, count: trainer.stages)
        else { throw MalformedData("\(trainer.name): no number of batches") }

        var model = try QuantizedModel.initial(spec: Self.spec, seed: 1)
        // The public start is committed with blinding 0.
        var opening = try CommitmentOpening.read(
            FileHeader(kind: .opening, curve: BN254.fileNumber).encoded + [UInt8](repeating: 0, count: 32))
        var checkpoints = [try stepCommitter.commit(to: model, opening: opening)]
        var proofs: [Response.Proven] = []
        for (stage, batch) in order.enumerated() {
            var context = trainer.stepContext
            context.stage = UInt64(stage)
            let next = CommitmentOpening()
            let proven = try steps.prove(
                model: model, batches: [batches[batch]],
                openings: .init(modelBefore: opening, modelAfter: next, batches: [batchOpenings[batch]]),
                context: context)
            guard let trace = try steps.circuit.trace(model: model, batches: [batches[batch]]).last else {
                throw MalformedData("no step")
            }
            (model, opening) = (trace.nextModel, next)
            checkpoints.append(try stepCommitter.commit(to: model, opening: opening))
            proofs.append(Response.Proven(proven))
        }
        let correct = try model.correctCount(on: testSet)
        let proven = try quality.prove(
            model: model, opening: opening, testSet: testSet, correct: correct,
            context: trainer.qualityContext)
        return Response.Trainer(
            checkpoints: checkpoints.map { $0.encoded(as: .uncompressed).hexadecimal },
            batches: batchPoints.map { $0.hexadecimal }, order: order, datasetDigest: dataset.description,
            steps: proofs, correct: correct, quality: Response.Proven(proven))
    }
}

extension Response.Proven {
    init(_ proven: ProvenStatement<BN254>) {
        let (proof, statement) = (proven.proof, proven.statement)
        var bytes = proof.a.encoded(as: .uncompressed) + proof.b.encoded(as: .uncompressed)
        bytes += proof.c.encoded(as: .uncompressed)
        if let link = proof.link {
            bytes += link.commitment.encoded(as: .uncompressed) + link.argument.encoded(as: .uncompressed)
        }
        self.init(
            context: statement.context, contextDigest: statement.context.digest.hexadecimal,
            inputs: statement.publicInputs.map(\.bigEndianBytes.hexadecimal),
            commitments: statement.commitments.map { $0.encoded(as: .uncompressed).hexadecimal },
            proof: bytes.hexadecimal, statementDigest: statement.digest.hexadecimal)
    }
}
