/// The text that `--help` prints.
struct HelpText {
    /// `zkpot ledger show`
    let path: String
    let about: About
    let arguments: [any ParsableArgument]
    let common: [any ParsableArgument]
    /// Columns of the terminal.
    let width: Int
    let style: TextStyle

    /// `Usage: zkpot verify <proof> --key <file> [options]`
    var usage: String {
        var words = [path]
        if !about.verbs.isEmpty { words.append("<verb>") }
        let definitions = arguments.map(\.definition)
        for definition in definitions where definition.form == .positional {
            let word = definition.display + (definition.isRepeatable ? "…" : "")
            words.append(definition.isRequired ? word : "[\(word)]")
        }
        for definition in definitions where definition.form == .option && definition.isRequired {
            words.append("\(definition.display) <\(definition.valueName)>")
        }
        words.append("[options]")
        return "Usage: " + words.joined(separator: " ")
    }

    var text: String {
        var paragraphs = [wrapped(about.abstract, indent: 0), usage]
        if !about.discussion.isEmpty {
            let parts = about.discussion.split(separator: "\n\n", omittingEmptySubsequences: true)
            paragraphs += parts.map { wrapped(String($0), indent: 0) }
        }
        let lists = [
            ("Verbs", about.verbs.map { ($0.about.name, $0.about.abstract) }),
            ("Arguments", rows(arguments.filter { $0.definition.form == .positional })),
            ("Options", rows(arguments.filter { $0.definition.form != .positional })),
            ("Common options", rows(common) + [("-h, --help", "Show this.")]),
        ]
        let column = min(30, lists.flatMap { $0.1.map(\.0.count) }.max() ?? 0) + 4
        paragraphs += lists.map { list($0.0, $0.1, column: column) }
        if !about.example.isEmpty {
            let lines = about.example.split(separator: "\n").map { "  $ \($0)" }
            paragraphs.append(([style.bold("Example")] + lines).joined(separator: "\n"))
        }
        return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private func rows(_ arguments: [any ParsableArgument]) -> [(String, String)] {
        arguments.map { argument in
            let definition = argument.definition
            var left = definition.display
            if let short = definition.short { left = "-\(short), " + left }
            if definition.form == .option { left += " <\(definition.valueName)>" }
            var notes = [String]()
            if let expectation = definition.expectation { notes.append(expectation) }
            if let defaultText = definition.defaultText { notes.append("default: \(defaultText)") }
            if definition.isRequired && definition.form == .option { notes.append("required") }
            return (left, definition.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"))
        }
    }

    private func list(_ title: String, _ rows: [(String, String)], column: Int) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = rows.map { left, right in
            let text = wrapped(right, indent: column)
            let gap = column - 2 - left.count
            return gap >= 2
                ? "  " + left + String(repeating: " ", count: gap) + text.dropFirst(column)
                : "  " + left + "\n" + text
        }
        return ([style.bold(title)] + lines).joined(separator: "\n")
    }

    /// `text` in lines of at most `width`, each behind `indent` spaces.
    private func wrapped(_ text: String, indent: Int) -> String {
        let room = max(20, width - indent)
        var lines = [String]()
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty && line.count + 1 + word.count > room {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        lines.append(line)
        let margin = String(repeating: " ", count: indent)
        return lines.map { margin + $0 }.joined(separator: "\n")
    }
}
