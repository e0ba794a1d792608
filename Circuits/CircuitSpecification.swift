import ConstraintSystem
import Foundation
import QuantizedLearning

/// A circuit as a JSON document: which one, for which model, how large. It also travels with the proving key.
///
///     { "circuit": "quality", "samples": 100, "model": { … a `ModelSpec` … } }
public struct CircuitSpecification: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable {
        case quality
    }

    public var circuit: Kind
    /// Samples that one proof speaks about.
    public var samples: Int
    public var model: ModelSpec

    /// The quality circuit of a model's shape.
    public static func quality(model: ModelSpec, samples: Int) -> CircuitSpecification {
        CircuitSpecification(circuit: .quality, samples: samples, model: model)
    }

    /// The specification of a circuit at hand.
    public init(_ circuit: QualityCircuit) {
        self = .quality(model: circuit.spec, samples: circuit.sampleCount)
    }

    private init(circuit: Kind, samples: Int, model: ModelSpec) {
        self.circuit = circuit
        self.samples = samples
        self.model = model
    }

    /// - Throws: `CircuitError.malformed` that says what is wrong.
    public static func parse(_ bytes: [UInt8]) throws -> CircuitSpecification {
        let specification: CircuitSpecification
        do {
            specification = try JSONDecoder().decode(CircuitSpecification.self, from: Data(bytes))
        } catch let DecodingError.keyNotFound(key, context) {
            let path = (context.codingPath.map(\.stringValue) + [key.stringValue]).joined(separator: ".")
            throw CircuitError.malformed("no specification of a circuit: \"\(path)\" is missing")
        } catch let DecodingError.typeMismatch(_, context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw CircuitError.malformed("no specification of a circuit: \"\(path)\" has the wrong type")
        } catch let DecodingError.dataCorrupted(context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw CircuitError.malformed(
                "no specification of a circuit: "
                    + (path.isEmpty ? "it is not JSON" : "\"\(path)\" has no value that is known"))
        } catch {
            throw CircuitError.malformed("no specification of a circuit: it is not JSON")
        }
        _ = try specification.qualityCircuit()
        return specification
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: `CircuitError.malformed` that says what is wrong.
    public static func read(from url: URL) throws -> CircuitSpecification {
        let limit = 1 << 20
        let handle = try FileHandle(forReadingFrom: url)
        defer { try? handle.close() }
        let data = try handle.read(upToCount: limit + 1) ?? Data()
        guard data.count <= limit else {
            throw CircuitError.malformed("no specification of a circuit: it is larger than 1 MiB")
        }
        return try parse([UInt8](data))
    }

    /// The document's bytes, the same for equal specifications.
    public var encoded: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Numbers, texts and flags of ours can always be written.
        return [UInt8]((try? encoder.encode(self)) ?? Data())
    }

    /// The circuit itself.
    ///
    /// - Throws: `LearningError` or `CircuitError.malformed` for an impossible one.
    public func qualityCircuit() throws -> QualityCircuit {
        try QualityCircuit(spec: model, sampleCount: samples)
    }
}
