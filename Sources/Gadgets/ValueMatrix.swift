import ConstraintSystem
import FieldArithmetic

/// A matrix of values, row by row.
public struct ValueMatrix<F: PrimeField>: Sendable {
    public let rows: Int
    public let columns: Int
    /// Entry (i, j) is value i·columns + j.
    public let values: Values<F>

    /// - Throws: `CircuitError.shapeMismatch` if the values are not rows·columns many.
    public init(rows: Int, columns: Int, values: Values<F>) throws {
        guard rows > 0, columns > 0, values.count == rows * columns else {
            throw CircuitError.shapeMismatch(
                region: "", what: "\(values.count) values do not make a \(rows)×\(columns) matrix")
        }
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    private init(unchecked rows: Int, _ columns: Int, _ values: Values<F>) {
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    public func row(_ index: Int) -> Values<F> { values[index * columns..<(index + 1) * columns] }

    public func column(_ index: Int) -> Values<F> {
        values.gathered((0..<rows).map { $0 * columns + index })
    }

    var allColumns: [Values<F>] { (0..<columns).map { column($0) } }

    public var transposed: ValueMatrix {
        let order = (0..<columns).flatMap { column in (0..<rows).map { $0 * columns + column } }
        return ValueMatrix(unchecked: columns, rows, values.gathered(order))
    }

    /// The matrix of the given columns, all of one length.
    static func fromColumns(_ columns: [Values<F>]) -> ValueMatrix {
        ValueMatrix(unchecked: columns.count, columns[0].count, .concatenated(columns)).transposed
    }

    /// The same matrix of other values, as many.
    func with(_ values: Values<F>) -> ValueMatrix { ValueMatrix(unchecked: rows, columns, values) }
}
