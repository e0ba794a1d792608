import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// What max pooling gives.
    public struct FirstMaximum {
        /// The greatest of each row.
        public var maximum: Values<F>
        /// 1 for the first of a row's entries that equals the greatest, else 0; of the shape of the rows.
        public var selector: ValueMatrix<F>
    }

    /// The greatest of each row and where it first occurs: max pooling, whose gradient goes to that place alone.
    ///
    /// **Constrains**, for each row z₀ … with a committed m and committed selectors s, the last of which is 1 − Σ of the others:
    /// s ∈ {0, 1}, s_k·(m − z_k) = 0, and 0 ≤ m − z_k − Σ_{l > k} s_l. Sound: the selectors are Boolean with sum 1, so one, s_t, is 1, and
    /// m = z_t; entries before t are at most m − 1, those after it at most m.
    ///
    /// **Costs** two constraints, a committed wire and a range check of the width of a difference for each entry.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`, `CircuitError.mayWrapAround`.
    public func firstMaximum(ofRows z: ValueMatrix<F>, _ ranges: RangeChecker<F>) throws -> FirstMaximum {
        try requireFixed(z.values, "the operands of a maximum")
        let interval = try requireInteger(z.values, "the operands of a maximum")
        let widest = try upperBound(of: interval - interval, "the operands of a maximum")
        let (rows, columns) = (z.rows, z.columns)
        let integers = isWitness ? try hintIntegers(z.values) : []
        let best = stride(from: 0, to: integers.count, by: columns).map { start in
            (start..<start + columns).reduce(start) { integers[$1] > integers[$0] ? $1 : $0 }
        }
        let maximum = try wires(try advice, "max", count: rows, integers: best.map { integers[$0] })
        try requireFixed(maximum, "the result of a maximum")

        var selectors: [Values<F>] = []
        if columns > 1 {
            let free = try wires(
                try advice, "selector", count: rows * (columns - 1),
                integers: best.indices.flatMap { row in
                    (0..<columns - 1).map { best[row] == row * columns + $0 ? 1 : 0 }
                })
            try requireFixed(free, "the selector of a maximum")
            selectors = try ValueMatrix(rows: rows, columns: columns - 1, values: free).allColumns
        }
        let others = selectors.dropFirst().reduce(selectors.first) { sum, column in sum.map { $0 + column } }
        selectors.append(others.map { 1 - $0 } ?? constants(Array(repeating: 1, count: rows)))

        // From the last column to the first, with the sum of the selectors after it.
        var later: Values<F>?
        for (column, selector) in selectors.enumerated().reversed() {
            let gap = maximum - z.column(column)
            selectors[column] = try requireBoolean(selector)
            try constrain(gap, times: selector, equals: constants([0]))
            _ = try ranges.require(
                later.map { gap - $0 } ?? gap, in: 0...(1 << bitWidth(of: widest) - 1), self)
            later = later.map { $0 + selector } ?? selector
        }
        return FirstMaximum(
            maximum: maximum.bounded(by: interval), selector: .fromColumns(selectors))
    }

    /// The greatest of each row, committed, where it does not matter which entry it is.
    ///
    /// **Constrains** m − z_k ≥ 0 for every entry and Π_k (m − z_k) = 0: so m is at least every entry and equal to one.
    /// **Costs** for each row of C entries C − 1 constraints (one if C = 1), a committed wire, C − 2 private ones and C range
    /// checks of the width of a difference.
    ///
    /// - Throws: as `firstMaximum`.
    public func greatest(ofRows z: ValueMatrix<F>, _ ranges: RangeChecker<F>) throws -> Values<F> {
        try requireFixed(z.values, "the operands of a maximum")
        let interval = try requireInteger(z.values, "the operands of a maximum")
        let widest = try upperBound(of: interval - interval, "the operands of a maximum")
        let integers = isWitness ? try hintIntegers(z.values) : []
        let maximum = try wires(
            try advice, "max", count: z.rows,
            integers: stride(from: 0, to: integers.count, by: z.columns).map { start in
                integers[start..<start + z.columns].max() ?? 0
            })
        try requireFixed(maximum, "the result of a maximum")
        let gaps = try z.allColumns.map { column in
            try ranges.require(maximum - column, in: 0...(1 << bitWidth(of: widest) - 1), self)
        }
        if gaps.count == 1 {
            try requireEqual(maximum, z.values)
        } else {
            // Products in the field: nothing is to be known about their size.
            var product = gaps[0]
            for gap in gaps.dropFirst().dropLast() {
                let next = try wires(.private, "product of gaps", count: z.rows) {
                    .product(try product.numbers(), try gap.numbers())
                }
                try constrain(product, times: gap, equals: next)
                product = next
            }
            try constrain(product, times: gaps[gaps.count - 1], equals: product * 0)
        }
        return maximum.bounded(by: interval)
    }

    /// Bits [v > 0] of non-negative integers, committed.
    ///
    /// **Constrains** bit ∈ {0, 1}, v·(1 − bit) = 0 and 0 ≤ v − bit: a bit of 0 makes v zero, one of 1 at least 1. **Costs** two
    /// constraints and one committed wire for each value, and a range check.
    ///
    /// - Throws: as `firstMaximum`; `CircuitError.unsuitableInterval` for possibly negative integers.
    public func isPositive(_ values: Values<F>, _ ranges: RangeChecker<F>) throws -> Values<F> {
        try requireFixed(values, "the operand of a comparison with 0")
        let interval = try requireInteger(values, "the operand of a comparison with 0")
        guard let range = interval.closedRange, range.lowerBound >= 0 else {
            throw CircuitError.unsuitableInterval(
                region: path, what: "a comparison with 0 of possibly negative integers")
        }
        let bit = try requireBoolean(
            try wires(
                try advice, "mask", count: values.count,
                integers: try hintIntegers(values).map { $0 > 0 ? 1 : 0 }))
        try requireFixed(bit, "the result of a comparison with 0")
        try constrain(values, times: 1 - bit, equals: constants([0]))
        _ = try ranges.require(
            values - bit, in: 0...(1 << bitWidth(of: max(range.upperBound, 1)) - 1), self)
        return bit
    }
}
