import FieldArithmetic
import Parallelism

/// The sweeps over the matrix of values, in Swift.
struct PortableSweeps<F: PrimeField> {
    typealias Values = UnsafeMutablePointer<F>

    let plan: TransformPlan<F>

    /// Columns that are handled together: the 8·32 bytes of a row that they share are whole cache lines.
    private var group: Int { min(8, plan.columns) }

    /// Values on the domain to values on the coset, in place.
    func moveToCoset(_ polynomials: [Values]) {
        sweepColumns(polynomials, into: polynomials, plan.columnInverse)
        sweepRows(polynomials)
        sweepColumns(polynomials, into: polynomials, plan.columnCoset)
    }

    /// A transform from natural to natural order, in place, with `scratch` for the values between the sweeps.
    func transform(_ values: Values, scratch: Values, inverse: Bool) {
        sweepColumns([values], into: [scratch], inverse ? plan.columnInverse : plan.columnForward)
        sweepRows(scratch, into: values, inverse: inverse)
    }

    /// Transforms all columns.
    private func sweepColumns(_ sources: [Values], into results: [Values], _ transform: SmallTransform<F>) {
        let groups = plan.columns / group
        parallelRanges(groups * sources.count) { range in
            withUnsafeTemporaryAllocation(of: F.self, capacity: plan.rows * group) { buffer in
                for index in range {
                    let column = index % groups * group
                    Self.transformColumns(
                        sources[index / groups] + column, into: results[index / groups] + column,
                        count: group,
                        stride: plan.columns, transform, buffer.baseAddress!)
                }
            }
        }
    }

    @_specialize(where F == BN254ScalarField)
    private static func transformColumns(
        _ source: Values, into result: Values, count: Int, stride: Int, _ transform: SmallTransform<F>,
        _ buffer: Values
    ) {
        let rows = transform.size
        for row in 0..<rows {
            for column in 0..<count {
                (buffer + column * rows + row).initialize(to: source[row * stride + column])
            }
        }
        for column in 0..<count { transform.run(buffer + column * rows) }
        for row in 0..<rows {
            for column in 0..<count {
                (result + row * stride + column).initialize(to: buffer[column * rows + row])
            }
        }
    }

    /// The middle of `moveToCoset`: each row holds, for one k₁, the sums over a column; it goes to coefficients and
    /// back to values.
    private func sweepRows(_ polynomials: [Values]) {
        parallelRanges(plan.rows * polynomials.count) { range in
            for index in range {
                let position = index % plan.rows
                let row = UnsafeMutableBufferPointer(
                    start: polynomials[index / plan.rows] + position * plan.columns, count: plan.columns)
                let k1 = UInt64(plan.columnInverse.index(atPosition: position))
                SmallTransform.scaleByPowers(row, first: plan.inverseSize, ratio: plan.inverseRoot.power(k1))
                plan.rowInverse.run(row.baseAddress!)
                plan.rowCoset.run(row.baseAddress!)
                SmallTransform.scaleByPowers(
                    row, first: plan.cosetShift.power(k1), ratio: plan.root.power(k1))
            }
        }
    }

    /// The rows of a natural-order transform, transposed into `result`: groups of rows with consecutive k₁ are
    /// written side by side.
    private func sweepRows(_ values: Values, into result: Values, inverse: Bool) {
        let transform = inverse ? plan.rowInverse : plan.rowForward
        let root = inverse ? plan.inverseRoot : plan.root
        let first = inverse ? plan.inverseSize : .one
        let positions = plan.positionsOfRows
        let places = (0..<plan.columns).map(transform.index(atPosition:))
        let group = plan.rows % 8 == 0 ? 8 : 1
        parallelRanges(plan.rows / group) { range in
            for k1 in range.lazy.map({ $0 * group }) {
                for member in k1..<(k1 + group) {
                    let row = UnsafeMutableBufferPointer(
                        start: values + positions[member] * plan.columns, count: plan.columns)
                    SmallTransform.scaleByPowers(row, first: first, ratio: root.power(UInt64(member)))
                    transform.run(row.baseAddress!)
                }
                for (position, place) in places.enumerated() {
                    for member in k1..<(k1 + group) {
                        (result + member + plan.rows * place).initialize(
                            to: values[positions[member] * plan.columns + position])
                    }
                }
            }
        }
    }
}

extension TransformPlan {
    /// For each k₁ the row in which a column transform leaves it.
    var positionsOfRows: [Int] {
        var positions = [Int](repeating: 0, count: rows)
        for position in 0..<rows { positions[columnInverse.index(atPosition: position)] = position }
        return positions
    }
}
