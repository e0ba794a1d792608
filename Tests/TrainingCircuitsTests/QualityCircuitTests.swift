import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

@Suite struct QualityCircuitTests {
    @Test(arguments: [[4, 2], [4, 3, 2], [5, 4, 3, 3], [3, 6, 2, 4, 5]])
    func anyShapeIsSatisfied(widths: [Int]) throws {
        for bias in [false, true] {
            for seed in 1...4 as ClosedRange<UInt64> {
                let fixture = try QualityFixture(widths: widths, sampleCount: 7, bias: bias, seed: seed)
                #expect(try fixture.harness.isSatisfied())
            }
        }
    }

    /// The wires hold the integers of `QuantizedLearning`'s inference, bit for bit.
    @Test func equalsInference() throws {
        let fixture = try QualityFixture(widths: [6, 5, 4, 3], sampleCount: 9, bias: true)
        let trace = try fixture.model.inferenceTrace(inputs: fixture.model.spec.inputs(of: fixture.testSet))
        let r1cs = fixture.harness.r1cs
        let assignment = try fixture.harness.assignment()
        func values(_ name: String) -> [Fr] {
            assignment.indices.filter { r1cs.names.name(ofWire: $0).hasPrefix(name + "[") }.map {
                assignment[$0]
            }
        }
        func elements(_ matrix: Matrix<Int64>) -> [Fr] { matrix.elements.map { Fr($0) } }
        for (layer, number) in [(0, 1), (1, 2)] {
            let activation = try #require(trace.layers[layer].activation)
            #expect(values("layer \(number)/activation/p") == elements(activation.positive))
            #expect(values("layer \(number)/activation/n") == elements(activation.negative))
            #expect(values("layer \(number)/activation/rem") == elements(activation.remainder))
        }
        #expect(values("layer 3/logits") == elements(trace.logits))
        #expect(values("model/weights") == fixture.model.flattened.map { Fr(Int($0)) })
    }

    @Test func segmentsAreWhatAnybodyRecomputes() throws {
        let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 5, given: 3)
        let r1cs = fixture.harness.r1cs
        let assignment = try fixture.harness.assignment()
        #expect(r1cs.segments.map(\.name) == QualityCircuit.linkedSegments + ["advice"])
        #expect(r1cs.segments.map(\.isLinked) == [true, true, false])
        #expect(r1cs.publicCount == 1 + r1cs.challengeCount + 1)
        let model = try fixture.circuit.modelValues(fixture.model, over: Fr.self)
        let testSet = try fixture.circuit.testSetValues(fixture.testSet, over: Fr.self)
        #expect(Array(assignment[r1cs.wires(ofSegment: 0)]) == model)
        #expect(Array(assignment[r1cs.wires(ofSegment: 1)]) == testSet)
        #expect(testSet.count == 5 * (4 + 2))
        #expect(testSet[5 * 4..<5 * 4 + 6].reduce(Fr.zero, +) == Fr(3))
        #expect(Array(testSet.suffix(4)) == Array(repeating: Fr.zero, count: 4))
    }

    @Test func constraintsDependOnTheShapeOnly() throws {
        let first = try QualityFixture(widths: [4, 3, 2], sampleCount: 5, seed: 1).harness.r1cs
        let second = try QualityFixture(widths: [4, 3, 2], sampleCount: 5, given: 2, seed: 9).harness.r1cs
        #expect(first.a == second.a && first.b == second.b && first.c == second.c)
        #expect(first.coefficients == second.coefficients)
    }

    @Test func costs() throws {
        let circuit = try QualityCircuit(spec: .mnist, sampleCount: 100)
        let r1cs = try circuit.constraints(over: Fr.self)
        #expect(r1cs.constraintCount + r1cs.publicCount <= 393_216)
        let regions = Dictionary(uniqueKeysWithValues: r1cs.statistics().map { ($0.region, $0) })
        #expect(regions["layer 1"]?.constraints == 100 * 784 + 784 * 127 + 100 * 127)
        #expect(regions["layer 2"]?.constraints == 100 * 128 + 128 * 9 + 100 * 9)
        #expect(regions["layer 1/activation"]?.constraints == 3 * 12_800)
        #expect(regions["model"]?.constraints == 101_632)
        #expect(r1cs.statistics().reduce(0) { $0 + $1.constraints } == r1cs.constraintCount)
        #expect(
            r1cs.statistics().reduce(0) { $0 + $1.committedWires + $1.privateWires + $1.publicWires } == r1cs
                .wireCount - 1)
        let digits = try QualityCircuit(spec: .digits, sampleCount: 100).constraints(over: Fr.self)
        #expect(digits.constraintCount <= 40_000)
    }

    @Test func genericOverTheField() throws {
        let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 3)
        let r1cs = try fixture.circuit.constraints(over: BN254BaseField.self)
        let witness = try fixture.circuit.witness(
            model: fixture.model, testSet: fixture.testSet, least: 0, over: BN254BaseField.self)
        let challenges = (0..<r1cs.challengeCount).map { _ in BN254BaseField.random() }
        #expect(try r1cs.check(witness.assignment(challenges: challenges)))
    }

    @Test func statementsAndChallenges() throws {
        let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 3)
        let witness = try fixture.circuit.witness(
            model: fixture.model, testSet: fixture.testSet, least: 0, over: Fr.self)
        #expect(witness.statement == [Fr.zero])
        #expect(witness.committed.count == fixture.harness.r1cs.committedCount)
        // Again with other challenges, from the same first phase.
        let r1cs = fixture.harness.r1cs
        for seed in 1...3 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let challenges = (0..<r1cs.challengeCount).map { _ in Fr.random(using: &generator) }
            let assignment = try witness.assignment(challenges: challenges)
            #expect(Array(assignment[1...r1cs.challengeCount]) == challenges)
            #expect(try r1cs.check(assignment))
        }
        #expect(throws: CircuitError.self) { try witness.assignment(challenges: []) }
        #expect(throws: CircuitError.self) {
            try witness.assignment(challenges: Array(repeating: Fr(1 << 50), count: r1cs.challengeCount + 1))
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let fixture = try QualityFixture(widths: [4, 3, 2], sampleCount: 3)
        let other = try QualityFixture(widths: [4, 2, 2], sampleCount: 4)
        #expect(throws: CircuitError.self) {
            try fixture.circuit.witness(model: other.model, testSet: fixture.testSet, least: 0, over: Fr.self)
        }
        #expect(throws: CircuitError.self) {
            try fixture.circuit.witness(model: fixture.model, testSet: other.testSet, least: 0, over: Fr.self)
        }
        #expect(throws: CircuitError.self) { try QualityCircuit(spec: .digits, sampleCount: 0) }
        #expect(throws: LearningError.self) {
            try QualityCircuit(spec: QualityFixture.spec(widths: [4]), sampleCount: 1)
        }
        let claimed = try fixture.model.correctCount(on: fixture.testSet) + 1
        #expect(throws: CircuitError.self) {
            try fixture.circuit.witness(
                model: fixture.model, testSet: fixture.testSet, least: claimed, over: Fr.self
            ).assignment(challenges: [Fr(1 << 50), Fr(1 << 51)])
        }
    }
}
