/// Horizontal bars by category: constraints by region, times by stage.
public struct BarChart: Chart {
    public enum Layout: Sendable {
        /// The values of a category one below the other.
        case grouped
        /// The values of a category in one bar; negative ones are left out.
        case stacked
    }

    public struct Row: Sendable {
        public var label: String
        /// One value a series; nil is no bar.
        public var values: [Double?]
        /// A further line in the tooltip.
        public var note: String

        public init(_ label: String, _ values: [Double?], note: String = "") {
            self.label = label
            self.values = values
            self.note = note
        }

        public init(_ label: String, _ value: Double, note: String = "") {
            self.init(label, [value], note: note)
        }
    }

    public var title: String
    public var subtitle: String
    public var axis: Axis
    /// Names of the series; with one only, no legend is drawn.
    public var series: [String]
    public var rows: [Row]
    public var layout: Layout
    /// Write the share of the whole behind each value.
    public var showsShares: Bool
    public var width: Double

    public init(
        _ title: String, subtitle: String = "", axis: Axis, series: [String] = [""], rows: [Row],
        layout: Layout = .grouped, showsShares: Bool = false, width: Double = 760
    ) {
        self.title = title
        self.subtitle = subtitle
        self.axis = axis
        self.series = series
        self.rows = rows
        self.layout = layout
        self.showsShares = showsShares
        self.width = min(4000, max(320, width))
    }

    private var barHeight: Double { layout == .grouped && series.count > 1 ? 14 : 20 }
    private var barsPerRow: Int { layout == .grouped ? max(1, series.count) : 1 }
    private var rowHeight: Double { Double(barsPerRow) * (barHeight + 2) + 10 }

    public var drawing: Drawing {
        let legend =
            series.count > 1
            ? series.indices.map {
                LegendEntry(name: series[$0], style: ChartTheme.seriesClass($0), marker: nil)
            } : []
        var (drawing, top) = Drawing.framed(title: title, subtitle: subtitle, legend: legend, width: width)
        let labels = rows.map { fitted($0.label, width: width * 0.36) }
        let left = 16 + (labels.map { textWidth($0) }.max() ?? 0) + 12
        let valueWidth =
            rows.flatMap { row in series.indices.map { endText(row, $0) } }.map { textWidth($0) }.max() ?? 0
        let right = max(left + 60, width - 24 - valueWidth)
        let bottom = top + Double(rows.count) * rowHeight
        drawing.height = bottom + (axis.label.isEmpty ? 34 : 54)

        var linear = axis
        linear.scale = .linear
        linear.includesZero = true
        let layout = AxisLayout(linear, values: extents, pixels: (left, right), spacing: 90)
        drawing.addBottomAxis(layout, top: top, bottom: bottom, left: left, right: right, hasGrid: true)
        for (index, row) in rows.enumerated() {
            let y = top + Double(index) * rowHeight + 5
            let middle = y + (rowHeight - 10) / 2
            drawing.text(labels[index], x: left - 10, y: middle + 4, anchor: .end, tooltip: row.label)
            addBars(row, y: y, layout, to: &drawing)
        }
        if let zero = layout.position(0) { drawing.line(zero, top, zero, bottom, style: "zk-rule zk-axis") }
        return drawing
    }

    /// The numbers that the axis must reach.
    private var extents: [Double] {
        layout == .grouped ? rows.flatMap { $0.values.compactMap(\.self) } : rows.map(sum)
    }

    private func sum(_ row: Row) -> Double {
        row.values.reduce(0) { $0 + max(0, finite($1)) }
    }

    private func finite(_ value: Double?) -> Double { value.flatMap { axis.shows($0) ? $0 : nil } ?? 0 }

    /// What is written at the end of a bar.
    private func endText(_ row: Row, _ index: Int) -> String {
        let value = layout == .stacked ? sum(row) : index < row.values.count ? row.values[index] : nil
        guard let value else { return Format.missing }
        let whole = rows.reduce(0) {
            $0 + (layout == .stacked ? sum($1) : finite(index < $1.values.count ? $1.values[index] : nil))
        }
        let share = showsShares && whole > 0 ? "  (\(Format.percent(value / whole)))" : ""
        return axis.quantity.text(value) + share
    }

    private func addBars(_ row: Row, y: Double, _ layout: AxisLayout, to drawing: inout Drawing) {
        var start = 0.0
        for index in series.indices {
            let isStacked = self.layout == .stacked
            let value = index < row.values.count ? row.values[index] : nil
            let height = isStacked ? y : y + Double(index) * (barHeight + 2)
            let end = isStacked ? start + max(0, finite(value)) : finite(value)
            guard let from = layout.position(isStacked ? start : 0), let to = layout.position(end) else {
                continue
            }
            if value != nil && to != from {
                let bar = Drawing.rectangle(
                    x: min(from, to), y: height, width: max(1, abs(to - from) - (isStacked ? 1 : 0)),
                    height: barHeight, radius: 2, style: "zk-fill")
                drawing.group(style: ChartTheme.seriesClass(index), tooltip: tooltip(row, index), [bar])
            }
            if isStacked { start = end }
            if !isStacked || index == series.count - 1 {
                drawing.text(
                    endText(row, index), x: max(from, to) + 6, y: height + barHeight / 2 + 4,
                    style: "zk-muted")
            }
        }
    }

    private func tooltip(_ row: Row, _ index: Int) -> String {
        let name = series[index].isEmpty ? "" : "\(series[index]): "
        let value =
            (index < row.values.count ? row.values[index] : nil).map(axis.quantity.text) ?? Format.missing
        return "\(row.label)\n\(name)\(value)" + (row.note.isEmpty ? "" : "\n\(row.note)")
    }
}
