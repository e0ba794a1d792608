import Foundation
import Presentation
import Testing

@Suite struct ChartTests {
    static let charts: [(String, any Chart)] = [
        ("lines", Samples.lineChart), ("stacked", Samples.stackedBars), ("grouped", Samples.groupedBars),
        ("ranges", Samples.ranges),
    ]

    @Test(arguments: charts.indices)
    func chartsAreWellFormedAndDeterministic(index: Int) throws {
        let (name, chart) = Self.charts[index]
        try keep(chart.svg, as: "\(name).svg")
        #expect(xmlError(chart.svg) == nil)
        #expect(chart.svg == chart.svg)
        #expect(chart.svg.contains("prefers-color-scheme:dark"))
        #expect(
            !chart.svg.contains("http://") || chart.svg.ranges(of: "http").count == 1, "only the name space")
    }

    @Test func textIsEscaped() {
        let t = hostileText
        let charts: [any Chart] = [
            LineChart(
                t, subtitle: t, x: Axis(t), y: Axis(t),
                series: [.init(t, [.init(0, 1, note: t)]), .init(t, [.init(1, 2)], emphasis: .strong)]),
            BarChart(t, subtitle: t, axis: Axis(t), series: [t, t], rows: [.init(t, [1, 2], note: t)]),
            RangeChart(
                t, subtitle: t, axis: Axis(t), series: [t, t],
                rows: [.init(t, [.init(minimum: 0, median: 1, maximum: 2)])]),
        ]
        for chart in charts {
            #expect(xmlError(chart.svg) == nil)
            #expect(!chart.svg.contains("<script"))
            #expect(chart.svg.contains("&lt;script&gt;"))
        }
    }

    /// Whatever the numbers are, there is a picture and no trap.
    @Test(
        arguments: [Axis.Scale.linear, .logarithmic, .binary],
        [Quantity.number, .count, .bytes, .seconds, .percent])
    func anyNumbersMakeAPicture(scale: Axis.Scale, quantity: Quantity) {
        let odd: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 1e-300, 1e300, .greatestFiniteMagnitude,
            .leastNonzeroMagnitude, 1e99, -1e99, 1e17, 1e17 + 16, 3.000_000_000_1, 3,
        ]
        let axis = Axis("a", quantity, scale: scale)
        let cases: [[Double]] = [
            odd, [], [0], [5], [-5], [1e17, 1e17 + 16], [3, 3.000_000_000_1], [1e-99, 1e99], [0.3, 0.6],
        ]
        for values in cases {
            let points = values.enumerated().map { LineChart.Point(values[values.count - 1 - $0], $1) }
            let lines = LineChart("t", x: axis, y: axis, series: [.init("a", points), .init("b", [])])
            let bars = BarChart("t", axis: axis, rows: values.map { .init("r", $0) }, showsShares: true)
            var stack = BarChart("t", axis: axis, series: ["a", "b"], rows: values.map { .init("r", [$0]) })
            stack.layout = .stacked
            let ranges = RangeChart(
                "t", axis: axis,
                rows: values.map { .init("r", [.init(minimum: $0, median: $0, maximum: $0)]) })
            for chart in [lines, bars, stack, ranges] as [any Chart] {
                #expect(xmlError(chart.svg) == nil)
                #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"))
            }
        }
    }

    @Test func ticksAreNice() {
        #expect(
            labels(Axis("", .percent), [0.83, 0.96]).first == "82 %")
        #expect(
            labels(Axis("", .seconds, scale: .logarithmic), [0.001, 3]) == ["1 ms", "10 ms", "100 ms", "1 s"])
        #expect(labels(Axis("", .count, scale: .binary), [65536, 262_144]) == ["2¹⁶", "2¹⁷", "2¹⁸"])
        #expect(
            labels(Axis("", .bytes, includesZero: true), [4.1e8]) == [
                "0 MB", "100 MB", "200 MB", "300 MB", "400 MB", "500 MB",
            ])
    }

    /// The labels along the vertical axis, from the picture.
    private func labels(_ axis: Axis, _ values: [Double]) -> [String] {
        let points = values.enumerated().map { LineChart.Point(Double($0), $1) }
        let chart = LineChart("", x: Axis(""), y: axis, series: [.init("a", points)])
        return chart.svg.matches(of: /text-anchor="end">([^<]*)</).map { String($0.1) }
    }

    @Test func medians() {
        let odd = RangeChart.Entry(of: [3, 1, .nan, 2])
        #expect(odd?.median == 2 && odd?.minimum == 1 && odd?.maximum == 3)
        #expect(RangeChart.Entry(of: [4, 1, 2, 3])?.median == 2.5)
        #expect(RangeChart.Entry(of: []) == nil)
    }
}

@Suite struct ColourTests {
    private func linear(_ hex: String) -> [Double] {
        let value = Int(hex.dropFirst(), radix: 16) ?? 0
        return [16, 8, 0].map { shift in
            let channel = Double(value >> shift & 255) / 255
            return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
        }
    }

    /// Contrast ratio of WCAG 2.1.
    private func contrast(_ a: String, _ b: String) -> Double {
        let light = [a, b].map { zip(linear($0), [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 } }
            .sorted()
        return (light[1] + 0.05) / (light[0] + 0.05)
    }

    /// Place in OKLab (Ottosson 2020), where distances are about as large as they look.
    private func perceived(_ rgb: [Double]) -> [Double] {
        func times(_ rows: [[Double]], _ v: [Double]) -> [Double] {
            rows.map { zip($0, v).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        let cones = times(
            [
                [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ], rgb.map { max(0, $0) })
        return times(
            [
                [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ], cones.map { cbrt($0) })
    }

    /// Machado, Oliveira and Fernandes 2009, severity 1: normal vision, protanopia, deuteranopia.
    private let visions: [[[Double]]] = [
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [
            [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
        ],
    ]

    @Test(arguments: [0, 1]) func coloursStandOutAndDiffer(index: Int) {
        let scheme = [ChartTheme.light, ChartTheme.dark][index]
        for colour in scheme.series { #expect(contrast(colour, scheme.surface) >= 3) }
        for colour in [scheme.ink, scheme.muted] { #expect(contrast(colour, scheme.surface) >= 4.5) }
        for vision in visions {
            let seen = scheme.series.map { colour in
                perceived(vision.map { row in zip(row, linear(colour)).reduce(0) { $0 + $1.0 * $1.1 } })
            }
            for a in seen.indices {
                for b in 0..<a {
                    let distance = zip(seen[a], seen[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                        .squareRoot()
                    #expect(distance >= 0.075, "\(scheme.series[a]) and \(scheme.series[b])")
                }
            }
        }
    }
}
