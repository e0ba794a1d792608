import ConstraintSystem
import FieldArithmetic

/// The smallest circuit with all parts of a linked proof: two linked segments and one challenge.
///
/// xᵢ·yᵢ = pᵢ, Σ pᵢ is the public number, and (c + x₀)·y₀ = z for a challenge c. What its proofs cost to verify does
/// not depend on its size.
struct LinkedCircuit {
    static let length = 4
    private let x = [3, 1, 4, 1]
    private let y = [2, 7, 1, 8]

    /// What the two segments and the public number stand for on a ledger.
    var model: [Int] { x }
    var testSet: [Int] { y }
    var value: UInt64 { UInt64(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }) }

    func constraints() throws -> R1CS<Fr> { try R1CS { try synthesize($0) } }
    func witness() throws -> CircuitWitness<Fr> { try CircuitWitness { try synthesize($0) } }

    private func synthesize(_ builder: CircuitBuilder<Fr>) throws {
        let first = try builder.segment("x", isLinked: true)
        let second = try builder.segment("y", isLinked: true)
        let range = Interval(0...15)
        let x = try builder.wires(.committed(first), "x", count: x.count, interval: range, integers: x)
        let y = try builder.wires(.committed(second), "y", count: y.count, interval: range, integers: y)
        let sum = try builder.wires(
            .statement, "sum", count: 1, interval: Interval(0...1000),
            integers: [zip(self.x, self.y).reduce(0) { $0 + $1.0 * $1.1 }])
        let products = try builder.product(x, y, kind: builder.advice)
        try builder.requireEqual(products.sum(), sum)
        builder.afterChallenges { builder in
            let challenge = try builder.challenge("mix")
            _ = try builder.product(challenge + x[0], y[0])
        }
    }
}
