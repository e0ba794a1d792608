import FieldArithmetic
import Parallelism

extension EvaluationDomain {
    /// Replaces n coefficients by the values at ω⁰, …, ω^(n−1), both in natural order.
    public func evaluate(_ values: UnsafeMutableBufferPointer<F>, kernel: Kernel = .current) {
        transformNaturally(values, inverse: false, kernel: kernel)
    }

    /// Replaces n values at ω⁰, …, ω^(n−1) by the coefficients, both in natural order.
    public func interpolate(_ values: UnsafeMutableBufferPointer<F>, kernel: Kernel = .current) {
        transformNaturally(values, inverse: true, kernel: kernel)
    }

    /// Replaces the n values of a polynomial at ω^i by those at `cosetShift`·ω^i, both in natural order.
    ///
    /// An inverse and a forward transform with no reordering between them: the coefficients appear in permuted
    /// order and are used so.
    public func moveToCoset(_ values: UnsafeMutableBufferPointer<F>, kernel: Kernel = .current) {
        moveToCoset(many: [values], kernel: kernel)
    }

    /// `moveToCoset` for several polynomials at once.
    public func moveToCoset(many polynomials: [UnsafeMutableBufferPointer<F>], kernel: Kernel = .current) {
        for values in polynomials { precondition(values.count == size, "a polynomial has n values") }
        let plan = plan
        PortableSweeps(plan: plan).moveToCoset(polynomials.map { $0.baseAddress! })
    }

    private func transformNaturally(
        _ values: UnsafeMutableBufferPointer<F>, inverse: Bool, kernel: Kernel
    ) {
        precondition(values.count == size, "a polynomial has n values")
        let scratch = UnsafeMutableBufferPointer<F>.allocate(capacity: size)
        defer { scratch.deallocate() }
        PortableSweeps(plan: plan).transform(
            values.baseAddress!, into: scratch.baseAddress!, inverse: inverse)
        parallelRanges(size, minimum: 1 << 12) { range in
            (values.baseAddress! + range.lowerBound).update(
                from: scratch.baseAddress! + range.lowerBound, count: range.count)
        }
    }
}
