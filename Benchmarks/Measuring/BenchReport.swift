import FieldArithmetic
import Foundation
import Presentation

/// All results of one call.
struct BenchReport: Presentable {
    /// Where it was measured.
    struct Machine: Encodable {
        var processor = Machine.processorName
        var cores = ProcessInfo.processInfo.activeProcessorCount
        var hasVectorKernel = Kernel.vector.isSupported

        private static var processorName: String {
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
            let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
            return name ?? "unknown processor"
        }
    }

    var machine = Machine()
    var lines: [BenchLine]

    private var groups: [(name: String, lines: [BenchLine])] {
        lines.reduce(into: []) { groups, line in
            if let index = groups.firstIndex(where: { $0.name == line.group }) {
                groups[index].lines.append(line)
            } else {
                groups.append((line.group, [line]))
            }
        }
    }

    func text(_ style: TextStyle) -> String {
        let vectors = machine.hasVectorKernel ? "with AVX-512 IFMA" : "without AVX-512 IFMA"
        var parts = ["\(machine.processor), \(machine.cores) cores, \(vectors)"]
        for group in groups {
            parts.append(table(group.name, group.lines).text(style))
            parts += stageTables(group.lines).map { $0.text(style) }
        }
        return parts.joined(separator: "\n\n")
    }

    private func table(_ title: String, _ lines: [BenchLine]) -> DataTable {
        let showsMemory = lines.contains { !$0.stages.isEmpty && $0.peakMemoryBytes != nil }
        var columns: [DataTable.Column] = [
            "benchmark", "size", "kernel", .count("threads"), .seconds("median"), .seconds("minimum"),
            .percent("spread"), .seconds("processor"), .seconds("per unit"), "unit",
        ]
        if showsMemory { columns.append(.bytes("peak memory")) }
        var table = DataTable(title, columns)
        for line in lines {
            table.add(
                .text(line.benchmark), line.size.map { .text(Size($0).argumentText) } ?? .missing,
                .text(line.kernel), .integer(line.threads), .number(line.median), .number(line.minimum),
                .number(line.spread), .number(line.processor), .number(line.perUnit), .text(line.unit),
                .init(line.peakMemoryBytes))
        }
        return table
    }

    /// A column for each line that has stages, and as many tables as that takes.
    private func stageTables(_ lines: [BenchLine]) -> [DataTable] {
        let staged = lines.filter { !$0.stages.isEmpty }
        let columnsPerTable = 3
        return stride(from: 0, to: staged.count, by: columnsPerTable).map { start in
            let shown = Array(staged[start..<min(start + columnsPerTable, staged.count)])
            var table = DataTable("stages", ["stage"] + shown.map { .seconds($0.name) })
            for name in stageNames(shown) {
                table.add([.text(name)] + shown.map { DataTable.Cell(duration(of: name, in: $0)) })
            }
            return table
        }
    }

    /// The stages of all lines, each once, in the order in which they run.
    private func stageNames(_ lines: [BenchLine]) -> [String] {
        lines.flatMap(\.stages).reduce(into: []) { names, stage in
            if !names.contains(stage.name) { names.append(stage.name) }
        }
    }

    private func duration(of stage: String, in line: BenchLine) -> Double? {
        line.stages.first { $0.name == stage }?.seconds
    }

    /// Writes charts for every group: time and cost by unit over size, or bars where there is no size, and stages.
    func draw(into folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        func write(_ chart: some Chart, _ name: String) throws {
            try Data(chart.svg.utf8).write(to: folder.appending(path: "\(name).svg"), options: .atomic)
        }
        for group in groups {
            let sized = group.lines.filter { $0.size != nil }
            if !sized.isEmpty {
                try write(lineChart("\(group.name): time", sized, scale: { _ in 1 }), group.name)
                try write(
                    lineChart("\(group.name): time per \(sized[0].unit)", sized, scale: { Double($0.units) }),
                    "\(group.name)-per-unit")
            }
            if sized.count < group.lines.count {
                let rows = group.lines.filter { $0.size == nil }.map { BarChart.Row($0.name, $0.median) }
                let name = sized.isEmpty ? group.name : "\(group.name)-single"
                try write(
                    BarChart(
                        "\(group.name): median", axis: Axis("", .seconds, includesZero: true), rows: rows),
                    name)
            }
            let staged = group.lines.filter { !$0.stages.isEmpty }
            if !staged.isEmpty { try write(stageChart(group.name, staged), "\(group.name)-stages") }
        }
    }

    /// One line a benchmark, kernel and number of threads; bars from the fastest run to the slowest.
    private func lineChart(
        _ title: String, _ lines: [BenchLine], scale: (BenchLine) -> Double
    ) -> LineChart {
        var series: [LineChart.Series] = []
        for line in lines {
            let name = "\(line.benchmark), \(line.kernel), \(line.threads)T"
            let divisor = scale(line)
            let point = LineChart.Point(
                Double(line.size ?? 0), line.median / divisor,
                range: line.minimum / divisor...line.maximum / divisor)
            if let index = series.firstIndex(where: { $0.name == name }) {
                series[index].points.append(point)
            } else {
                series.append(.init(name, [point]))
            }
        }
        for index in series.indices { series[index].points.sort { $0.x < $1.x } }
        return LineChart(
            title, subtitle: machine.processor, x: Axis("size", .count, scale: .binary),
            y: Axis("median", .seconds, scale: .logarithmic), series: series)
    }

    private func stageChart(_ title: String, _ lines: [BenchLine]) -> BarChart {
        let names = stageNames(lines)
        return BarChart(
            "\(title): stages", axis: Axis("", .seconds, includesZero: true), series: names,
            rows: lines.map { line in .init(line.name, names.map { duration(of: $0, in: line) }) },
            layout: .stacked)
    }
}
