import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct ArithmeticGadgetTests {
    @Test func booleans() throws {
        let harness = try Harness { builder in
            _ = try builder.requireBoolean(try builder.wires(.private, "x", count: 3, integers: [0, 1, 1]))
        }
        #expect(harness.r1cs.constraintCount == 3)
        #expect(try harness.isSatisfied())
        for value in [-1, 2, 1 << 40] { #expect(try !harness.accepts(["x": { _ in [0, 1, value] }])) }
    }

    @Test func bits() throws {
        let values = [0, 1, 37, 255, 128]
        let harness = try Harness { builder in
            let bits = try builder.bits(
                of: try builder.wires(.private, "x", count: 5, integers: values), count: 8)
            #expect(bits.allSatisfy { $0.interval == .bit })
        }
        #expect(harness.r1cs.constraintCount == 5 * 9)
        #expect(try harness.isSatisfied())
        #expect(try !harness.accepts(["x": { _ in [0, 1, 37, 256, 128] }]))
        #expect(try !harness.accepts(["x": { _ in [0, -1, 37, 255, 128] }]))
        #expect(try !harness.accepts(["bit 3": adding(1)]))
        #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                _ = try builder.bits(
                    of: try builder.wires(.private, "x", count: 1, integers: nil), count: 254)
            }
        }
    }

    // MARK: Rescale and ReLU

    @Test func rescale() throws {
        let values = [0, 15, 16, -1, -16, -17, 1000, -1000]
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let q = try builder.rescaled(
                try builder.input("z", values, interval: Interval(-1024...1023)), shift: 4, range: -64...63,
                ranges)
            try builder.requireEqual(q, builder.constants(values.map { $0 >> 4 }))
        }
        let plan = RangePlan(demand: [4: 8, 7: 8])
        #expect(harness.r1cs.constraintCount == 8 + plan.constraintCount)
        #expect(try harness.isSatisfied())
        // Another quotient with a remainder to match.
        for index in values.indices {
            #expect(try !harness.accepts(["q": adding(1, at: index)]))
            #expect(try !harness.accepts(["q": adding(-1, at: index)]))
        }
        for name in harness.committedNames {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
    }

    private static let accumulators = [0, 5, -5, 16, -16, 255, -240, 100, -1]

    private static func activation() throws -> Harness {
        try Harness { builder in
            let ranges = try RangeChecker(builder)
            let z = try builder.input("z", accumulators, interval: Interval(-255...255))
            let activation = try builder.activation(count: 9, shift: 4, bits: 4, ranges) { accumulators }
            try builder.requireEqual(activation.accumulator, z)
            try builder.requireEqual(
                activation.positive, builder.constants(accumulators.map { max($0 >> 4, 0) }))
            #expect(activation.positive.interval == .bits(4))
        }
    }

    @Test func activationCosts() throws {
        let circuit: (Builder) throws -> Void = { builder in
            let ranges = try RangeChecker(builder)
            _ = try builder.activation(count: 1000, shift: 4, bits: 4, ranges) { [] }
        }
        // Three constraints each, and the table of 4 bits.
        #expect(try R1CS<Fr>(recording: circuit).constraintCount == 3 * 1000 + 17)
        let harness = try Self.activation()
        #expect(try harness.isSatisfied())
    }

    @Test func forgedActivationsAreRefused() throws {
        let harness = try Self.activation()
        for index in Self.accumulators.indices {
            // The other sign; both halves raised, so that p − n stays; a unit moved between quotient and remainder.
            let swap: [String: ([Int]) -> [Int]] = [
                "p": { p in p.enumerated().map { $0 == index ? max(-(Self.accumulators[$0] >> 4), 0) : $1 } },
                "n": { n in n.enumerated().map { $0 == index ? max(Self.accumulators[$0] >> 4, 0) : $1 } },
            ]
            if Self.accumulators[index] >> 4 != 0 { #expect(try !harness.accepts(swap)) }
            #expect(try !harness.accepts(["p": adding(1, at: index), "n": adding(1, at: index)]))
            #expect(try !harness.accepts(["p": adding(1, at: index), "rem": adding(-16, at: index)]))
            #expect(try !harness.accepts(["p": adding(-1, at: index), "rem": adding(16, at: index)]))
            #expect(try !harness.accepts(["n": adding(1, at: index), "rem": adding(16, at: index)]))
            // The output zero, the sign with it.
            if Self.accumulators[index] >> 4 > 0 {
                #expect(try !harness.accepts(["p": { p in p.enumerated().map { $0 == index ? 0 : $1 } }]))
            }
        }
        for name in harness.committedNames where name != "z" {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
    }

    @Test func activationsOutOfRangeHaveNoWitness() throws {
        func witness(_ z: Int) throws {
            _ = try CircuitWitness<Fr> { builder in
                let ranges = try RangeChecker(builder)
                _ = try builder.activation(count: 1, shift: 4, bits: 4, ranges) { [z] }
            }.assignment(challenges: [Fr(1 << 40)])
        }
        try witness(255)
        #expect(throws: CircuitError.self) { try witness(256) }
        #expect(throws: CircuitError.self) { try witness(-256) }
    }

    // MARK: Comparison

    private static let pairs = (-4...4).flatMap { a in (-4...4).map { (a, $0) } }

    @Test func comparisonBits() throws {
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let a = try builder.input("a", Self.pairs.map(\.0), interval: Interval(-4...4))
            let b = try builder.input("b", Self.pairs.map(\.1), interval: Interval(-4...4))
            let bits = try builder.isAtLeast(a, b, ranges)
            try builder.requireEqual(bits, builder.constants(Self.pairs.map { $0 >= $1 ? 1 : 0 }))
        }
        #expect(harness.r1cs.constraintCount == 3 * 81 + RangePlan(demand: [4: 81]).constraintCount)
        #expect(try harness.isSatisfied())
        for name in harness.committedNames {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
        // Without the equality, a wrong bit is refused all the same.
        let free = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let a = try builder.input("a", Self.pairs.map(\.0), interval: Interval(-4...4))
            let b = try builder.input("b", Self.pairs.map(\.1), interval: Interval(-4...4))
            _ = try builder.isAtLeast(a, b, ranges)
        }
        for index in Self.pairs.indices {
            #expect(try !free.accepts(["is at least": { adding(1 - 2 * $0[index], at: index)($0) }]))
        }
    }

    @Test func requiredComparison() throws {
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let a = try builder.input("a", [3, 2], interval: Interval(-4...4))
            try builder.requireAtLeast(
                a, try builder.input("b", [3, -4], interval: Interval(-4...4)), ranges)
        }
        #expect(try harness.isSatisfied())
        #expect(try !harness.accepts(["a": adding(-1)]))
    }

    @Test func maximum() throws {
        let rows = [3, 1, 2, -4, -4, -4, 0, 5, 5, -1, -2, -3]
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            _ = try builder.maximum(ofRows: try builder.matrix("z", 4, rows, Interval(-8...7)), ranges)
        }
        #expect(harness.r1cs.constraintCount == 4 * (2 * 3 + 2) + RangePlan(demand: [4: 12]).constraintCount)
        #expect(try harness.isSatisfied())
        #expect(try !harness.accepts(["max": adding(1)]))
        // A smaller entry, selected; a larger number than any; a mixture of two.
        #expect(
            try !harness.accepts([
                "max": { _ in [2, -4, 5, -1] }, "selector": { [0, 0, 1] + $0.dropFirst(3) },
            ]))
        #expect(
            try !harness.accepts([
                "max": { _ in [4, -4, 5, -1] }, "selector": { [1, 1, 0] + $0.dropFirst(3) },
            ]))
        #expect(
            try !harness.accepts([
                "max": { _ in [0, -4, 5, -1] }, "selector": { [0, 0, 0] + $0.dropFirst(3) },
            ]))
        for name in ["z", "max"] {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true)
        }
    }

    // MARK: Division

    @Test func division() throws {
        let (a, s) = ([0, 7, 8, 9, 100, 63], [1, 8, 8, 8, 7, 64])
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let p = try builder.quotients(
                of: try builder.input("a", a, interval: .bits(7)),
                by: try builder.input("s", s, interval: .bits(7)),
                largest: 127, ranges)
            try builder.requireEqual(p, builder.constants(zip(a, s).map { $0 / $1 }))
        }
        #expect(harness.r1cs.constraintCount == 2 * 6 + RangePlan(demand: [7: 18]).constraintCount)
        #expect(try harness.isSatisfied())
        for name in ["quotient", "remainder"] {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true)
        }
        let free = try Harness { builder in
            let ranges = try RangeChecker(builder)
            _ = try builder.quotients(
                of: try builder.input("a", a, interval: .bits(7)),
                by: try builder.input("s", s, interval: .bits(7)),
                largest: 127, ranges)
        }
        #expect(try free.isSatisfied())
        for index in a.indices {
            #expect(
                try !free.accepts([
                    "quotient": adding(1, at: index), "remainder": adding(-s[index], at: index),
                ]))
            #expect(
                try !free.accepts([
                    "quotient": adding(-1, at: index), "remainder": adding(s[index], at: index),
                ]))
            #expect(try !free.accepts(["remainder": adding(1, at: index)]))
        }
        // A divisor of zero has no remainder below it.
        #expect(throws: CircuitError.self) { try free.accepts(["s": { _ in [0, 8, 8, 8, 7, 64] }]) }
    }

    @Test func divisionNeedsSignsAndRoom() throws {
        func record(_ a: Interval, _ s: Interval, largest: Int) throws {
            _ = try R1CS<Fr> { builder in
                let ranges = try RangeChecker(builder)
                _ = try builder.quotients(
                    of: try builder.input("a", [0], interval: a),
                    by: try builder.input("s", [0], interval: s),
                    largest: largest, ranges)
            }
        }
        try record(.bits(8), .bits(8), largest: 255)
        #expect(throws: CircuitError.self) { try record(Interval(-1...5), .bits(8), largest: 255) }
        #expect(throws: CircuitError.self) { try record(.bits(8), Interval(-1...5), largest: 255) }
    }
}
