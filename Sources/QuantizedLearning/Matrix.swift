/// A matrix stored row by row.
public struct Matrix<Element: Sendable>: Sendable {
    public let rows: Int
    public let columns: Int
    /// Entry (i, j) stands at i·columns + j.
    public var elements: [Element]

    /// A matrix of the given entries, row by row; `elements` must hold exactly rows·columns of them.
    @inlinable
    public init(rows: Int, columns: Int, elements: [Element]) {
        precondition(elements.count == rows * columns, "a \(rows)×\(columns) matrix has as many entries")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    @inlinable
    public init(rows: Int, columns: Int, repeating element: Element) {
        self.init(rows: rows, columns: columns, elements: Array(repeating: element, count: rows * columns))
    }

    @inlinable
    public subscript(row: Int, column: Int) -> Element {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// One row.
    @inlinable
    public func row(_ index: Int) -> ArraySlice<Element> {
        elements[index * columns..<(index + 1) * columns]
    }

    @inlinable
    public func map<T: Sendable>(_ transform: (Element) throws -> T) rethrows -> Matrix<T> {
        Matrix<T>(rows: rows, columns: columns, elements: try elements.map(transform))
    }

    @inlinable
    public var transposed: Matrix {
        var result = [Element]()
        result.reserveCapacity(elements.count)
        for column in 0..<columns {
            for row in 0..<rows { result.append(elements[row * columns + column]) }
        }
        return Matrix(rows: columns, columns: rows, elements: result)
    }

    /// The first rows.
    func prefix(rows count: Int) -> Matrix {
        Matrix(rows: count, columns: columns, elements: Array(elements.prefix(count * columns)))
    }
}

extension Matrix: Equatable where Element: Equatable {}

extension Matrix where Element == Int64 {
    /// The exact product, by its definition; overflow traps, which the specification's bounds exclude.
    func times(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        var result = Matrix(rows: rows, columns: other.columns, repeating: 0)
        elements.withUnsafeBufferPointer { left in
            other.elements.withUnsafeBufferPointer { right in
                result.elements.withUnsafeMutableBufferPointer { out in
                    for i in 0..<rows {
                        for k in 0..<columns {
                            let factor = left[i * columns + k]
                            if factor == 0 { continue }
                            for j in 0..<other.columns {
                                out[i * other.columns + j] += factor * right[k * other.columns + j]
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
