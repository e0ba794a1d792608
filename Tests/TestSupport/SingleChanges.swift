import ConstraintSystem
import FieldArithmetic

/// A satisfying assignment of which single wires are changed: only constraints that contain such a wire can fail.
///
/// Says the same as `R1CS.check` of the changed assignment, in time that does not grow with the circuit.
public struct SingleChanges<F: PrimeField> {
    private let r1cs: R1CS<F>
    private let assignment: [F]
    /// Of every wire, the constraints that contain it, short ones first.
    private let rows: [[Int]]

    /// - Parameter assignment: satisfies the circuit.
    public init(_ r1cs: R1CS<F>, _ assignment: [F]) {
        self.r1cs = r1cs
        self.assignment = assignment
        var rows = [[Int]](repeating: [], count: r1cs.wireCount)
        for row in 0..<r1cs.constraintCount {
            for matrix in [r1cs.a, r1cs.b, r1cs.c] {
                for entry in matrix.entries(ofRow: row) {
                    let wire = Int(matrix.columns[entry])
                    if rows[wire].last != row { rows[wire].append(row) }
                }
            }
        }
        let lengths = (0..<r1cs.constraintCount).map { row in
            [r1cs.a, r1cs.b, r1cs.c].reduce(0) { $0 + $1.entries(ofRow: row).count }
        }
        self.rows = rows.map { rows in rows.sorted { lengths[$0] < lengths[$1] } }
    }

    /// Whether no constraint contains the wire.
    public func isFree(_ wire: Int) -> Bool { rows[wire].isEmpty }

    /// Whether the assignment still satisfies the circuit when the wire has another value.
    public func isAccepted(_ wire: Int, _ value: F) -> Bool {
        if wire == 0 && value != .one { return false }
        return rows[wire].allSatisfy { row in
            dot(r1cs.a, row, wire, value) * dot(r1cs.b, row, wire, value) == dot(r1cs.c, row, wire, value)
        }
    }

    private func dot(_ matrix: SparseMatrix, _ row: Int, _ changed: Int, _ value: F) -> F {
        var sum = F.zero
        for entry in matrix.entries(ofRow: row) {
            let wire = Int(matrix.columns[entry])
            sum +=
                r1cs.coefficients[Int(matrix.coefficients[entry])]
                * (wire == changed ? value : assignment[wire])
        }
        return sum
    }
}
