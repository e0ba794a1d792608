import ConstraintSystem
import Foundation
import Presentation
import QuantizedLearning
import TrainingCircuits

/// Names a quality circuit: a model's specification and a number of samples.
struct CircuitOptions: ArgumentGroup {
    @Option(
        "The circuit: a JSON file, or one of the built-in ones, digits (64-32-10) and mnist (784-128-10).",
        valueName: "digits|mnist|file")
    var circuit: String

    @Option(
        "Samples that one proof speaks about; the circuit file's number otherwise.", check: .in(1...65536))
    var samples: Int?

    init() {}

    /// - Throws: `CommandError` that names the file.
    func load() throws -> QualityCircuit { try Self.load(circuit, samples: samples) }

    /// - Throws: `CommandError` that names the file.
    static func load(_ circuit: String, samples: Int?) throws -> QualityCircuit {
        try naming(circuit) {
            let specification: CircuitSpecification
            switch circuit {
            case "digits": specification = .quality(model: .digits, samples: 100)
            case "mnist": specification = .quality(model: .mnist, samples: 100)
            default: specification = try CircuitSpecification.read(from: InputFile.parse(circuit).url)
            }
            let named = try specification.qualityCircuit()
            return try samples.map { try QualityCircuit(spec: named.spec, sampleCount: $0) } ?? named
        }
    }
}
