import ConstraintSystem
import FieldArithmetic
import TestSupport
import Testing

@Suite struct CheckTests {
    private static func circuit(_ builder: CircuitBuilder<Fr>) throws {
        let x = try builder.wires(.private, "x", count: 3, integers: [3, -4, 5])
        try builder.region("squares") {
            try builder.region("sum") {
                let squares = try builder.product(x, x, name: "square")
                try builder.requireEqual(squares.sum() - 7, builder.constants([43]))
            }
        }
    }

    @Test func acceptsAndRefuses() throws {
        let harness = try CircuitHarness(Self.circuit)
        #expect(try harness.isSatisfied())
        let honest = try harness.assignment()
        #expect(try harness.r1cs.failures(honest).isEmpty)
        for wire in honest.indices {
            var forged = honest
            forged[wire] += Fr(1)
            #expect(try !harness.r1cs.check(forged))
        }
        #expect(throws: CircuitError.self) { try harness.r1cs.check(Array(honest.dropLast())) }
        #expect(throws: CircuitError.self) { try harness.r1cs.failures(honest + [.one]) }
    }

    @Test func constantWireMustBeOne() throws {
        let r1cs = try R1CS<Fr> { _ = try $0.wires(.private, "x", count: 1, integers: nil) }
        #expect(try r1cs.check([.one, .zero]))
        #expect(try !r1cs.check([Fr(2), .zero]))
    }

    @Test func reportNamesPlaceExpressionAndValues() throws {
        let harness = try CircuitHarness(Self.circuit)
        var assignment = try harness.assignment()
        assignment[2] = Fr(-6)
        let failures = try harness.r1cs.failures(assignment)
        #expect(failures.count == 1)
        let failure = try #require(failures.first)
        #expect(failure.region == "squares/sum")
        #expect(failure.row == 1)
        #expect(failure.expression == "(x[1]) · (x[1]) = squares/sum/square[1]")
        #expect(failure.values == "-6 · -6 ≠ 16")
        #expect(failure.wires == ["x[1] = -6", "squares/sum/square[1] = 16"])
        #expect(failure.description.contains("constraint 1 in squares/sum: (x[1]) · (x[1])"))
        assignment[5] = Fr(36)
        let sum = try #require(try harness.r1cs.failures(assignment).first)
        #expect(
            sum.expression
                == "(−50 + squares/sum/square[0] + squares/sum/square[1] + squares/sum/square[2]) · (1) = 0")
        #expect(sum.values == "20 · 1 ≠ 0")
    }

    @Test func longSumsAreCut() throws {
        let harness = try CircuitHarness<Fr> { builder in
            let x = try builder.wires(.private, "x", count: 100, integers: Array(1...100))
            try builder.requireEqual(x.sum() * 3, builder.constants([15_149]))
        }
        let failure = try #require(try harness.r1cs.failures(harness.assignment()).first)
        #expect(failure.expression.contains("… (95 more)"))
        #expect(failure.wires.count == 5)
        #expect(try harness.r1cs.failures(harness.assignment(), limit: 0).isEmpty)
    }

    @Test func productEqualsDefinition() throws {
        let harness = try CircuitHarness(Self.circuit)
        let (r1cs, assignment) = (harness.r1cs, try harness.assignment())
        for matrix in [r1cs.a, r1cs.b, r1cs.c] {
            let expected = (0..<matrix.rowCount).map { row in
                matrix.entries(ofRow: row).reduce(Fr.zero) { sum, entry in
                    sum + r1cs.coefficients[Int(matrix.coefficients[entry])]
                        * assignment[Int(matrix.columns[entry])]
                }
            }
            #expect(r1cs.product(matrix, assignment) == expected)
        }
    }
}
