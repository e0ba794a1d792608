import FieldArithmetic

/// Distinct coefficients with their numbers. Nearly all look-ups hit a small direct-mapped cache.
struct CoefficientTable<F: PrimeField>: Sendable {
    private(set) var values: [F] = []
    private var numbers: [F: UInt32] = [:]
    private var cache = [UInt32](repeating: .max, count: 256)

    @inline(__always)
    mutating func number(of value: F) -> UInt32 {
        let slot = Int(truncatingIfNeeded: (value.montgomery[0] &* 0x9e37_79b9_7f4a_7c15) >> 56)
        let cached = cache[slot]
        if cached != .max, values[Int(cached)] == value { return cached }
        return search(value, slot: slot)
    }

    @inline(never)
    private mutating func search(_ value: F, slot: Int) -> UInt32 {
        let number: UInt32
        if let known = numbers[value] {
            number = known
        } else {
            number = UInt32(values.count)
            values.append(value)
            numbers[value] = number
        }
        cache[slot] = number
        return number
    }
}

/// The constraints recorded so far, in raw wire numbers.
struct ConstraintStore<F: PrimeField>: Sendable {
    private(set) var a = SparseMatrix()
    private(set) var b = SparseMatrix()
    private(set) var c = SparseMatrix()
    private(set) var coefficients = CoefficientTable<F>()

    var count: Int { a.rowCount }

    /// Appends the rows (aᵢ, bᵢ, cᵢ); a vector of one row stands for every row.
    @specialized(where F == BN254ScalarField)
    mutating func append(_ aRows: Terms<F>, _ bRows: Terms<F>, _ cRows: Terms<F>, count: Int) throws {
        for row in 0..<count {
            Self.append(aRows, row: aRows.count == 1 ? 0 : row, to: &a, &coefficients)
            Self.append(bRows, row: bRows.count == 1 ? 0 : row, to: &b, &coefficients)
            Self.append(cRows, row: cRows.count == 1 ? 0 : row, to: &c, &coefficients)
        }
        guard max(a.nonZeroCount, b.nonZeroCount, c.nonZeroCount) < Int(UInt32.max) else {
            throw CircuitError.tooLarge(what: "more than 2³² entries in a matrix")
        }
    }

    /// Appends one row, without zeros, ordered by wire and with terms of one wire merged.
    @inline(__always)
    private static func append(
        _ terms: Terms<F>, row: Int, to matrix: inout SparseMatrix, _ table: inout CoefficientTable<F>
    ) {
        let range = terms.row(row)
        if range.count > 1, !appendDistinct(terms, range, to: &matrix, &table) {
            appendMerged(terms, row: row, to: &matrix, &table)
        } else if range.count == 1, !terms.coefficients[range.lowerBound].isZero {
            matrix.columns.append(terms.wires[range.lowerBound])
            matrix.coefficients.append(table.number(of: terms.coefficients[range.lowerBound]))
        }
        matrix.rowOffsets.append(UInt32(truncatingIfNeeded: matrix.columns.count))
    }

    /// Inserts terms of distinct wires in order; appends nothing and returns false if a wire occurs twice, or if the row is
    /// long and out of order, so that insertion would be slow.
    @inline(__always)
    private static func appendDistinct(
        _ terms: Terms<F>, _ range: Range<Int>, to matrix: inout SparseMatrix,
        _ table: inout CoefficientTable<F>
    ) -> Bool {
        let start = matrix.columns.count
        for index in range where !terms.coefficients[index].isZero {
            let wire = terms.wires[index]
            var position = matrix.columns.count
            while position > start, matrix.columns[position - 1] > wire { position -= 1 }
            let isRepeated = position > start && matrix.columns[position - 1] == wire
            guard !isRepeated, position == matrix.columns.count || range.count <= 16 else {
                matrix.columns.removeLast(matrix.columns.count - start)
                matrix.coefficients.removeLast(matrix.coefficients.count - start)
                return false
            }
            matrix.columns.insert(wire, at: position)
            matrix.coefficients.insert(table.number(of: terms.coefficients[index]), at: position)
        }
        return true
    }

    @inline(never)
    private static func appendMerged(
        _ terms: Terms<F>, row: Int, to matrix: inout SparseMatrix,
        _ table: inout CoefficientTable<F>
    ) {
        let merged = terms.sliced(row..<row + 1).merged()
        for (wire, coefficient) in zip(merged.wires, merged.coefficients) {
            matrix.columns.append(wire)
            matrix.coefficients.append(table.number(of: coefficient))
        }
    }

    /// Replaces each raw wire by `base[space] + index`.
    mutating func renumber(base: [Int]) {
        Self.renumber(&a.columns, base)
        Self.renumber(&b.columns, base)
        Self.renumber(&c.columns, base)
    }

    private static func renumber(_ columns: inout [UInt32], _ base: [Int]) {
        columns.withUnsafeMutableBufferPointer { columns in
            for index in columns.indices {
                let raw = Int(columns[index])
                columns[index] = UInt32(
                    base[raw >> WireSpace.indexBits] + raw & (WireSpace.indexLimit - 1))
            }
        }
    }
}
