/// An integer type of matrix entries, narrow ones for speed.
protocol ProductOperand: FixedWidthInteger, SignedInteger, Sendable {}

extension Int16: ProductOperand {}
extension Int32: ProductOperand {}

/// The one hot loop of integer training: all inner products of rows.
enum IntegerProduct {
    /// out[i·n + j] = Σ_t a[i·k + t]·b[j·k + t] for i < m, j < n: the product of a with the transpose of b.
    ///
    /// Sums are formed in 32 bits where the caller's bound on their absolute values allows, which the compiler turns into
    /// multiply-and-add of vectors of 16-bit entries; else in 64 bits. The bound must hold for all partial sums too.
    static func rowsTimesRows<T: ProductOperand>(
        _ a: UnsafePointer<T>, m: Int, _ b: UnsafePointer<T>, n: Int, k: Int, bound: Int64,
        into out: UnsafeMutablePointer<Int64>
    ) {
        if bound <= Int64(Int32.max) {
            sums(a, m: m, b, n: n, k: k, as: Int32.self, into: out)
        } else {
            sums(a, m: m, b, n: n, k: k, as: Int64.self, into: out)
        }
    }

    @inline(__always)
    private static func sums<T: ProductOperand, Sum: FixedWidthInteger & SignedInteger>(
        _ a: UnsafePointer<T>, m: Int, _ b: UnsafePointer<T>, n: Int, k: Int, as: Sum.Type,
        into out: UnsafeMutablePointer<Int64>
    ) {
        // Wrapping operators, as the bound excludes overflow and traps would keep the loop from being vectorised.
        for i in 0..<m {
            let left = a + i * k
            for j in 0..<n {
                let right = b + j * k
                var sum: Sum = 0
                for t in 0..<k {
                    sum &+= Sum(truncatingIfNeeded: left[t]) &* Sum(truncatingIfNeeded: right[t])
                }
                out[i * n + j] = Int64(sum)
            }
        }
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
