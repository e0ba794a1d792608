import FieldArithmetic

/// How a domain's transforms are cut into small ones, and the twiddle factors of those.
///
/// The n = rows·columns values are a matrix in row-major order, and a transform is small ones down its columns, a
/// diagonal scaling by ω^(j·k₁), and small ones along its rows (Gentleman and Sande 1966; Bailey, "FFTs in external
/// or hierarchical memory", 1990). Tables therefore have about √n entries, and every sweep reads and writes memory
/// once, in pieces that fit the cache.
///
/// Index k of a transform's result is k₁ + rows·k₂.
struct TransformPlan<F: PrimeField>: Sendable {
    let rows: Int
    let columns: Int
    let root: F
    let inverseRoot: F
    let inverseSize: F
    let cosetShift: F

    /// ω: natural order to permuted order, down a column and along a row.
    let columnForward: SmallTransform<F>
    let rowForward: SmallTransform<F>
    /// ω⁻¹, without the division by n: natural order to permuted order.
    let columnInverse: SmallTransform<F>
    let rowInverse: SmallTransform<F>
    /// ω on the coset: permuted order to natural order. The row transform contains the factors
    /// shift^(rows·k₂); shift^k₁ is left to the scaling between rows and columns.
    let columnCoset: SmallTransform<F>
    let rowCoset: SmallTransform<F>

    /// Below this size all is done by a single small transform (`columns` is 1).
    static var smallestSplitSize: Int { 1 << 10 }

    init(twos: Int, threes: Int, root: F, cosetShift: F) {
        let odd = [1, 3, 9][threes]
        let size = odd << twos
        // Balanced, the threes being in the columns, and at least eight rows for the vector kernel.
        let rowTwos = size < Self.smallestSplitSize ? 0 : min((twos + 3 * threes / 2) / 2, twos - 3)
        let columnTwos = twos - rowTwos
        rows = odd << columnTwos
        columns = 1 << rowTwos
        self.root = root
        self.cosetShift = cosetShift
        inverseRoot = root.inverse()!
        inverseSize = F(UInt64(size)).inverse()!

        let columnRoot = root.power(UInt64(columns))
        let rowRoot = root.power(UInt64(rows))
        columnForward = SmallTransform(
            twos: columnTwos, threes: threes, root: columnRoot, direction: .splitting)
        rowForward = SmallTransform(twos: rowTwos, threes: 0, root: rowRoot, direction: .splitting)
        columnInverse = SmallTransform(
            twos: columnTwos, threes: threes, root: columnRoot.inverse()!, direction: .splitting)
        rowInverse = SmallTransform(
            twos: rowTwos, threes: 0, root: rowRoot.inverse()!, direction: .splitting)
        columnCoset = SmallTransform(twos: columnTwos, threes: threes, root: columnRoot, direction: .joining)
        rowCoset = SmallTransform(
            twos: rowTwos, threes: 0, root: rowRoot, twist: cosetShift.power(UInt64(rows)),
            direction: .joining)
    }

    var tableByteCount: Int {
        let transforms = [columnForward, rowForward, columnInverse, rowInverse, columnCoset, rowCoset]
        return transforms.reduce(0) { $0 + $1.twiddles.count * MemoryLayout<F>.stride }
    }
}
