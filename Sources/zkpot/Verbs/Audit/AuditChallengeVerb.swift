import Foundation
import Presentation
import ProofOfTraining

/// `zkpot audit challenge`
struct AuditChallengeVerb: Verb {
    static let about = About(
        "challenge", "Let a beacon pick the stages that a participant has to prove.",
        discussion: """
            The beacon must have been drawn after the trajectory's root was published. The file records what was \
            published, the beacon, and the stages, which anybody recomputes.
            """,
        example: """
            zkpot audit challenge --task task.json --trajectory alice.zkt \\
                --beacon 64f93e02a4dcf7b3e95d1b35b5c9e9e4f6c5f0a8a94f2a2c1d5c8f6e7b3a9d10 --output alice.challenge.json
            """)

    @Option("The task.")
    var task: InputFile

    @Option("The public part of the trajectory.")
    var trajectory: InputFile

    @Option("The audit beacon.")
    var beacon: Beacon

    @Option("Where the challenge goes.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        let task = try AuditFiles.task(task)
        let published = try AuditFiles.trajectory(trajectory)
        let challenge = try trajectory.reading { _ in
            try AuditChallenge(task: task, trajectory: published, beacon: beacon.digest)
        }
        try output.write(try challenge.json)
        try console.present(
            Result(
                challenge: output.path, participant: challenge.participant, root: challenge.checkpointRoot,
                stages: challenge.stages, of: task.stages))
        return .success
    }

    struct Result: Presentable {
        var challenge: String
        var participant: String
        var root: String
        var stages: [Int]
        var of: Int

        func text(_ style: TextStyle) -> String {
            let shown = stages.prefix(24).map(String.init).joined(separator: ", ")
            return """
                \(Format.count(stages.count)) of \(Format.count(of)) stages: \(shown)\(stages.count > 24 ? ", …" : "").
                Wrote \(style.bold(challenge)).
                """
        }
    }
}
