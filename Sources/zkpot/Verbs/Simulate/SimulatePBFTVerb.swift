import Foundation
import Ledger
import Presentation
import Simulation

/// `zkpot simulate pbft`
struct SimulatePBFTVerb: Verb {
    static let about = About(
        "pbft", "How long nodes take to agree on a block, by a seeded simulation of PBFT.",
        discussion: """
            First the table that the implementation of Proof of Training published, beside what a simulation of the same \
            implementation gives; where the two disagree, the number of transactions that fits the published time. Then \
            blocks of this ledger, full of proofs, over links whose bandwidth a node's messages share.
            """,
        example: """
            zkpot simulate pbft --svg pbft.svg
            zkpot simulate pbft --nodes 100,1000 --proofs 500 --megabits 100 --latency 100 --fan-out 8 --svg pbft.svg
            """)

    @Option("Nodes, the primary included.", check: .in(4...3000))
    var nodes: [Int] = [10, 30, 100, 300, 1000]

    @Option("Quality proofs in a block.", check: .in(1...100_000))
    var proofs: Int = 100

    @Option("Bandwidth of each node's link in Mbit/s.", check: .in(0.001...1_000_000))
    var megabits: Double = 30

    @Option("Largest latency of a message in milliseconds.", check: .in(0...100_000))
    var latency: Double = 300

    @Option("Nodes to which a node hands a block on; 0: the primary sends it to all.", check: .in(0...64))
    var fanOut: Int = 8

    @Option("Share of the nodes that are silent.", check: .in(0...1))
    var silent: Double = 0

    @Option("Processor time for a signature in microseconds.", check: .in(0...1_000_000))
    var signatureTime: Double = 60

    @Option("Processor time for a proof of a batch in microseconds.", check: .in(0...1_000_000))
    var proofTime: Double = 45

    @Option("Runs to take the mean of.", check: .in(1...1000))
    var runs: Int = 3

    @Option("Where the random numbers begin.")
    var seed: UInt64 = 1

    @Option("Also draw the time over the number of nodes.")
    var svg: OutputFile?

    func run(_ console: Console) throws -> ExitCode {
        guard let task = Identifier("digits-64-32-10") else { throw CommandError("no name for a task") }
        let traffic = try BlockTraffic(proofs: proofs, task: task)
        let blocks = nodes.map { count in
            var simulation = traffic.agreement(
                nodes: count, megabits: megabits, latency: latency, signatureSeconds: signatureTime / 1e6,
                proofSeconds: proofTime / 1e6)
            simulation.silent = Int((silent * Double(count)).rounded(.down))
            let star = simulation.meanSeconds(runs: runs, seed: seed)
            if fanOut > 0 { simulation.dissemination = .tree(fanOut: fanOut) }
            let tree = fanOut > 0 ? simulation.meanSeconds(runs: runs, seed: seed) : nil
            let outcome = simulation.run(seed: seed)
            return BlockAgreement(
                nodes: count, silent: simulation.silent, blockBytes: traffic.blockBytes, starSeconds: star,
                treeSeconds: tree, messages: outcome.messages, bytes: outcome.bytes)
        }
        let result = AgreementResult(
            published: AgreementReport(runs: max(runs, 10), seed: seed), blocks: blocks, proofs: proofs,
            megabits: megabits, latency: latency, fanOut: fanOut)
        if let svg { try svg.write(Data(result.chart.svg.utf8)) }
        try console.present(result)
        return .success
    }
}

/// Agreement on one block of ours.
struct BlockAgreement: Encodable {
    var nodes: Int
    var silent: Int
    var blockBytes: Int
    /// Mean seconds; nil if there is no agreement.
    var starSeconds: Double?
    var treeSeconds: Double?
    var messages: Int
    var bytes: Int
}

/// What `zkpot simulate pbft` shows.
struct AgreementResult: Presentable {
    var published: AgreementReport
    var blocks: [BlockAgreement]
    var proofs: Int
    var megabits: Double
    var latency: Double
    var fanOut: Int

    private var publishedTable: DataTable {
        var table = DataTable(
            "Published measurements of Proof of Training (latency up to 300 ms)",
            [
                .count("transactions"), .count("nodes"), .number("Mbit/s"), .seconds("published"),
                .seconds("simulated"), .factor("ratio"), .count("fits with"),
            ])
        for row in published.rows {
            table.add(
                .init(row.measurement.transactions), .init(row.measurement.nodes),
                .init(row.measurement.megabits), .init(row.measurement.seconds), .init(row.simulated),
                .init(row.ratio), .init(row.fittingTransactions))
        }
        return table
    }

    private var blockTable: DataTable {
        var table = DataTable(
            "Blocks with \(Format.count(proofs)) quality proofs at \(Format.number(megabits)) Mbit/s, latency up to \(Format.number(latency)) ms",
            [
                .count("nodes"), .count("silent"), .bytes("block"), .seconds("primary to all"),
                .seconds(fanOut > 0 ? "tree of \(fanOut)" : "tree"), .count("messages"),
                .bytes("sent in all"),
            ])
        for block in blocks {
            table.add(
                .init(block.nodes), .init(block.silent), .init(block.blockBytes), .init(block.starSeconds),
                .init(block.treeSeconds), .init(block.messages), .init(block.bytes))
        }
        return table
    }

    var chart: LineChart {
        func series(_ name: String, _ seconds: KeyPath<BlockAgreement, Double?>) -> LineChart.Series {
            .init(
                name,
                blocks.compactMap { block in
                    block[keyPath: seconds].map { .init(Double(block.nodes), $0) }
                })
        }
        return LineChart(
            "Agreement on a block with \(Format.count(proofs)) proofs",
            subtitle:
                "PBFT, \(Format.number(megabits)) Mbit/s for each node, latency up to \(Format.number(latency)) ms",
            x: Axis("nodes", .count, scale: .logarithmic), y: Axis("time", .seconds, scale: .logarithmic),
            series: [series("primary to all", \.starSeconds)]
                + (fanOut > 0 ? [series("tree of \(fanOut)", \.treeSeconds)] : []))
    }

    func text(_ style: TextStyle) -> String {
        """
        \(publishedTable.text(style))
        "fits with": the number of transactions that gives the published time, where the stated one is more than \
        \(Format.percent(AgreementReport.tolerance, decimals: 0)) off.

        \(blockTable.text(style))
        """
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(publishedTable, forKey: .published)
        try container.encode(blocks, forKey: .blocks)
    }

    private enum Key: CodingKey { case published, blocks }
}
