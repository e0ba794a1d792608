import AuditProtocol
import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16

/// Reading and writing of the audits' JSON documents.
enum AuditJSON {
    private struct Head: Decodable {
        var format: String
        var version: Int
    }

    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// Sorted keys, no space: equal values give equal bytes.
    static func canonical(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// - Throws: `MalformedData` that says what is wrong.
    static func decode<Document: Decodable>(
        _: Document.Type, from json: Data, format: String, what: String
    ) throws -> Document {
        let decoder = JSONDecoder()
        do {
            let head = try decoder.decode(Head.self, from: json)
            guard head.format == format else {
                throw MalformedData("not \(what): its format is \"\(head.format)\"")
            }
            guard head.version == 1 else {
                throw MalformedData("\(what) of version \(head.version); this program reads version 1")
            }
            return try decoder.decode(Document.self, from: json)
        } catch let error as DecodingError {
            throw MalformedData("not \(what): \(reason(error))")
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }
        switch error {
        case .keyNotFound(let key, let context):
            return "\"\(path(context.codingPath + [key]))\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\"\(path(context.codingPath))\" has the wrong type"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\"\(path(context.codingPath))\" has no value that is known"
        default: return "it is not JSON"
        }
    }

    /// - Throws: `MalformedData`, `PointEncodingError`.
    static func point(_ text: String, _ what: String) throws -> AffinePoint<BN254G1> {
        guard text.utf8.count == 64, let bytes = [UInt8](hexadecimal: text) else {
            throw MalformedData("\(what) is not 64 hexadecimal digits")
        }
        return try AffinePoint(decoding: bytes, as: .compressed)
    }

    /// - Throws: `MalformedData`.
    static func digest(_ text: String, _ what: String) throws -> Digest {
        guard let digest = Digest(hexadecimal: text) else {
            throw MalformedData("\(what) is not 64 hexadecimal digits")
        }
        return digest
    }
}
