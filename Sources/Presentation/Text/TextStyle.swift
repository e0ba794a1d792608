import Foundation

/// Bold and colours on a terminal, nothing elsewhere.
public struct TextStyle: Sendable, Equatable {
    public let isColoured: Bool

    public static let plain = TextStyle(isColoured: false)
    public static let coloured = TextStyle(isColoured: true)

    /// The style for a file descriptor: coloured if it is a terminal that can, and `NO_COLOR` (no-color.org) is not set.
    public static func forTerminal(
        _ descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> TextStyle {
        let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return isRefused || isatty(descriptor) != 1 ? .plain : .coloured
    }

    public func bold(_ text: String) -> String { wrap(text, "1") }
    public func faint(_ text: String) -> String { wrap(text, "2") }
    public func red(_ text: String) -> String { wrap(text, "31") }
    public func green(_ text: String) -> String { wrap(text, "32") }
    public func yellow(_ text: String) -> String { wrap(text, "33") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// `text` on one line and without anything that a terminal would obey: what came from outside, ready to be printed.
public func printable(_ text: String) -> String {
    func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .format: scalar == "\u{200D}"
        default: true
        }
    }
    guard !text.unicodeScalars.allSatisfy(isHarmless) else { return text }
    return String(
        String.UnicodeScalarView(
            text.unicodeScalars.map { scalar in
                if isHarmless(scalar) { return scalar }
                return scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
            }))
}
