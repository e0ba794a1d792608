import ConstraintSystem
import FieldArithmetic
import Foundation
import QuantizedLearning
import TestSupport
import Testing
import TrainingCircuits

/// The circuits' files in the project, and damaged ones.
@Suite struct SpecificationFileTests {
    private let folder = TestFiles.vectors.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Circuits/specs")

    /// The files describe the built-in shapes, without what only training needs.
    @Test(arguments: [
        ("quality-digits-64-32-10", ModelSpec.digits, 100), ("quality-mnist-784-128-10", .mnist, 100),
        ("quality-lenet-5", .lenet5, 100), ("quality-lenet-small", .lenetSmall, 25),
    ])
    func filesAreTheBuiltInShapes(name: String, spec: ModelSpec, samples: Int) throws {
        let file = try CircuitSpecification.read(from: folder.appending(path: "\(name).json"))
        var expected = spec
        expected.training = nil
        #expect(file == .quality(model: expected, samples: samples))
        #expect(try CircuitSpecification.parse(file.encoded) == file)
    }

    @Test func damagedFilesAreRefused() throws {
        let good = String(
            decoding: CircuitSpecification.quality(model: .digits, samples: 10).encoded, as: UTF8.self)
        #expect((try? CircuitSpecification.parse(Array(good.utf8))) != nil)
        let damages = [
            "", "{}", "[]", "nonsense", String(good.dropLast(3)),
            good.replacing("\"quality\"", with: "\"unknown\""),
            good.replacing("\"samples\" : 10", with: "\"samples\" : 0"),
            good.replacing("\"samples\" : 10", with: "\"samples\" : -1"),
            good.replacing("\"samples\" : 10", with: "\"samples\" : 100000000"),
            good.replacing("\"samples\" : 10", with: "\"samples\" : \"10\""),
            good.replacing("\"bits\" : 12", with: "\"bits\" : 200"),
        ]
        for damage in damages {
            #expect(throws: (any Error).self, "\(damage.prefix(40))") {
                try CircuitSpecification.parse(Array(damage.utf8))
            }
        }
    }

    /// With the training part, which the circuit is about.
    @Test(arguments: [
        ("training-step-digits-64-32-10", ModelSpec.digits, 4), ("training-step-mnist-784-128-10", .mnist, 1),
        ("training-step-lenet-5", .lenet5, 1), ("training-step-lenet-small", .lenetSmall, 1),
    ])
    func trainingFilesAreTheBuiltInShapes(name: String, spec: ModelSpec, steps: Int) throws {
        let file = try CircuitSpecification.read(from: folder.appending(path: "\(name).json"))
        #expect(file == .trainingStep(model: spec, steps: steps, bound: nil))
        #expect(file == CircuitSpecification(try file.trainingStepCircuit()))
        #expect(try CircuitSpecification.parse(file.encoded) == file)
        #expect(throws: CircuitError.self) { try file.qualityCircuit() }
        #expect(throws: CircuitError.self) {
            try CircuitSpecification.quality(model: spec, samples: 1).trainingStepCircuit()
        }
    }

    /// What a circuit has at least is no more than what it has.
    @Test(arguments: [
        CircuitSpecification.quality(model: .digits, samples: 10), .quality(model: .lenet5, samples: 1),
        .trainingStep(model: .digits, steps: 2, bound: nil), .boundedUpdate(model: .digits, bound: 100),
    ])
    func leastSizeIsNoMoreThanTheSize(specification: CircuitSpecification) throws {
        let size = try specification.constraints(over: BN254ScalarField.self).constraintCount
        #expect(specification.leastConstraintCount <= size)
        #expect(specification.leastConstraintCount >= size / 50)
    }

    /// Layers that do not fit together, each refused with the name of the field.
    @Test func damagedLayersAreRefused() throws {
        let good = String(
            decoding: CircuitSpecification.trainingStep(model: .lenet5, steps: 1, bound: nil).encoded,
            as: UTF8.self)
        #expect((try? CircuitSpecification.parse(Array(good.utf8))) != nil)
        for (old, new, field) in [
            ("\"channels\" : 6", "\"channels\" : 0", "channels"),
            ("\"kind\" : \"average\"", "\"kind\" : \"median\"", "kind"),
            ("\"units\" : 120", "\"units\" : -1", "units"),
            ("\"height\" : 28", "\"height\" : 3", "kernel.height"),
            ("\"convolution\"", "\"conv\"", "layers"),
            ("\"channels\" : 16", "\"channels\" : 60000", "outputs"),
        ] {
            #expect(good.contains(old))
            do {
                _ = try CircuitSpecification.parse(Array(good.replacing(old, with: new).utf8))
                Issue.record("\(new) is accepted")
            } catch { #expect("\(error)".contains(field), "\(error)") }
        }
    }

    @Test func damagedTrainingFilesAreRefused() throws {
        let bounded = CircuitSpecification.trainingStep(model: .digits, steps: 2, bound: 100)
        #expect(try CircuitSpecification.parse(bounded.encoded) == bounded)
        #expect(try bounded.trainingStepCircuit().updateBound == 100)
        let good = String(decoding: bounded.encoded, as: UTF8.self)
        func reason(_ old: String, _ new: String) -> String {
            #expect(good.contains(old))
            do {
                _ = try CircuitSpecification.parse(Array(good.replacing(old, with: new).utf8))
                return "none"
            } catch { return "\(error)" }
        }
        #expect(reason("\"steps\" : 2", "\"steps\" : 0").contains("0 steps"))
        #expect(reason("\"steps\" : 2", "\"steps\" : 10").contains("1...9"))
        #expect(reason("\"steps\" : 2", "\"steps\" : \"2\"").contains("\"steps\" has the wrong type"))
        #expect(reason("\"steps\" : 2", "\"samples\" : 2").contains("no field \"samples\""))
        #expect(reason("\"bound\" : 100", "\"bound\" : 5000").contains("5000"))
        #expect(reason("\"bound\" : 100", "\"bound\" : -1").contains("-1"))
        #expect(reason("\"bound\" : 100", "\"limit\" : 100").contains("no field \"limit\""))
        #expect(reason("\"training-step\"", "\"training\"").contains("\"circuit\""))
        #expect(reason("\"training-step\"", "\"quality\"").contains("no field"))
        #expect(reason("\"training\" :", "\"trained\" :").contains("training"))
        #expect(reason("\"batchSize\" : 32", "\"batchSize\" : 33").contains("batchSize"))
    }
}
