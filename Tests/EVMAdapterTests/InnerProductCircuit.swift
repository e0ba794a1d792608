import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Gadgets
import Groth16

/// The smallest circuit with the form of a quality circuit (Docs/protocol.md, "Stories"): the public number is the inner
/// product of a linked "model" and a linked "test set" of four numbers each, and there is a challenge.
struct InnerProductCircuit: Sendable {
    typealias Scalar = BN254ScalarField

    static let length = 4
    static let roles = ["model", "test set"]
    let prover: Prover<BN254>
    var key: VerifyingKey<BN254> { prover.key.verifyingKey }
    private static let committer = VectorCommitter<BN254>(capacity: length)

    /// Keys made once.
    static let shared = Result { try InnerProductCircuit() }

    init() throws {
        let zeros = [Int](repeating: 0, count: Self.length)
        let r1cs = try R1CS<Scalar> { try Self.circuit($0, model: zeros, testSet: zeros) }
        prover = try Prover(KeyGenerator<BN254>.developmentSetup(r1cs))
    }

    private static func circuit(_ builder: CircuitBuilder<Scalar>, model: [Int], testSet: [Int]) throws {
        let linked = try zip(roles, [model, testSet]).map { name, values in
            try builder.wires(
                .committed(try builder.segment(name, isLinked: true)), name, count: length,
                interval: Interval(-1000...1000), integers: values)
        }
        let products = try builder.product(linked[0], linked[1], kind: builder.advice)
        let sums = try builder.wires(.statement, "sum", count: 1) {
            .integers([try products.integers().reduce(0, +)])
        }
        try builder.requireEqual(sums[0], products.sum())
        builder.afterChallenges { builder in
            _ = try builder.product(products.sum(), builder.challenge("weight"))
        }
    }

    static func value(_ model: [Int], _ testSet: [Int]) -> Int {
        zip(model, testSet).reduce(0) { $0 + $1.0 * $1.1 }
    }

    static func commit(_ values: [Int], blinding: Scalar = .zero) throws -> AffinePoint<BN254G1> {
        try committer.commit(values.map { Scalar($0) }, blinding: blinding)
    }

    /// The statement that the inner product is `value`.
    static func statement(
        _ value: Int, model: AffinePoint<BN254G1>, testSet: AffinePoint<BN254G1>, _ context: ProofContext
    ) -> Statement<BN254> {
        Statement(context: context, publicInputs: [Scalar(value)], commitments: [model, testSet])
    }

    /// The proof of the true inner product.
    func prove(model: [Int], blinding: Scalar, testSet: [Int], _ context: ProofContext) throws -> Proof<BN254>
    {
        let witness = try CircuitWitness<Scalar> { try Self.circuit($0, model: model, testSet: testSet) }
        return try prover.prove(witness, context: context, blindings: SecretScalars([blinding, .zero])).proof
    }
}
