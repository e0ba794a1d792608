import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport

typealias Fr = BN254ScalarField
typealias Builder = CircuitBuilder<Fr>
typealias Harness = CircuitHarness<Fr>

extension CircuitBuilder {
    /// Committed wires with these values, of which the circuit knows nothing or an interval.
    func input(_ name: String, _ values: [Int], interval: Interval? = nil) throws -> Values<F> {
        try wires(try advice, name, count: values.count, interval: interval, integers: values)
    }

    func matrix(_ name: String, _ rows: Int, _ values: [Int], _ interval: Interval? = nil) throws
        -> ValueMatrix<F>
    {
        try ValueMatrix(
            rows: rows, columns: values.count / rows, values: try input(name, values, interval: interval))
    }
}

/// A change of one value, for `CircuitHarness.accepts`.
func adding(_ difference: Int, at index: Int = 0) -> ([Int]) -> [Int] {
    { values in
        var result = values
        result[index] += difference
        return result
    }
}

extension CircuitError {
    var isNotFixed: Bool { if case .notFixedBeforeChallenges = self { true } else { false } }
    var isWrap: Bool { if case .mayWrapAround = self { true } else { false } }
    var isNoWitness: Bool { if case .noWitness = self { true } else { false } }
    var isUnsuitable: Bool { if case .unsuitableInterval = self { true } else { false } }
}
