import FieldArithmetic

extension R1CS {
    /// Whether the assignment (`wireCount` values in wire order) satisfies every constraint and starts with 1.
    ///
    /// - Throws: `CircuitError.noWitness` for a wrong number of values.
    public func check(_ assignment: [F]) throws -> Bool {
        try requireLength(assignment)
        return assignment[0] == .one && firstViolated(from: 0, assignment) == nil
    }

    /// The first violated constraints, at most `limit`; empty if the assignment satisfies all.
    ///
    /// A first value other than 1 is not reported: `check` refuses it.
    ///
    /// - Throws: `CircuitError.noWitness` for a wrong number of values.
    public func failures(_ assignment: [F], limit: Int = 10) throws -> [ConstraintFailure] {
        try requireLength(assignment)
        var result: [ConstraintFailure] = []
        var next = 0
        while result.count < limit, let row = firstViolated(from: next, assignment) {
            result.append(failure(ofRow: row, assignment))
            next = row + 1
        }
        return result
    }

    private func requireLength(_ assignment: [F]) throws {
        guard assignment.count == wireCount else {
            throw CircuitError.noWitness(
                region: "", what: "the circuit has \(wireCount) wires, the witness \(assignment.count) values"
            )
        }
    }

    /// The first violated row at or after `start`.
    @specialized(where F == BN254ScalarField)
    private func firstViolated(from start: Int, _ assignment: [F]) -> Int? {
        (start..<constraintCount).first { row in
            a.dot(row, assignment, coefficients) * b.dot(row, assignment, coefficients)
                != c.dot(row, assignment, coefficients)
        }
    }

    /// The matrix times the assignment.
    @specialized(where F == BN254ScalarField)
    public func product(_ matrix: SparseMatrix, _ assignment: [F]) -> [F] {
        (0..<matrix.rowCount).map { matrix.dot($0, assignment, coefficients) }
    }
}

extension SparseMatrix {
    /// One row times an assignment.
    @inlinable @inline(__always)
    func dot<F: PrimeField>(_ row: Int, _ assignment: [F], _ coefficients: [F]) -> F {
        var sum = F.zero
        for entry in entries(ofRow: row) {
            sum += coefficients[Int(self.coefficients[entry])] * assignment[Int(columns[entry])]
        }
        return sum
    }
}

/// A violated constraint: where it is, what it says and what its wires hold.
public struct ConstraintFailure: Sendable, Equatable, CustomStringConvertible {
    public var row: Int
    /// The path of its region.
    public var region: String
    /// The constraint with the wires' names, long sums cut short.
    public var expression: String
    /// "left · right ≠ product" in numbers; signed decimals where they fit 64 bits.
    public var values: String
    /// "name = value" of the wires in it, without the constant; not all of them if they are many.
    public var wires: [String]

    public var description: String {
        """
        constraint \(row)\(region.isEmpty ? "" : " in \(region)"): \(expression)
            \(values)
            \(wires.joined(separator: ", "))
        """
    }
}

extension R1CS {
    /// Sums are cut after so many terms, lists after so many wires.
    private static var shownTerms: Int { 6 }

    private func failure(ofRow row: Int, _ assignment: [F]) -> ConstraintFailure {
        var wires: [Int] = []
        for matrix in [a, b, c] {
            for entry in matrix.entries(ofRow: row).prefix(Self.shownTerms) {
                let wire = Int(matrix.columns[entry])
                if wire != 0, !wires.contains(wire) { wires.append(wire) }
            }
        }
        let sides = [a, b, c].map { $0.dot(row, assignment, coefficients) }
        return ConstraintFailure(
            row: row, region: names.region(ofConstraint: row),
            expression: "(\(expression(a, row))) · (\(expression(b, row))) = \(expression(c, row))",
            values: "\(sides[0]) · \(sides[1]) ≠ \(sides[2])",
            wires: wires.map { "\(names.name(ofWire: $0)) = \(assignment[$0])" })
    }

    /// The sum of one row, like `3·x[0] − y[2] + 1`.
    func expression(_ matrix: SparseMatrix, _ row: Int) -> String {
        let entries = matrix.entries(ofRow: row)
        if entries.isEmpty { return "0" }
        var text = ""
        for (position, entry) in entries.prefix(Self.shownTerms).enumerated() {
            let wire = Int(matrix.columns[entry])
            var coefficient = coefficients[Int(matrix.coefficients[entry])]
            let isNegative = (coefficient.smallSignedVartime ?? 0) < 0
            if isNegative { coefficient = -coefficient }
            if position == 0 { text += isNegative ? "−" : "" } else { text += isNegative ? " − " : " + " }
            if wire == 0 {
                text += coefficient.description
            } else {
                text += (coefficient == .one ? "" : "\(coefficient)·") + names.name(ofWire: wire)
            }
        }
        let hidden = entries.count - Self.shownTerms
        return hidden > 0 ? text + " + … (\(hidden) more)" : text
    }
}
