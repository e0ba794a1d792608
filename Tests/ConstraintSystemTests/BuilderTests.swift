import ConstraintSystem
import FieldArithmetic
import TestSupport
import Testing

@Suite struct BuilderTests {
    // MARK: Order and numbering

    /// Wires of all kinds, made out of order.
    private static func mixed(_ builder: CircuitBuilder<Fr>) throws {
        let free = WireKind.committed(try builder.segment("free", isLinked: false))
        let linked = WireKind.committed(try builder.segment("linked", isLinked: true))
        let p = try builder.wires(.private, "p", count: 2, integers: [10, 11])
        let f = try builder.wires(free, "f", count: 2, integers: [20, 21])
        let s = try builder.wires(.statement, "s", count: 1, integers: [30])
        let l = try builder.wires(linked, "l", count: 3, integers: [40, 41, 42])
        let f2 = try builder.wires(free, "f2", count: 1, integers: [22])
        builder.afterChallenges { builder in
            let c = try builder.challenge("c")
            _ = try builder.product(c, l, name: "late")
            try builder.constrain(c, times: p[0], equals: c * Fr(10))
        }
        try builder.requireEqual(p[1] + s + f[0] + f2, builder.constants([83]))
    }

    @Test func wiresAreRenumberedByKind() throws {
        let harness = try CircuitHarness(Self.mixed)
        let r1cs = harness.r1cs
        #expect(r1cs.publicCount == 3 && r1cs.challengeCount == 1)
        #expect(
            r1cs.segments == [
                Segment(name: "linked", count: 3, isLinked: true),
                Segment(name: "free", count: 3, isLinked: false),
            ])
        #expect(r1cs.wires(ofSegment: 0) == 3..<6 && r1cs.wires(ofSegment: 1) == 6..<9)
        #expect(r1cs.privateCount == 5 && r1cs.wireCount == 14)
        let assignment = try harness.assignment()
        let c = assignment[1]
        let small = [30, 40, 41, 42, 20, 21, 22, 10, 11].map { Fr($0) }
        #expect(assignment == [.one, c] + small + [c * Fr(40), c * Fr(41), c * Fr(42)])
        #expect(try harness.isSatisfied())
        let names = (0..<14).map { r1cs.names.name(ofWire: $0) }
        #expect(
            names == [
                "1", "challenge c[0]", "s[0]", "l[0]", "l[1]", "l[2]", "f[0]", "f[1]", "f2[0]", "p[0]",
                "p[1]",
                "late[0]", "late[1]", "late[2]",
            ])
    }

    @Test func rowsAreMergedAndWithoutZeros() throws {
        let r1cs = try R1CS<Fr> { builder in
            let x = try builder.wires(.private, "x", count: 2, integers: nil)
            // x₁ + x₀ + 2·x₁ − x₀ + 5 = 3·x₁ + 5
            try builder.requireEqual(x[1] + x[0] + x[1] * 2 - x[0], builder.constants([-5]))
        }
        #expect(r1cs.a.columns == [0, 2])
        #expect(r1cs.a.coefficients.map { r1cs.coefficients[Int($0)] } == [Fr(5), Fr(3)])
        #expect(r1cs.c.columns.isEmpty)
    }

    // MARK: Both modes agree

    /// A random sum of random selections: its terms, evaluated, are its numbers.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func termsAndNumbersAgree(seed: UInt64) throws {
        let circuit: (CircuitBuilder<Fr>) throws -> Void = { builder in
            var generator = SeededGenerator(seed: seed)
            let advice = try builder.advice
            let big = Int.max / 2
            var pool = [
                try builder.wires(advice, "small", count: 6, integers: [0, 1, -2, 3, 100, -7]),
                try builder.wires(advice, "large", count: 6, integers: [big, -big, big, 1, 2, big]),
                try builder.wires(.private, "elements", count: 6) {
                    .elements((1...6).map { Fr($0).inverse()! })
                },
            ]
            for _ in 0..<12 {
                let x = pool[Int.random(in: 0..<pool.count, using: &generator)]
                let y = pool[Int.random(in: 0..<pool.count, using: &generator)]
                switch generator.next() % 9 {
                case 0: pool.append(x + y)
                case 1: pool.append(x - y)
                case 2: pool.append(x * Int.random(in: -9...9, using: &generator))
                case 3: pool.append(x * Fr.random(using: &generator))
                case 4: pool.append(Values.concatenated([x[3..<6], y[0..<3]]))
                case 5: pool.append(x.gathered([5, 5, 0, 2, 1, 0]))
                case 6: pool.append(x + y.sum())
                case 7: pool.append(Values.concatenated([x.groupSums(size: 2), y.groupSums(size: 2)]))
                default: pool.append(3 - x.divided(by: 4) + 17)
                }
            }
            for (index, values) in pool.enumerated() {
                let copy = try builder.wires(.private, "copy \(index)", count: 6) { try values.numbers() }
                try builder.requireEqual(copy, values)
                let square = try builder.product(values, values)
                try builder.requireEqual(square - square, builder.constants([0]))
            }
        }
        #expect(try CircuitHarness(circuit).isSatisfied())
    }

    /// The example of the folder's README.
    @Test func readmeExample() throws {
        func circuit(_ builder: CircuitBuilder<Fr>, _ secret: [Int]?) throws {
            let x = try builder.wires(.private, "x", count: 3, interval: Interval(-9...9), integers: secret)
            let norm = try builder.product(x, x).sum()
            let claim = try builder.wires(.statement, "norm", count: 1, integers: [try norm.integers()[0]])
            try builder.requireEqual(norm, claim)
        }
        let r1cs = try R1CS { try circuit($0, nil) }
        let witness = try CircuitWitness { try circuit($0, [1, -2, 3]) }
        #expect(witness.statement == [Fr(14)])
        #expect(try r1cs.check(witness.assignment(challenges: [])))
    }

    // MARK: What is refused

    private static func refusal(_ circuit: (CircuitBuilder<Fr>) throws -> Void) throws -> String {
        let error = #expect(throws: CircuitError.self) { try R1CS(recording: circuit) }
        return try #require(error).description
    }

    @Test func nothingIsFixedAfterTheChallenges() throws {
        let text = try Self.refusal { builder in
            builder.afterChallenges { _ = try $0.wires(try $0.advice, "late", count: 1, integers: nil) }
        }
        #expect(text.contains("already drawn"))
        #expect(
            try Self.refusal { builder in
                builder.afterChallenges { _ = try $0.wires(.statement, "late", count: 1, integers: nil) }
            }.contains("already drawn"))
        #expect(
            try Self.refusal { builder in
                builder.afterChallenges { try $0.beforeChallenges { _ in } }
            }.contains("already drawn"))
        #expect(try Self.refusal { _ = try $0.challenge("c") }.contains("no challenge yet"))
    }

    @Test func fixedness() throws {
        _ = try R1CS<Fr> { builder in
            let committed = try builder.wires(try builder.advice, "c", count: 1, integers: nil)
            let secret = try builder.wires(.private, "p", count: 1, integers: nil)
            let stated = try builder.wires(.statement, "s", count: 1, integers: nil)
            #expect(committed.isFixed && stated.isFixed && builder.constants([1]).isFixed && !secret.isFixed)
            #expect((committed + stated).isFixed && !(committed + secret).isFixed)
            #expect(!Values.concatenated([committed, secret]).isFixed && !(secret * 2 - 1).isFixed)
            #expect(!(try builder.product(committed, stated)).isFixed)
            builder.afterChallenges { builder in
                let challenge = try builder.challenge("c")
                #expect(!challenge.isFixed && !(challenge + committed).isFixed)
            }
        }
    }

    @Test func possibleWrapAroundIsRefused() throws {
        func product(_ a: Interval, _ b: Interval) throws {
            _ = try R1CS<F101> { builder in
                let x = try builder.wires(.private, "x", count: 1, interval: a, integers: nil)
                let y = try builder.wires(.private, "y", count: 1, interval: b, integers: nil)
                _ = try builder.product(x, y)
            }
        }
        try product(Interval(-7...7), Interval(0...7))
        try product(Interval(0...5), Interval(-10...10))
        for (a, b) in [(0...8, 0...7), (-51...0, 0...0), (-3...3, -17...3)]
            as [(ClosedRange<Int>, ClosedRange<Int>)]
        {
            let error = #expect(throws: CircuitError.self) { try product(Interval(a), Interval(b)) }
            #expect(error?.description.contains("may wrap around") == true)
        }
        // Beyond the ends on the way, but not where it is used.
        _ = try R1CS<F101> { builder in
            let x = try builder.wires(.private, "x", count: 1, interval: Interval(0...40), integers: nil)
            let small = (x + x - x).bounded(by: Interval(0...40))
            try builder.requireEqual(small, x)
            #expect(throws: CircuitError.self) { try builder.requireEqual(x + x, builder.constants([0])) }
        }
    }

    @Test func wiresInsideConstraintsAreRefused() throws {
        let text = try Self.refusal { builder in
            let x = try builder.wires(.private, "x", count: 1, integers: nil)
            try builder.requireEqual(try builder.product(x, x), x)
        }
        #expect(text.contains("inside a constraint"))
    }

    @Test func shapesAndLimits() throws {
        #expect(
            try Self.refusal { builder in
                let x = try builder.wires(.private, "x", count: 3, integers: nil)
                try builder.constrain(x, times: x[0..<2], equals: x)
            }.contains("joins 3, 2 and 3"))
        #expect(
            try Self.refusal { _ = try $0.wires(.private, "x", count: 0, integers: nil) }.contains(
                "no values"))
        #expect(
            try Self.refusal { _ = try $0.wires(.private, "x", count: 1 << 29, integers: nil) }.contains(
                "too large"))
        #expect(
            try Self.refusal { builder in
                for index in 0...12 { _ = try builder.segment("\(index)", isLinked: true) }
            }.contains("segments"))
    }

    @Test func missingAndWrongValues() throws {
        func message(_ values: [Int]?, interval: Interval? = nil) throws -> String {
            let error = #expect(throws: CircuitError.self) {
                _ = try CircuitWitness<Fr> { builder in
                    try builder.region("r") {
                        _ = try builder.wires(.private, "x", count: 2, interval: interval, integers: values)
                    }
                }
            }
            return try #require(error).description
        }
        #expect(try message(nil) == "r: no values for x")
        #expect(try message([1]) == "r: x has 2 values, but 1 are given")
        #expect(try message([1, 9], interval: Interval(0...8)) == "r: x[1] = 9 is not in 0...8")
    }

    // MARK: Regions

    @Test func regionsAndStatistics() throws {
        let r1cs = try R1CS<Fr> { builder in
            let x = try builder.wires(try builder.advice, "x", count: 2, integers: nil)
            try builder.region("outer") {
                try builder.region("inner") {
                    _ = try builder.product(x, x, name: "square")
                    builder.afterChallenges { builder in
                        _ = try builder.product(x, try builder.challenge("c"), name: "late")
                    }
                }
                try builder.requireEqual(x, builder.constants([1]))
            }
            try builder.region("outer") { try builder.requireEqual(x[0], builder.constants([1])) }
        }
        #expect(
            (0..<7).map { r1cs.names.region(ofConstraint: $0) } == [
                "outer/inner", "outer/inner", "outer", "outer", "outer", "outer/inner", "outer/inner",
            ])
        #expect(
            r1cs.statistics().filter { $0.constraints > 0 } == [
                RegionStatistics(region: "outer/inner", constraints: 4, privateWires: 4, nonZeros: 12),
                RegionStatistics(region: "outer", constraints: 3, nonZeros: 3 * 3),
            ])
        let coarse = r1cs.statistics(depth: 1)
        #expect(coarse.map(\.region) == ["", "outer"])
        #expect(coarse.map(\.constraints) == [0, 7])
        #expect(coarse.map(\.publicWires) == [1, 0] && coarse.map(\.committedWires) == [2, 0])
        #expect(r1cs.statistics(depth: 0).count == 1)
    }
}
