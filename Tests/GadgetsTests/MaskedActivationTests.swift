import ConstraintSystem
import Gadgets
import TestSupport
import Testing

@Suite struct MaskedActivationTests {
    /// Accumulators with quotients −4 … 3, both edges of the range among them, and exact multiples.
    private static let accumulators = Array(-12...15)

    private static func harness(_ accumulators: [Int] = accumulators) throws -> Harness {
        try Harness { builder in
            let ranges = try RangeChecker(builder)
            let result = try builder.maskedActivation(
                count: accumulators.count, shift: 2, bits: 2, ranges, accumulators: { accumulators })
            let z = try builder.input("z", accumulators)
            try builder.requireEqual(result.activation.accumulator, z)
        }
    }

    @Test func integers() throws {
        let harness = try Self.harness()
        #expect(try harness.isSatisfied())
        let assignment = try harness.assignment()
        func values(_ name: String) -> [Fr] {
            assignment.indices.filter { harness.r1cs.names.name(ofWire: $0).hasPrefix(name + "[") }
                .map { assignment[$0] }
        }
        #expect(values("p") == Self.accumulators.map { Fr(max($0 >> 2, 0)) })
        #expect(values("n") == Self.accumulators.map { Fr(max(-($0 >> 2), 0)) })
        #expect(values("mask") == Self.accumulators.map { Fr($0 >> 2 > 0 ? 1 : 0) })
        for outside in [16, -13] {
            #expect(throws: CircuitError.self) { try Self.harness([outside]).assignment() }
        }
    }

    @Test func cost() throws {
        let count = Self.accumulators.count
        // Five for each value (all ranges are as wide as the table), z = accumulator, the table of two bits.
        #expect(try Self.harness().r1cs.constraintCount == 5 * count + count + 5)
    }

    @Test func forgeries() throws {
        let harness = try Self.harness()
        for index in Self.accumulators.indices {
            for difference in [1, -1] {
                for name in ["p", "n", "rem", "mask"] {
                    #expect(try !harness.accepts([name: adding(difference, at: index)]))
                }
                #expect(
                    try !harness.accepts([
                        "p": adding(difference, at: index), "n": adding(difference, at: index),
                    ]))
                #expect(
                    try !harness.accepts([
                        "p": adding(difference, at: index), "rem": adding(-4 * difference, at: index),
                    ]))
            }
        }
        // Both signs of a value, each with the mask that would fit.
        #expect(try !harness.accepts(["mask": { $0.map { 1 - $0 } }]))
    }

    @Test func allWiresAreFixed() throws {
        let harness = try Self.harness()
        for name in ["p", "n", "rem", "mask"] {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
    }
}
