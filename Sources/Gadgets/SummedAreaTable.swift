import ConstraintSystem
import FieldArithmetic

/// Sums over any rectangles of weighted images, each as a combination of four wires.
///
/// Wire (plane, i, j) is the sum of the plane's weighted values at (i, j), (i − step, j), (i, j − step), … to the upper and
/// left edge: a table for each residue of row and column by the steps. The sum over a rectangle is then a difference of
/// four entries (Crow, "Summed-area tables for texture mapping", SIGGRAPH 1984), and the table costs no more than
/// the weighting itself: one constraint and one private wire for each value,
///
///     value·weight = Q[i, j] − Q[i − step, j] − Q[i, j − step] + Q[i − step, j − step].
struct SummedAreaTable<F: PrimeField> {
    typealias Extent = ConvolutionShape.Extent

    private let size: Extent
    private let step: Extent
    /// All entries, and a zero as the last value.
    private let entries: Values<F>

    /// - Parameters:
    ///   - images: planes × rows × columns.
    ///   - weights: rows × columns, the same for every plane.
    init(
        of images: Values<F>, size: Extent, step: Extent, weights: Values<F>, _ builder: CircuitBuilder<F>
    ) throws {
        self.size = size
        self.step = step
        let repeated = weights.gathered((0..<images.count).map { $0 % size.area })
        let table = try builder.wires(.private, "summed area", count: images.count) {
            var sums = Numbers<F>.product(try images.numbers(), try repeated.numbers()).elements
            F.sumAreas(&sums, size, step)
            return .elements(sums)
        }
        entries = .concatenated([table, builder.constants([0])])
        try builder.constrain(images, times: repeated, equals: cells(count: images.count))
    }

    /// Every weighted value.
    private func cells(count: Int) -> Values<F> {
        sums(
            (0..<count).map { index in
                let (row, column) = (index / size.width % size.height, index % size.width)
                return (index / size.area, Lattice(rows: row...row, columns: column...column))
            })
    }

    /// The sum over each lattice of a plane's weighted values; 0 where there is none.
    ///
    /// The first and the last row of a lattice have the same residue by the table's step, and so have the columns.
    func sums(_ rectangles: [(plane: Int, lattice: Lattice?)]) -> Values<F> {
        var corners: [[Int]] = [[], [], [], []]
        for (plane, lattice) in rectangles {
            guard let lattice else {
                for corner in corners.indices { corners[corner].append(entries.count - 1) }
                continue
            }
            let (top, bottom) = (lattice.rows.lowerBound - step.height, lattice.rows.upperBound)
            let (left, right) = (lattice.columns.lowerBound - step.width, lattice.columns.upperBound)
            corners[0].append(index(plane, bottom, right))
            corners[1].append(index(plane, top, right))
            corners[2].append(index(plane, bottom, left))
            corners[3].append(index(plane, top, left))
        }
        return entries.gathered(corners[0]) - entries.gathered(corners[1]) - entries.gathered(corners[2])
            + entries.gathered(corners[3])
    }

    private func index(_ plane: Int, _ row: Int, _ column: Int) -> Int {
        row < 0 || column < 0 ? entries.count - 1 : (plane * size.height + row) * size.width + column
    }
}

extension PrimeField {
    /// Replaces every value by the sum over itself and all above and to the left of it, in steps.
    @specialized(where Self == BN254ScalarField)
    fileprivate static func sumAreas(
        _ values: inout [Self], _ size: ConvolutionShape.Extent, _ step: ConvolutionShape.Extent
    ) {
        let width = size.width
        for row in stride(from: 0, to: values.count, by: width) {
            for index in stride(from: row + step.width, to: row + width, by: 1) {
                values[index] += values[index - step.width]
            }
        }
        for plane in stride(from: 0, to: values.count, by: size.area) {
            for index in stride(from: plane + step.height * width, to: plane + size.area, by: 1) {
                values[index] += values[index - step.height * width]
            }
        }
    }
}
