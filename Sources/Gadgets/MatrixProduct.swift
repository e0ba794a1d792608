import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Requires X·W = Z, or X·W + 1·scale·biasᵀ = Z, for an a×n matrix X, an n×b matrix W and an a×b matrix Z.
    ///
    /// **Constrains** X·(W·y) = Z·y for y = (1, c, …, c^(b−1)) with a challenge c. Both sides are polynomials in c of
    /// degree b − 1 whose coefficients are fixed before c, so unequal products agree for at most (b − 1)/r of the
    /// challenges (Freivalds 1977; Schwartz–Zippel). Entries of all three may be linear combinations: a
    /// Z that is computed back from rescaled outputs needs no wires. If X and W are integers, Z is proven equal to
    /// their product as integers, and is returned with that interval.
    ///
    /// **Costs** a·n + n·(b − 1) + a·max(b − 1, 1) constraints, a·n + n·(b − 1) + a·max(b − 2, 0) private wires. The sums
    /// W·y and Z·y are folded column by column (Horner's rule). A bias row counts as one more row of W in the second
    /// term only.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`, `CircuitError.mayWrapAround`, `CircuitError.shapeMismatch`.
    public func requireProduct(
        _ x: ValueMatrix<F>, _ w: ValueMatrix<F>, bias: (row: Values<F>, scale: Int)? = nil,
        equals z: ValueMatrix<F>
    ) throws -> ValueMatrix<F> {
        guard x.columns == w.rows, x.rows == z.rows, w.columns == z.columns,
            bias.map({ $0.row.count == w.columns }) ?? true
        else {
            throw CircuitError.shapeMismatch(
                region: path,
                what:
                    "a \(x.rows)×\(x.columns) times a \(w.rows)×\(w.columns) matrix is no \(z.rows)×\(z.columns) matrix"
            )
        }
        try requireFixed(x.values, "the left factor of a matrix product")
        try requireFixed(w.values, "the right factor of a matrix product")
        try requireFixed(z.values, "the result of a matrix product")
        if let bias { try requireFixed(bias.row, "the bias of a matrix product") }
        try requireNoWrap(z.values, "the result of a matrix product")
        let extended = try bias.map { bias in
            try ValueMatrix(
                rows: w.rows + 1, columns: w.columns, values: .concatenated([w.values, bias.row]))
        }
        let interval = try productInterval(x, w, bias: bias)
        afterChallenges { builder in
            try builder.checkProduct(x, extended ?? w, biasScale: bias?.scale, z)
        }
        return interval.map { z.with(z.values.bounded(by: $0)) } ?? z
    }

    private func productInterval(
        _ x: ValueMatrix<F>, _ w: ValueMatrix<F>, bias: (row: Values<F>, scale: Int)?
    ) throws -> Interval? {
        guard let left = x.values.interval, let right = w.values.interval else { return nil }
        var interval = (left * right).summed(count: x.columns)
        if let bias {
            guard let row = bias.row.interval else { return nil }
            interval = interval + row * Interval(bias.scale)
        }
        try requireNoWrap(interval, "an entry of a matrix product")
        return interval
    }

    private func checkProduct(
        _ x: ValueMatrix<F>, _ w: ValueMatrix<F>, biasScale: Int?, _ z: ValueMatrix<F>
    ) throws {
        let point = try challenge("product")
        let weights = try folded(w.allColumns, by: point, "folded column of W")
        let factors = weights[0..<x.columns]
        let sums = try (0..<x.rows).map { index in
            try product(factors, x.row(index), name: "folded term").sum()
        }
        var left = Values.concatenated(sums)
        if let biasScale { left = left + weights[x.columns] * biasScale }
        if z.columns == 1 {
            try requireEqual(left, z.values)
        } else {
            let folded = try folded(
                Array(z.allColumns.dropFirst()), by: point, "folded column of Z")
            try constrain(folded, times: point, equals: left - z.column(0))
        }
    }
}
