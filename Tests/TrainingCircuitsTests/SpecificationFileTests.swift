import ConstraintSystem
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
    @Test(arguments: [("quality-digits-64-32-10", ModelSpec.digits), ("quality-mnist-784-128-10", .mnist)])
    func filesAreTheBuiltInShapes(name: String, spec: ModelSpec) throws {
        let file = try CircuitSpecification.read(from: folder.appending(path: "\(name).json"))
        var expected = spec
        expected.training = nil
        #expect(file == .quality(model: expected, samples: 100))
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
}
