import FieldArithmetic

/// A prover's attempt to cheat, for tests: values replaced, or wires that must be committed moved to the private part.
///
/// Everything computed afterwards is computed honestly from the forged values, and ranges are not enforced while the
/// witness is made: what the constraints do about it is the test. Wires are named `region/name`, as in reports.
package struct CircuitForgery<F: PrimeField> {
    package var replacements: [String: (Numbers<F>) -> Numbers<F>]
    package var movedToPrivate: String?

    package init(replacements: [String: (Numbers<F>) -> Numbers<F>] = [:], movedToPrivate: String? = nil) {
        self.replacements = replacements
        self.movedToPrivate = movedToPrivate
    }
}

extension CircuitBuilder {
    /// The values as machine integers. In a forged witness, 0 stands for what does not fit.
    package func hintIntegers(_ values: Values<F>) throws -> [Int] {
        if forgery == nil { return try values.integers() }
        return try values.numbers().elements.map { Int($0.smallSignedVartime ?? 0) }
    }
}
