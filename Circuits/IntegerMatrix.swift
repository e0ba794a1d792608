/// Products of matrices of machine integers, row by row.
enum IntegerMatrix {
    /// x·w, plus a row added to every row of it.
    ///
    /// - Parameter inner: columns of x and rows of w.
    static func product(_ x: [Int], _ w: [Int], inner: Int, bias: [Int]?) throws -> [Int] {
        let rows = x.count / inner
        let columns = w.count / inner
        var result = [Int](repeating: 0, count: rows * columns)
        // Wrapping operators: the circuit's intervals exclude an overflow, and a forged witness must not trap.
        result.withUnsafeMutableBufferPointer { result in
            w.withUnsafeBufferPointer { w in
                for row in 0..<rows {
                    let target = result[row * columns..<(row + 1) * columns]
                    var sums = UnsafeMutableBufferPointer(rebasing: target)
                    if let bias { for column in 0..<columns { sums[column] = bias[column] } }
                    for index in 0..<inner {
                        let factor = x[row * inner + index]
                        if factor == 0 { continue }
                        addMultiple(
                            factor, UnsafeBufferPointer(rebasing: w[index * columns..<(index + 1) * columns]),
                            &sums)
                    }
                }
            }
        }
        return result
    }

    @inline(__always)
    private static func addMultiple(
        _ factor: Int, _ row: UnsafeBufferPointer<Int>, _ sums: inout UnsafeMutableBufferPointer<Int>
    ) {
        for column in 0..<row.count { sums[column] = sums[column] &+ factor &* row[column] }
    }
}
