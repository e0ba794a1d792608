import FieldArithmetic

/// A matrix in compressed sparse rows whose entries are numbers of a shared coefficient table.
///
/// Row i holds the entries `rowOffsets[i] ..< rowOffsets[i + 1]` of `columns` and `coefficients`. Within a row no
/// column occurs twice and no coefficient is zero, if the builder made it; a file may hold anything else.
public struct SparseMatrix: Sendable, Equatable {
    /// Row count + 1 offsets, starting with 0.
    public var rowOffsets: [UInt32]
    /// The wire number of each entry.
    public var columns: [UInt32]
    /// The index into `R1CS.coefficients` of each entry.
    public var coefficients: [UInt32]

    /// The matrix without rows.
    public init() {
        rowOffsets = [0]
        columns = []
        coefficients = []
    }

    public init(rowOffsets: [UInt32], columns: [UInt32], coefficients: [UInt32]) {
        self.rowOffsets = rowOffsets
        self.columns = columns
        self.coefficients = coefficients
    }

    @inlinable public var rowCount: Int { rowOffsets.count - 1 }
    @inlinable public var nonZeroCount: Int { columns.count }

    /// The entries of one row, as a range of `columns` and `coefficients`.
    @inlinable
    public func entries(ofRow row: Int) -> Range<Int> {
        Int(rowOffsets[row])..<Int(rowOffsets[row + 1])
    }
}
