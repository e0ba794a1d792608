/// Values over a number: accuracy over rounds, time over size. Lines with markers, named at their right ends.
public struct LineChart: Chart {
    public struct Point: Sendable {
        public var x: Double
        public var y: Double
        /// Ends of an error bar, such as minimum and maximum of the runs of which `y` is the median.
        public var range: ClosedRange<Double>?
        /// A further line in the tooltip.
        public var note: String
        /// Drawn with a ring around it.
        public var isRinged: Bool

        public init(
            _ x: Double, _ y: Double, range: ClosedRange<Double>? = nil, note: String = "",
            isRinged: Bool = false
        ) {
            self.x = x
            self.y = y
            self.range = range
            self.note = note
            self.isRinged = isRinged
        }
    }

    public enum Emphasis: Sendable {
        case normal
        /// Thick and in the colour of text: what the chart is about.
        case strong
        /// Dashed: bounds, targets, what others measured.
        case reference
    }

    public struct Series: Sendable {
        public var name: String
        public var points: [Point]
        public var emphasis: Emphasis

        public init(_ name: String, _ points: [Point], emphasis: Emphasis = .normal) {
            self.name = name
            self.points = points
            self.emphasis = emphasis
        }
    }

    public var title: String
    public var subtitle: String
    public var x: Axis
    public var y: Axis
    public var series: [Series]
    /// Pixels; charts scale with the page.
    public var size: (width: Double, height: Double)

    public init(
        _ title: String, subtitle: String = "", x: Axis, y: Axis, series: [Series],
        size: (width: Double, height: Double) = (760, 400)
    ) {
        self.title = title
        self.subtitle = subtitle
        self.x = x
        self.y = y
        self.series = series
        self.size = (min(4000, max(320, size.width)), min(4000, max(220, size.height)))
    }

    public var drawing: Drawing {
        let labels = series.map { fitted($0.name, width: size.width * 0.24) }
        let isLegendNeeded = series.count > 10
        let legend =
            isLegendNeeded
            ? series.indices.map { LegendEntry(name: series[$0].name, style: style($0), marker: $0) } : []
        var (drawing, top) = Drawing.framed(
            title: title, subtitle: subtitle, legend: legend, width: size.width)
        drawing.height = size.height
        if !y.label.isEmpty {
            drawing.text(fitted(y.label, width: size.width - 32), x: 16, y: top + 10, style: "zk-muted")
            top += 24
        }
        let bottom = size.height - (x.label.isEmpty ? 30 : 50)
        let vertical = AxisLayout(
            y,
            values: shown(\.y)
                + series.flatMap(\.points).flatMap { [$0.range?.lowerBound, $0.range?.upperBound] }
                .compactMap(\.self), pixels: (bottom, top), spacing: 44)
        let left = 24 + (vertical.ticks.map { textWidth($0.label) }.max() ?? 0)
        let names = isLegendNeeded ? 0 : (labels.map { textWidth($0) }.max() ?? 0)
        let right = size.width - 20 - (series.count > 1 ? names + 14 : 0)
        let horizontal = AxisLayout(
            x, values: shown(\.x), margin: 0.03, pixels: (left, right),
            spacing: x.quantity == .count ? 50 : 80)

        for tick in vertical.ticks {
            guard let height = vertical.position(tick.value) else { continue }
            drawing.line(left, height, right, height, style: "zk-rule zk-grid")
            drawing.text(tick.label, x: left - 8, y: height + 4, anchor: .end, style: "zk-muted")
        }
        drawing.line(left, bottom, right, bottom, style: "zk-rule zk-axis")
        drawing.addBottomAxis(horizontal, top: top, bottom: bottom, left: left, right: right, hasGrid: false)
        // What is emphasised is drawn last, on top.
        for index in series.indices.sorted(by: { rank($0) < rank($1) }) {
            draw(index, into: &drawing, horizontal, vertical)
        }
        if series.count > 1 && !isLegendNeeded {
            addNames(labels, to: &drawing, horizontal, vertical, right: right, within: top...bottom)
        }
        return drawing
    }

    private func shown(_ value: KeyPath<Point, Double>) -> [Double] {
        series.flatMap(\.points).filter { x.shows($0.x) && y.shows($0.y) }.map { $0[keyPath: value] }
    }

    private func rank(_ index: Int) -> Int {
        (series[index].emphasis == .strong ? 2 : series[index].emphasis == .normal ? 1 : 0) * series.count
            + index
    }

    private func style(_ index: Int) -> String {
        series[index].emphasis == .strong ? "zk-ink" : ChartTheme.seriesClass(colourIndex(index))
    }

