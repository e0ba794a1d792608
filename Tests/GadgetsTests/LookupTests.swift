import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct LookupTests {
    private static func oneColumn(_ values: [Int]) throws -> Harness {
        try Harness { builder in
            let table = try LookupTable("t", keys: -3...12, builder)
            try table.require(try builder.input("x", values), builder)
        }
    }

    private static func squares(_ keys: [Int], _ outputs: [Int]) throws -> Harness {
        try Harness { builder in
            let table = try LookupTable("squares", keys: -4...4, outputs: [(-4...4).map { $0 * $0 }], builder)
            try table.require(
                try builder.input("x", keys), outputs: [try builder.input("y", outputs)], builder)
        }
    }

    @Test func countsOneColumn() throws {
        let harness = try Self.oneColumn([0, 12, -3, 5, 5, 5, 1])
        #expect(harness.r1cs.constraintCount == 7 + 16 + 1)
        #expect(harness.r1cs.privateCount == 7 + 16)
        #expect(harness.r1cs.committedCount == 7 + 16)
        #expect(harness.r1cs.challengeCount == 1)
        #expect(try harness.isSatisfied())
    }

    @Test func countsTwoColumns() throws {
        let harness = try Self.squares([3, -2, 0], [9, 4, 0])
        #expect(harness.r1cs.constraintCount == 2 * 3 + 9 + 1)
        #expect(harness.r1cs.privateCount == 2 * 3 + 9)
        // The folding challenge is not the lookup point.
        #expect(harness.r1cs.challengeCount == 2)
        #expect(try harness.isSatisfied())
    }

    @Test func threeColumnsUseAPowerOfTheChallenge() throws {
        func harness(_ third: Int) throws -> Harness {
            try Harness { builder in
                let table = try LookupTable(
                    "t", keys: 0...3, outputs: [[5, 6, 7, 8], [1, 2, 3, 4]], builder)
                try table.require(
                    try builder.input("x", [2]),
                    outputs: [try builder.input("y", [7]), try builder.input("z", [third])], builder)
            }
        }
        #expect(try harness(3).r1cs.constraintCount == 3 + 4 + 1 + 1)
        #expect(try harness(3).isSatisfied())
        #expect(try !harness(3).accepts(["z": adding(1)]))
        // Raising one column and lowering another is no row either.
        #expect(try !harness(3).accepts(["y": adding(1), "z": adding(-1)]))
    }

    @Test func foreignValuesAreRefused() throws {
        let harness = try Self.oneColumn([0, 12, 5])
        for value in [-4, 13, 1000, -1000] {
            #expect(try !harness.accepts(["x": { _ in [0, 12, value] }]))
            #expect(throws: CircuitError.self) { try Self.oneColumn([value]).assignment() }
        }
        #expect(try harness.accepts(["x": { _ in [0, 12, 6] }]))
        #expect(try !harness.accepts(["table t/multiplicities": adding(1)]))
    }

    @Test func foreignRowsAreRefused() throws {
        let harness = try Self.squares([3, -2, 0], [9, 4, 0])
        // Keys and outputs that occur, but not together; a multiple of a row; a foreign key.
        #expect(try !harness.accepts(["y": { _ in [4, 9, 0] }]))
        #expect(try !harness.accepts(["x": { _ in [2, -1, 0] }]))
        #expect(try !harness.accepts(["x": { _ in [3, -4, 0] }, "y": { _ in [9, 8, 0] }]))
        #expect(try !harness.accepts(["x": { _ in [5, -2, 0] }, "y": { _ in [25, 4, 0] }]))
        #expect(throws: CircuitError.self) { try Self.squares([3], [8]).assignment() }
    }

    @Test func tablesHaveSumsOfTheirOwn() throws {
        let harness = try Harness { builder in
            let small = try LookupTable("small", keys: 0...3, builder)
            let large = try LookupTable("large", keys: 0...7, builder)
            try small.require(try builder.input("x", [1, 2]), builder)
            try large.require(try builder.input("y", [6]), builder)
        }
        #expect(try harness.isSatisfied())
        // 6 is a row of the other table; its multiplicity there does not help.
        #expect(
            try !harness.accepts([
                "x": { _ in [1, 6] }, "y": { _ in [2] },
                "table large/multiplicities": { _ in [0, 0, 0, 0, 0, 0, 1, 0] },
                "table small/multiplicities": { _ in [0, 1, 1, 0] },
            ]))
    }

    @Test func zeroDenominatorsAskForNewBlinding() throws {
        for point in [-3, 5, 12] {
            #expect(throws: CircuitError.self) {
                try CircuitWitness<Fr> { builder in
                    let table = try LookupTable("t", keys: -3...12, builder)
                    try table.require(try builder.input("x", [1]), builder)
                }.assignment(challenges: [Fr(point)])
            }
        }
    }

    @Test func operandsMustBeFixed() throws {
        let error = #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                let table = try LookupTable("t", keys: 0...3, builder)
                try table.require(try builder.wires(.private, "x", count: 1, integers: nil), builder)
            }
        }
        #expect(error?.isNotFixed == true)
        let harness = try Self.squares([3, -2, 0], [9, 4, 0])
        #expect(harness.committedNames == ["x", "y", "table squares/multiplicities"])
        for name in harness.committedNames {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true)
        }
    }

    @Test func functionTable() throws {
        let harness = try Harness { builder in
            let cubes = try FunctionTable("cubes", first: -2, values: [-8, -1, 0, 1, 8], builder)
            let result = try cubes(try builder.input("x", [2, -2, 0]), builder)
            #expect(result.interval == Interval(-8...8))
            try builder.requireEqual(result, builder.constants([8, -8, 0]))
        }
        #expect(harness.r1cs.constraintCount == 2 * 3 + 5 + 1 + 3)
        #expect(try harness.isSatisfied())
        #expect(try !harness.accepts(["x": { _ in [1, -2, 0] }]))
        #expect(try !harness.accepts(["f(x)": { _ in [8, -8, 1] }]))
    }
}
