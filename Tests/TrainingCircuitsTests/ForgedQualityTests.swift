import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// The ways in which published circuits for the same purpose are unsound, each as a forged witness.
@Suite struct ForgedQualityTests {
    private static let least = 4

    /// Twelve samples of which the model gets fewer right than it claims, unless it cheats.
    private static func cheating() throws -> QualityFixture {
        for seed in 1...100 as ClosedRange<UInt64> {
            let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: seed)
            let correct = try fixture.model.correctCount(on: fixture.testSet)
            guard (2...6).contains(correct) else { continue }
            return try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: seed, least: correct + 1)
        }
        throw CircuitError.malformed("no such model")
    }

    private static func honest(_ fixture: QualityFixture) throws -> (bits: [Int], logits: [Int]) {
        let trace = try fixture.model.inferenceTrace(inputs: fixture.model.spec.inputs(of: fixture.testSet))
        let bits = (0..<fixture.testSet.count).map {
            Decision.isCorrect(logits: trace.logits.row($0), label: Int(fixture.testSet.labels[$0])) ? 1 : 0
        }
        return (bits, trace.logits.elements.map { Int($0) })
    }

    private static func firstWrong(_ fixture: QualityFixture) throws -> Int {
        try #require(try honest(fixture).bits.firstIndex(of: 0))
    }

    @Test func theClaimIsFalseWithoutForgery() throws {
        let fixture = try Self.cheating()
        #expect(throws: CircuitError.self) { try fixture.harness.assignment() }
        #expect(try !fixture.harness.accepts([:]))
    }

    @Test func predictedClassIsTiedToTheLargestLogit() throws {
        let fixture = try Self.cheating()
        let wrong = try Self.firstWrong(fixture)
        let raise: ([Int]) -> [Int] = { $0.enumerated().map { $0 == wrong ? 1 : $1 } }
        #expect(try !fixture.harness.accepts(["correct/correct": raise]))
        #expect(
            try !fixture.harness.accepts([
                "correct/correct": raise, "correct/margin": { $0.map { max($0, 0) } },
            ]))
        #expect(try !fixture.harness.accepts(["correct/correct": raise, "correct/margin": { $0.map(abs) }]))
        // A bit worth two.
        #expect(try !fixture.harness.accepts(["correct/correct": { $0.map { 2 * $0 } }]))
    }

    @Test func accumulatorsAreNotFree() throws {
        let fixture = try Self.cheating()
        let (_, logits) = try Self.honest(fixture)
        let wrong = try Self.firstWrong(fixture)
        let label = Int(fixture.testSet.labels[wrong])
        // Logits in favour of the label; all zero, which favours class 0.
        #expect(
            try !fixture.harness.accepts([
                "layer 2/logits": { $0.enumerated().map { $0 == wrong * 3 + label ? 500 : $1 } }
            ]))
        #expect(try !fixture.harness.accepts(["layer 2/logits": { $0.map { _ in 0 } }]))
        #expect(try !fixture.harness.accepts(["layer 2/logits": { _ in logits.map { -$0 } }]))
        #expect(
            try !fixture.harness.accepts([
                "layer 1/activation/p": { $0.map { _ in 0 } }, "layer 1/activation/n": { $0.map { _ in 0 } },
                "layer 1/activation/rem": { $0.map { _ in 0 } },
            ]))
    }

    @Test func signsOfActivationsAreFixed() throws {
        let fixture = try Self.cheating()
        let count = 12 * 3
        for index in 0..<count {
            let raise: ([Int]) -> [Int] = { $0.enumerated().map { $0 == index ? $1 + 1 : $1 } }
            #expect(
                try !fixture.harness.accepts(["layer 1/activation/p": raise, "layer 1/activation/n": raise]))
        }
        var swapped: [String: [Int]] = [:]
        let swap: (String, String) -> [String: ([Int]) -> [Int]] = { first, second in
            [
                first: {
                    swapped[first] = $0; return $0.map { _ in 0 }
                },
                second: { zip($0, swapped[first] ?? []).map { $0 + $1 } },
            ]
        }
        #expect(try !fixture.harness.accepts(swap("layer 1/activation/p", "layer 1/activation/n")))
    }

    @Test func quotientAndRemainderHaveRanges() throws {
        let fixture = try Self.cheating()
        let shift = fixture.circuit.spec.activationShift(layer: 0)
        for index in 0..<12 * 3 {
            for sign in [1, -1] {
                let quotient: ([Int]) -> [Int] = { $0.enumerated().map { $0 == index ? $1 + sign : $1 } }
                let remainder: ([Int]) -> [Int] = {
                    $0.enumerated().map { $0 == index ? $1 - sign << shift : $1 }
                }
                #expect(
                    try !fixture.harness.accepts([
                        "layer 1/activation/p": quotient, "layer 1/activation/rem": remainder,
                    ]))
            }
        }
    }

    @Test func weightsUsedAreTheWeightsCommitted() throws {
        let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: 3)
        let other = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: 4)
        let r1cs = fixture.harness.r1cs
        let segment = r1cs.wires(ofSegment: 0)
        // All that follows computed with one model, the committed segment another's.
        var assignment = try fixture.harness.assignment()
        #expect(try r1cs.check(assignment))
        assignment.replaceSubrange(segment, with: try fixture.circuit.modelValues(other.model, over: Fr.self))
        #expect(try !r1cs.check(assignment))
        // One weight, within its range and out of it.
        for wire in segment {
            for difference in [1, -1, 100] {
                var changed = try fixture.harness.assignment()
                changed[wire] += Fr(difference)
                #expect(try !r1cs.check(changed))
            }
        }
    }

    @Test func weightsHaveARange() throws {
        let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: 3, least: 0)
        for weight in [16, -17, 1000, -1000] {
            #expect(try !fixture.harness.accepts(["model/weights": { [weight] + $0.dropFirst() }]))
        }
        // Another model is another true statement.
        #expect(try fixture.harness.accepts(["model/weights": { [7] + $0.dropFirst() }]))
    }

    @Test func everySampleIsProven() throws {
        let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: 3, least: 0)
        for sample in 0..<12 {
            for name in ["layer 2/logits", "layer 1/activation/p", "layer 1/activation/rem"] {
                let forged = try fixture.harness.accepts([
                    name: { $0.enumerated().map { $0 / 3 == sample ? $1 + 1 : $1 } }
                ])
                #expect(!forged)
            }
        }
    }

    @Test func theCountIsPublic() throws {
        let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 12, seed: 3)
        let r1cs = fixture.harness.r1cs
        var assignment = try fixture.harness.assignment()
        let statement = 1 + r1cs.challengeCount
        #expect(statement == r1cs.publicCount - 1)
        #expect(r1cs.c.columns.contains(UInt32(statement)) || r1cs.b.columns.contains(UInt32(statement)))
        let honest = assignment[statement]
        for value in 0...13 where Fr(value) != honest {
            assignment[statement] = Fr(value)
            #expect(try !r1cs.check(assignment))
        }
    }

    /// With ≥ in place of > for lower classes, the all-zero model would be right on every sample.
    @Test func theZeroModelScoresItsTiesOnly() throws {
        let spec = QualityFixture.spec(widths: [4, 3, 3])
        let labels: [UInt8] = [0, 1, 2, 0, 1, 2, 2]
        let testSet = try Dataset(
            name: "labels", featureCount: 4, classCount: 3, pixels: Array(repeating: 5, count: 28),
            labels: labels)
        let model = try QuantizedModel.zero(spec: spec)
        let honest = try QualityFixture(spec: spec, sampleCount: 7, model: model, testSet: testSet, least: 2)
        #expect(try honest.harness.isSatisfied())
        let greedy = try QualityFixture(spec: spec, sampleCount: 7, model: model, testSet: testSet, least: 3)
        #expect(throws: CircuitError.self) { try greedy.harness.assignment() }
        for sample in [1, 2, 4, 5, 6] {
            #expect(
                try !greedy.harness.accepts([
                    "correct/correct": { $0.enumerated().map { $0 == sample ? 1 : $1 } }
                ]))
        }
    }

    @Test func paddingNeverCounts() throws {
        let fixture = try QualityFixture(widths: [4, 3, 3], sampleCount: 6, given: 4)
        let correct = try fixture.model.correctCount(on: fixture.testSet)
        #expect(try fixture.harness.isSatisfied())
        let greedy = try QualityFixture(widths: [4, 3, 3], sampleCount: 6, given: 4, least: correct + 1)
        for sample in [4, 5] {
            let raise: ([Int]) -> [Int] = { $0.enumerated().map { $0 == sample ? 1 : $1 } }
            #expect(try !greedy.harness.accepts(["correct/correct": raise]))
            #expect(
                try !greedy.harness.accepts([
                    "correct/correct": raise, "correct/margin": { $0.map { max($0, 0) } },
                ]))
        }
    }

    @Test func everyCommittedWireMustBeCommitted() throws {
        let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 3)
        let names = fixture.harness.committedNames
        for expected in [
            "model/weights", "test set/inputs", "test set/labels", "layer 1/activation/p",
            "layer 1/activation/n",
            "layer 1/activation/rem", "layer 2/logits", "correct/correct", "correct/margin",
        ] { #expect(names.contains(expected)) }
        #expect(names.contains { $0.hasSuffix("multiplicities") } && names.contains { $0.hasSuffix("limb") })
        for name in names {
            guard case .notFixedBeforeChallenges? = fixture.harness.refusal(movingToPrivate: name) else {
                Issue.record("\(name) may be private")
                continue
            }
        }
    }

    /// Each wire of a small circuit changed, one at a time, in several ways: none of them is another witness.
    @Test func mutations() throws {
        let fixture = try Self.withoutZeroLogits()
        let r1cs = fixture.harness.r1cs
        let honest = try fixture.harness.assignment()
        #expect(try r1cs.check(honest))
        let single = SingleChanges(r1cs, honest)
        var generator = SeededGenerator(seed: 5)
        for wire in 0..<r1cs.wireCount {
            let value = honest[wire]
            let changes = [
                value + .one, value - .one, -value, value.doubled(), .zero, .one, value + Fr(256),
                .random(using: &generator),
            ]
            for changed in changes where changed != value {
                #expect(
                    !single.isAccepted(wire, changed),
                    "\(r1cs.names.name(ofWire: wire)) = \(changed) instead of \(value)")
            }
        }
    }

    /// Logits of zero would allow a change of a label, that is, a true statement about another test set.
    private static func withoutZeroLogits() throws -> QualityFixture {
        for seed in 1...100 as ClosedRange<UInt64> {
            let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 3, seed: seed)
            let trace = try fixture.model.inferenceTrace(
                inputs: fixture.model.spec.inputs(of: fixture.testSet))
            if !trace.logits.elements.contains(0), try fixture.model.correctCount(on: fixture.testSet) == 2 {
                return fixture
            }
        }
        throw CircuitError.malformed("no such model")
    }
}
