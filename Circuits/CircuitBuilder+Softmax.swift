import ConstraintSystem
import FieldArithmetic
import Gadgets

extension CircuitBuilder {
    /// Soft-max of each row of integers t: p = ⌊e·2^f / S⌋ for e = E[min(max t − t, T − 1)], S = Σ e, committed.
    ///
    /// **Constrains**, for each row with a committed m and each entry with committed c and s,
    ///
    /// - m − t = c + d, c a key of the table (0 ≤ c < T, which its look-up proves) and d ≥ 0 by a range check: so m ≥ t;
    /// - s ∈ {0, 1}, Σ s = 1, s·(m − t) = 0: so m is one of the t, and with the above the largest;
    /// - d·(T − 1 − c) = 0: so c is the gap itself, or the last key if the gap is larger: the one clamp;
    /// - e = E[c] by the look-up, S a linear combination;
    /// - e·2^f = p·S + rem, 0 ≤ p ≤ 2^f, 0 ≤ rem, 0 ≤ S − 1 − rem (`quotients`).
    ///
    /// **Costs** for each entry six constraints (look-up included), a range check of d and of p and two of remainders, one
    /// constraint for each row, and T + 1 once for the table.
    ///
    /// - Parameters:
    ///   - lastKey: T − 1; the keys are 0 … T − 1.
    ///   - fractionBits: f.
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`, `CircuitError.mayWrapAround`.
    func softmax(
        _ t: ValueMatrix<F>, _ table: FunctionTable<F>, lastKey: Int, fractionBits: Int,
        _ ranges: RangeChecker<F>
    ) throws -> Values<F> {
        try requireFixed(t.values, "the operand of a soft-max")
        let interval = try requireInteger(t.values, "the operand of a soft-max")
        guard let widest = (interval - interval).closedRange?.upperBound else {
            throw CircuitError.unsuitableInterval(region: path, what: "the operand of a soft-max is too wide")
        }
        let columns = t.columns
        let rowOfEntry = (0..<t.values.count).map { $0 / columns }
        let integers = isWitness ? try t.values.integers() : []
        let committed = try advice

        let best = stride(from: 0, to: integers.count, by: columns).map { start in
            (start..<start + columns).reduce(start) { integers[$1] > integers[$0] ? $1 : $0 }
        }
        let maximum = try wires(committed, "max", count: t.rows, integers: best.map { integers[$0] })
        let gap = maximum.gathered(rowOfEntry) - t.values
        let selector = try requireBoolean(
            try wires(
                committed, "selector", count: t.values.count,
                integers: integers.indices.map { best[rowOfEntry[$0]] == $0 ? 1 : 0 }))
        try requireFixed(selector, "the selector of a maximum")
        try requireEqual(selector.groupSums(size: columns), constants([1]))
        try constrain(gap, times: selector, equals: constants([0]))

        let clamped = try wires(
            committed, "clamped gap", count: t.values.count,
            integers: try gap.integers().map { max(0, min($0, lastKey)) })
        let excess = try ranges.require(
            gap - clamped, in: 0...(1 << (Int.bitWidth - widest.leadingZeroBitCount) - 1), self)
        try constrain(excess, times: lastKey - clamped, equals: constants([0]))

        let exponentials = try table(clamped, self)
        let sums = exponentials.groupSums(size: columns).gathered(rowOfEntry)
        return try quotients(
            of: exponentials * (1 << fractionBits), by: sums, largest: 1 << fractionBits, ranges)
    }
}
