import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism
import QuantizedLearning
import TrainingCircuits

/// Commits to checkpoints and batches of one shape: everything that needs no key.
public struct TrainingStepCommitter: Sendable {
    public let circuit: TrainingStepCircuit
    private let committer: VectorCommitter<BN254>

    /// Derives the commitment bases that the circuit's segments need.
    public init(_ circuit: TrainingStepCircuit) {
        self.circuit = circuit
        committer = VectorCommitter(capacity: max(circuit.spec.weightCount, circuit.batchLength))
    }

    /// The hiding commitment to a checkpoint's weights: the same object as in quality proofs and on the ledger.
    ///
    /// - Throws: an error for a model that does not fit the circuit.
    public func commit(to model: QuantizedModel, opening: CommitmentOpening) throws -> AffinePoint<BN254G1> {
        try committer.commit(
            circuit.modelValues(model, over: BN254ScalarField.self), blinding: opening.value)
    }

    /// The hiding commitment to a batch, inputs then one-hot labels.
    ///
    /// - Throws: an error for samples that are no batch of the circuit.
    public func commit(toBatch batch: Dataset, opening: CommitmentOpening) throws -> AffinePoint<BN254G1> {
        try committer.commit(
            circuit.batchValues(batch, over: BN254ScalarField.self), blinding: opening.value)
    }
}

/// What a training-step proof shows: integer SGD on the committed batches, in their order, leads from one committed model
/// to the other.
public enum TrainingStepRelation {
    /// The statement whose proof shows the claim; it has no public inputs.
    public static func statement(
        modelBefore: AffinePoint<BN254G1>, modelAfter: AffinePoint<BN254G1>,
        batches: [AffinePoint<BN254G1>], context: ProofContext
    ) -> Statement<BN254> {
        Statement(context: context, publicInputs: [], commitments: [modelBefore, modelAfter] + batches)
    }
}

/// Proves training steps with one key, which serves all models, batches and stages of its shape.
public final class TrainingStepProver: Sendable {
    public let circuit: TrainingStepCircuit
    public let prover: Prover<BN254>

    /// Openings of a stage's commitments.
    public struct Openings {
        public var modelBefore: CommitmentOpening
        public var modelAfter: CommitmentOpening
        /// One for each step.
        public var batches: [CommitmentOpening]

        public init(
            modelBefore: CommitmentOpening, modelAfter: CommitmentOpening, batches: [CommitmentOpening]
        ) {
            self.modelBefore = modelBefore
            self.modelAfter = modelAfter
            self.batches = batches
        }
    }

    /// - Throws: `MalformedData` if the key is not one of a training-step circuit.
    public init(_ key: ProvingKey<BN254>) throws {
        circuit = try CircuitSpecification.parse(key.specification).trainingStepCircuit()
        guard key.verifyingKey.linkedSegments == circuit.linkedSegments,
            key.verifyingKey.publicInputCount == 0, key.verifyingKey.bindsContext
        else { throw MalformedData("the key is not one of a training-step circuit") }
        prover = try Prover(key)
    }

    /// Keys for a circuit, made by this process alone: for development only.
    public static func developmentSetup(
        _ circuit: TrainingStepCircuit, progress: ProgressBar? = nil
    ) throws -> ProvingKey<BN254> {
        let constraints = try circuit.constraints(over: BN254ScalarField.self)
        progress?.advance(title: "circuit")
        return try KeyGenerator<BN254>.developmentSetup(
            constraints, specification: CircuitSpecification(circuit).encoded, progress: progress)
    }

    /// Steps that `progress` of a set-up is advanced by.
    public static var setupSteps: Int { 1 + KeyGenerator<BN254>.progressSteps }

    /// Proves the steps from a model on the batches, one for each step; the model after follows from them.
    ///
    /// - Parameter commitments: those of model before, model after and batches, if they are known already.
    /// - Throws: `LearningError` for a step that leaves its range, `CircuitError.noWitness` for an update beyond the bound,
    ///   `ProvingError`, for one if the commitments are to something else.
    public func prove(
        model: QuantizedModel, batches: [Dataset], openings: Openings, context: ProofContext,
        commitments: [AffinePoint<BN254G1>]? = nil
    ) throws -> ProvenStatement<BN254> {
        let witness = try circuit.witness(model: model, batches: batches, over: BN254ScalarField.self)
        let blindings = [openings.modelBefore, openings.modelAfter] + openings.batches
        return try prover.prove(
            witness, context: context, blindings: SecretScalars(blindings.map(\.value)),
            commitments: commitments)
    }
}
