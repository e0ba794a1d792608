import Foundation
import Parallelism
import Presentation
import Simulation

/// `zkpot simulate rounds`
struct SimulateRoundsVerb: Verb {
    static let about = About(
        "rounds", "Federated rounds with dishonest participants, under several defences.",
        discussion: """
            Participants train on shards of the handwritten digits; some send models trained on wrong labels, random weights, \
            what is not theirs, or work they have not done. Compared are the average of everything, the same with differential \
            privacy, this protocol with all its proofs and audits made and verified, and the honest participants alone.
            """,
        example: """
            zkpot simulate rounds --svg rounds.svg
            zkpot simulate rounds --participants 10 --byzantine 6 --rounds 7
            """)

    @Option("Participants.", check: .in(2...20))
    var participants: Int = 8

    @Option("How many of them are dishonest; their kinds of misconduct take turns.", check: .in(0...20))
    var byzantine: Int = 4

    @Option("Rounds.", check: .in(1...30))
    var rounds: Int = 6

    @Option("Test samples of each round.", check: .in(10...360))
    var samples: Int = 50

    @Option("Passes over the own shard in each round.", check: .in(1...20))
    var epochs: Int = 2

    @Option("Audited steps of each participant and round.", check: .in(2...100))
    var audits: Int = 3

    @Option("Share of the global model's score that an accepted model must have.", check: .in(0...1))
    var entry: Double = 0.6

    @Option("Noise multiplier of differential privacy.", check: .in(0...100))
    var noise: Double = 0.1

    @Option("Where the random numbers begin.")
    var seed: UInt64 = 1

    @Option("Also draw the accuracy over the rounds.")
    var svg: OutputFile?

    func validate() throws {
        guard byzantine <= participants else {
            throw UsageError("--byzantine \(byzantine) are more than --participants \(participants)")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        var setting = RoundsSetting()
        setting.participants = participants
        setting.byzantine = byzantine
        setting.rounds = rounds
        setting.samples = samples
        setting.epochs = epochs
        setting.audits = audits
        setting.entryShare = entry
        setting.noise = noise
        setting.seed = seed
        let simulation = try RoundsSimulation(setting)
        let bar = ProgressBar(
            "rounds", total: Defence.allCases.count * rounds * participants,
            quiet: console.isQuiet || console.isJSON)
        let begin = ContinuousClock.now
        let results = try Defence.allCases.map { ($0, try simulation.run($0, progress: bar)) }
        bar.finish()
        let result = RoundsResult(
            setting: setting, conduct: simulation.conduct, start: try simulation.startAccuracy(),
            results: results, seconds: (ContinuousClock.now - begin) / .seconds(1))
        if let svg { try svg.write(Data(result.chart.svg.utf8)) }
        try console.present(result)
        return .success
    }
}

/// What `zkpot simulate rounds` shows.
struct RoundsResult: Presentable {
    var setting: RoundsSetting
    var conduct: [Misconduct?]
    var start: Double
    var results: [(defence: Defence, rounds: [SimulatedRound])]
    var seconds: Double

    private static func name(_ defence: Defence) -> String {
        switch defence {
        case .none: return "no proofs"
        case .differentialPrivacy: return "differential privacy"
        case .protocolRules: return "this protocol"
        case .honestOnly: return "honest only"
        }
    }

    private static func name(_ conduct: Misconduct?) -> String {
        switch conduct {
        case nil: return "honest"
        case .falseAccuracy: return "false accuracy"
        case .randomWeights: return "random weights"
        case .replay: return "replay"
        case .lazyAudit: return "lazy audit"
        }
    }

    private var accuracyTable: DataTable {
        var table = DataTable(
            "Accuracy of the global model, \(setting.byzantine) of \(setting.participants) participants dishonest",
            ["round"] + results.map { .percent(Self.name($0.defence)) } + [.count("accepted")])
        table.add([.init("start")] + results.map { _ in .init(start) } + [.missing])
        for round in 0..<setting.rounds {
            table.add(
                [.init("\(round + 1)")] + results.map { .init($0.rounds[round].accuracy) }
                    + [.init(protocolRounds.isEmpty ? nil : protocolRounds[round].accepted)])
        }
        return table
    }

    private var protocolRounds: [SimulatedRound] {
        results.first { $0.defence == .protocolRules }?.rounds ?? []
    }

    private var refusalTable: DataTable {
        var table = DataTable(
            "What the protocol did in the last round", ["participant", "conduct", "outcome"])
        let last = protocolRounds.last
        for (participant, conduct) in conduct.enumerated() {
            let refusal = last?.refusals[participant]
            table.add(
                .init("\(participant)"), .init(Self.name(conduct)),
                refusal.map { .toned("refused: \($0)", .bad) } ?? .toned("accepted", .good))
        }
        return table
    }

    var chart: LineChart {
        LineChart(
            "Federated rounds with dishonest participants",
            subtitle:
                "\(setting.byzantine) of \(setting.participants) dishonest: false accuracy, random weights, replay, lazy audits",
            x: Axis("round", .count), y: Axis("accuracy of the global model", .percent),
            series: results.map { defence, rounds in
                let emphasis: LineChart.Emphasis =
                    defence == .protocolRules ? .strong : defence == .honestOnly ? .reference : .normal
                return .init(
                    Self.name(defence),
                    [.init(0, start)] + rounds.map { .init(Double($0.round + 1), $0.accuracy) },
                    emphasis: emphasis)
            })
    }

    func text(_ style: TextStyle) -> String {
        """
        \(accuracyTable.text(style))
        \(refusalTable.text(style))
        Done in \(Format.seconds(seconds)).
        """
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(start, forKey: .startAccuracy)
        try container.encode(
            Dictionary(uniqueKeysWithValues: results.map { ($0.defence.rawValue, $0.rounds) }),
            forKey: .defences)
        try container.encode(seconds, forKey: .seconds)
    }

    private enum Key: CodingKey { case startAccuracy, defences, seconds }
}
