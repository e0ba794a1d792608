extension Field {
    /// Inverts every element in place; zeros stay zero. With the vector kernel, the time of the one inversion depends
    /// on the product of all.
    ///
    /// One inversion and 3(n − 1) multiplications (Montgomery's trick; Cohen et al., "Handbook of Elliptic and
    /// Hyperelliptic Curve Cryptography", algorithm 11.15).
    @inlinable
    public static func invertAll(
        _ values: UnsafeMutableBufferPointer<Self>, kernel: Kernel = .current
    ) {
        let count = values.count
        guard count > 0 else { return }
        if kernel == .vector, count >= VectorInversion.leastCount, VectorInversion.invertAllVartime(values) {
            return
        }
        invertAll(values) { $0.inverse() }
    }

    /// Inverts every element in place by one call of `invert`; zeros stay zero.
    @inlinable
    public static func invertAll(
        _ values: UnsafeMutableBufferPointer<Self>, with invert: (Self) -> Self?
    ) {
        let count = values.count
        guard count > 0 else { return }
        withUnsafeTemporaryAllocation(of: Self.self, capacity: count) { products in
            var product = Self.one
            for index in 0..<count {
                products.initializeElement(at: index, to: product)
                if !values[index].isZero { product *= values[index] }
            }
            // A product of non-zero elements is not zero.
            var inverse = invert(product)!
            for index in stride(from: count - 1, through: 0, by: -1) where !values[index].isZero {
                let next = inverse * values[index]
                values[index] = inverse * products[index]
                inverse = next
            }
        }
    }

    /// Inverts every element in place; zeros stay zero.
    @inlinable
    public static func invertAll(_ values: inout [Self], kernel: Kernel = .current) {
        values.withUnsafeMutableBufferPointer { invertAll($0, kernel: kernel) }
    }
}
