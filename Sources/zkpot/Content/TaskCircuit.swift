import ContentStore
import EllipticCurves
import Foundation
import Groth16
import Ledger
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// The quality circuit that a task names for contents: its description has the line `circuit SHA-256`, the digest of the
/// circuit's JSON document.
///
/// So everybody scores models by one specification, which nobody can change after the task is opened.
enum TaskCircuit {
    /// Values that a commitment may have before the checker leaves it to votes: bases are derived for each.
    static let mostValues = 1 << 22

    static func line(_ identifier: ContentIdentifier) -> String { "circuit \(identifier.digest.hexadecimal)" }

    /// The circuit's name in a description: the first line of this form.
    static func identifier(in description: String) -> ContentIdentifier? {
        for line in description.split(whereSeparator: \.isNewline) where line.hasPrefix("circuit ") {
            let digits = line.dropFirst("circuit ".count)
            if digits.utf8.count == 64, let identifier = try? ContentIdentifier(String(digits)) {
                return identifier
            }
        }
        return nil
    }

    /// - Throws: `ContentProblem.missing` if the task names none, or one that cannot be had.
    static func read(_ task: OpenTask, _ store: LocalStore) throws -> QualityCircuit {
        guard let identifier = identifier(in: task.description) else {
            throw ContentProblem.missing("the description of the task names no circuit")
        }
        let bytes = try ContentProblem.fetch(identifier, "the task's circuit", from: store)
        do {
            return try CircuitSpecification.parse(bytes).qualityCircuit()
        } catch {
            throw ContentProblem.missing("the task's circuit: \(error)")
        }
    }
}

/// Why a content says nothing, or something else than it should.
enum ContentProblem: Error {
    /// It cannot be fetched, or nothing can be said about it.
    case missing(String)
    /// It is there, and is not what its digest and its commitment say.
    case unfit(String)

    /// - Throws: `missing` with the store's reason.
    static func fetch(
        _ identifier: ContentIdentifier, _ what: String, from store: LocalStore
    ) throws -> [UInt8] {
        do throws(ContentError) {
            return try store.get(identifier)
        } catch {
            throw ContentProblem.missing("\(what): \(error)")
        }
    }

    static func fetch(_ digest: Digest, _ what: String, from store: LocalStore) throws -> [UInt8] {
        guard let identifier = try? ContentIdentifier(digest.description) else {
            throw ContentProblem.missing("\(what): \(digest) is no digest")
        }
        return try fetch(identifier, what, from: store)
    }

    /// Runs `body`; whatever it finds wrong makes the content unfit.
    static func unfit<Result>(_ what: String, unless body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw ContentProblem.unfit("\(what): \(error)")
        }
    }
}
