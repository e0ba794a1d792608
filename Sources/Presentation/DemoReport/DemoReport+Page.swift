extension DemoReport {
    /// The page, as one HTML file.
    public var html: String { page.html }

    /// The page with its sections: accuracy, rounds, proofs, refusals, circuit, ledger.
    public var page: ReportPage {
        ReportPage(
            kicker: "ZKPoT · proof of training", title, introduction: introduction, facts: facts, lead: lead,
            sections: [
                accuracySection, proofSection, refusalSection, circuitSection, ledgerSection,
            ],
            footer: "Written by zkpot. This file is complete: it loads nothing and sends nothing.")
    }

    private var facts: [String] {
        var facts = [date, "took \(Format.seconds(elapsedSeconds))", machine.processor]
        facts.append("\(machine.threads) of \(machine.cores) cores, \(machine.kernel) arithmetic")
        if let memory = machine.peakMemoryBytes { facts.append("\(Format.bytes(memory)) peak memory") }
        return facts.filter { !$0.isEmpty }
    }

    private var lead: [ReportPage.Block] {
        var blocks = [ReportPage.Block.tiles(keyFigures)]
        if keys.isForDevelopment {
            blocks.append(
                .callout(
                    .warning, title: "These keys are for development only",
                    text: """
                        One party made them alone. Whoever keeps the set-up's secrets can prove false statements, so \
                        keys that others are to trust come from a ceremony with several contributors.
                        """))
        }
        return blocks
    }

    private var keyFigures: [ReportPage.Tile] {
        let accepted = acceptedEntries
        var tiles = [
            ReportPage.Tile(
                "Proofs accepted", Format.count(accepted.count),
                note: "in \(Format.count(rounds.count)) rounds",
                tone: .good)
        ]
        if !refusals.isEmpty {
            tiles.append(
                ReportPage.Tile(
                    "Cheats refused", Format.count(refusals.count), note: "each with its reason", tone: .good)
            )
        }
        if let last = rounds.last?.globalAccuracyAfter {
            let first = rounds.first?.globalAccuracyBefore.map { "from \(Format.percent($0))" } ?? ""
            tiles.append(ReportPage.Tile("Global accuracy", Format.percent(last), note: first))
        }
        if let prove = RangeChart.Entry(of: accepted.map(\.proveSeconds)) {
            tiles.append(ReportPage.Tile("Time to prove", Format.seconds(prove.median), note: "median"))
        }
        if let verify = RangeChart.Entry(of: accepted.map(\.verifySeconds)) {
            tiles.append(ReportPage.Tile("Time to verify", Format.seconds(verify.median), note: "median"))
        }
        if let size = accepted.map(\.proofBytes).max() {
            tiles.append(ReportPage.Tile("Proof size", Format.bytes(size), note: "whatever the model"))
        }
        return tiles
    }

    private var accuracySection: ReportPage.Section {
        ReportPage.Section(
            "Accuracy, round by round",
            introduction: """
                In each round the participants train on data of their own, commit to their models, and only then see \
                the test images. Each proves how many of them its committed model gets right; the best one leads, \
                and the accepted models are averaged.
                """,
            [.chart(accuracyChart), .table(roundTable)] + rounds.map(details))
    }

    private var accuracyChart: LineChart {
        var lines = participantNames.map { name in
            LineChart.Series(
                name,
                rounds.compactMap { round in
                    guard
                        let entry = round.participants.first(where: {
                            $0.name == name && $0.status == .accepted
                        })
                    else { return nil }
                    return LineChart.Point(
                        Double(round.number), entry.accuracy,
                        note: "\(entry.claimedCorrect) of \(entry.testImages)"
                            + (entry.isLeader ? ", leads" : ""),
                        isRinged: entry.isLeader)
                })
        }
        // The model before the first round is in the table: an untrained one would flatten all the lines.
        let global = rounds.compactMap { round in
            round.globalAccuracyAfter.map {
                LineChart.Point(Double(round.number), $0, note: "after the round")
            }
        }
        if !global.isEmpty { lines.append(LineChart.Series("Global model", global, emphasis: .strong)) }
        return LineChart(
            "Accuracy by round", subtitle: "Proven by each participant; a ring marks the round's leader.",
            x: Axis("Round", .count), y: Axis("Accuracy on the round's test images", .percent), series: lines,
            size: (1000, 420))
    }

    private var roundTable: DataTable {
        var table = DataTable([
            "Round", .count("Test images"), "Leader", .percent("Leader's accuracy"),
            .percent("Global before"),
            .percent("Global after"), "Aggregate",
        ])
        for round in rounds {
            let leader = round.participants.first(where: \.isLeader)
            table.add(
                .text("\(round.number)"), .init(round.testImages),
                .toned(leader?.name ?? Format.missing, .strong),
                .init(leader?.accuracy), .init(round.globalAccuracyBefore), .init(round.globalAccuracyAfter),
                round.isAggregateConfirmed.map { $0 ? .toned("confirmed", .good) : .toned("refused", .bad) }
                    ?? .missing)
        }
        return table
    }

    private func details(_ round: Round) -> ReportPage.Block {
        var table = DataTable([
            "Participant", .count("Training images"), .count("Proven correct"), .percent("Accuracy"),
            .bytes("Proof"),
            .seconds("Prove"), .seconds("Verify"), "Verdict",
        ])
        for entry in round.participants {
            let verdict: DataTable.Cell =
                switch entry.status {
                case .accepted: .toned(entry.isLeader ? "accepted, leads" : "accepted", .good)
                case .refused(let reason): .toned("refused: \(reason)", .bad)
                }
            table.add(
                .init(entry.name), .init(entry.shardSize), .init(entry.claimedCorrect), .init(entry.accuracy),
                .init(entry.proofBytes), .init(entry.proveSeconds), .init(entry.verifySeconds), verdict)
        }
        return .details("Round \(round.number): every proof", [.table(table)])
    }

    /// What the ledger accepted, of all rounds.
    var acceptedEntries: [Participant] { rounds.flatMap(\.participants).filter { $0.status == .accepted } }

    /// Everyone who had a proof accepted, in order of appearance.
    var participantNames: [String] {
        acceptedEntries.map(\.name).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}
