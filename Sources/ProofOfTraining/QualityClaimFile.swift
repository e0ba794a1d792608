import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16

/// What a quality proof claims, as a JSON file beside the proof.
public struct QualityClaimFile: Codable, Sendable, Hashable {
    /// Always "zkpot-quality-claim".
    public var format: String
    public var version: Int
    /// At least so many samples are classified correctly …
    public var correct: Int
    /// … of so many in the test set.
    public var samples: Int
    /// Commitments as compressed points in hexadecimal.
    public var model: String
    public var testSet: String
    public var context: ProofContext

    public static let formatName = "zkpot-quality-claim"

    public init(correct: Int, samples: Int, statement: Statement<BN254>) {
        precondition(statement.commitments.count == 2)
        format = Self.formatName
        version = 1
        self.correct = correct
        self.samples = samples
        (model, testSet) = (Self.text(statement.commitments[0]), Self.text(statement.commitments[1]))
        context = statement.context
    }

    /// - Throws: `MalformedData` that says what is wrong.
    public init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: json)
        } catch {
            throw MalformedData("not a claim: \(Self.reason(error))")
        }
        guard format == Self.formatName else {
            throw MalformedData("not a claim: its format is \"\(format)\"")
        }
        guard version == 1 else {
            throw MalformedData("a claim of version \(version); this program reads version 1")
        }
        guard samples >= 1, correct >= 0, correct <= samples else {
            throw MalformedData("\(correct) correct of \(samples) samples is no claim")
        }
        guard context.roles == QualityRelation.roles else {
            throw MalformedData("a claim whose commitments are not those of a model and a test set")
        }
        _ = try statement
    }

    public var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(self)
        }
    }

    /// The statement that the proof must show.
    ///
    /// - Throws: `MalformedData`, `PointEncodingError`.
    public var statement: Statement<BN254> {
        get throws {
            QualityRelation.statement(
                correct: correct, model: try Self.point(model), testSet: try Self.point(testSet),
                context: context)
        }
    }

    private static func text(_ point: AffinePoint<BN254G1>) -> String {
        point.encoded(as: .compressed).map { String(format: "%02x", $0) }.joined()
    }

    private static func point(_ text: String) throws -> AffinePoint<BN254G1> {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { throw MalformedData("a commitment has 64 hexadecimal digits") }
        let bytes = try stride(from: 0, to: 64, by: 2).map { index in
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16),
                digits[index] != UInt8(ascii: "+"), digits[index] != UInt8(ascii: "-")
            else { throw MalformedData("a commitment is not hexadecimal") }
            return byte
        }
        return try AffinePoint(decoding: bytes, as: .compressed)
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        switch error {
        case .keyNotFound(let key, _): return "\"\(key.stringValue)\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type"
        default: return "it is not JSON"
        }
    }
}
