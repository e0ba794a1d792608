import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism
import QuantizedLearning
import TrainingCircuits

/// Commits to models and test sets of one shape: everything that needs no key.
public struct QualityCommitter: Sendable {
    public let circuit: QualityCircuit
    private let committer: VectorCommitter<BN254>

    /// Derives the commitment bases that the circuit's segments need.
    public init(_ circuit: QualityCircuit) {
        self.circuit = circuit
        committer = VectorCommitter(capacity: circuit.linkedLengths.reduce(0, max))
    }

    /// The hiding commitment to a model's weights.
    ///
    /// - Throws: an error for a model that does not fit the circuit.
    public func commit(to model: QuantizedModel, opening: CommitmentOpening) throws -> AffinePoint<BN254G1> {
        try committer.commit(
            circuit.modelValues(model, over: BN254ScalarField.self), blinding: opening.value)
    }

    /// The commitment to a public test set, blinding zero: anybody recomputes it, and thereby checks its values.
    ///
    /// - Throws: an error for a test set that does not fit the circuit.
    public func commit(to testSet: Dataset) throws -> AffinePoint<BN254G1> {
        try committer.commit(circuit.testSetValues(testSet, over: BN254ScalarField.self), blinding: .zero)
    }

    /// The commitment to a published weighted sum of models with the sum of their blindings.
    ///
    /// - Throws: `MalformedData` if the sum has another length than a model.
    public func commit(to aggregate: AggregateOpening) throws -> AffinePoint<BN254G1> {
        guard aggregate.weightedSum.count == circuit.spec.weightCount else {
            throw MalformedData(
                "the aggregate has \(aggregate.weightedSum.count) weights, the model \(circuit.spec.weightCount)"
            )
        }
        return try committer.commit(
            aggregate.weightedSum.map { BN254ScalarField($0) }, blinding: aggregate.blinding)
    }
}

/// What a quality proof shows: the committed model classifies at least `correct` of the test set's samples correctly.
public enum QualityRelation {
    /// The roles of the commitments, in order.
    public static let roles = QualityCircuit.linkedSegments

    /// The statement whose proof shows the claim.
    public static func statement(
        correct: Int, model: AffinePoint<BN254G1>, testSet: AffinePoint<BN254G1>, context: ProofContext
    ) -> Statement<BN254> {
        Statement(context: context, publicInputs: [BN254ScalarField(correct)], commitments: [model, testSet])
    }
}

/// Proves the quality of private models with one key, which serves all models, test sets and rounds of its shape.
public final class QualityProver: Sendable {
    public let circuit: QualityCircuit
    public let prover: Prover<BN254>

    /// - Throws: `MalformedData` if the key is not one of a quality circuit.
    public init(_ key: ProvingKey<BN254>) throws {
        let specification = try CircuitSpecification.parse(key.specification)
        circuit = try specification.qualityCircuit()
        guard key.verifyingKey.linkedSegments == QualityCircuit.linkedSegments,
            key.shape.linkedCounts == circuit.linkedLengths, key.verifyingKey.publicInputCount == 1,
            key.verifyingKey.bindsContext
        else { throw MalformedData("the key is not one of the quality circuit that it names") }
        prover = try Prover(key)
    }

    /// Keys for a circuit, made by this process alone: for development only.
    public static func developmentSetup(
        _ circuit: QualityCircuit, progress: ProgressBar? = nil
    ) throws -> ProvingKey<BN254> {
        let constraints = try circuit.constraints(over: BN254ScalarField.self)
        progress?.advance(title: "circuit")
        return try KeyGenerator<BN254>.developmentSetup(
            constraints, specification: CircuitSpecification(circuit).encoded, progress: progress)
    }

    /// Steps that `progress` of a set-up is advanced by.
    public static var setupSteps: Int { 1 + KeyGenerator<BN254>.progressSteps }

    /// Proves that the model classifies at least `correct` samples of the test set correctly.
    ///
    /// - Parameters:
    ///   - commitments: those of model and test set, if they are known already.
    /// - Throws: `CircuitError.noWitness` if the claim is false; `ProvingError`.
    public func prove(
        model: QuantizedModel, opening: CommitmentOpening, testSet: Dataset, correct: Int,
        context: ProofContext,
        commitments: (model: AffinePoint<BN254G1>, testSet: AffinePoint<BN254G1>)? = nil
    ) throws -> ProvenStatement<BN254> {
        let witness = try circuit.witness(
            model: model, testSet: testSet, least: correct, over: BN254ScalarField.self)
        return try prover.prove(
            witness, context: context, blindings: SecretScalars([opening.value, .zero]),
            commitments: commitments.map { [$0.model, $0.testSet] })
    }
}
