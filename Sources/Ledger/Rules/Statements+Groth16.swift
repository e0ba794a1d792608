import EllipticCurves
import Groth16

extension QualityStatement {
    /// The roles of the two commitments, in their order.
    public static let roles = ["model", "test set"]

    /// What the proof has to be bound to.
    public var context: ProofContext {
        ProofContext(
            ledger: ledger.description, task: task.description, round: round,
            chunk: UInt64(chunk), participant: participant.description, roles: Self.roles)
    }

    /// The statement for prover and verifier.
    ///
    /// - Throws: `PointEncodingError` if a commitment is not one of this curve.
    public func statement<Curve: ProofSystemCurve>(
        on curve: Curve.Type = Curve.self
    ) throws -> Statement<Curve> {
        Statement(
            context: context, publicInputs: [Curve.ScalarField(correct)],
            commitments: [
                try CommitmentGroup<Curve>.decode(model), try CommitmentGroup<Curve>.decode(testSet),
            ])
    }
}

extension StageStatement {
    /// The roles of a stage's commitments, in their order.
    public static func roles(batches: Int) -> [String] {
        ["model before", "model after"] + (0..<batches).map { "batch \($0 + 1)" }
    }

    /// What the proof has to be bound to.
    public var context: ProofContext {
        ProofContext(
            ledger: ledger.description, task: task.description, round: round, stage: UInt64(stage),
            participant: participant.description, roles: Self.roles(batches: batches.count))
    }

    /// The statement for prover and verifier.
    ///
    /// - Throws: `PointEncodingError` if a commitment is not one of this curve.
    public func statement<Curve: ProofSystemCurve>(
        on curve: Curve.Type = Curve.self
    ) throws -> Statement<Curve> {
        Statement(
            context: context, publicInputs: [],
            commitments: try ([before, after] + batches).map { try CommitmentGroup<Curve>.decode($0) })
    }
}

extension ProvenStatement {
    func statement<Curve: ProofSystemCurve>(on curve: Curve.Type = Curve.self) throws -> Statement<Curve> {
        switch self {
        case .quality(let statement): try statement.statement()
        case .stage(let statement): try statement.statement()
        }
    }
}
