import ConstraintSystem
import FieldArithmetic
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// Two models that differ by at most a bound, and every way not to.
@Suite struct BoundedUpdateCircuitTests {
    private static let spec = TrainingFixture.spec(widths: [3, 2])
    private static let bound = 4

    /// A model, and another that differs from it by all amounts from −bound to bound.
    private static func models() throws -> (before: QuantizedModel, after: QuantizedModel) {
        let before: [Int16] = [-20, -5, 0, 1, 7, 15]
        let differences: [Int16] = [-4, -1, 0, 2, 3, 4]
        return (
            try QuantizedModel(spec: spec, flattened: before),
            try QuantizedModel(spec: spec, flattened: zip(before, differences).map { $0 + $1 })
        )
    }

    private static func harness() throws -> CircuitHarness<Fr> {
        let circuit = try BoundedUpdateCircuit(spec: spec, bound: bound)
        let (before, after) = try models()
        return try CircuitHarness { try circuit.synthesize($0, before: before, after: after) }
    }

    @Test func honestUpdatesAreAccepted() throws {
        let harness = try Self.harness()
        #expect(try harness.isSatisfied())
        let circuit = try BoundedUpdateCircuit(spec: Self.spec, bound: Self.bound)
        let r1cs = try circuit.constraints(over: Fr.self)
        // n + (2·B + 1) + 1.
        #expect(r1cs.constraintCount == 6 + 9 + 1)
        #expect(r1cs.segments.filter(\.isLinked).map(\.name) == BoundedUpdateCircuit.linkedSegments)
        #expect(r1cs.segments.filter(\.isLinked).map(\.count) == [6, 6])
        #expect(r1cs.challengeCount == 1)
    }

    @Test func nothingBeyondTheBoundIsAccepted() throws {
        let harness = try Self.harness()
        let (before, after) = try Self.models()
        for index in 0..<6 {
            for difference in [-1000, -9, -5, -4, 0, 4, 5, 9, 1000] {
                let isSmall = abs(difference) <= Self.bound
                for name in ["before", "after"] {
                    // The other model's value plus the difference.
                    let other = Int((name == "before" ? after : before).flattened[index])
                    let forged: ([Int]) -> [Int] = {
                        $0.enumerated().map { $0 == index ? other + difference : $1 }
                    }
                    #expect(
                        try harness.accepts([name: forged]) == isSmall, "\(name)[\(index)]: \(difference)")
                }
            }
        }
    }

    /// Multiplicities that make a foreign difference balance do not exist.
    @Test func multiplicitiesAreFixed() throws {
        let harness = try Self.harness()
        let (_, after) = try Self.models()
        let far: ([Int]) -> [Int] = { _ in after.flattened.map { Int($0) + 5 } }
        let name = "difference/table of differences/multiplicities"
        let multiplicities = harness.committedNames.first { $0.hasSuffix("multiplicities") } ?? name
        for row in 0..<9 {
            let all: ([Int]) -> [Int] = { $0.indices.map { $0 == row ? 6 : 0 } }
            #expect(try !harness.accepts(["before": far, multiplicities: all]))
        }
        #expect(try !harness.accepts([multiplicities: { $0.map { $0 + 1 } }]))
    }

    @Test func everyCommittedWireMustBeCommitted() throws {
        let harness = try Self.harness()
        #expect(harness.committedNames.count == 3)
        for name in harness.committedNames {
            guard case .notFixedBeforeChallenges = harness.refusal(movingToPrivate: name) else {
                Issue.record("\(name) may be private")
                continue
            }
        }
    }

    @Test func mutations() throws {
        let harness = try Self.harness()
        let honest = try harness.assignment()
        for wire in 1..<harness.r1cs.wireCount {
            // Models are free within the bound, but not without the fractions that follow from them.
            for change in [Fr(1), Fr(100), -Fr(100)] {
                var forged = honest
                forged[wire] += change
                #expect(try !harness.r1cs.check(forged), "wire \(wire)")
            }
        }
    }

    @Test func impossibleCircuitsAndWitnessesAreRefused() throws {
        for bound in [-1, BoundedUpdateCircuit.largestBound + 1, Int.max, Int.min] {
            #expect(throws: CircuitError.self) { try BoundedUpdateCircuit(spec: Self.spec, bound: bound) }
        }
        let (before, after) = try Self.models()
        let narrow = try BoundedUpdateCircuit(spec: Self.spec, bound: Self.bound - 1)
        #expect(throws: CircuitError.self) {
            try narrow.witness(before: before, after: after, over: Fr.self)
        }
        let nothing = try BoundedUpdateCircuit(spec: Self.spec, bound: 0)
        _ = try nothing.witness(before: before, after: before, over: Fr.self)
        let other = try QuantizedModel.zero(spec: TrainingFixture.spec(widths: [4, 2]))
        #expect(throws: CircuitError.self) {
            try narrow.witness(before: before, after: other, over: Fr.self)
        }
    }

    @Test func specifications() throws {
        let specification = CircuitSpecification.boundedUpdate(model: .digits, bound: 400)
        #expect(try CircuitSpecification.parse(specification.encoded) == specification)
        #expect(try specification.boundedUpdateCircuit().bound == 400)
        #expect(throws: CircuitError.self) { try specification.trainingStepCircuit() }
        #expect(throws: CircuitError.self) {
            try CircuitSpecification.quality(model: .digits, samples: 1).boundedUpdateCircuit()
        }
        let good = String(decoding: specification.encoded, as: UTF8.self)
        for (old, new) in [
            ("\"bound\" : 400", "\"bound\" : -1"), ("\"bound\" : 400", "\"bound\" : 1e9"),
            ("\"bound\" : 400", "\"steps\" : 1"), ("\"bound\" : 400", "\"bound\" : null"),
        ] {
            #expect(good.contains(old))
            #expect(throws: (any Error).self) {
                try CircuitSpecification.parse(Array(good.replacing(old, with: new).utf8))
            }
        }
    }
}
