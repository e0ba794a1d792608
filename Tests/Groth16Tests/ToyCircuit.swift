import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Groth16
import TestSupport

typealias Fr = BN254ScalarField
typealias G1 = AffinePoint<BN254G1>
typealias G2 = AffinePoint<BN254G2>

/// The inner product of two linked vectors is the public number s: xᵢ·tᵢ = pᵢ, Σ pᵢ = s.
///
/// With a challenge c there is also the private 1/(c − x₀). A second public wire stands in no constraint.
struct ToyCircuit {
    var usesChallenge: Bool
    let length = 3

    var r1cs: R1CS<Fr> {
        var rows: [(a: [Int: Int], b: [Int: Int], c: [Int: Int])] = []
        for index in 0..<length { rows.append(([x + index: 1], [t + index: 1], [p + index: 1])) }
        rows.append(([p: 1, p + 1: 1, p + 2: 1], [0: 1], [statement: 1]))
        if usesChallenge { rows.append(([p + length: 1], [1: 1, x: -1], [0: 1])) }
        return makeR1CS(
            rows, publicCount: x, challengeCount: usesChallenge ? 1 : 0,
            segments: [
                Segment(name: "x", count: length, isLinked: true),
                Segment(name: "t", count: length, isLinked: true),
                Segment(name: "products", count: length, isLinked: false),
            ], privateCount: usesChallenge ? 1 : 0)
    }

    var statement: Int { usesChallenge ? 2 : 1 }
    var x: Int { statement + 2 }
    var t: Int { x + length }
    var p: Int { t + length }
}

struct ToyWitness: TwoPhaseWitness {
    var circuit: ToyCircuit
    var x: [Fr]
    var t: [Fr]
    var unusedPublic: Fr = 7
    /// Added to the sum: another number than 0 makes a wrong witness.
    var error: Fr = .zero

    var products: [Fr] { zip(x, t).map { $0 * $1 } }
    var statement: [Fr] { [products.reduce(error, +), unusedPublic] }
    var committed: [Fr] { x + t + products }

    func assignment(challenges: [Fr]) throws -> [Fr] {
        var values = [Fr.one] + challenges + statement + committed
        if circuit.usesChallenge {
            guard let inverse = (challenges[0] - x[0]).inverse() else {
                throw CircuitError.unluckyChallenge(region: "toy")
            }
            values.append(inverse)
        }
        return values
    }
}

extension Fr: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self.init(value) }
}

func makeR1CS(
    _ rows: [(a: [Int: Int], b: [Int: Int], c: [Int: Int])], publicCount: Int, challengeCount: Int,
    segments: [Segment], privateCount: Int
) -> R1CS<Fr> {
    var coefficients: [Int] = []
    func matrix(_ rows: [[Int: Int]]) -> SparseMatrix {
        var matrix = SparseMatrix()
        for row in rows {
            for (column, value) in row.sorted(by: { $0.key < $1.key }) {
                let index = coefficients.firstIndex(of: value) ?? coefficients.count
                if index == coefficients.count { coefficients.append(value) }
                matrix.columns.append(UInt32(column))
                matrix.coefficients.append(UInt32(index))
            }
            matrix.rowOffsets.append(UInt32(matrix.columns.count))
        }
        return matrix
    }
    let (a, b, c) = (matrix(rows.map(\.a)), matrix(rows.map(\.b)), matrix(rows.map(\.c)))
    return R1CS(
        publicCount: publicCount, challengeCount: challengeCount, segments: segments,
        privateCount: privateCount,
        a: a, b: b, c: c, coefficients: coefficients.map { Fr($0) })
}

/// Keys, a prover and an accepted proof of a toy circuit, made once.
struct ToyFixture: Sendable {
    let circuit: ToyCircuit
    let witness: ToyWitness
    let key: ProvingKey<BN254>
    let prover: Prover<BN254>
    let blinding: Fr
    let context = ProofContext(
        ledger: "test", task: "toy", round: 3, participant: "alice", roles: ["x", "t"])
    let proven: ProvenStatement<BN254>

    static let withChallenge = ToyFixture(usesChallenge: true)
    static let withoutChallenge = ToyFixture(usesChallenge: false)

    private init(usesChallenge: Bool) {
        circuit = ToyCircuit(usesChallenge: usesChallenge)
        witness = ToyWitness(circuit: circuit, x: [3, -5, 11], t: [2, 4, 6])
        do {
            key = try KeyGenerator<BN254>.developmentSetup(circuit.r1cs, specification: Array("toy".utf8))
            prover = try Prover(key)
            blinding = Fr.random()
            proven = try prover.prove(witness, context: context, blindings: SecretScalars([blinding, .zero]))
        } catch {
            fatalError("the toy circuit has no proof: \(error)")
        }
    }
}
