import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism
import QuantizedLearning
import TrainingCircuits

/// What a bounded-update proof shows: two committed models differ by at most the bound in every weight.
public enum BoundedUpdateRelation {
    /// The statement whose proof shows the claim; it has no public inputs.
    public static func statement(
        modelBefore: AffinePoint<BN254G1>, modelAfter: AffinePoint<BN254G1>, context: ProofContext
    ) -> Statement<BN254> {
        Statement(context: context, publicInputs: [], commitments: [modelBefore, modelAfter])
    }
}

/// Proves bounded updates with one key, which serves all models and stages of its shape.
public final class BoundedUpdateProver: Sendable {
    public let circuit: BoundedUpdateCircuit
    public let prover: Prover<BN254>

    /// - Throws: `MalformedData` if the key is not one of a bounded-update circuit.
    public init(_ key: ProvingKey<BN254>) throws {
        circuit = try CircuitSpecification.parse(key.specification).boundedUpdateCircuit()
        let length = circuit.spec.weightCount
        guard key.verifyingKey.linkedSegments == BoundedUpdateCircuit.linkedSegments,
            key.shape.linkedCounts == [length, length], key.verifyingKey.publicInputCount == 0,
            key.verifyingKey.bindsContext
        else { throw MalformedData("the key is not one of the bounded-update circuit that it names") }
        prover = try Prover(key)
    }

    /// Keys for a circuit, made by this process alone: for development only.
    public static func developmentSetup(
        _ circuit: BoundedUpdateCircuit, progress: ProgressBar? = nil
    ) throws -> ProvingKey<BN254> {
        let constraints = try circuit.constraints(over: BN254ScalarField.self)
        progress?.advance(title: "circuit")
        return try KeyGenerator<BN254>.developmentSetup(
            constraints, specification: CircuitSpecification(circuit).encoded, progress: progress)
    }

    /// Proves that the models differ little.
    ///
    /// - Parameter commitments: those of model before and model after, if they are known already.
    /// - Throws: `CircuitError.noWitness` for a difference beyond the bound; `ProvingError`.
    public func prove(
        before: QuantizedModel, after: QuantizedModel,
        openings: (before: CommitmentOpening, after: CommitmentOpening), context: ProofContext,
        commitments: [AffinePoint<BN254G1>]? = nil
    ) throws -> ProvenStatement<BN254> {
        let witness = try circuit.witness(before: before, after: after, over: BN254ScalarField.self)
        return try prover.prove(
            witness, context: context,
            blindings: SecretScalars([openings.before.value, openings.after.value]), commitments: commitments)
    }
}
