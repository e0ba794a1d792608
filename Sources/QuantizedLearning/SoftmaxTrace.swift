/// Values e(d) = round(2^x·exp(-d/2^f)) for d = 0 … 2^tableBits - 1, the same on every machine.
///
/// Computed in integers, as library exponentials differ in their last bits: with one = 2^62,
/// r = Σ_k (-1)^k t_k, t_0 = one, t_k = floor(t_{k-1} / (k·2^f)) approximates one·exp(-2^-f);
/// v_0 = one, v_{d+1} = floor(v_d·r / one); e(d) = floor((v_d + 2^(61-x)) / 2^(62-x)).
public struct ExponentTable: Sendable {
    /// e(0) = 2^x first; never increasing.
    public let values: [Int64]

    public init(_ spec: SoftmaxSpec) {
        let one: UInt64 = 1 << 62
        var ratio = Int64(one)
        var term = one
        var index: UInt64 = 1
        while term > 0 {
            term /= index << UInt64(spec.logitFractionBits)
            ratio += index.isMultiple(of: 2) ? Int64(term) : -Int64(term)
            index += 1
        }
        var values = [Int64]()
        var value = one
        let drop = UInt64(62 - spec.exponentFractionBits)
        for _ in 0..<1 << spec.tableBits {
            values.append(Int64((value + 1 << (drop - 1)) >> drop))
            let product = value.multipliedFullWidth(by: UInt64(ratio))
            value = product.high << 2 | product.low >> 62
        }
        self.values = values
    }
}

/// Every integer of a batch's soft-max, samples × classes unless said otherwise.
///
/// t = floor(z / 2^s), m = max t, u = m - t ≥ 0, c = min(u, last row of the table), e = table(c), S = Σ e,
/// e·2^g = p·S + rem with 0 ≤ rem < S.
public struct SoftmaxTrace: Sendable, Equatable {
    /// m, one per sample.
    public internal(set) var maximum: [Int64]
    /// u, how far each logit is below the maximum.
    public internal(set) var gap: Matrix<Int64>
    /// c, the table's row.
    public internal(set) var clampedGap: Matrix<Int64>
    public internal(set) var exponential: Matrix<Int64>
    /// S, one per sample.
    public internal(set) var sum: [Int64]
    /// p, with the fraction bits g of output gradients: 0 ≤ p ≤ 2^g.
    public internal(set) var probability: Matrix<Int64>
    public internal(set) var remainder: Matrix<Int64>
}

extension SoftmaxTrace {
    init(scaledLogits: Matrix<Int64>, table: ExponentTable, fractionBits: Int) {
        let empty = Matrix<Int64>(rows: scaledLogits.rows, columns: scaledLogits.columns, repeating: 0)
        self.init(
            maximum: [], gap: empty, clampedGap: empty, exponential: empty, sum: [], probability: empty,
            remainder: empty)
        for row in 0..<scaledLogits.rows {
            var largest = scaledLogits[row, 0]
            for column in 1..<scaledLogits.columns { largest = max(largest, scaledLogits[row, column]) }
            var total: Int64 = 0
            for column in 0..<scaledLogits.columns {
                let gap = largest - scaledLogits[row, column]
                let clamped = min(gap, Int64(table.values.count - 1))
                self.gap[row, column] = gap
                clampedGap[row, column] = clamped
                exponential[row, column] = table.values[Int(clamped)]
                total += table.values[Int(clamped)]
            }
            for column in 0..<scaledLogits.columns {
                let scaled = exponential[row, column] << Int64(fractionBits)
                probability[row, column] = scaled / total
                remainder[row, column] = scaled % total
            }
            maximum.append(largest)
            sum.append(total)
        }
    }
}
