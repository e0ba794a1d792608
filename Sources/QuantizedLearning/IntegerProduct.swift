/// An integer type of matrix entries, narrow ones for speed.
protocol ProductOperand: FixedWidthInteger, SignedInteger, Sendable {}

extension Int16: ProductOperand {}
extension Int32: ProductOperand {}

/// The one hot loop of integer training: all inner products of rows.
enum IntegerProduct {
    /// out[i·n + j] = Σ_t a[i·k + t]·b[j·k + t] for i < m, j < n: the product of a with the transpose of b.
    ///
    /// Sums are formed in 32 bits, of as many terms as the largest entries allow, which the compiler turns into
    /// multiply-and-add of vectors of 16-bit entries. The exact sums must fit 64 bits.
    static func rowsTimesRows<T: ProductOperand>(
        _ a: UnsafePointer<T>, m: Int, _ b: UnsafePointer<T>, n: Int, k: Int,
        into out: UnsafeMutablePointer<Int64>
    ) {
        let largest = largestMagnitude(a, count: m * k).multipliedReportingOverflow(
            by: largestMagnitude(b, count: n * k))
        let terms = largest.overflow ? 0 : Int(Int64(Int32.max) / max(largest.partialValue, 1))
        if terms >= k {
            sums(a, m: m, b, n: n, k: k, as: Int32.self, into: out)
        } else if terms >= 64 {
            blockSums(a, m: m, b, n: n, k: k, block: terms & ~15, into: out)
        } else {
            sums(a, m: m, b, n: n, k: k, as: Int64.self, into: out)
        }
    }

    private static func largestMagnitude<T: ProductOperand>(_ a: UnsafePointer<T>, count: Int) -> Int64 {
        var (least, greatest): (T, T) = (0, 0)
        for index in 0..<count {
            least = min(least, a[index])
            greatest = max(greatest, a[index])
        }
        return max(Int64(greatest), -Int64(least))
    }

    @inline(__always)
    private static func sums<T: ProductOperand, Sum: FixedWidthInteger & SignedInteger>(
        _ a: UnsafePointer<T>, m: Int, _ b: UnsafePointer<T>, n: Int, k: Int, as: Sum.Type,
        into out: UnsafeMutablePointer<Int64>
    ) {
        for i in 0..<m {
            for j in 0..<n { out[i * n + j] = Int64(sum(a + i * k, b + j * k, count: k, as: Sum.self)) }
        }
    }

    /// Sums of `block` terms in 32 bits, their sums in 64.
    @inline(__always)
    private static func blockSums<T: ProductOperand>(
        _ a: UnsafePointer<T>, m: Int, _ b: UnsafePointer<T>, n: Int, k: Int, block: Int,
        into out: UnsafeMutablePointer<Int64>
    ) {
        for i in 0..<m {
            for j in 0..<n {
                var total: Int64 = 0
                for start in stride(from: 0, to: k, by: block) {
                    total &+= Int64(
                        sum(
                            a + i * k + start, b + j * k + start, count: min(block, k - start),
                            as: Int32.self))
                }
                out[i * n + j] = total
            }
        }
    }

    // Wrapping operators, as the bound excludes overflow and traps would keep the loop from being vectorised.
    @inline(__always)
    private static func sum<T: ProductOperand, Sum: FixedWidthInteger & SignedInteger>(
        _ left: UnsafePointer<T>, _ right: UnsafePointer<T>, count: Int, as: Sum.Type
    ) -> Sum {
        var sum: Sum = 0
        for t in 0..<count { sum &+= Sum(truncatingIfNeeded: left[t]) &* Sum(truncatingIfNeeded: right[t]) }
        return sum
    }

    /// out = the transpose of the rows × columns matrix a.
    @inline(__always)
    static func transpose<T>(
        _ a: UnsafePointer<T>, rows: Int, columns: Int, into out: UnsafeMutablePointer<T>
    ) {
        for row in 0..<rows {
            for column in 0..<columns { out[column * rows + row] = a[row * columns + column] }
        }
    }
}

/// Memory of fixed size for plain integers, freed with its owner.
final class Scratch<T: ProductOperand> {
    let base: UnsafeMutablePointer<T>
    let count: Int

    init(_ count: Int) {
        self.count = count
        base = .allocate(capacity: count)
        base.initialize(repeating: 0, count: count)
    }

    convenience init(_ elements: some Collection<T>) {
        self.init(elements.count)
        for (index, element) in elements.enumerated() { base[index] = element }
    }

    deinit { base.deallocate() }

    var elements: [T] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

extension Int64: ProductOperand {}
