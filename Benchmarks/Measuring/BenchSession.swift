import FieldArithmetic
import Foundation
import Parallelism
import Presentation

/// How to measure; shared by all verbs.
struct BenchOptions: ArgumentGroup {
    @Option(
        "Numbers of threads to measure with, such as 1,2; the processor's cores otherwise.",
        check: .in(1...1024))
    var threads: [Int]

    @Option("Runs of each benchmark, whose median counts.", check: .in(1...1000))
    var runs: Int = 5

    @Option("Also draw the results into this folder.", valueName: "folder")
    var svg: String?

    init() {}

    func session(_ console: Console) -> BenchSession {
        BenchSession(
            runs: runs, threads: threads.isEmpty ? [Parallelism.threadCount] : threads, console: console)
    }

    /// Prints the results, and draws them if that is wanted.
    func finish(_ session: BenchSession, _ console: Console) throws -> ExitCode {
        let report = BenchReport(lines: session.lines)
        if let svg {
            try naming(svg) { try report.draw(into: URL(fileURLWithPath: svg, isDirectory: true)) }
        }
        try console.present(report)
        return .success
    }
}

/// Measures and collects lines.
final class BenchSession {
    /// What is measured and by what its cost is counted.
    struct Subject {
        var group: String
        var benchmark: String
        var size: Int?
        var unit: String
        var units: Int
    }

    let runs: Int
    let threads: [Int]
    let console: Console
    private(set) var lines: [BenchLine] = []

    init(runs: Int, threads: [Int], console: Console) {
        self.runs = runs
        self.threads = threads
        self.console = console
    }

    /// Measures work that uses threads, with every number of threads asked for.
    ///
    /// - Parameters:
    ///   - kernel: what runs; the chosen kernel unless the work has one implementation only.
    ///   - warmsUp: one run before those that count.
    ///   - body: returns its stages, if it has any.
    func measureParallel(
        _ subject: Subject, kernel: Kernel = .current, warmsUp: Bool = true,
        _ body: () throws -> [BenchLine.Stage]
    ) rethrows {
        let configured = Parallelism.threadCount
        defer { Parallelism.threadCount = configured }
        for count in threads {
            Parallelism.threadCount = count
            try measure(subject, kernel: kernel, threads: count, warmsUp: warmsUp, body)
        }
    }

    /// Measures work of one thread that may be short: it is repeated until the clock is fine enough.
    ///
    /// - Parameter subject: its units are those of one repetition.
    func measureSingle(_ subject: Subject, kernel: Kernel = .portable, _ body: () throws -> Void) rethrows {
        let configured = Parallelism.threadCount
        defer { Parallelism.threadCount = configured }
        Parallelism.threadCount = 1
        var repetitions = 1
        while try Timing.seconds(of: { for _ in 0..<repetitions { try body() } }) < 0.01 { repetitions *= 2 }
        let timing = try Timing.runs(runs) { for _ in 0..<repetitions { try body() } }
        let divisor = Double(repetitions)
        add(
            subject, kernel: kernel, threads: 1, timing.clock.divided(by: divisor),
            processor: timing.processor.divided(by: divisor), peak: nil, stages: [])
    }

    private func measure(
        _ subject: Subject, kernel: Kernel, threads: Int, warmsUp: Bool,
        _ body: () throws -> [BenchLine.Stage]
    ) rethrows {
        if warmsUp { _ = try body() }
        PeakMemory.reset()
        var stages: [[BenchLine.Stage]] = []
        let timing = try Timing.runs(runs) { stages.append(try body()) }
        let medians = stages[0].indices.map { index in
            BenchLine.Stage(
                name: stages[0][index].name, seconds: Timing(stages.map { $0[index].seconds }).median)
        }
        add(
            subject, kernel: kernel, threads: threads, timing.clock, processor: timing.processor,
            peak: PeakMemory.bytes, stages: medians)
    }

    private func add(
        _ subject: Subject, kernel: Kernel, threads: Int, _ timing: Timing, processor: Timing, peak: Int?,
        stages: [BenchLine.Stage]
    ) {
        let line = BenchLine(
            group: subject.group, benchmark: subject.benchmark, size: subject.size, unit: subject.unit,
            units: subject.units, kernel: kernel.rawValue, threads: threads, runs: timing.seconds.count,
            median: timing.median, minimum: timing.minimum, maximum: timing.maximum, spread: timing.spread,
            processor: processor.median, perUnit: timing.median / Double(subject.units),
            peakMemoryBytes: peak, stages: stages)
        console.note(
            "\(line.name): \(Format.seconds(line.median)), \(Format.seconds(line.perUnit)) a \(line.unit)")
        lines.append(line)
    }
}
