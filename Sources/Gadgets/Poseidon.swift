import ConstraintSystem
import FieldArithmetic

/// Poseidon as circomlib has it: the hash of 1 to 16 field elements is the first state element after one permutation of
/// (0, inputs…).
///
/// The product's own circuits hash nothing; this is for those who build others.
public struct Poseidon<F: PrimeField>: Sendable {
    public let parameters: PoseidonParameters<F>

    /// - Throws: `CircuitError.shapeMismatch` for another number of inputs.
    public init(inputs: Int) throws {
        guard let parameters = PoseidonParameters<F>(circomlibInputs: inputs) else {
            throw CircuitError.shapeMismatch(
                region: "", what: "Poseidon of \(inputs) inputs, allowed are 1…16")
        }
        self.parameters = parameters
    }

    /// The hash of field elements, outside a circuit.
    public func hash(_ inputs: [F]) -> F {
        precondition(inputs.count == parameters.width - 1)
        var state = [F.zero] + inputs
        for round in 0..<roundCount {
            for index in state.indices { state[index] += constant(round, index) }
            for index in 0..<sBoxes(inRound: round) {
                state[index] = state[index] * state[index].squared().squared()
            }
            state = state.indices.map { row in
                state.indices.reduce(F.zero) { $0 + entry(row, $1) * state[$1] }
            }
        }
        return state[0]
    }

    /// The hashes of vectors of inputs, value by value.
    ///
    /// **Constrains** x², x⁴ and x⁵ of every S-box; the rest is linear. No challenge is involved, so inputs may be
    /// private. **Costs** 3·(R_F·t + R_P) constraints and private wires for each hash: 243 for two inputs.
    ///
    /// - Throws: `CircuitError.shapeMismatch` for another number of inputs.
    public func hash(_ inputs: [Values<F>], _ builder: CircuitBuilder<F>) throws -> Values<F> {
        guard inputs.count == parameters.width - 1, let count = inputs.first?.count,
            inputs.allSatisfy({ $0.count == count })
        else {
            throw CircuitError.shapeMismatch(
                region: builder.path, what: "Poseidon takes \(parameters.width - 1) vectors of one length")
        }
        var state = [builder.constants(Array(repeating: 0, count: count))] + inputs
        for round in 0..<roundCount {
            for index in state.indices {
                state[index] = state[index] + builder.constants([constant(round, index)])
            }
            for index in 0..<sBoxes(inRound: round) { state[index] = try fifthPower(state[index], builder) }
            state = state.indices.map { row in
                var sum = state[0] * entry(row, 0)
                for column in state.indices.dropFirst() { sum = sum + state[column] * entry(row, column) }
                return sum.simplified()
            }
        }
        return state[0]
    }

    private func fifthPower(_ x: Values<F>, _ builder: CircuitBuilder<F>) throws -> Values<F> {
        let square = try builder.product(x, x, name: "x²")
        let fourth = try builder.product(square, square, name: "x⁴")
        return try builder.product(fourth, x, name: "x⁵")
    }

    private var roundCount: Int { parameters.fullRounds + parameters.partialRounds }
    private func constant(_ round: Int, _ index: Int) -> F {
        parameters.roundConstants[round * parameters.width + index]
    }
    private func entry(_ row: Int, _ column: Int) -> F { parameters.matrix[row * parameters.width + column] }

    /// All state elements in the first and last half of the full rounds, the first one in between.
    private func sBoxes(inRound round: Int) -> Int {
        let half = parameters.fullRounds / 2
        return round < half || round >= half + parameters.partialRounds ? parameters.width : 1
    }
}

extension Poseidon {
    /// The root of a binary Merkle tree in which a node is the hash of its two children, from leaves and their paths.
    ///
    /// **Constrains** each index bit to be Boolean and each node to be the hash of (current, sibling), swapped if the
    /// bit is 1. **Costs** for each leaf and level 2 + 243 constraints. No challenge is involved.
    ///
    /// - Parameters:
    ///   - siblings: one vector for each level, lowest first.
    ///   - indexBits: the leaves' positions, one vector of bits for each level, lowest first.
    /// - Throws: `CircuitError.shapeMismatch`.
    public func merkleRoot(
        leaves: Values<F>, siblings: [Values<F>], indexBits: [Values<F>], _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        guard siblings.count == indexBits.count else {
            throw CircuitError.shapeMismatch(
                region: builder.path, what: "\(siblings.count) siblings and \(indexBits.count) index bits")
        }
        var current = leaves
        for (sibling, bit) in zip(siblings, indexBits) {
            let isRight = try builder.requireBoolean(bit)
            let swap = try builder.product(sibling - current, isRight, name: "swap")
            current = try hash([current + swap, sibling - swap], builder)
        }
        return current
    }
}
