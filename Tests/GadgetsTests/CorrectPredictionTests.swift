import ConstraintSystem
import FieldArithmetic
import Gadgets
import TestSupport
import Testing

@Suite struct CorrectPredictionTests {
    /// All logits in {−1, 0, 1}³ with each label, and without one.
    private static let samples: [(logits: [Int], label: Int?)] = (0..<27).flatMap { code in
        [0, 1, 2, nil].map { label in ([code % 3 - 1, code / 3 % 3 - 1, code / 9 - 1], label) }
    }

    /// The rule, by its definition.
    private static func isCorrect(_ sample: (logits: [Int], label: Int?)) -> Bool {
        guard let label = sample.label else { return false }
        return sample.logits.indices.allSatisfy { index in
            index < label
                ? sample.logits[label] > sample.logits[index] : sample.logits[label] >= sample.logits[index]
        }
    }

    private static func oneHot(_ label: Int?) -> [Int] { (0..<3).map { $0 == label ? 1 : 0 } }

    private static func harness(least: Int) throws -> Harness {
        try Harness { builder in
            let ranges = try RangeChecker(builder)
            let k = try builder.wires(
                .statement, "k", count: 1, interval: Interval(0...108), integers: [least])
            let bits = try builder.correctPredictions(
                logits: try builder.matrix("logits", 108, samples.flatMap(\.logits), Interval(-1...1)),
                labels: try builder.matrix("labels", 108, samples.flatMap { oneHot($0.label) }, .bit), ranges)
            if builder.isWitness { #expect(try bits.integers() == samples.map { isCorrect($0) ? 1 : 0 }) }
            try builder.requireCount(of: bits, atLeast: k, ranges)
        }
    }

    private static let correctCount = samples.count { isCorrect($0) }

    @Test func exhaustive() throws {
        let harness = try Self.harness(least: Self.correctCount)
        let ranges = RangePlan(demand: [2: 324, 7: 1]).constraintCount
        #expect(harness.r1cs.constraintCount == 108 * (2 * 3 + 1) + ranges)
        #expect(try harness.isSatisfied())
        #expect(try Self.harness(least: 0).isSatisfied())
        #expect(throws: CircuitError.self) { try Self.harness(least: Self.correctCount + 1).assignment() }
    }

    @Test func everyWrongBitIsRefused() throws {
        let assignments = try Harness { builder in
            let ranges = try RangeChecker(builder)
            _ = try builder.correctPredictions(
                logits: try builder.matrix("logits", 108, Self.samples.flatMap(\.logits), Interval(-1...1)),
                labels: try builder.matrix(
                    "labels", 108, Self.samples.flatMap { Self.oneHot($0.label) }, .bit), ranges)
        }
        for (index, sample) in Self.samples.enumerated() where !Self.isCorrect(sample) {
            let raise = adding(1, at: index)
            #expect(try !assignments.accepts(["correct": raise]))
            // Margins made up to fit.
            #expect(try !assignments.accepts(["correct": raise, "margin": { $0.map { max($0, 0) } }]))
        }
        // To lower a bit claims less and is allowed.
        let first = try #require(Self.samples.firstIndex(where: { Self.isCorrect($0) }))
        #expect(try assignments.accepts(["correct": adding(-1, at: first)]))
    }

    @Test func theCountIsPublicAndBinding() throws {
        let harness = try Self.harness(least: Self.correctCount)
        var assignment = try harness.assignment()
        let k = 1 + harness.r1cs.challengeCount
        #expect(assignment[k] == Fr(Self.correctCount))
        for value in [Self.correctCount + 1, 108, 0, -1] {
            assignment[k] = Fr(value)
            #expect(try !harness.r1cs.check(assignment))
        }
        #expect(try !harness.accepts(["k": adding(1)]))
        #expect(try harness.accepts(["k": adding(-1)]))
    }

    @Test func mustBeFixed() throws {
        let harness = try Self.harness(least: 1)
        #expect(harness.committedNames.count >= 5)
        for name in harness.committedNames {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
        }
    }

    @Test func countingNeedsBits() throws {
        #expect(throws: CircuitError.self) {
            try R1CS<Fr> { builder in
                let ranges = try RangeChecker(builder)
                try builder.requireCount(
                    of: try builder.input("x", [0, 2], interval: Interval(0...2)),
                    atLeast: builder.constants([1]), ranges)
            }
        }
    }
}
