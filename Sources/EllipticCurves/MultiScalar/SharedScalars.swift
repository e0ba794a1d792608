import FieldArithmetic

/// Σ [scalarᵢ]Pᵢ for each of several lists of points, of one or two groups, with the same scalars: their digits are made
/// and sorted once. Every list has as many points as there are scalars. Time depends on the scalars.
public func multiScalarMultiply<First: ShortWeierstrassCurve, Second: ShortWeierstrassCurve>(
    _ scalars: UnsafeBufferPointer<First.ScalarField>, _ first: [UnsafeBufferPointer<AffinePoint<First>>],
    _ second: [UnsafeBufferPointer<AffinePoint<Second>>]
) -> (first: [JacobianPoint<First>], second: [JacobianPoint<Second>])
where First.ScalarField == Second.ScalarField {
    precondition(
        first.allSatisfy { $0.count == scalars.count } && second.allSatisfy { $0.count == scalars.count })
    #if arch(x86_64)
        if Kernel.current == .vector, First.ScalarField.self == BN254ScalarField.self, !scalars.isEmpty,
            scalars.count < 1 << 31
        {
            let points = first.compactMap { VectorPoints($0) } + second.compactMap { VectorPoints($0) }
            if points.count == first.count + second.count, let sums = vectorSums(scalars, points) {
                return (
                    sums[..<first.count].map { JacobianPoint(words: $0) },
                    sums[first.count...].map { JacobianPoint(words: $0) }
                )
            }
        }
    #endif
    return (first.map { multiScalarMultiply(scalars, $0) }, second.map { multiScalarMultiply(scalars, $0) })
}
