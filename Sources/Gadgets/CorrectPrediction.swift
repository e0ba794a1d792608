import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Bits that may be 1 only for samples whose label is the class predicted by the logits: one bit for each row.
    ///
    /// The predicted class is the one with the largest logit, of several the lowest: sample s with label y is correct if
    /// z_y > z_i for all i < y and z_y ≥ z_i for all i > y. So the all-zero model is right on class 0 only.
    ///
    /// **Constrains**, for logits z and labels l (one-hot rows), bit·(bit − Σᵢ lᵢ) = 0, and for every class i
    /// bit·(z_y − z_i − [i < y]) = mᵢ with z_y = Σⱼ lⱼ·zⱼ, [i < y] = Σ_{j > i} lⱼ and 0 ≤ mᵢ. A bit of 1 therefore needs all
    /// differences to be non-negative; a bit of 0 makes all mᵢ zero and is always possible, so the count of bits
    /// proves "at least". A padding row, with all lᵢ = 0, has bit² = 0 and never counts. That labels are one-hot or zero is for
    /// whoever recomputes their commitment to check.
    ///
    /// **Costs** for each sample of C classes: 2C + 1 constraints, C + 1 committed and C private wires, and C range checks
    /// of the width of a difference of logits.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`; `CircuitError.shapeMismatch`.
    public func correctPredictions(
        logits: ValueMatrix<F>, labels: ValueMatrix<F>, _ ranges: RangeChecker<F>
    ) throws -> Values<F> {
        let (samples, classes) = (logits.rows, logits.columns)
        guard labels.rows == samples, labels.columns == classes else {
            throw CircuitError.shapeMismatch(
                region: path,
                what: "labels are \(labels.rows)×\(labels.columns), logits \(samples)×\(classes)")
        }
        try requireFixed(logits.values, "the logits")
        try requireFixed(labels.values, "the labels")
        let interval = try requireInteger(logits.values, "the logits")
        _ = try requireInteger(labels.values, "the labels")
        let widest = try upperBound(of: interval - interval, "the logits")

        let target = try product(logits.values, labels.values, name: "label·logit").groupSums(size: classes)
            .bounded(by: interval.union(Interval(0)))
        let repeated = target.gathered((0..<samples * classes).map { $0 / classes })
        let differences = repeated - logits.values - laterLabels(labels).values

        let bits = try wires(
            try advice, "correct", count: samples,
            integers: try correctBits(
                differences: try differences.integers(), labels: try labels.values.integers(), classes))
        let labelled = labels.values.groupSums(size: classes)
        try constrain(bits, times: bits - labelled, equals: constants([0]))
        try requireFixed(bits, "the bits of correct predictions")
        let correct = bits.bounded(by: .bit)

        let spread = correct.gathered((0..<samples * classes).map { $0 / classes })
        let margins = try product(differences, spread, kind: try advice, name: "margin")
        _ = try ranges.require(margins, in: 0...(1 << bitWidth(of: widest) - 1), self)
        return correct
    }

    /// Requires that at least `least` of the bits are 1, for a public number from 0 to the number of bits.
    ///
    /// **Constrains** Σ bits − least to 0 ..< 2^w for the least w with count < 2^w, which costs one range check. The bits
    /// must be Boolean already.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`.
    public func requireCount(of bits: Values<F>, atLeast least: Values<F>, _ ranges: RangeChecker<F>) throws {
        guard let interval = bits.interval, Interval.bit.contains(interval), least.count == 1 else {
            throw CircuitError.unsuitableInterval(region: path, what: "the values to count are not bits")
        }
        _ = try ranges.require(bits.sum() - least, in: 0...(1 << bitWidth(of: bits.count) - 1), self)
    }

    /// Entry i of a row: Σ_{j > i} lⱼ, which is [i < y] for the one-hot label y.
    private func laterLabels(_ labels: ValueMatrix<F>) -> ValueMatrix<F> {
        var later = [labels.column(0) * 0]
        for column in (1..<max(labels.columns, 1)).reversed() {
            later.append((later[later.count - 1] + labels.column(column)).bounded(by: .bit))
        }
        return .fromColumns(later.reversed())
    }

    private func correctBits(differences: [Int], labels: [Int], _ classes: Int) throws -> [Int] {
        stride(from: 0, to: differences.count, by: classes).map { start in
            let row = start..<start + classes
            return labels[row].contains(1) && differences[row].allSatisfy { $0 >= 0 } ? 1 : 0
        }
    }
}
