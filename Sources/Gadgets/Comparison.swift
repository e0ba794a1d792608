import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Requires aᵢ ≥ bᵢ for every i.
    ///
    /// **Constrains** a − b to 0 … its greatest value by a range check, which is the cost.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`, `CircuitError.mayWrapAround`.
    public func requireAtLeast(_ a: Values<F>, _ b: Values<F>, _ ranges: RangeChecker<F>) throws {
        let difference = a - b
        let interval = try requireInteger(difference, "the operands of a comparison")
        let bound = try upperBound(of: interval, "the operands of a comparison")
        _ = try ranges.require(difference, in: 0...(1 << bitWidth(of: bound) - 1), self)
    }

    /// Bits [aᵢ ≥ bᵢ], committed.
    ///
    /// **Constrains** bit ∈ {0, 1} and m = bit·(2d + 1) − d − 1 ≥ 0 for d = a − b: m is d if the bit is 1 and −d − 1 if it is
    /// 0, so the bit cannot be otherwise. **Costs** two constraints and two committed wires for each value, and a range check of m.
    ///
    /// - Throws: as `requireAtLeast`.
    public func isAtLeast(_ a: Values<F>, _ b: Values<F>, _ ranges: RangeChecker<F>) throws -> Values<F> {
        let difference = a - b
        try requireFixed(difference, "the operands of a comparison")
        let interval = try requireInteger(difference, "the operands of a comparison")
        let bound = max(
            try upperBound(of: interval, "the operands of a comparison"),
            try upperBound(of: Interval(-1) - interval, "the operands of a comparison"))
        let bit = try requireBoolean(
            try wires(
                try advice, "is at least", count: difference.count,
                integers: try difference.integers().map { $0 >= 0 ? 1 : 0 }))
        try requireFixed(bit, "the result of a comparison")
        let selected = try product(difference * 2 + 1, bit, kind: try advice, name: "selected difference")
        _ = try ranges.require(
            selected - difference - 1, in: 0...(1 << bitWidth(of: max(bound, 1)) - 1), self)
        return bit
    }

    /// The greatest of each row, committed, one for each row of the matrix.
    ///
    /// **Constrains** m ≥ zᵢ for every i by range checks, and m = Σ sᵢ·zᵢ for committed bits sᵢ with Σ sᵢ = 1, so m is one of
    /// them. **Costs** for each row of C values: 2C + 2 constraints, C + 1 committed and C private wires, and C range checks.
    ///
    /// - Throws: as `requireAtLeast`.
    public func maximum(ofRows z: ValueMatrix<F>, _ ranges: RangeChecker<F>) throws -> Values<F> {
        try requireFixed(z.values, "the operands of a maximum")
        let interval = try requireInteger(z.values, "the operands of a maximum")
        let (rows, columns) = (z.rows, z.columns)
        let integers = isWitness ? try z.values.integers() : []
        let best = stride(from: 0, to: integers.count, by: columns).map { start in
            (start..<start + columns).max { (integers[$0], $1) < (integers[$1], $0) } ?? start
        }
        let greatest = try wires(try advice, "max", count: rows, integers: best.map { integers[$0] })
            .bounded(by: interval)
        let selector = try requireBoolean(
            try wires(
                try advice, "selector", count: rows * columns,
                integers: integers.indices.map { best[$0 / columns] == $0 ? 1 : 0 }))
        try requireEqual(selector.groupSums(size: columns), constants([1]))
        let selected = try product(z.values, selector)
        try requireEqual(selected.groupSums(size: columns), greatest)
        let repeated = greatest.gathered((0..<rows * columns).map { $0 / columns })
        try requireAtLeast(repeated, z.values, ranges)
        return greatest
    }

    /// The upper end of an interval, at least 0.
    func upperBound(of interval: Interval, _ what: String) throws -> Int {
        guard let range = interval.closedRange else {
            throw CircuitError.unsuitableInterval(region: path, what: "\(what) do not fit 64 bits")
        }
        return max(range.upperBound, 0)
    }

    func bitWidth(of bound: Int) -> Int { max(Int.bitWidth - bound.leadingZeroBitCount, 1) }
}
