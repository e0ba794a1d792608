import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import Ledger

/// The smallest circuit with the form of a quality circuit: the public number is the inner product of two
/// linked vectors, a "model" and a "test set", and there is a challenge.
public struct InnerProduct: Sendable {
    public typealias Scalar = BN254ScalarField

    public static let length = 4
    public let prover: Prover<BN254>
    public var verifyingKey: [UInt8] { prover.key.verifyingKey.encoded }
    private static let committer = VectorCommitter<BN254>(capacity: length)

    /// Keys made once, marked as development keys.
    public static let shared: InnerProduct = {
        do { return try InnerProduct() } catch { fatalError("no keys: \(error)") }
    }()

    public init(
        statementCount: Int = 1, segments: [String] = ["model", "test set"], hasChallenge: Bool = true
    ) throws {
        let zero = [Int](repeating: 0, count: Self.length)
        let r1cs = try R1CS<Scalar> {
            try Self.circuit(
                $0, vectors: segments.map { ($0, zero) }, statementCount: statementCount,
                hasChallenge: hasChallenge)
        }
        prover = try Prover(KeyGenerator<BN254>.developmentSetup(r1cs))
    }

    /// Σ mᵢ·tᵢ = s; with a challenge c, also (Σ mᵢ·tᵢ)·c of no further use.
    private static func circuit(
        _ builder: CircuitBuilder<Scalar>, vectors: [(name: String, values: [Int])], statementCount: Int,
        hasChallenge: Bool
    ) throws {
        let linked = try vectors.map { name, values in
            try builder.wires(
                .committed(try builder.segment(name, isLinked: true)), name, count: length,
                interval: Interval(-1000...1000), integers: values)
        }
        let products = try builder.product(linked[0], linked[linked.count - 1], kind: builder.advice)
        let sums = try builder.wires(.statement, "sum", count: statementCount) {
            let sum = try products.integers().reduce(0, +)
            return .integers([Int](repeating: sum, count: statementCount))
        }
        for index in 0..<statementCount { try builder.requireEqual(sums[index], products.sum()) }
        guard hasChallenge else { return }
        builder.afterChallenges { builder in
            _ = try builder.product(products.sum(), builder.challenge("weight"))
        }
    }

    /// The inner product.
    public static func value(_ model: [Int], _ testSet: [Int]) -> UInt64 {
        UInt64(zip(model, testSet).reduce(0) { $0 + $1.0 * $1.1 })
    }

    /// The commitment to a vector.
    public static func commit(_ values: [Int], blinding: Scalar) throws -> [UInt8] {
        try committer.commit(values.map { Scalar($0) }, blinding: blinding).encoded(as: .compressed)
    }

    /// The proof of the true inner product, in the context of a statement.
    public func prove(
        model: [Int], blinding: Scalar, testSet: [Int], for statement: QualityStatement
    ) throws -> [UInt8] {
        let witness = try CircuitWitness<Scalar> {
            try Self.circuit(
                $0, vectors: [("model", model), ("test set", testSet)], statementCount: 1, hasChallenge: true)
        }
        return try prover.prove(
            witness, context: statement.context, blindings: SecretScalars([blinding, .zero])
        ).proof.encoded
    }
}
