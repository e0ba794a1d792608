import FieldArithmetic

extension EvaluationDomain {
    /// The values of a polynomial at `shift`·ω⁰, …, `shift`·ω^(n−1), by Horner's rule in O(n²): the reference for
    /// the fast transforms.
    public func evaluateDirectly(_ coefficients: [F], shift: F = .one) -> [F] {
        var point = shift
        return (0..<size).map { _ in
            defer { point *= root }
            return coefficients.reversed().reduce(F.zero) { $0 * point + $1 }
        }
    }
}
