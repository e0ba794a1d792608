import CFieldKernels
import ConstraintSystem
import EllipticCurves
import FieldArithmetic
import Parallelism
import Polynomials

/// The rank-1 constraint system seen as polynomials: u_i, v_i, w_i interpolate the columns of A, B, C over the domain.
///
/// Row constraintCount + i is x_i·0 = 0 for every public wire i: without these rows a public wire that stands in no
/// constraint would be bound by nothing, IC_i being the identity.
package enum QuadraticProgram {
    /// u_i(τ), v_i(τ), w_i(τ) for all wires, from the Lagrange coefficients at τ.
    static func evaluate<Scalar: PrimeField>(
        _ r1cs: R1CS<Scalar>, lagrange: [Scalar]
    ) -> (u: [Scalar], v: [Scalar], w: [Scalar]) {
        var sums = parallelMap(3) { index in
            columnSums(
                [r1cs.a, r1cs.b, r1cs.c][index], lagrange: lagrange, coefficients: r1cs.coefficients,
                wireCount: r1cs.wireCount)
        }
        for wire in 0..<r1cs.publicCount { sums[0][wire] += lagrange[r1cs.constraintCount + wire] }
        return (sums[0], sums[1], sums[2])
    }

    /// Σ_row matrix[row][wire]·lagrange[row] for every wire.
    @specialized(where Scalar == BN254ScalarField)
    private static func columnSums<Scalar: PrimeField>(
        _ matrix: SparseMatrix, lagrange: [Scalar], coefficients: [Scalar], wireCount: Int
    ) -> [Scalar] {
        var sums = [Scalar](repeating: .zero, count: wireCount)
        for row in 0..<matrix.rowCount {
            let value = lagrange[row]
            for entry in matrix.entries(ofRow: row) {
                sums[Int(matrix.columns[entry])] += coefficients[Int(matrix.coefficients[entry])] * value
            }
        }
        return sums
    }

    /// The products A·w or B·w for all rows, in parallel; `output` has at least as many entries as the matrix rows, and
    /// every column and coefficient exists.
    package static func product<Scalar: PrimeField>(
        _ matrix: SparseMatrixView, _ assignment: UnsafeBufferPointer<Scalar>,
        coefficients: UnsafeBufferPointer<Scalar>, into output: UnsafeMutableBufferPointer<Scalar>,
        kernel: Kernel = .current
    ) {
        let one = coefficients.firstIndex(of: .one) ?? coefficients.count
        parallelRanges(matrix.rowOffsets.count - 1, minimum: 4096) { rows in
            #if arch(x86_64)
                if kernel == .vector, Scalar.self == BN254ScalarField.self {
                    func words(_ pointer: UnsafeRawPointer?) -> UnsafePointer<UInt64>? {
                        pointer?.assumingMemoryBound(to: UInt64.self)
                    }
                    let target = UnsafeMutableRawPointer(output.baseAddress! + rows.lowerBound)
                    return zk_fr_sparse_product(
                        target.assumingMemoryBound(to: UInt64.self),
                        matrix.rowOffsets.baseAddress! + rows.lowerBound, rows.count,
                        matrix.columns.baseAddress,
                        matrix.coefficients.baseAddress, words(assignment.baseAddress),
                        words(coefficients.baseAddress), UInt32(clamping: one))
                }
            #endif
            product(matrix, rows: rows, assignment, coefficients: coefficients, into: output)
        }
    }

    @specialized(where Scalar == BN254ScalarField)
    private static func product<Scalar: PrimeField>(
        _ matrix: SparseMatrixView, rows: Range<Int>, _ assignment: UnsafeBufferPointer<Scalar>,
        coefficients: UnsafeBufferPointer<Scalar>, into output: UnsafeMutableBufferPointer<Scalar>
    ) {
        let one = Scalar.one
        for row in rows {
            var sum = Scalar.zero
            for entry in Int(matrix.rowOffsets[row])..<Int(matrix.rowOffsets[row + 1]) {
                let value = assignment[Int(matrix.columns[entry])]
                let coefficient = coefficients[Int(matrix.coefficients[entry])]
                sum += coefficient == one ? value : coefficient * value
            }
            output[row] = sum
        }
    }
}

extension R1CS {
    /// SHA-256 over all numbers and entries of the system and over its specification.
    package func digest(specification: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        func update<Element: BitwiseCopyable>(_ elements: [Element]) {
            withUnsafeBytes(of: UInt64(elements.count).littleEndian) { hash.update($0) }
            elements.withUnsafeBytes { hash.update($0) }
        }
        update(Array("ZKPOT-V1-CIRCUIT".utf8))
        update([publicCount, challengeCount, privateCount].map { UInt64($0).littleEndian })
        for segment in segments {
            update(Array(segment.name.utf8))
            update([UInt64(segment.count), segment.isLinked ? 1 : 0].map { $0.littleEndian })
        }
        for matrix in [a, b, c] {
            update(matrix.rowOffsets)
            update(matrix.columns)
            update(matrix.coefficients)
        }
        for coefficient in coefficients { update(coefficient.bigEndianBytes) }
        update(specification)
        return hash.finalize()
    }
}
