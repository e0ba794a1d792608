import Foundation

/// A finished picture, or one in the making: shapes by pixel coordinates, the origin at the top left.
public struct Drawing: Sendable {
    let title: String
    let width: Double
    var height: Double = 0
    private var shapes: [Markup] = []

    enum Anchor: String { case start, middle, end }

    init(title: String, width: Double) {
        self.title = title
        self.width = width
    }

    /// A file of its own.
    public var svg: String {
        let surface = Self.rectangle(x: 0, y: 0, width: width, height: height, style: "zk-surface")
        return element([.style(ChartTheme.styleSheet), surface] + shapes).source + "\n"
    }

    /// The picture inside a page that has the charts' style sheet.
    public var markup: Markup { element(shapes) }

    private func element(_ children: [Markup]) -> Markup {
        .element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": width > 620 ? "zk-chart zk-wide" : "zk-chart",
                "role": "img",
                "aria-label": title,
                "viewBox": "0 0 \(number(width)) \(number(height))", "width": number(width),
                "height": number(height),
            ], children)
    }

    mutating func add(_ shape: Markup) { shapes.append(shape) }

    mutating func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "zk-ink",
        tooltip: String? = nil
    ) {
        let title = tooltip.map { [Markup.element("title", [:], $0)] } ?? []
        add(
            .element(
                "text", ["class": style, "x": number(x), "y": number(y), "text-anchor": anchor.rawValue],
                title + [.text(text)]))
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        add(
            .element(
                "line",
                ["class": style, "x1": number(x1), "y1": number(y1), "x2": number(x2), "y2": number(y2)]))
    }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, radius: Double = 0, style: String
    ) {
        add(Self.rectangle(x: x, y: y, width: width, height: height, radius: radius, style: style))
    }

    static func rectangle(
        x: Double, y: Double, width: Double, height: Double, radius: Double = 0, style: String
    ) -> Markup {
        .element(
            "rect",
            [
                "class": style, "x": number(x), "y": number(y), "width": number(max(0, width)),
                "height": number(max(0, height)), "rx": number(radius),
            ])
    }

    /// Shapes that show `tooltip` while the pointer is on them.
    mutating func group(style: String, tooltip: String, _ shapes: [Markup]) {
        add(.element("g", ["class": style], [.element("title", [:], tooltip)] + shapes))
    }

    /// A line through points; a gap in them is a gap in the line.
    static func path(_ runs: [[(x: Double, y: Double)]], style: String) -> Markup {
        let data = runs.map { run in
            run.enumerated().map { "\($0 == 0 ? "M" : "L")\(number($1.x)) \(number($1.y))" }.joined()
        }
        return .element("path", ["class": style, "d": data.joined()])
    }

    /// The marker of the series with this index: shapes differ where colours may not.
    static func marker(_ index: Int, x: Double, y: Double, radius r: Double = 4.5) -> Markup {
        func polygon(_ points: [(Double, Double)]) -> Markup {
            let list = points.map { "\(number(x + $0 * r)),\(number(y + $1 * r))" }.joined(separator: " ")
            return .element("polygon", ["class": "zk-fill zk-halo", "points": list])
        }
        return switch index % 5 {
        case 0:
            .element(
                "circle", ["class": "zk-fill zk-halo", "cx": number(x), "cy": number(y), "r": number(r)])
        case 1: polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        case 2: polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
        case 3: polygon([(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)])
        default: polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
        }
    }
}

/// A coordinate with at most two decimals; not a number is 0.
func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
    if rest == 0 { return "\(sign)\(whole)" }
    return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}

/// About how wide `text` is set in the charts' sans-serif type, in pixels; there is no font to ask.
func textWidth(_ text: String, size: Double = 12) -> Double {
    let ems = text.reduce(0.0) { sum, character in
        switch character {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": sum + 0.3
        case " ", "f", "t", "r", "(", ")", "-", "/": sum + 0.38
        case "m", "w", "M", "W", "@", "%", "…", "—": sum + 0.92
        case let upper where upper.isUppercase: sum + 0.7
        default: sum + (displayWidth(String(character)) == 2 ? 1 : 0.6)
        }
    }
    return ems * size
}

/// `text`, cut with an ellipsis where it would be wider than `width` pixels.
func fitted(_ text: String, width: Double, size: Double = 12) -> String {
    guard textWidth(text, size: size) > width else { return text }
    var short = text
    while !short.isEmpty, textWidth(short + "…", size: size) > width { short.removeLast() }
    return short + "…"
}
