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
        let specification = try specification(circuit, samples: samples)
        return try naming(circuit) { try specification.qualityCircuit() }
    }

    /// A circuit of any kind.
    ///
    /// - Throws: `CommandError` that names the file.
    static func specification(_ circuit: String, samples: Int? = nil) throws -> CircuitSpecification {
        try naming(circuit) {
            let named: CircuitSpecification
            switch circuit {
            case "digits": named = .quality(model: .digits, samples: 100)
            case "mnist": named = .quality(model: .mnist, samples: 100)
            default: named = try CircuitSpecification.read(from: InputFile.parse(circuit).url)
            }
            guard let samples else { return named }
            let circuit = try named.qualityCircuit()
            return CircuitSpecification(try QualityCircuit(spec: circuit.spec, sampleCount: samples))
        }
    }

    /// A training-step circuit.
    ///
    /// - Throws: `CommandError` that names the file.
    static func trainingStep(_ file: InputFile) throws -> TrainingStepCircuit {
        try file.reading { _ in try CircuitSpecification.read(from: file.url).trainingStepCircuit() }
    }
}
