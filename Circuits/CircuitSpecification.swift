import ConstraintSystem
import FieldArithmetic
import Foundation
import QuantizedLearning

/// A circuit as a JSON document: which one, for which model, how large. It also travels with the proving key.
///
///     { "circuit": "quality", "samples": 100, "model": { … a `ModelSpec` … } }
///     { "circuit": "training-step", "steps": 2, "bound": 100, "model": { … with its training part … } }
///     { "circuit": "bounded-update", "bound": 400, "model": { … a `ModelSpec` … } }
///
/// `bound` of a training step may be missing: updates then have the range of weights.
public enum CircuitSpecification: Sendable, Hashable {
    /// `QualityCircuit` on so many samples.
    case quality(model: ModelSpec, samples: Int)
    /// `TrainingStepCircuit` for so many steps, with every update within ±bound.
    case trainingStep(model: ModelSpec, steps: Int, bound: Int?)
    /// `BoundedUpdateCircuit` for two models that differ by at most the bound.
    case boundedUpdate(model: ModelSpec, bound: Int)

    /// The specification of a circuit at hand.
    public init(_ circuit: QualityCircuit) {
        self = .quality(model: circuit.spec, samples: circuit.sampleCount)
    }

    /// The specification of a circuit at hand.
    public init(_ circuit: TrainingStepCircuit) {
        self = .trainingStep(model: circuit.spec, steps: circuit.steps, bound: circuit.updateBound)
    }

    /// The specification of a circuit at hand.
    public init(_ circuit: BoundedUpdateCircuit) {
        self = .boundedUpdate(model: circuit.spec, bound: circuit.bound)
    }

    /// The model that the circuit is for.
    public var model: ModelSpec {
        switch self {
        case .quality(let model, _), .trainingStep(let model, _, _), .boundedUpdate(let model, _):
            return model
        }
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
        } catch let error as CircuitError {
            throw error
        } catch let DecodingError.dataCorrupted(context) {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw CircuitError.malformed(
                "no specification of a circuit: "
                    + (path.isEmpty ? "it is not JSON" : "\"\(path)\" has no value that is known"))
        } catch {
            throw CircuitError.malformed("no specification of a circuit: it is not JSON")
        }
        switch specification {
        case .quality: _ = try specification.qualityCircuit()
        case .trainingStep: _ = try specification.trainingStepCircuit()
        case .boundedUpdate: _ = try specification.boundedUpdateCircuit()
        }
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
    /// - Throws: `LearningError` or `CircuitError.malformed` for an impossible one or one of another kind.
    public func qualityCircuit() throws -> QualityCircuit {
        guard case .quality(let model, let samples) = self else {
            throw CircuitError.malformed(
                "the specification is one of a \(kind.rawValue) circuit, not of quality")
        }
        return try QualityCircuit(spec: model, sampleCount: samples)
    }

    /// The circuit itself.
    ///
    /// - Throws: `LearningError` or `CircuitError.malformed` for an impossible one or one of another kind.
    public func trainingStepCircuit() throws -> TrainingStepCircuit {
        guard case .trainingStep(let model, let steps, let bound) = self else {
            throw CircuitError.malformed(
                "the specification is one of a \(kind.rawValue) circuit, not of training steps")
        }
        return try TrainingStepCircuit(spec: model, steps: steps, updateBound: bound)
    }

    /// The circuit itself.
    ///
    /// - Throws: `LearningError` or `CircuitError.malformed` for an impossible one or one of another kind.
    public func boundedUpdateCircuit() throws -> BoundedUpdateCircuit {
        guard case .boundedUpdate(let model, let bound) = self else {
            throw CircuitError.malformed(
                "the specification is one of a \(kind.rawValue) circuit, not of bounded updates")
        }
        return try BoundedUpdateCircuit(spec: model, bound: bound)
    }

    /// Records the circuit, whatever its kind.
    ///
    /// - Throws: as the circuit's own `constraints`.
    public func constraints<F: PrimeField>(over field: F.Type) throws -> R1CS<F> {
        switch self {
        case .quality: return try qualityCircuit().constraints(over: field)
        case .trainingStep: return try trainingStepCircuit().constraints(over: field)
        case .boundedUpdate: return try boundedUpdateCircuit().constraints(over: field)
        }
    }
}

extension CircuitSpecification: Codable {
    /// The values of the field `circuit`.
    public enum Kind: String, Codable, Sendable {
        case quality
        case trainingStep = "training-step"
        case boundedUpdate = "bounded-update"

        fileprivate var fields: Set<Field> {
            switch self {
            case .quality: return [.circuit, .samples, .model]
            case .trainingStep: return [.circuit, .steps, .bound, .model]
            case .boundedUpdate: return [.circuit, .bound, .model]
            }
        }
    }

    public var kind: Kind {
        switch self {
        case .quality: return .quality
        case .trainingStep: return .trainingStep
        case .boundedUpdate: return .boundedUpdate
        }
    }

    fileprivate enum Field: String, CodingKey, Hashable {
        case circuit, samples, steps, bound, model
    }

    /// Any field, to find those that are not known.
    private struct AnyField: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Field.self)
        let kind = try container.decode(Kind.self, forKey: .circuit)
        let unknown = try decoder.container(keyedBy: AnyField.self).allKeys.first { key in
            !kind.fields.contains { $0.rawValue == key.stringValue }
        }
        if let unknown {
            throw CircuitError.malformed(
                "no specification of a circuit: a \(kind.rawValue) circuit has no field \"\(unknown.stringValue)\""
            )
        }
        let model = try container.decode(ModelSpec.self, forKey: .model)
        switch kind {
        case .quality:
            self = .quality(model: model, samples: try container.decode(Int.self, forKey: .samples))
        case .trainingStep:
            self = .trainingStep(
                model: model, steps: try container.decode(Int.self, forKey: .steps),
                bound: try container.decodeIfPresent(Int.self, forKey: .bound))
        case .boundedUpdate:
            self = .boundedUpdate(model: model, bound: try container.decode(Int.self, forKey: .bound))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Field.self)
        try container.encode(kind, forKey: .circuit)
        try container.encode(model, forKey: .model)
        switch self {
        case .quality(_, let samples): try container.encode(samples, forKey: .samples)
        case .trainingStep(_, let steps, let bound):
            try container.encode(steps, forKey: .steps)
            try container.encodeIfPresent(bound, forKey: .bound)
        case .boundedUpdate(_, let bound):
            try container.encode(bound, forKey: .bound)
        }
    }
}
