extension DemoReport {
    var proofSection: ReportPage.Section {
        ReportPage.Section(
            "Proofs: size and time",
            introduction: """
                A proof says: the committed model classifies at least k of these test images correctly. It shows \
                nothing else of the model or the data it was trained on.
                """,
            [
                .columns([
                    .chart(timeChart("Time to prove", \.proveSeconds)),
                    .chart(timeChart("Time to verify", \.verifySeconds)),
                ]),
                .table(proofTable),
            ])
    }

    /// Median and spread over the rounds, for each participant.
    private func timeChart(_ title: String, _ time: KeyPath<Participant, Double>) -> RangeChart {
        let entries = acceptedEntries
        let rows = participantNames.map { name in
            RangeChart.Row(
                name, [RangeChart.Entry(of: entries.filter { $0.name == name }.map { $0[keyPath: time] })])
        }
        return RangeChart(
            title, subtitle: "Median, and minimum to maximum, of all rounds",
            axis: Axis("", .seconds, includesZero: true),
            rows: rows, width: 500)
    }

    private var proofTable: DataTable {
        var table = DataTable([
            "Participant", .count("Rounds led"), .count("Proofs"), .bytes("Size of each"),
            .seconds("Prove, median"),
            .seconds("Verify, median"),
        ])
        for name in participantNames {
            let entries = acceptedEntries.filter { $0.name == name }
            table.add(
                .init(name), .init(entries.count(where: \.isLeader)), .init(entries.count),
                .init(entries.map(\.proofBytes).max()),
                .init(RangeChart.Entry(of: entries.map(\.proveSeconds))?.median),
                .init(RangeChart.Entry(of: entries.map(\.verifySeconds))?.median))
        }
        return table
    }

    var refusalSection: ReportPage.Section {
        guard !refusals.isEmpty else {
            return ReportPage.Section("Refused attempts", [.paragraph("Nobody tried to cheat in this run.")])
        }
        var table = DataTable(["Round", "Who", "What was tried", "Verdict", "Reason"])
        for refusal in refusals {
            table.add(
                .text("\(refusal.round)"), .toned(refusal.participant, .strong), .init(refusal.attempt),
                .toned("refused", .bad), .init(refusal.reason))
        }
        return ReportPage.Section(
            "Refused attempts",
            introduction:
                "Some participants of this demonstration cheat on purpose. The ledger decides from the proofs alone.",
            [.table(table)])
    }

    var circuitSection: ReportPage.Section {
        let sum = circuit.regions.reduce(0) { $0 + max(0, min($1.constraints, 1 << 48)) }
        let rows = circuit.regions.sorted { ($1.constraints, $0.name) < ($0.constraints, $1.name) }
            .map { BarChart.Row($0.name, Double($0.constraints)) }
        let chart = BarChart(
            "Constraints by region", subtitle: "\(Format.count(sum)) in named regions",
            axis: Axis("", .count), rows: rows,
            showsShares: true, width: 1000)
        return ReportPage.Section(
            "The circuit",
            introduction: """
                A model of shape \(circuit.shape) on \(Format.count(circuit.testImages)) images: \(circuit.dataset). \
                The circuit depends on the shape only, so one set-up serves every model and round.
                """,
            [
                .tiles([
                    .init("Constraints", Format.count(circuit.constraints)),
                    .init(
                        "Wires", Format.count(circuit.wires),
                        note: "\(Format.count(circuit.publicInputs)) public"),
                    .init("Non-zeros", Format.count(circuit.nonZeros)),
                    .init("Proving key", Format.bytes(keys.provingBytes)),
                    .init("Verifying key", Format.bytes(keys.verifyingBytes)),
                    .init("Set-up", Format.seconds(keys.setupSeconds), note: "once for the shape"),
                ])
            ] + (rows.isEmpty ? [] : [.chart(chart)]))
    }

    var ledgerSection: ReportPage.Section {
        var blocks: [ReportPage.Block] = []
        if let isReplayed = ledger.isReplayed {
            blocks.append(
                isReplayed
                    ? .callout(
                        .good, title: "The chain replays from its first block",
                        text:
                            "Every hash, signature and proof was checked again, and the state came out the same."
                    )
                    : .callout(
                        .bad, title: "The chain does not replay",
                        text: "A block, signature or proof does not agree with what was recorded."))
        }
        let shown = ledger.blocks.count <= 16 ? ledger.blocks[...] : ledger.blocks.suffix(15)
        if shown.count < ledger.blocks.count {
            blocks.append(
                .paragraph("The last \(shown.count) of \(Format.count(ledger.blocks.count)) blocks:"))
        }
        blocks.append(.chain(shown.map(link)))
        var table = DataTable([.count("Height"), "Hash", "Previous hash", "Transactions"])
        for block in ledger.blocks {
            table.add(
                .init(block.height), .init(Format.shortHash(block.hash, digits: 16)),
                .init(Format.shortHash(block.previousHash, digits: 16)),
                .init(block.transactions.joined(separator: "; ")))
        }
        blocks.append(.details("All \(Format.count(ledger.blocks.count)) blocks", [.table(table)]))
        return ReportPage.Section(
            "The ledger",
            introduction: """
                Commitments, claims and proof digests are inside the hashes, and each block names the hash of the one \
                before it.
                """, blocks)
    }

    private func link(_ block: Block) -> ReportPage.Link {
        var lines = block.transactions.prefix(4).map(\.self)
        if block.transactions.count > 4 { lines.append("and \(block.transactions.count - 4) more") }
        return ReportPage.Link(
            "Block \(block.height)", code: Format.shortHash(block.hash), lines: lines,
            tooltip: "Hash \(block.hash), after \(block.previousHash)")
    }
}
