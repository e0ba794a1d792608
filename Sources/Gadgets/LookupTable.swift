import ConstraintSystem
import FieldArithmetic

/// A table of public constants and the proof that rows of committed values occur in it (LogUp).
///
/// The rows are (key, output₁, output₂, …) for a run of successive keys: without outputs a range, with outputs the
/// graph of functions. Rows are distinct as their keys are.
///
/// **Constrains** Σᵢ 1/(c − vᵢ) = Σⱼ mⱼ/(c − tⱼ) with the challenge c, for the looked-up rows v, the table's rows t and
/// committed multiplicities m. As rational functions of c both sides agree only if every vᵢ is some tⱼ (a pole that
/// the right side lacks has the number of its occurrences as residue, less than the field's characteristic), so a
/// false row survives for at most (n + T)·r⁻¹ of the challenges, provided that v and m were fixed before c. Rows of
/// several columns are folded, key + β·output₁ + β²·output₂ …, with a challenge β of their own: folding with c itself
/// would let a row stand in for another. Every table has a sum of its own.
///
/// **Costs** for n rows of k columns and a table of T rows: n·k + T + 1 constraints (and k − 2 more for powers of β if
/// k > 2); T committed and n·k + T private wires.
///
/// - SeeAlso: Haböck, "Multivariate lookups based on logarithmic derivatives", eprint 2022/1530, lemma 5.
public final class LookupTable<F: PrimeField> {
    private struct Request {
        var path: String
        var columns: [Values<F>]
    }

    private let name: String
    private let firstKey: Int
    private let rowCount: Int
    private let outputs: [[Int]]
    private var requests: [Request] = []
    private var isClosed = false

    /// A table that proves its look-ups when phase 1 ends.
    ///
    /// - Parameter outputs: columns with one value for each key.
    /// - Throws: `CircuitError.shapeMismatch` for a column of another length.
    public convenience init(
        _ name: String, keys: ClosedRange<Int>, outputs: [[Int]] = [], _ builder: CircuitBuilder<F>
    ) throws {
        guard outputs.allSatisfy({ $0.count == keys.count }) else {
            throw CircuitError.shapeMismatch(
                region: builder.path,
                what: "table \(name) has \(keys.count) keys and other numbers of outputs")
        }
        self.init(name, keys: keys, outputs: outputs)
        try builder.beforeChallenges { try self.finish($0) }
    }

    /// A table whose owner calls `finish`.
    init(_ name: String, keys: ClosedRange<Int>, outputs: [[Int]] = []) {
        self.name = name
        firstKey = keys.lowerBound
        rowCount = keys.count
        self.outputs = outputs
    }

    /// Requires each row (key, outputs…) to be one of the table's.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.shapeMismatch`.
    public func require(_ keys: Values<F>, outputs: [Values<F>] = [], _ builder: CircuitBuilder<F>) throws {
        let columns = [keys] + outputs
        guard outputs.count == self.outputs.count, columns.allSatisfy({ $0.count == keys.count }) else {
            throw CircuitError.shapeMismatch(
                region: builder.path,
                what: "a look-up in table \(name) needs \(self.outputs.count + 1) columns")
        }
        guard !isClosed else {
            throw CircuitError.wrongPhase(
                region: builder.path, what: "table \(name) has already counted its look-ups")
        }
        for column in columns { try builder.requireFixed(column, "an operand of a look-up in table \(name)") }
        requests.append(Request(path: builder.path, columns: columns))
    }

    /// Commits the multiplicities and registers the check: at the end of phase 1, after all requests.
    func finish(_ builder: CircuitBuilder<F>) throws {
        isClosed = true
        guard !requests.isEmpty else { return }
        try builder.region("table \(name)") {
            let multiplicities = try builder.wires(
                try builder.advice, "multiplicities", count: rowCount, integers: try countRows(builder))
            try builder.requireFixed(multiplicities, "the multiplicities of table \(name)")
            builder.afterChallenges { try self.check(multiplicities, $0) }
        }
    }

    // MARK: Phase 2

