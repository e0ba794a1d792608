import Foundation
import Presentation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Parses as XML; the parser's complaint if it does not.
func xmlError(_ text: String) -> String? {
    let parser = XMLParser(data: Data(text.utf8))
    // On Linux `parse` is true after errors from which the parser recovers.
    return parser.parse() && parser.parserError == nil
        ? nil : "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "?")"
}

/// Keeps a picture or page in the folder that the environment variable PRESENTATION_GALLERY names, to be looked at.
func keep(_ text: String, as name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["PRESENTATION_GALLERY"] else { return }
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
}

/// Text that would break out of any place that does not escape it.
let hostileText = "</title></style><script>alert('x')</script> \"&amp;\" ]]> \u{0} \u{1B}[31m 𝔘 \u{FFFE}"

enum Samples {
    static let lineChart = LineChart(
        "Multi-scalar multiplication in G1",
        subtitle: "Median of 9 runs, bars from minimum to maximum, 2 threads",
        x: Axis("Points", .count, scale: .binary), y: Axis("Time", .seconds, scale: .logarithmic),
        series: [
            series("vector", 24e-3, 1.02), series("portable", 155e-3, 1.0),
            series("other library", 137e-3, 0.97),
            LineChart.Series(
                "arithmetic floor",
                (16...20).map { LineChart.Point(Double(1 << $0), 9e-3 * Double(1 << ($0 - 16))) },
                emphasis: .reference),
        ])

    private static func series(_ name: String, _ first: Double, _ growth: Double) -> LineChart.Series {
        LineChart.Series(
            name,
            (12...20).map { exponent in
                let time = first * Double(1 << exponent) / 65536 * (growth + 0.5 / Double(exponent))
                return LineChart.Point(Double(1 << exponent), time, range: time * 0.92...time * 1.2)
            })
    }

    static let stackedBars = BarChart(
        "Where a proof's time goes", subtitle: "Quality of 784-128-10 on 100 images",
        axis: Axis("Seconds on two threads", .seconds),
        series: ["witness", "commitments", "quotient", "A and B", "C", "link"],
        rows: [
            .init("vector", [0.21, 0.18, 0.12, 0.30, 0.22, 0.05]),
            .init("portable", [0.21, 1.1, 0.6, 1.7, 1.2, 0.3]),
        ], layout: .stacked)

    static let groupedBars = BarChart(
        "Constraints by region", axis: Axis("Constraints", .count), series: ["64 images", "100 images"],
        rows: [
            .init("layer 1, matrix product", [12_480, 18_112]),
            .init("layer 1, rescale and ReLU", [20_480, 32_000]),
            .init("layer 2, matrix product", [1_300, 1_960]), .init("comparison of logits", [8_960, 14_000]),
            .init("count", [1, nil]),
        ])

    static let ranges = RangeChart(
        "Verification", subtitle: "Median, minimum to maximum of 200 runs",
        axis: Axis("Time", .seconds, scale: .logarithmic),
        series: ["one by one", "in a batch"],
        rows: [
            .init("1 proof", [entry(0.71e-3), entry(0.72e-3)]),
            .init("16 proofs", [entry(11e-3), entry(1.9e-3)]),
            .init("256 proofs", [entry(180e-3), entry(10e-3)]), .init("4,096 proofs", [nil, entry(120e-3)]),
        ])

    private static func entry(_ median: Double) -> RangeChart.Entry {
        RangeChart.Entry(minimum: median * 0.9, median: median, maximum: median * 1.35)
    }

    static var report: DemoReport {
        var report = DemoReport(
            title: "Three participants prove how good their models are",
            introduction: """
                Each trains on its own share of the handwritten digits and proves in zero knowledge how many test \
                images its committed model classifies correctly. Nobody sees a model or a training image.
                """,
            date: "2026-01-15 14:03 UTC", elapsedSeconds: 48.2,
            machine: .init(
                processor: "AMD EPYC 9B45", cores: 2, threads: 2, kernel: "AVX-512 IFMA",
                peakMemoryBytes: 412_000_000),
            circuit: .init(
                shape: "64-32-10", testImages: 100, dataset: "UCI handwritten digits, 1,797 images of 8×8",
                constraints: 41_873, wires: 58_204, publicInputs: 9, nonZeros: 214_530,
                regions: [
                    .init("weights in range", constraints: 6_912),
                    .init("layer 1 product", constraints: 5_840),
                    .init("layer 1 rescale and ReLU", constraints: 15_200),
                    .init("layer 2 product", constraints: 1_640),
                    .init("correct prediction", constraints: 9_100), .init("count", constraints: 108),
                    .init("lookup table", constraints: 2_560), .init("public wires", constraints: 513),
                ]),
            keys: .init(
                provingBytes: 18_240_512, verifyingBytes: 2_344, setupSeconds: 3.41, isForDevelopment: true))
        let names = [("Ada", 480), ("Blaise", 479), ("Carl", 478)]
        let correct = [[83, 86, 81], [91, 90, 92], [94, 95, 95]]
        let global = [0.115, 0.88, 0.94, 0.96]
        for number in 1...3 {
            let leader = correct[number - 1].firstIndex(of: correct[number - 1].max() ?? 0)
            var round = DemoReport.Round(
                number: number, testImages: 100, isAggregateConfirmed: true,
                globalAccuracyBefore: global[number - 1],
                globalAccuracyAfter: global[number])
            for (index, (name, shard)) in names.enumerated() {
                round.participants.append(
                    .init(
                        name: name, shardSize: shard, claimedCorrect: correct[number - 1][index],
                        testImages: 100,
                        proofBytes: 239, proveSeconds: 0.231 + 0.013 * Double((index * 7 + number * 5) % 4),
                        verifySeconds: 0.00081 + 0.00005 * Double((index * 3 + number) % 4),
                        isLeader: index == leader))
            }
            report.rounds.append(round)
        }
        report.rounds[1].participants.append(
            .init(
                name: "Mallory", shardSize: 360, claimedCorrect: 99, testImages: 100, proofBytes: 239,
                proveSeconds: 0.24, verifySeconds: 0.0008,
                status: .refused(reason: "pairing equation does not hold")))
        report.refusals = [
            .init(
                round: 1, participant: "Mallory",
                attempt: "Claims 99 of 100 correct, with a model that gets 31",
                reason: "the proof is false for the claimed count"),
            .init(
                round: 2, participant: "Trudy", attempt: "Submits Ada's proof as its own",
                reason: "the proof is bound to another participant"),
            .init(
                round: 3, participant: "Mallory",
                attempt: "Proves a better model than the one it committed to",
                reason: "the proof does not link to the committed model"),
        ]
        var previous = String(repeating: "0", count: 64)
        for height in 0..<10 {
            let hash =
                String(String(UInt64(height + 3) &* 0x9E37_79B9_7F4A_7C15, radix: 16).prefix(15))
                + previous.prefix(49)
            let round = (height + 2) / 3
            let transactions =
                height == 0
                ? ["genesis", "task: digits"]
                : [
                    ["finalize: \(names[round % 3].0) leads"], ["commit ×3", "reveal of the test set"],
                    ["quality proof ×3"],
                ][height % 3]
            report.ledger.blocks.append(
                .init(height: height, hash: hash, previousHash: previous, transactions: transactions))
            previous = hash
        }
        report.ledger.isReplayed = true
        return report
    }
}
