import ConstraintSystem
import FieldArithmetic

/// A function of integers, given by its values: exponentials, for one.
///
/// **Constrains** (x, f(x)) to be a row of the table by a `LookupTable` of two columns, which is the cost: for n
/// arguments and T keys 2n + T + 1 constraints; n + T committed and 2n + T private wires.
public struct FunctionTable<F: PrimeField> {
    private let table: LookupTable<F>
    private let firstKey: Int
    private let values: [Int]
    private let range: ClosedRange<Int>

    /// The function with f(first + i) = values[i].
    ///
    /// - Throws: `CircuitError.shapeMismatch` for no values.
    public init(_ name: String, first: Int = 0, values: [Int], _ builder: CircuitBuilder<F>) throws {
        guard let least = values.min(), let greatest = values.max() else {
            throw CircuitError.shapeMismatch(region: builder.path, what: "table \(name) is empty")
        }
        table = try LookupTable(name, keys: first...first + values.count - 1, outputs: [values], builder)
        firstKey = first
        self.values = values
        range = least...greatest
    }

    /// f of every argument, committed. The arguments are thereby proven to be keys.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.noWitness` for an argument that is no key.
    public func callAsFunction(_ arguments: Values<F>, _ builder: CircuitBuilder<F>) throws -> Values<F> {
        let results = try builder.wires(
            try builder.advice, "f(x)", count: arguments.count, integers: try results(arguments, builder))
        try table.require(arguments, outputs: [results], builder)
        return results.bounded(by: Interval(range))
    }

    private func results(_ arguments: Values<F>, _ builder: CircuitBuilder<F>) throws -> [Int] {
        try arguments.integers().map { argument in
            let position = argument - firstKey
            guard values.indices.contains(position) else {
                if builder.forgery != nil { return 0 }
                throw CircuitError.noWitness(region: builder.path, what: "\(argument) is no key of the table")
            }
            return values[position]
        }
    }
}
