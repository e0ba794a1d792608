import Foundation

/// A well-formed piece of SVG or HTML (in its XML form): built from elements and text, so nothing needs escaping by hand.
public struct Markup: Sendable, Equatable {
    /// The characters as they go into a file.
    public let source: String

    /// Text, escaped for element content and attribute values alike.
    public static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

    /// An element; attributes keep their order.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ children: [Markup] = []
    ) -> Markup {
        var source = "<\(name)"
        for (key, value) in attributes { source += " \(key)=\"\(escaped(value))\"" }
        // HTML readers take `<div/>` for an open tag, so only elements that are always empty are closed at once.
        if children.isEmpty, voidElements.contains("\(name)") { return Markup(source: source + "/>") }
        return Markup(source: source + ">" + children.map(\.source).joined() + "</\(name)>")
    }

    /// An element with text in it.
    public static func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ text: String
    ) -> Markup {
        element(name, attributes, [.text(text)])
    }

    /// Pieces one after the other.
    public static func sequence(_ pieces: [Markup]) -> Markup {
        Markup(source: pieces.map(\.source).joined())
    }

    /// A style sheet of ours; it must not contain `<` or `&`.
    static func style(_ css: String) -> Markup { Markup(source: "<style>\(css)</style>") }

    private static let voidElements: Set<String> = [
        "br", "circle", "hr", "line", "link", "meta", "path", "polygon", "polyline", "rect",
    ]

    /// Markup characters as entities; what XML 1.0 does not allow (section 2.2) as U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
