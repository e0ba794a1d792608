import Foundation
import Presentation

/// The part of a document that a program writes, between two lines that only say so.
enum MarkedText {
    private static func begin(_ name: String) -> String { "<!-- \(name): begin -->" }
    private static func end(_ name: String) -> String { "<!-- \(name): end -->" }

    /// The document with new text between its markers.
    ///
    /// - Throws: `CommandError` if the document does not have each marker once, in this order.
    static func replacing(_ name: String, in document: String, by text: String) throws -> String {
        let start = document.components(separatedBy: begin(name))
        guard start.count == 2 else {
            throw CommandError("has the line \(begin(name)) \(start.count - 1) times instead of once")
        }
        let rest = start[1].components(separatedBy: end(name))
        guard rest.count == 2 else {
            throw CommandError("has the line \(end(name)) \(rest.count - 1) times after the first marker")
        }
        return start[0] + begin(name) + "\n\n" + text + "\n" + end(name) + rest[1]
    }
}
