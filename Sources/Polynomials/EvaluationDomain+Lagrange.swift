import FieldArithmetic
import Parallelism

extension EvaluationDomain {
    /// The values L_0(x), …, L_(n−1)(x) of the Lagrange polynomials of the domain, L_i(ω^j) = [i = j].
    ///
    /// L_i(x) = ω^i·(xⁿ − 1) / (n·(x − ω^i)), with batched inversions, in parallel. A point of the domain is no
    /// exception.
    public func lagrangeCoefficients(at point: F) -> [F] {
        lagrangeCoefficients(shift: .one, at: point)
    }

    /// The values at a point of the Lagrange polynomials of the coset `cosetShift`·ω^i.
    public func lagrangeCoefficients(onCosetAt point: F) -> [F] {
        lagrangeCoefficients(shift: cosetShift, at: point)
    }

    /// With shiftⁿ = s the polynomials of the coset are those of the domain at point/shift:
    /// L_i(x) = shift·ω^i·(xⁿ − s) / (n·s·(x − shift·ω^i)).
    private func lagrangeCoefficients(shift: F, at point: F) -> [F] {
        let size = size
        let shiftPower = shift.power(UInt64(size))
        let vanishing = point.power(UInt64(size)) - shiftPower
        let scale = vanishing * (shiftPower * F(UInt64(size))).inverse()!
        return [F](unsafeUninitializedCapacity: size) { buffer, initialized in
            let values = UnsafeMutableBufferPointer(rebasing: buffer[0..<size])
            parallelRanges(size, minimum: 1 << 8) { range in
                Self.fillLagrange(
                    UnsafeMutableBufferPointer(rebasing: values[range]),
                    first: shift * root.power(UInt64(range.lowerBound)), root: root, point: point,
                    scale: scale)
            }
            initialized = size
        }
    }

    /// values[i] ← scale·x_i/(point − x_i) for x_i = first·root^i, or 1 where x_i = point.
    @_specialize(where F == BN254ScalarField)
    private static func fillLagrange(
        _ values: UnsafeMutableBufferPointer<F>, first: F, root: F, point: F, scale: F
    ) {
        var node = first
        for index in values.indices {
            values.initializeElement(at: index, to: point - node)
            node *= root
        }
        F.invertAll(values)
        node = first
        for index in values.indices {
            values[index] = node == point ? .one : values[index] * node * scale
            node *= root
        }
    }
}
