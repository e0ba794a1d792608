/// A median with its minimum and maximum, by row: times of repeated runs.
public struct RangeChart: Chart {
    public struct Entry: Sendable {
        public var minimum: Double
        public var median: Double
        public var maximum: Double

        public init(minimum: Double, median: Double, maximum: Double) {
            self.minimum = minimum
            self.median = median
            self.maximum = maximum
        }

        /// The spread of some measurements; nil if there is none.
        public init?(of values: [Double]) {
            let sorted = values.filter(\.isFinite).sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            let half = sorted.count / 2
            minimum = first
            maximum = last
            median = sorted.count.isMultiple(of: 2) ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half]
        }
    }

    public struct Row: Sendable {
        public var label: String
        /// One entry a series; nil is nothing drawn.
        public var entries: [Entry?]

        public init(_ label: String, _ entries: [Entry?]) {
            self.label = label
            self.entries = entries
        }
    }

    public var title: String
    public var subtitle: String
    public var axis: Axis
    public var series: [String]
    public var rows: [Row]
    public var width: Double

    public init(
        _ title: String, subtitle: String = "", axis: Axis, series: [String] = [""], rows: [Row],
        width: Double = 760
    ) {
        self.title = title
        self.subtitle = subtitle
        self.axis = axis
        self.series = series
        self.rows = rows
        self.width = min(4000, max(320, width))
    }

    private var laneHeight: Double { series.count > 1 ? 18 : 22 }
    private var rowHeight: Double { Double(max(1, series.count)) * laneHeight + 8 }

    public var drawing: Drawing {
        let legend =
            series.count > 1
            ? series.indices.map {
                LegendEntry(name: series[$0], style: ChartTheme.seriesClass($0), marker: $0)
            } : []
        var (drawing, top) = Drawing.framed(title: title, subtitle: subtitle, legend: legend, width: width)
        let labels = rows.map { fitted($0.label, width: width * 0.36) }
        let left = 16 + (labels.map { textWidth($0) }.max() ?? 0) + 12
        let entries = rows.flatMap { $0.entries.compactMap(\.self) }
        let right = max(
            left + 60, width - 24 - (entries.map { textWidth(axis.quantity.text($0.median)) }.max() ?? 0))
        let bottom = top + Double(rows.count) * rowHeight
        drawing.height = bottom + (axis.label.isEmpty ? 34 : 54)
        let layout = AxisLayout(
            axis, values: entries.flatMap { [$0.minimum, $0.median, $0.maximum] },
            margin: axis.scale == .linear ? 0 : 0.04, pixels: (left, right), spacing: 90)
        drawing.addBottomAxis(layout, top: top, bottom: bottom, left: left, right: right, hasGrid: true)
        drawing.line(left, bottom, right, bottom, style: "zk-rule zk-axis")
        for (index, row) in rows.enumerated() {
            let y = top + Double(index) * rowHeight
            drawing.text(
                labels[index], x: left - 10, y: y + rowHeight / 2 + 4, anchor: .end, tooltip: row.label)
            for lane in series.indices where lane < row.entries.count {
                guard let entry = row.entries[lane] else { continue }
                add(
                    entry, row.label, lane, y: y + 4 + (Double(lane) + 0.5) * laneHeight, layout, to: &drawing
                )
            }
        }
        return drawing
    }

    private func add(
        _ entry: Entry, _ label: String, _ lane: Int, y: Double, _ layout: AxisLayout,
        to drawing: inout Drawing
    ) {
        guard let low = layout.position(entry.minimum), let middle = layout.position(entry.median),
            let high = layout.position(entry.maximum)
        else { return }
        let text = axis.quantity.text
        let name = series[lane].isEmpty ? label : "\(label), \(series[lane])"
        let tooltip =
            "\(name)\nmedian \(text(entry.median))\n\(text(entry.minimum)) to \(text(entry.maximum))"
        drawing.group(
            style: ChartTheme.seriesClass(lane), tooltip: tooltip,
            [
                Drawing.rectangle(
                    x: low - 4, y: y - 4, width: high - low + 8, height: 8, radius: 4, style: "zk-soft"),
                Drawing.marker(lane, x: middle, y: y),
            ])
        drawing.text(text(entry.median), x: max(high, middle) + 10, y: y + 4, style: "zk-muted")
    }
}
