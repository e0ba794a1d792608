/// Colours and type of all charts, for light and dark surfaces.
///
/// The series colours were searched for so that any two differ under protanopia and deuteranopia (Machado, Oliveira and
/// Fernandes 2009) and stand out from the surface by 3:1 (WCAG 2.1, 1.4.11); a test holds both. Lines differ by their
/// markers too.
public enum ChartTheme {
    /// Colours of one surface, as `#rrggbb`.
    public struct Scheme: Sendable {
        public let surface: String
        public let ink: String
        public let muted: String
        public let grid: String
        public let axis: String
        /// Categorical colours, used in this order.
        public let series: [String]
    }

    public static let light = Scheme(
        surface: "#ffffff", ink: "#1a1e24", muted: "#59626d", grid: "#e7e9ed", axis: "#a3abb5",
        series: ["#3672e9", "#c75c39", "#35a289", "#850e57", "#c18a00", "#a582c9", "#105907"])

    public static let dark = Scheme(
        surface: "#15181d", ink: "#e9ebee", muted: "#a2abb6", grid: "#2a2f37", axis: "#5f6974",
        series: ["#5088e8", "#dc7302", "#70e4cb", "#c749a0", "#f5d75c", "#bfa6e2", "#7abd86"])

    /// The class of the series with this index; colours repeat after the last.
    static func seriesClass(_ index: Int) -> String { "zk-s\(index % light.series.count)" }

    /// The style sheet that every chart needs, alone or in a page.
    static var styleSheet: String {
        """
        .zk-chart{font-family:\(fontStack);font-size:12px;font-variant-numeric:tabular-nums}
        .zk-chart text{fill:currentColor}
        .zk-title{font-size:16px;font-weight:600}
        .zk-strong{font-weight:600}
        .zk-line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .zk-thick{stroke-width:3}
        .zk-dashed{stroke-dasharray:5 4}
        .zk-fill{fill:currentColor;stroke:none}
        .zk-soft{fill:currentColor;fill-opacity:.28;stroke:none}
        .zk-hit{fill:transparent;stroke:none}
        .zk-rule{fill:none;stroke:currentColor;stroke-width:1;shape-rendering:crispEdges}
        \(rules(light))
        @media (prefers-color-scheme:dark){\(rules(dark))}
        @media print{\(rules(light))}
        """
    }

    static let fontStack = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

    private static func rules(_ scheme: Scheme) -> String {
        let series = scheme.series.enumerated().map { ".zk-s\($0){color:\($1)}" }.joined()
        return """
            .zk-surface{fill:\(scheme.surface)}.zk-halo{stroke:\(scheme.surface);stroke-width:1.5}\
            .zk-ink{color:\(scheme.ink)}.zk-muted{color:\(scheme.muted)}\
            .zk-grid{color:\(scheme.grid)}.zk-axis{color:\(scheme.axis)}\(series)
            """
    }
}
