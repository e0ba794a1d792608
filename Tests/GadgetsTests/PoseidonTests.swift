import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct PoseidonTests {
    private static func decimal(_ text: String) throws -> Fr {
        let integer = try #require(BigInteger(text))
        return try #require(integer.limbs(as: Limbs4.self).flatMap { Fr(canonical: $0) })
    }

    /// Published by iden3: circomlib `test/poseidoncircuit.js`, circomlibjs `test/poseidon.js`.
    @Test(arguments: [
        ([1, 2], "7853200120776062878684798364095072458815029376092732009249414926327459813530"),
        ([1, 2, 0, 0, 0], "1018317224307729531995786483840663576608797660851238720571059489595066344487"),
        ([3, 4, 0, 0, 0], "5811595552068139067952687508729883632420015185677766880877743348592482390548"),
        (
            [1, 2, 3, 4, 5, 6],
            "20400040500897583745843009878988256314335038853985262692600694741116813247201"
        ),
    ])
    func publishedValues(inputs: [Int], expected: String) throws {
        let poseidon = try Poseidon<Fr>(inputs: inputs.count)
        #expect(try poseidon.hash(inputs.map { Fr($0) }) == Self.decimal(expected))
    }

    @Test func circuitEqualsHash() throws {
        let poseidon = try Poseidon<Fr>(inputs: 2)
        var generator = SeededGenerator(seed: 1)
        let (left, right) = (
            (0..<3).map { _ in Fr.skewed(using: &generator) },
            (0..<3).map { _ in Fr.random(using: &generator) }
        )
        let harness = try Harness { builder in
            let inputs = [
                try builder.wires(.private, "left", count: 3) { .elements(left) },
                try builder.wires(.private, "right", count: 3) { .elements(right) },
            ]
            let hash = try poseidon.hash(inputs, builder)
            try builder.requireEqual(
                hash, builder.constants(zip(left, right).map { poseidon.hash([$0, $1]) }))
        }
        #expect(harness.r1cs.constraintCount == 3 * 243 + 3)
        #expect(try harness.isSatisfied())
        let honest = try harness.assignment()
        for wire in stride(from: 1, to: honest.count, by: 31) {
            var forged = honest
            forged[wire] += .one
            #expect(try !harness.r1cs.check(forged))
        }
    }

    @Test func merklePath() throws {
        let poseidon = try Poseidon<Fr>(inputs: 2)
        let leaves = (0..<8).map { Fr(100 + $0) }
        var levels = [leaves]
        while let last = levels.last, last.count > 1 {
            levels.append(
                stride(from: 0, to: last.count, by: 2).map { poseidon.hash([last[$0], last[$0 + 1]]) })
        }
        func harness(leaf: Fr, index: Int, bits: [Int]) throws -> Harness {
            try Harness { builder in
                let root = try poseidon.merkleRoot(
                    leaves: try builder.wires(.private, "leaf", count: 1) { .elements([leaf]) },
                    siblings: try (0..<3).map { level in
                        try builder.wires(.private, "sibling", count: 1) {
                            .elements([levels[level][index >> level ^ 1]])
                        }
                    },
                    indexBits: try bits.map { bit in
                        try builder.wires(.private, "bit", count: 1, integers: [bit])
                    },
                    builder)
                try builder.requireEqual(root, builder.constants(levels[3]))
            }
        }
        for index in 0..<8 {
            let bits = (0..<3).map { index >> $0 & 1 }
            let honest = try harness(leaf: leaves[index], index: index, bits: bits)
            #expect(honest.r1cs.constraintCount == 3 * 245 + 1)
            #expect(try honest.isSatisfied())
            let wrongLeaf = try harness(leaf: leaves[index] + .one, index: index, bits: bits)
            #expect(try !wrongLeaf.r1cs.check(wrongLeaf.assignment()))
            let wrongSide = try harness(leaf: leaves[index], index: index, bits: bits.map { 1 - $0 })
            #expect(try !wrongSide.r1cs.check(wrongSide.assignment()))
        }
        let half = try harness(leaf: leaves[0], index: 0, bits: [2, 0, 0])
        #expect(try !half.r1cs.check(half.assignment()))
    }

    @Test func numbersOfInputs() throws {
        #expect(throws: CircuitError.self) { try Poseidon<Fr>(inputs: 0) }
        #expect(throws: CircuitError.self) { try Poseidon<Fr>(inputs: 17) }
        let poseidon = try Poseidon<Fr>(inputs: 2)
        #expect(throws: CircuitError.self) {
            try R1CS<Fr> { _ = try poseidon.hash([try $0.wires(.private, "x", count: 1, integers: nil)], $0) }
        }
    }
}
