import ConstraintSystem
import Gadgets
import TestSupport
import Testing

@Suite struct FirstMaximumTests {
    /// All rows of three values from 0 to 3: every tie there is.
    private static let rows = (0..<64).map { [$0 >> 4, $0 >> 2 & 3, $0 & 3] }

    private static func harness(_ rows: [[Int]]) throws -> Harness {
        try Harness { builder in
            let ranges = try RangeChecker(builder)
            let result = try builder.firstMaximum(
                ofRows: try builder.matrix("z", rows.count, rows.flatMap { $0 }, Interval(0...3)), ranges)
            // What the caller sees, as wires.
            let seen = try builder.input(
                "seen", rows.flatMap { row in row.indices.map { $0 == first(row) ? 1 : 0 } })
            try builder.requireEqual(result.selector.values, seen)
            let greatest = try builder.input("greatest", rows.map { $0.max() ?? 0 })
            try builder.requireEqual(result.maximum, greatest)
        }
    }

    private static func first(_ row: [Int]) -> Int { row.firstIndex(of: row.max() ?? 0) ?? 0 }

    @Test func firstOfTheGreatest() throws {
        let harness = try Self.harness(Self.rows)
        #expect(try harness.isSatisfied())
        // Two constraints and a look-up for each entry, the tests' own, the table of two bits.
        #expect(harness.r1cs.constraintCount == 3 * 3 * 64 + 4 * 64 + 5)
        #expect(try Self.harness([[2], [0]]).isSatisfied())
        #expect(try Self.harness([[-0, 3]]).isSatisfied())
    }

    /// For every row every other choice: a smaller entry, a later one of the greatest, several, none, halves.
    @Test func otherChoicesAreRefused() throws {
        for row in Self.rows {
            let harness = try Self.harness([row])
            let honest = Self.first(row)
            for choice in 0..<3 where choice != honest {
                let selector = (0..<3).map { $0 == choice ? 1 : 0 }
                for maximum in [row[honest], row[choice]] {
                    #expect(
                        try !harness.accepts([
                            "max": { _ in [maximum] }, "greatest": { _ in [maximum] },
                            "selector": { _ in Array(selector.dropLast()) }, "seen": { _ in selector },
                        ]), "\(row), \(choice)")
                }
            }
            for selector in [
                [1, 1, -1], [1, 1, 1], [2, -1, 0], [-1, 1, 1], [0, 2, -1], [6, -5, 0], [0, 0, 0],
            ] {
                #expect(
                    try !harness.accepts([
                        "selector": { _ in Array(selector.dropLast()) }, "seen": { _ in selector },
                    ]))
            }
            for difference in [1, -1, 4] {
                #expect(
                    try !harness.accepts([
                        "max": adding(difference), "greatest": adding(difference),
                    ]))
            }
        }
    }

    @Test func greatest() throws {
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let result = try builder.greatest(
                ofRows: try builder.matrix("z", 64, Self.rows.flatMap { $0 }, Interval(0...3)), ranges)
            let seen = try builder.input("seen", Self.rows.map { $0.max() ?? 0 })
            try builder.requireEqual(result, seen)
        }
        #expect(try harness.isSatisfied())
        #expect(harness.r1cs.constraintCount == (2 + 3 + 1) * 64 + 5)
        for index in Self.rows.indices {
            for difference in [1, -1, 2, -2, 3] {
                let change = adding(difference, at: index)
                #expect(try !harness.accepts(["max": change, "seen": change]))
            }
        }
        for name in ["z", "max"] { #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true) }
        let single = try Harness { builder in
            let ranges = try RangeChecker(builder)
            _ = try builder.greatest(ofRows: try builder.matrix("z", 2, [3, 1], Interval(0...3)), ranges)
        }
        #expect(try single.isSatisfied())
        #expect(try !single.accepts(["max": adding(1)]) && !single.accepts(["max": adding(-1)]))
    }

    @Test func positiveBits() throws {
        let values = [0, 1, 2, 3, 0]
        let harness = try Harness { builder in
            let ranges = try RangeChecker(builder)
            let bits = try builder.isPositive(
                try builder.input("v", values, interval: Interval(0...3)), ranges)
            let seen = try builder.input("seen", values.map { min($0, 1) })
            try builder.requireEqual(bits, seen)
        }
        #expect(try harness.isSatisfied())
        #expect(harness.r1cs.constraintCount == 4 * 5 + 5)
        for (index, value) in values.enumerated() {
            for forged in [1 - min(value, 1), 2, -1, value] where forged != min(value, 1) {
                let set = { (bits: [Int]) in bits.enumerated().map { $0 == index ? forged : $1 } }
                #expect(try !harness.accepts(["mask": set, "seen": set]))
            }
        }
        #expect(harness.refusal(movingToPrivate: "mask")?.isNotFixed == true)
        #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                _ = try builder.isPositive(
                    try builder.input("v", [0], interval: Interval(-1...3)), try RangeChecker(builder))
            }
        }
    }

    @Test func everythingMustBeFixed() throws {
        let harness = try Self.harness(Array(Self.rows.prefix(3)))
        for name in ["z", "max", "selector"] {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
    }
}
