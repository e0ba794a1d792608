import Foundation

extension ModelSpec {
    /// Specifications are short; a longer file is something else.
    static let maximumFileBytes = 1 << 16

    /// Reads and validates a JSON document; unknown fields are refused, as they are most likely misspelt.
    ///
    /// - Throws: `LearningError.file` for what is not such a document, `LearningError.spec` naming a bad field.
    public static func read(from url: URL) throws(LearningError) -> ModelSpec {
        try parse(
            FileInput.read(url, maximumBytes: maximumFileBytes), name: url.lastPathComponent)
    }

    /// Parses and validates a JSON document; `name` is for messages.
    public static func parse(_ data: Data, name: String) throws(LearningError) -> ModelSpec {
        let spec: ModelSpec
        do {
            spec = try JSONDecoder().decode(ModelSpec.self, from: data)
        } catch {
            throw .file(name: name, position: nil, reason: jsonReason(error))
        }
        try spec.validate()
        if let unknown = try unknownField(in: data, of: spec, name: name) {
            throw .spec(field: unknown, reason: "unknown field")
        }
        return spec
    }

    /// The document with its keys in alphabetic order: equal specifications give equal bytes.
    public func json() -> Data { Self.encoded(self) }

    private static func encoded(_ document: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Encoding integers, strings and Booleans cannot fail.
        return (try? encoder.encode(document)) ?? Data()
    }

    public func write(to url: URL) throws(LearningError) {
        try FileInput.write(json() + Data("\n".utf8), to: url)
    }

    private static func unknownField(
        in data: Data, of spec: ModelSpec, name: String
    ) throws(LearningError) -> String? {
        do {
            let given = try JSONSerialization.jsonObject(with: data)
            // What could be written with `widths` may be written with `layers`, and is then compared in that form.
            let isLayered = (given as? [String: Any])?[Field.layers.rawValue] != nil
            let known = isLayered ? encoded(LayeredForm(spec: spec)) : spec.json()
            return difference(given, try JSONSerialization.jsonObject(with: known), path: "")
        } catch {
            throw .file(name: name, position: nil, reason: jsonReason(error))
        }
    }

    /// The path of the first key of `given` that `known` lacks.
    private static func difference(_ given: Any, _ known: Any, path: String) -> String? {
        if let given = given as? [Any], let known = known as? [Any] {
            for (index, (value, counterpart)) in zip(given, known).enumerated() {
                if let found = difference(value, counterpart, path: "\(path)[\(index)]") { return found }
            }
            return nil
        }
        guard let given = given as? [String: Any], let known = known as? [String: Any] else { return nil }
        for (key, value) in given.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
            let field = path.isEmpty ? key : "\(path).\(key)"
            guard let counterpart = known[key] else { return field }
            if let found = difference(value, counterpart, path: field) { return found }
        }
        return nil
    }
}

extension ModelSpec: Codable {
    fileprivate enum Field: String, CodingKey {
        case name, widths, bias, layers, input, weights, activations, training
    }

    private enum InputField: String, CodingKey {
        case shape, maximum, shift, fractionBits
    }

    /// Either `widths` and `bias`, or `layers` and `input.shape`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Field.self)
        let architecture: Architecture
        if container.contains(.layers) {
            for field in [Field.widths, .bias] where container.contains(field) {
                throw DecodingError.dataCorruptedError(
                    forKey: field, in: container, debugDescription: "given beside layers")
            }
            let input = try container.nestedContainer(keyedBy: InputField.self, forKey: .input)
            architecture = Architecture(
                input: try input.decode(Shape.self, forKey: .shape),
                layers: try container.decode([LayerSpec].self, forKey: .layers))
        } else {
            architecture = Architecture(
                widths: try container.decode([Int].self, forKey: .widths),
                bias: try container.decode(Bool.self, forKey: .bias))
        }
        self.init(
            name: try container.decode(String.self, forKey: .name), architecture: architecture,
            input: try container.decode(InputSpec.self, forKey: .input),
            weights: try container.decode(FixedPoint.self, forKey: .weights),
            activations: try container.decode(FixedPoint.self, forKey: .activations),
            training: try container.decodeIfPresent(TrainingSpec.self, forKey: .training))
    }

    /// With `widths` where that says everything.
    public func encode(to encoder: any Encoder) throws {
        try encode(to: encoder, widths: architecture.plainWidths)
    }

    fileprivate func encode(to encoder: any Encoder, widths: [Int]?) throws {
        var container = encoder.container(keyedBy: Field.self)
        try container.encode(name, forKey: .name)
        if let widths {
            try container.encode(input, forKey: .input)
            try container.encode(widths, forKey: .widths)
            try container.encode(architecture.layers.first?.bias ?? false, forKey: .bias)
        } else {
            try container.encode(architecture.layers, forKey: .layers)
            var nested = container.nestedContainer(keyedBy: InputField.self, forKey: .input)
            try nested.encode(architecture.input, forKey: .shape)
            try nested.encode(input.maximum, forKey: .maximum)
            try nested.encode(input.shift, forKey: .shift)
            try nested.encode(input.fractionBits, forKey: .fractionBits)
        }
        try container.encode(weights, forKey: .weights)
        try container.encode(activations, forKey: .activations)
        try container.encodeIfPresent(training, forKey: .training)
    }
}

/// A specification written with `layers` in any case.
private struct LayeredForm: Encodable {
    let spec: ModelSpec

    func encode(to encoder: any Encoder) throws { try spec.encode(to: encoder, widths: nil) }
}

/// What a JSON decoder has to say, with the field it was at.
func jsonReason(_ error: any Error) -> String {
    func field(_ path: [any CodingKey]) -> String {
        path.isEmpty
            ? "the document"
            : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case DecodingError.keyNotFound(let key, let context):
        return "\(field(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
        return "\(field(context.codingPath)): \(context.debugDescription)"
    case DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty:
        return "not a JSON document, or one with a number that is too large"
    case DecodingError.dataCorrupted(let context):
        return "\(field(context.codingPath)): \(context.debugDescription)"
    default:
        return "not a JSON document: \(error)"
    }
}
