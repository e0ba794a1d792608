import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct MatrixProductTests {
    private static func product(_ x: [Int], _ w: [Int], _ a: Int, _ n: Int, _ b: Int) -> [Int] {
        (0..<a * b).map { cell in (0..<n).reduce(0) { $0 + x[cell / b * n + $1] * w[$1 * b + cell % b] } }
    }

    private static func harness(_ a: Int, _ n: Int, _ b: Int) throws -> Harness {
        var generator = SeededGenerator(seed: UInt64(a * 100 + n * 10 + b))
        let x = (0..<a * n).map { _ in Int.random(in: -100...100, using: &generator) }
        let w = (0..<n * b).map { _ in Int.random(in: -50...50, using: &generator) }
        let z = product(x, w, a, n, b)
        return try Harness { builder in
            let proven = try builder.requireProduct(
                try builder.matrix("x", a, x, Interval(-100...100)),
                try builder.matrix("w", n, w, Interval(-50...50)),
                equals: try builder.matrix("z", a, z))
            #expect(proven.values.interval == Interval(-5000 * n...5000 * n))
        }
    }

    @Test(arguments: [(1, 1, 1), (3, 4, 1), (2, 3, 2), (4, 2, 5), (1, 7, 3), (6, 1, 4)])
    func countsAndProves(a: Int, n: Int, b: Int) throws {
        let harness = try Self.harness(a, n, b)
        #expect(harness.r1cs.constraintCount == a * n + n * (b - 1) + a * max(b - 1, 1))
        #expect(harness.r1cs.privateCount == a * n + n * (b - 1) + a * max(b - 2, 0))
        #expect(try harness.isSatisfied())
        for index in 0..<a * b { #expect(try !harness.accepts(["z": adding(1, at: index)])) }
        for name in ["x", "w", "z"] {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true)
        }
    }

    @Test func changesThatCancelInTheSumAreRefused() throws {
        let harness = try Self.harness(3, 4, 3)
        #expect(try !harness.accepts(["z": { adding(-1, at: 1)(adding(1, at: 0)($0)) }]))
        #expect(try !harness.accepts(["z": { values in [values[1], values[0]] + values.dropFirst(2) }]))
        #expect(try !harness.accepts(["z": { $0.map { _ in 0 } }]))
    }

    @Test func biasAndLinearCombinations() throws {
        let (x, w, bias) = ([1, 2, 3, 4], [5, -6, 7, 8], [10, -20])
        let z = zip(Self.product(x, w, 2, 2, 2), [10, -20, 10, -20]).map { $0 + 16 * $1 }
        let harness = try Harness { builder in
            let high = try builder.input("high", z.map { $0 >> 4 }, interval: Interval(-100...100))
            let low = try builder.input("low", z.map { $0 & 15 }, interval: .bits(4))
            _ = try builder.requireProduct(
                try builder.matrix("x", 2, x, Interval(0...10)),
                try builder.matrix("w", 2, w, Interval(-10...10)),
                bias: (try builder.input("bias", bias, interval: Interval(-20...20)), 16),
                equals: try ValueMatrix(rows: 2, columns: 2, values: high * 16 + low))
        }
        // One more row of W in the folding, none in the products.
        #expect(harness.r1cs.constraintCount == 2 * 2 + 3 * 1 + 2 * 1)
        #expect(try harness.isSatisfied())
        for name in ["x", "w", "bias", "high", "low"] {
            for index in 0..<(name == "bias" ? 2 : 4) {
                #expect(try !harness.accepts([name: adding(1, at: index)]))
            }
        }
    }

    @Test func wrapAroundAndShapesAreRefused() throws {
        let wide = Interval.signed(bits: 127)
        let error = #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                _ = try builder.requireProduct(
                    try builder.matrix("x", 1, [0, 0], wide), try builder.matrix("w", 2, [0, 0], wide),
                    equals: try builder.matrix("z", 1, [0]))
            }
        }
        #expect(error?.isWrap == true)
        #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                _ = try builder.requireProduct(
                    try builder.matrix("x", 1, [0, 0]), try builder.matrix("w", 1, [0, 0]),
                    equals: try builder.matrix("z", 1, [0]))
            }
        }
    }

    @Test func transposition() throws {
        let witness = try CircuitWitness<Fr> { builder in
            let matrix = try builder.matrix("m", 2, [1, 2, 3, 4, 5, 6])
            #expect(try matrix.transposed.values.integers() == [1, 4, 2, 5, 3, 6])
            #expect(try matrix.column(1).integers() == [2, 5])
            #expect(try matrix.row(1).integers() == [4, 5, 6])
        }
        #expect(witness.committed == (1...6).map { Fr($0) })
    }
}
