/// A picture of numbers: alone as an SVG file, or in a page.
public protocol Chart: Sendable {
    var drawing: Drawing { get }
}

extension Chart {
    /// The chart as an SVG file: no scripts, no fonts, nothing from the network; light or dark as the reader's system.
    public var svg: String { drawing.svg }
}

/// An entry of a legend.
struct LegendEntry {
    var name: String
    var style: String
    /// Index of the marker's shape; nil for a swatch.
    var marker: Int?
}

extension Drawing {
    /// A drawing with title, subtitle and legend, and the height that they take.
    static func framed(
        title: String, subtitle: String, legend: [LegendEntry], width: Double
    ) -> (drawing: Drawing, top: Double) {
        var drawing = Drawing(title: title, width: width)
        var y = 0.0
        if !title.isEmpty {
            y += 26
            drawing.text(
                fitted(title, width: width - 32, size: 16), x: 16, y: y, style: "zk-ink zk-title",
                tooltip: title)
        }
        if !subtitle.isEmpty {
            y += 20
            drawing.text(
                fitted(subtitle, width: width - 32), x: 16, y: y, style: "zk-muted", tooltip: subtitle)
        }
        if !legend.isEmpty { y = drawing.addLegend(legend, top: y + 8) }
        return (drawing, y + 12)
    }

    /// Draws the entries in as many lines as needed.
    ///
    /// - Returns: the lower edge.
    private mutating func addLegend(_ entries: [LegendEntry], top: Double) -> Double {
        var (x, y) = (16.0, top + 12)
        for entry in entries {
            let name = fitted(entry.name, width: width / 2)
            let advance = 18 + textWidth(name) + 18
            if x > 16, x + advance > width { (x, y) = (16, y + 20) }
            let mark =
                entry.marker.map { Self.marker($0, x: x + 5, y: y - 4) }
                ?? Self.rectangle(x: x, y: y - 9, width: 10, height: 10, radius: 2, style: "zk-fill")
            add(.element("g", ["class": entry.style], [mark]))
            text(name, x: x + 16, y: y, style: "zk-ink", tooltip: entry.name)
            x += advance
        }
        return y + 4
    }

    /// Vertical grid lines with labels below, for a value axis from left to right.
    mutating func addBottomAxis(
        _ layout: AxisLayout, top: Double, bottom: Double, left: Double, right: Double, hasGrid: Bool
    ) {
        for tick in layout.ticks {
            guard let x = layout.position(tick.value) else { continue }
            if hasGrid {
                line(x, top, x, bottom, style: "zk-rule zk-grid")
            } else {
                line(x, bottom, x, bottom + 4, style: "zk-rule zk-axis")
            }
            text(tick.label, x: x, y: bottom + 18, anchor: .middle, style: "zk-muted")
        }
        if !layout.axis.label.isEmpty {
            let label = fitted(layout.axis.label, width: right - left)
            text(label, x: (left + right) / 2, y: bottom + 38, anchor: .middle, style: "zk-muted")
        }
    }
}
