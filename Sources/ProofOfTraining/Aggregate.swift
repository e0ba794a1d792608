import EllipticCurves
import FieldArithmetic
import Groth16
import QuantizedLearning

/// A published sum of models S = Σ aᵢ·Wᵢ with the sum of their blindings Σ aᵢ·ρᵢ.
///
/// Commitments are homomorphic: S and the blinding open Σ aᵢ·Ĉᵢ, which anybody computes from the ledger. The global model
/// is the rounded average, recomputed by anybody (`FederatedAverage`).
public struct AggregateOpening: Sendable {
    public var weightedSum: [Int64]
    public var blinding: BN254ScalarField

    /// The sum of the models, and Σ aᵢ·ρᵢ of as many openings.
    public init(_ average: FederatedAverage, openings: [CommitmentOpening], weights: [Int64]) {
        precondition(openings.count == weights.count)
        weightedSum = average.weightedSum
        blinding = zip(openings, weights).reduce(.zero) { $0 + $1.0.value * BN254ScalarField($1.1) }
    }

    public init(weightedSum: [Int64], blinding: BN254ScalarField) {
        self.weightedSum = weightedSum
        self.blinding = blinding
    }

    /// Σ aᵢ·Ĉᵢ.
    public static func weightedSum(
        of commitments: [AffinePoint<BN254G1>], weights: [Int64]
    ) -> AffinePoint<BN254G1> {
        precondition(commitments.count == weights.count)
        return multiScalarMultiply(weights.map { BN254ScalarField($0) }, commitments).affine
    }
}
