import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16

/// The smallest circuit with the form of a quality circuit: the public number is the inner product of a "model" and a
/// "test set" of four numbers each. Stories are played with it.
struct InnerProductFixture {
    typealias Scalar = BN254ScalarField

    private static let length = 4
    private let prover: Prover<BN254>
    private let hasChallenge: Bool

    var verifyingKey: VerifyingKey<BN254> { prover.key.verifyingKey }

    init(hasChallenge: Bool = true) throws {
        let zero = [Int](repeating: 0, count: Self.length)
        let constraints = try R1CS<Scalar> {
            try Self.circuit($0, model: zero, testSet: zero, hasChallenge: hasChallenge)
        }
        prover = try Prover(KeyGenerator<BN254>.developmentSetup(constraints))
        self.hasChallenge = hasChallenge
    }

    /// Σ mᵢ·tᵢ = s; with a challenge c also (Σ mᵢ·tᵢ)·c of no further use.
    private static func circuit(
        _ builder: CircuitBuilder<Scalar>, model: [Int], testSet: [Int], hasChallenge: Bool
    ) throws {
        let linked = try [("model", model), ("test set", testSet)].map { name, values in
            try builder.wires(
                .committed(try builder.segment(name, isLinked: true)), name, count: length,
                interval: Interval(-1000...1000), integers: values)
        }
        let products = try builder.product(linked[0], linked[1], kind: builder.advice)
        let sum = try builder.wires(.statement, "sum", count: 1) {
            .integers([try products.integers().reduce(0, +)])
        }
        try builder.requireEqual(sum[0], products.sum())
        guard hasChallenge else { return }
        builder.afterChallenges { builder in
            _ = try builder.product(products.sum(), builder.challenge("weight"))
        }
    }

    /// A commitment to the model and the proof of its inner product with the test set.
    func prove(
        _ model: [Int], testSet: [Int], blinding: Scalar = Scalar.random(), context: ProofContext
    ) throws -> ProvenStatement<BN254> {
        guard model.count == Self.length, testSet.count == Self.length else {
            throw MalformedData("a model and a test set have four numbers")
        }
        let witness = try CircuitWitness<Scalar> {
            try Self.circuit($0, model: model, testSet: testSet, hasChallenge: hasChallenge)
        }
        return try prover.prove(
            witness, context: context, blindings: SecretScalars([blinding, .zero]))
    }
}
