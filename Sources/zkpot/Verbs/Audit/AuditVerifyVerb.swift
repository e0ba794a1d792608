import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import QuantizedLearning

/// `zkpot audit verify`
struct AuditVerifyVerb: Verb {
    static let about = About(
        "verify", "Check answers to audits.",
        discussion: """
            Checked are the stages, the paths to the published roots, the order of batches, the chain of checkpoints from \
            the public start to the model's commitment, and all proofs of all answers together. Each answer needs its \
            challenge, which the verifier writes itself from what was published ('zkpot audit challenge').
            """,
        example: """
            zkpot audit verify alice.zka --task task.json --challenge alice.challenge.json --key training.zkvk
            zkpot audit verify alice.zka bob.zka --task task.json --challenge alice.challenge.json,bob.challenge.json \\
                --key training.zkvk
            """)

    @Positional("The answers.")
    var answers: [InputFile]

    @Option("The task.")
    var task: InputFile

    @Option("The challenges, in the order of the answers.")
    var challenge: [InputFile] = []

    @Option("The verifying key of the task's circuit.")
    var key: InputFile

    @Option("The verifying key for bounded updates, in the mode sampled+bounded.")
    var updateKey: InputFile?

    @Option("The public start, if the task does not have it from a seed.")
    var start: InputFile?

    @Option("The model's commitment as it was published, for a single answer.")
    var modelCommitment: InputFile?

    func validate() throws {
        guard challenge.count == answers.count else {
            throw UsageError("--challenge needs one file for each of the \(answers.count) answers")
        }
        if modelCommitment != nil, answers.count != 1 {
            throw UsageError("--model-commitment is for a single answer")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let task = try AuditFiles.task(task)
        let stepKey = try BinaryFile.verifyingKey(key)
        try key.reading { _ in try task.requireStepKey(stepKey) }
        let update = try updateKey.map { file in
            let key = try BinaryFile.verifyingKey(file)
            try file.reading { _ in try task.requireUpdateKey(key) }
            return key
        }
        if stepKey.isDevelopmentKey || update?.isDevelopmentKey ?? false { warnOfDevelopmentKey(console) }
        let verifier = try self.task.reading { _ in
            try AuditVerifier(task: task, stepKey: stepKey, updateKey: update)
        }
        let items = try zip(answers, challenge).map { answer, challenge in
            let bytes = try BinaryFile.read(answer)
            return (
                answer: try answer.reading { _ in try AuditAnswer(encoded: bytes, task: task) },
                challenge: try AuditFiles.challenge(challenge, of: task)
            )
        }
        let isStartChecked = try checkStart(task)
        let begin = ContinuousClock.now
        var reasons = try verifier.verify(items).map { $0.map { (stage: $0.stage, text: "\($0)") } }
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        if let modelCommitment, reasons[0] == nil,
            try BinaryFile.commitment(modelCommitment, role: "model") != items[0].challenge.modelPoint
        {
            reasons[0] = (nil, "the answer is about another model than the committed one")
        }
        let results = zip(answers, zip(items, reasons)).map { file, outcome in
            Result.Answer(
                answer: file.path, participant: outcome.0.challenge.participant, isValid: outcome.1 == nil,
                reason: outcome.1?.text, stage: outcome.1?.stage, stages: outcome.0.challenge.stages.count,
                proofs: verifier.proofCount(outcome.0.answer))
        }
        try console.present(
            Result(
                answers: results, isValid: results.allSatisfy(\.isValid), mode: task.mode.rawValue,
                stages: task.stages, startChecked: isStartChecked,
                developmentKey: stepKey.isDevelopmentKey, verifySeconds: seconds))
        return results.allSatisfy(\.isValid) ? .success : .falseStatement
    }

    /// Recomputes the public start from the task's seed or the model given.
    ///
    /// - Throws: `CommandError` if the start is another.
    private func checkStart(_ task: AuditTask) throws -> Bool {
        guard task.startSeed != nil || start != nil else { return false }
        let committer = TrainingStepCommitter(try task.trainingCircuit)
        let trainer = try TrajectoryTrainer(task: task, committer: committer)
        if let start {
            let model = try ModelFile.read(start, of: committer.circuit.spec)
            try start.reading { _ in try trainer.requireStart(model) }
            return true
        }
        return try self.task.reading { _ in try trainer.start() != nil }
    }

    struct Result: Presentable {
        struct Answer: Encodable {
            var answer: String
            var participant: String
            var isValid: Bool
            var reason: String?
            /// The stage at fault.
            var stage: Int?
            var stages: Int
            var proofs: Int
        }

        var answers: [Answer]
        var isValid: Bool
        var mode: String
        var stages: Int
        var startChecked: Bool
        var developmentKey: Bool
        var verifySeconds: Double

        func text(_ style: TextStyle) -> String {
            var lines = answers.map { answer in
                let name = printable(answer.answer)
                if let reason = answer.reason { return style.red("REFUSED") + " \(name): \(reason)." }
                return style.green("VALID")
                    + " \(name): \(Format.count(answer.stages)) of \(Format.count(stages)) stages of \(printable(answer.participant.isEmpty ? "nobody in particular" : answer.participant)) are proven, in \(Format.count(answer.proofs)) proofs."
            }
            lines.append("Checked in \(Format.seconds(verifySeconds)).")
            if isValid {
                switch mode {
                case AuditMode.full.rawValue:
                    lines.append("Every stage is proven: the model is the result of these steps.")
                case AuditMode.bounded.rawValue:
                    lines.append(
                        "Stages that were not picked are only shown to move no weight by more than the bound."
                    )
                default:
                    lines.append("Stages that were not picked are not proven.")
                }
            }
            if !startChecked { lines.append("Not checked: that the start is the public one (--start).") }
            return lines.joined(separator: "\n")
        }
    }
}