    /// Emphasised series use no categorical colour, so that the others keep the first ones.
    private func colourIndex(_ index: Int) -> Int {
        series[..<index].count { $0.emphasis != .strong }
    }

    private func draw(
        _ index: Int, into drawing: inout Drawing, _ horizontal: AxisLayout, _ vertical: AxisLayout
    ) {
        let line = series[index]
        var runs: [[(x: Double, y: Double)]] = [[]]
        var marks = [(Point, x: Double, y: Double)]()
        for point in line.points {
            guard let px = horizontal.position(point.x), let py = vertical.position(point.y) else {
                runs.append([])
                continue
            }
            runs[runs.count - 1].append((px, py))
            marks.append((point, px, py))
        }
        let weight = line.emphasis == .strong ? " zk-thick" : line.emphasis == .reference ? " zk-dashed" : ""
        let path = Drawing.path(runs.filter { $0.count > 1 }, style: "zk-line" + weight)
        drawing.add(.element("g", ["class": style(index)], [path]))
        for (point, px, py) in marks {
            var shapes = errorBar(point, x: px, vertical)
            shapes.append(Drawing.marker(colourIndex(index), x: px, y: py))
            if point.isRinged {
                shapes.append(
                    .element("circle", ["class": "zk-line", "cx": number(px), "cy": number(py), "r": "9"]))
            }
            shapes.append(
                .element("circle", ["class": "zk-hit", "cx": number(px), "cy": number(py), "r": "11"]))
            drawing.group(style: style(index), tooltip: tooltip(line.name, point), shapes)
        }
    }

    private func errorBar(_ point: Point, x: Double, _ vertical: AxisLayout) -> [Markup] {
        guard let range = point.range, let low = vertical.position(range.lowerBound),
            let high = vertical.position(range.upperBound)
        else { return [] }
        let bar = Drawing.path(
            [[(x, low), (x, high)], [(x - 4, low), (x + 4, low)], [(x - 4, high), (x + 4, high)]],
            style: "zk-line")
        return [.element("g", ["stroke-opacity": "0.55"], [bar])]
    }

    private func tooltip(_ name: String, _ point: Point) -> String {
        var lines = [name, "\(x.label.isEmpty ? "x" : x.label): \(x.quantity.text(point.x))"]
        lines.append("\(y.label.isEmpty ? "y" : y.label): \(y.quantity.text(point.y))")
        if let range = point.range {
            lines.append("\(y.quantity.text(range.lowerBound)) to \(y.quantity.text(range.upperBound))")
        }
        if !point.note.isEmpty { lines.append(point.note) }
        return lines.joined(separator: "\n")
    }

    /// Names at the right ends of the lines, moved apart where they would overlap.
    private func addNames(
        _ labels: [String], to drawing: inout Drawing, _ horizontal: AxisLayout, _ vertical: AxisLayout,
        right: Double, within bounds: ClosedRange<Double>
    ) {
        let ends = series.indices.compactMap { index -> (index: Int, x: Double, y: Double)? in
            let places = series[index].points.compactMap { point -> (Double, Double)? in
                guard let px = horizontal.position(point.x), let py = vertical.position(point.y) else {
                    return nil
                }
                return (px, py)
            }
            return places.max { $0.0 < $1.0 }.map { (index, $0.0, $0.1) }
        }.sorted { ($0.y, $0.index) < ($1.y, $1.index) }
        let heights = spread(ends.map(\.y), gap: 16, within: bounds)
        for (end, height) in zip(ends, heights) {
            let leader = Drawing.path([[(end.x + 7, end.y), (right + 8, height)]], style: "zk-rule")
            drawing.add(.element("g", ["class": "zk-axis"], [leader]))
            let weight = series[end.index].emphasis == .strong ? " zk-strong" : ""
            drawing.add(
                .element(
                    "g", ["class": style(end.index)],
                    [
                        .element("title", [:], series[end.index].name),
                        .element(
                            "text",
                            ["class": "zk-name" + weight, "x": number(right + 12), "y": number(height + 4)],
                            labels[end.index]),
                    ]))
        }
    }
}

/// Ascending positions, moved as little as needed to be `gap` apart and inside the bounds.
func spread(_ positions: [Double], gap: Double, within bounds: ClosedRange<Double>) -> [Double] {
    var result = positions
    for index in result.indices.dropFirst() { result[index] = max(result[index], result[index - 1] + gap) }
    // Whatever was pushed below the lower edge comes back up, and pushes in turn.
    var limit = bounds.upperBound
    for index in result.indices.reversed() {
        result[index] = min(result[index], limit)
        limit = result[index] - gap
    }
    return result
}
