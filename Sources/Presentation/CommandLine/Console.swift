import Foundation
import Synchronization

/// Where a verb writes: results to standard output, all else to standard error.
public struct Console: Sendable {
    /// Results and errors are JSON.
    public internal(set) var isJSON = false
    /// Notes are left out.
    public internal(set) var isQuiet = false
    /// Colours of standard output.
    public let style: TextStyle
    /// Colours of standard error.
    public let errorStyle: TextStyle
    /// Columns of the terminal, 100 if it is none.
    public let width: Int

    private let output: @Sendable (String) throws -> Void
    private let errors: @Sendable (String) -> Void

    init(
        style: TextStyle = .plain, errorStyle: TextStyle = .plain, width: Int = 100,
        output: @escaping @Sendable (String) throws -> Void, errors: @escaping @Sendable (String) -> Void
    ) {
        self.style = style
        self.errorStyle = errorStyle
        self.width = width
        self.output = output
        self.errors = errors
    }

    /// The process's own standard output and standard error.
    public static func standard() -> Console {
        let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 100
        return Console(
            style: .forTerminal(STDOUT_FILENO), errorStyle: .forTerminal(STDERR_FILENO),
            width: min(100, max(60, columns)),
            output: { text in
                try naming("standard output") {
                    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
                }
            },
            // There is nobody left to tell that standard error cannot be written.
            errors: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) })
    }

    /// A console that keeps what is written, for tests of verbs.
    package static func recording(into transcript: Transcript) -> Console {
        Console(output: { transcript.append(output: $0) }, errors: { transcript.append(errors: $0) })
    }

    /// Shows a result: as text, or as JSON if that was asked for.
    ///
    /// - Throws: `CommandError` if standard output cannot be written.
    public func present(_ result: some Presentable) throws {
        try output(isJSON ? try JSONText.encode(result) + "\n" : result.text(style).endingInNewline)
    }

    /// Tells a person what goes on; never part of the result.
    public func note(_ text: String) {
        if !isQuiet && !isJSON { errors(text.endingInNewline) }
    }

    /// Tells what must not be overlooked, even when quiet; on standard error, with `--json` as a line of JSON.
    public func warn(_ text: String) {
        if isJSON, let record = try? JSONText.encode(["warning": text], isPretty: false) {
            return errors(record + "\n")
        }
        errors(errorStyle.yellow("warning: ") + text.endingInNewline)
    }

    func write(_ text: String) throws { try output(text) }
    func writeError(_ text: String) { errors(text) }
}

/// What a verb found out: JSON for programs, text for people.
public protocol Presentable: Encodable {
    func text(_ style: TextStyle) -> String
}

/// Everything that was written to a recording console.
package final class Transcript: Sendable {
    private let texts = Mutex((output: "", errors: ""))

    package init() {}

    package var output: String { texts.withLock { $0.output } }
    package var errors: String { texts.withLock { $0.errors } }

    func append(output text: String) { texts.withLock { $0.output += text } }
    func append(errors text: String) { texts.withLock { $0.errors += text } }
}

extension String {
    var endingInNewline: String { hasSuffix("\n") ? self : self + "\n" }
}

/// JSON as we print it: keys sorted, so that equal values give equal bytes.
enum JSONText {
    static func encode(_ value: some Encodable, isPretty: Bool = true) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