    private func check(_ multiplicities: Values<F>, _ builder: CircuitBuilder<F>) throws {
        let point = try builder.challenge("lookup point")
        let powers = try foldingPowers(builder)
        let rows = tableRows(powers, builder)
        let tablePath = builder.path
        let rowInverses = builder.isWitness ? try inverses(of: point - rows, tablePath) : []

        var sums: [Values<F>] = []
        for request in requests {
            try builder.inRegion(path: request.path) {
                let folded = try fold(request.columns, powers, builder)
                let inverse = try builder.wires(.private, "1/(c − v)", count: folded.count) {
                    if let rows = try self.rowNumbers(request.columns) {
                        return .elements(rows.map { rowInverses[$0] })
                    }
                    return .elements(try self.inverses(of: point - folded, request.path))
                }
                try builder.constrain(inverse, times: point - folded, equals: builder.constants([1]))
                sums.append(inverse.sum())
            }
        }
        let fractions = try builder.wires(.private, "m/(c − t)", count: rowCount) {
            .product(try multiplicities.numbers(), .elements(rowInverses))
        }
        try builder.constrain(fractions, times: point - rows, equals: multiplicities)
        try builder.requireEqual(Values.concatenated(sums).sum(), fractions.sum())
    }

    /// β, β², …: one for each output column.
    private func foldingPowers(_ builder: CircuitBuilder<F>) throws -> [Values<F>] {
        if outputs.isEmpty { return [] }
        var powers = [try builder.challenge("row folding")]
        while powers.count < outputs.count {
            powers.append(try builder.product(powers[powers.count - 1], powers[0], name: "power of β"))
        }
        return powers
    }

    /// The folded rows of the table: linear in β, so without a constraint.
    private func tableRows(_ powers: [Values<F>], _ builder: CircuitBuilder<F>) -> Values<F> {
        var rows = builder.constants(Array(firstKey..<firstKey + rowCount))
        for (power, output) in zip(powers, outputs) {
            rows = rows + Values.concatenated(output.map { power * $0 })
        }
        return rows
    }

    private func fold(
        _ columns: [Values<F>], _ powers: [Values<F>], _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        var folded = columns[0]
        for (power, column) in zip(powers, columns.dropFirst()) {
            folded = folded + (try builder.product(power, column, name: "β·output"))
        }
        return folded
    }

    // MARK: Witness

    /// The number of the row that each looked-up row is, `nil` if one is not in the table.
    private func rowNumbers(_ columns: [Values<F>]) throws -> [Int]? {
        guard let keys = try columns[0].numbers().integers else { return nil }
        let rows = keys.map { $0 &- firstKey }
        guard rows.allSatisfy({ 0 <= $0 && $0 < rowCount }) else { return nil }
        for (column, output) in zip(columns.dropFirst(), outputs) {
            guard let values = try column.numbers().integers,
                zip(rows, values).allSatisfy({ output[$0] == $1 })
            else { return nil }
        }
        return rows
    }

    private func countRows(_ builder: CircuitBuilder<F>) throws -> [Int] {
        var counts = [Int](repeating: 0, count: rowCount)
        for request in requests {
            guard let rows = try rowNumbers(request.columns) else {
                if builder.forgery != nil { continue }
                throw CircuitError.noWitness(
                    region: request.path,
                    what: "a value is not in table \(name)\(try firstForeignKey(request.columns[0]))")
            }
            for row in rows { counts[row] += 1 }
        }
        return counts
    }

    private func firstForeignKey(_ keys: Values<F>) throws -> String {
        guard let integers = try keys.numbers().integers else { return "" }
        let foreign = integers.firstIndex { $0 < firstKey || $0 >= firstKey + rowCount }
        return foreign.map { ": \(integers[$0]) at position \($0)" } ?? ""
    }

    /// - Throws: `CircuitError.unluckyChallenge` for a zero.
    private func inverses(of denominators: Values<F>, _ path: String) throws -> [F] {
        var elements = try denominators.numbers().elements
        guard !elements.contains(where: \.isZero) else { throw CircuitError.unluckyChallenge(region: path) }
        F.invertAllFast(&elements)
        return elements
    }
}

extension PrimeField {
    /// `invertAll`, specialised.
    @specialized(where Self == BN254ScalarField)
    static func invertAllFast(_ values: inout [Self]) { invertAll(&values) }
}
