import ConstraintSystem
import FieldArithmetic
import Presentation
import QuantizedLearning

/// A plain circuit made for measuring, with a witness that satisfies it.
///
/// `size` is the number of wires and, where it is a power of two, the size of the domain. There are size − 3
/// constraints, for the constant 1 and one public output have rows of the domain too.
///
/// **dense**: f_i·f_(i+1) = f_(i+2) from two random values on, so that every wire but the 1 is a full-size random
/// number and stands in A, B and C.
///
/// **mixed**: shares and lengths as in the shared key `groth16-mixed14`. Of 16 wires
/// - 10 are bits, b·b = b, of which nine in twenty are 1;
/// - 1 is the number of at most 32 bits that the 32 bits before it stand for: (Σ 2^j·b_j)·1 = s;
/// - 5 are full-size, f_i·f_(i+1) = f_(i+2) as above.
struct SyntheticCircuit {
    enum Kind: String, CaseIterable, Sendable {
        case dense, mixed
    }

    static let leastSize = 64

    let kind: Kind
    let size: Int
    let constraints: R1CS<Fr>
    let assignment: [Fr]

    init(_ kind: Kind, size: Int) {
        precondition(size >= Self.leastSize, "too few wires for all kinds of rows")
        var maker = SyntheticCircuitMaker(size: size)
        for index in 2..<size {
            switch index % 16 {
            case 0..<10 where kind == .mixed: maker.addBit(index)
            case 10 where kind == .mixed: maker.addNumber(index)
            default: maker.addFullSize(index)
            }
        }
        maker.addOutput()
        self.kind = kind
        self.size = size
        assignment = maker.assignment
        constraints = R1CS(
            publicCount: 2, privateCount: size - 2, a: maker.a, b: maker.b, c: maker.c,
            coefficients: (0..<32).map { Fr(UInt64(1) << $0) })
    }

    /// What the prover takes.
    var witness: AssignmentWitness { AssignmentWitness(assignment: assignment, publicCount: 2) }
}

/// A finished assignment of a circuit without commitments, as a `.wtns` file holds it.
struct AssignmentWitness: TwoPhaseWitness {
    let assignment: [Fr]
    let publicCount: Int

    var statement: [Fr] { Array(assignment[1..<publicCount]) }
    var committed: [Fr] { [] }
    func assignment(challenges: [Fr]) throws -> [Fr] { assignment }
}

/// Rows and values, wire after wire. Coefficient j is 2^j.
private struct SyntheticCircuitMaker {
    typealias Entry = (wire: Int, power: Int)

    private(set) var a = SparseMatrix()
    private(set) var b = SparseMatrix()
    private(set) var c = SparseMatrix()
    private(set) var assignment: [Fr]
    private var generator = SplitMix64(state: 3)
    /// The wires of the last 32 bits.
    private var bits: [Int] = []
    /// The last two wires of full size.
    private var chain: [Int] = []

    init(size: Int) {
        assignment = [Fr](repeating: .zero, count: size)
        assignment[0] = .one
    }

    mutating func addBit(_ wire: Int) {
        assignment[wire] = generator.next() % 20 < 9 ? .one : .zero
        bits = bits.suffix(31) + [wire]
        addRow([(wire, 0)], [(wire, 0)], [(wire, 0)])
    }

    mutating func addNumber(_ wire: Int) {
        let terms = bits.enumerated().map { (wire: $1, power: $0) }
        let value = terms.reduce(UInt64(0)) { $0 | (assignment[$1.wire].isZero ? 0 : 1 << UInt64($1.power)) }
        assignment[wire] = Fr(value)
        addRow(terms, [(0, 0)], [(wire, 0)])
    }

    mutating func addFullSize(_ wire: Int) {
        if chain.count < 2 {
            assignment[wire] = .random(using: &generator)
        } else {
            multiplyChain(into: wire)
        }
        chain = chain.suffix(1) + [wire]
    }

    mutating func addOutput() { multiplyChain(into: 1) }

    private mutating func multiplyChain(into wire: Int) {
        assignment[wire] = assignment[chain[0]] * assignment[chain[1]]
        addRow([(chain[0], 0)], [(chain[1], 0)], [(wire, 0)])
    }

    private mutating func addRow(_ aRow: [Entry], _ bRow: [Entry], _ cRow: [Entry]) {
        Self.append(aRow, to: &a)
        Self.append(bRow, to: &b)
        Self.append(cRow, to: &c)
    }

    private static func append(_ row: [Entry], to matrix: inout SparseMatrix) {
        for entry in row {
            matrix.columns.append(UInt32(entry.wire))
            matrix.coefficients.append(UInt32(entry.power))
        }
        matrix.rowOffsets.append(UInt32(matrix.columns.count))
    }
}
