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
        if let unknown = try unknownField(in: data, comparedTo: spec.json(), name: name) {
            throw .spec(field: unknown, reason: "unknown field")
        }
        return spec
    }

    /// The document with its keys in alphabetic order: equal specifications give equal bytes.
    public func json() -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        // Encoding integers, strings and Booleans cannot fail.
        return (try? encoder.encode(self)) ?? Data()
    }

    public func write(to url: URL) throws(LearningError) {
        try FileInput.write(json() + Data("\n".utf8), to: url)
    }

    private static func unknownField(
        in data: Data, comparedTo known: Data, name: String
    ) throws(LearningError) -> String? {
        do {
            return difference(
                try JSONSerialization.jsonObject(with: data), try JSONSerialization.jsonObject(with: known),
                path: [])
        } catch {
            throw .file(name: name, position: nil, reason: jsonReason(error))
        }
    }

    /// The path of the first key of `given` that `known` lacks.
    private static func difference(_ given: Any, _ known: Any, path: [String]) -> String? {
        guard let given = given as? [String: Any], let known = known as? [String: Any] else { return nil }
        for (key, value) in given.sorted(by: { $0.key < $1.key }) where !(value is NSNull) {
            guard let counterpart = known[key] else { return (path + [key]).joined(separator: ".") }
            if let found = difference(value, counterpart, path: path + [key]) { return found }
        }
        return nil
    }
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
