import FieldArithmetic
import Groth16
import TestSupport
import Testing

/// Sparse matrix times vector on every kernel against sums written out.
@Suite struct SparseProductTests {
    typealias Scalar = BN254ScalarField

    /// Rows of the given lengths; of the coefficients, every second is 1.
    private func check(rowLengths: [Int], hasOne: Bool = true) {
        var generator = SeededGenerator(seed: UInt64(rowLengths.count))
        let values = (0..<97).map { _ in Scalar.skewed(using: &generator) }
        let coefficients: [Scalar] = [
            -.one, hasOne ? .one : Scalar(3), .zero, Scalar(1 << 31), .random(using: &generator),
        ]
        let offsets = rowLengths.reduce(into: [UInt32(0)]) { $0.append($0[$0.count - 1] + UInt32($1)) }
        let count = Int(offsets[offsets.count - 1])
        let columns = (0..<count).map { _ in UInt32(generator.next() % UInt64(values.count)) }
        let chosen = (0..<count).map { _ in
            generator.next() % 2 == 0 ? 1 : UInt32(generator.next() % UInt64(coefficients.count))
        }
        let expected = rowLengths.indices.map { row in
            (Int(offsets[row])..<Int(offsets[row + 1])).reduce(Scalar.zero) {
                $0 + coefficients[Int(chosen[$1])] * values[Int(columns[$1])]
            }
        }
        for kernel in Kernel.allCases where kernel.isSupported {
            var output = [Scalar](repeating: Scalar(5), count: rowLengths.count + 1)
            offsets.withUnsafeBufferPointer { offsets in
                columns.withUnsafeBufferPointer { columns in
                    chosen.withUnsafeBufferPointer { chosen in
                        let matrix = SparseMatrixView(
                            rowOffsets: offsets, columns: columns, coefficients: chosen)
                        values.withUnsafeBufferPointer { values in
                            coefficients.withUnsafeBufferPointer { coefficients in
                                output.withUnsafeMutableBufferPointer {
                                    QuadraticProgram.product(
                                        matrix, values, coefficients: coefficients, into: $0, kernel: kernel)
                                }
                            }
                        }
                    }
                }
            }
            #expect(output == expected + [Scalar(5)], "\(kernel)")
        }
    }

    @Test func rowsOfAllLengths() {
        check(rowLengths: [1])
        check(rowLengths: [0, 0, 3, 0, 8, 1, 1, 7, 0])
        check(rowLengths: [0])
        check(rowLengths: [255, 1, 0, 256, 257, 2, 600, 0, 0, 5, 0], hasOne: false)
    }

    /// Rows for several threads.
    @Test func manyRows() {
        var generator = SeededGenerator(seed: 11)
        check(rowLengths: (0..<20_000).map { _ in Int(generator.next() % 4) })
    }
}
