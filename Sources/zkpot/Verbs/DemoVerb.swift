import Foundation
import Presentation

/// `zkpot demo`
struct DemoVerb: Verb {
    static let about = About(
        "demo",
        "Play federated rounds on handwritten digits: train, commit, prove, verify, elect, aggregate, report.",
        discussion: """
            Three honest participants and one that cheats in another way each round. Everything is real: the keys, the \
            proofs, the ledger. The folder then holds the ledger, the keys, the test sets and report.html.
            """,
        example: "zkpot demo --output demo")

    @Option(
        "Folder for the ledger, the keys and the report; that of an earlier demo is replaced.", short: "o")
    var output: String

    @Option("Rounds to play.", check: .in(1...3))
    var rounds: Int = 3

    @Option("Test samples in each round.", check: .in(10...120))
    var samples: Int = 100

    @Option("Passes of each participant over its shard in each round.", check: .in(1...100))
    var epochs: Int = 3

    func run(_ console: Console) throws -> ExitCode {
        let begin = ContinuousClock.now
        let folder = try DemoFolder.prepare(output)
        let run = try DemoRun(
            .init(folder: folder, rounds: rounds, samples: samples, epochs: epochs), console: console)
        try run.play()
        console.note("\nVerifying the ledger from its first block, all proofs included …")
        let verification = try run.ledger.verify()
        let report = try run.report(
            elapsedSeconds: (ContinuousClock.now - begin) / .seconds(1), isReplayed: true)
        let page = folder.appending(path: "report.html")
        try naming(page.path) { try Data(report.html.utf8).write(to: page, options: .atomic) }
        try report.json().write(to: folder.appending(path: "report.json"), options: .atomic)
        try console.present(Result(report: report, page: page.path, proofsVerified: verification.proofs))
        return .success
    }

    struct Result: Presentable {
        var report: DemoReport
        var page: String
        var proofsVerified: Int

        func text(_ style: TextStyle) -> String {
            let participants = report.rounds.flatMap(\.participants)
            let accepted = participants.filter { $0.status == .accepted }
            let slowest = accepted.map(\.proveSeconds).max() ?? 0
            return """

                \(style.bold("Done")) in \(Format.seconds(report.elapsedSeconds)): \(accepted.count) proofs accepted, \
                \(report.refusals.count) attempts to cheat refused. The ledger's \(report.ledger.blocks.count) blocks were \
                replayed and \(proofsVerified) proofs checked again. Slowest proof \(Format.seconds(slowest)), \
                \(accepted.first.map { Format.bytes($0.proofBytes) } ?? "") each.
                Open \(style.bold(page)) in a browser.
                """
        }
    }
}

/// The folder of a demo, marked so that only such a folder is ever replaced.
enum DemoFolder {
    private static let marker = ".zkpot-demo"

    /// An empty, marked folder.
    ///
    /// - Throws: `CommandError` if the path holds anything but an earlier demo; nothing is touched then.
    static func prepare(_ path: String) throws -> URL {
        guard !path.isEmpty else { throw UsageError("--output expects the name of a folder") }
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        let manager = FileManager.default
        return try naming(path) {
            var isFolder: ObjCBool = false
            if manager.fileExists(atPath: path, isDirectory: &isFolder) {
                guard isFolder.boolValue else { throw CommandError("is a file, not a folder") }
                let content = try manager.contentsOfDirectory(atPath: folder.path)
                guard content.isEmpty || content.contains(marker) else {
                    throw CommandError("exists and is not the folder of an earlier demo; name another")
                }
                try manager.removeItem(at: folder)
            }
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data().write(to: folder.appending(path: marker))
            return folder
        }
    }
}
