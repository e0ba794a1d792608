import FieldArithmetic
import Parallelism

extension EvaluationDomain {
    /// Replaces n coefficients by the values at ω⁰, …, ω^(n−1), both in natural order.
    ///
    /// - Parameter scratch: room for n elements, initialised or not; allocated if `nil`, which for large n takes
    ///   as long as the transform.
    public func evaluate(
        _ values: UnsafeMutableBufferPointer<F>, scratch: UnsafeMutableBufferPointer<F>? = nil,
        kernel: Kernel = .current
    ) {
        transformNaturally(values, scratch: scratch, inverse: false, kernel: kernel)
    }

    /// Replaces n values at ω⁰, …, ω^(n−1) by the coefficients, both in natural order.
    ///
    /// - Parameter scratch: as for `evaluate`.
    public func interpolate(
        _ values: UnsafeMutableBufferPointer<F>, scratch: UnsafeMutableBufferPointer<F>? = nil,
        kernel: Kernel = .current
    ) {
        transformNaturally(values, scratch: scratch, inverse: true, kernel: kernel)
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
        let starts = polynomials.map { $0.baseAddress! }
        #if arch(x86_64)
            if let vectorSweeps, kernel == .vector {
                return vectorSweeps.moveToCoset(starts.map(Self.asScalars))
            }
        #endif
        PortableSweeps(plan: plan).moveToCoset(starts)
    }

    private func transformNaturally(
        _ values: UnsafeMutableBufferPointer<F>, scratch: UnsafeMutableBufferPointer<F>?, inverse: Bool,
        kernel: Kernel
    ) {
        guard let scratch else {
            let allocated = UnsafeMutableBufferPointer<F>.allocate(capacity: size)
            defer { allocated.deallocate() }
            return transformNaturally(values, scratch: allocated, inverse: inverse, kernel: kernel)
        }
        precondition(values.count == size && scratch.count >= size, "a polynomial has n values")
        let start = values.baseAddress!
        let scratchStart = scratch.baseAddress!
        #if arch(x86_64)
            if let vectorSweeps, kernel == .vector {
                return vectorSweeps.transform(
                    Self.asScalars(start), scratch: Self.asScalars(scratchStart), inverse: inverse)
            }
        #endif
        PortableSweeps(plan: plan).transform(start, scratch: scratchStart, inverse: inverse)
    }

    #if arch(x86_64)
        /// F is the scalar field of BN254 wherever there are vector sweeps.
        private static func asScalars(_ values: UnsafeMutablePointer<F>) -> UnsafeMutablePointer<
            BN254ScalarField
        > {
            UnsafeMutableRawPointer(values).assumingMemoryBound(to: BN254ScalarField.self)
        }
    #endif
}
