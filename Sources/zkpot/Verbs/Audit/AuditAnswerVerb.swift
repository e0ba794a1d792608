import ConstraintSystem
import EllipticCurves
import Foundation
import Groth16
import Parallelism
import Presentation
import ProofOfTraining
import QuantizedLearning

/// `zkpot audit answer`
struct AuditAnswerVerb: Verb {
    static let about = About(
        "answer", "Prove the stages that a challenge asks for.",
        discussion: """
            Each proof is kept in a folder beside the output as soon as it is made. An answer that was interrupted goes on \
            where it stopped: proofs that are there and right are not made again.
            """,
        example: """
            zkpot audit answer --task task.json --challenge alice.challenge.json --trajectory alice.zkt \\
                --dataset alice.zkd --data digits --split train --key training.zkpk --output alice.zka
            """)

    @Option("The task.")
    var task: InputFile

    @Option("The challenge.")
    var challenge: InputFile

    @Option("The trajectory; its secret and its checkpoints lie beside it.")
    var trajectory: InputFile

    @Option("The data set's commitments; their secret lies beside them.")
    var dataset: InputFile

    @Group var data: DataOptions

    @Option("The proving key of the task's circuit.")
    var key: InputFile

    @Option("The proving key for bounded updates, in the mode sampled+bounded.")
    var updateKey: InputFile?

    @Option("Where the answer goes.", short: "o")
    var output: OutputFile

    func validate() throws { try data.validate() }

    func run(_ console: Console) throws -> ExitCode {
        let begin = ContinuousClock.now
        let task = try AuditFiles.task(task)
        let question = try AuditFiles.challenge(challenge, of: task)
        let committer = TrainingStepCommitter(try task.trainingCircuit)
        let published = try AuditFiles.trajectory(trajectory)
        let commitments = try AuditFiles.dataset(dataset)
        let material = AuditProver.Material(
            trajectory: published, seed: try AuditFiles.seed(of: published, beside: trajectory),
            dataset: commitments, dataSeed: try AuditFiles.seed(of: commitments, beside: dataset),
            data: try data.load())
        let checkpoints = try AuditFiles.checkpoints(
            of: published, spec: committer.circuit.spec, beside: trajectory)
        try naming(data.name) { _ = try committer.circuit.spec.inputs(of: material.data.prefix(1)) }
        let stepProver = try key.reading { path in
            let prover = try TrainingStepProver(ProvingKey(path: path))
            try task.requireStepKey(prover.prover.key.verifyingKey)
            return prover
        }
        let updateProver = try updateKey.map { file in
            try file.reading { path in
                let prover = try BoundedUpdateProver(ProvingKey(path: path))
                try task.requireUpdateKey(prover.prover.key.verifyingKey)
                return prover
            }
        }
        if stepProver.prover.key.verifyingKey.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let prover = try challenge.reading { _ in
            try AuditProver(
                task: task, challenge: question, stepProver: stepProver, updateProver: updateProver,
                committer: committer, material: material)
        }

        let store = try ProofStore(folder: output.path + ".parts", prover: prover)
        let kept = store.proofs.count
        let bar = ProgressBar(
            "proving stages", total: prover.parts.count, quiet: console.isQuiet || console.isJSON)
        bar.advance(by: kept)
        try prove(with: prover, checkpoints: checkpoints, store: store, progress: bar)
        bar.finish()
        let answer = try prover.answer(store.proofs)
        let bytes = answer.encoded(stageCount: task.stages)
        try output.write(Data(bytes))
        store.remove()
        try console.present(
            Result(
                answer: output.path, bytes: bytes.count, stages: question.stages, proofs: prover.parts.count,
                kept: kept, seconds: (ContinuousClock.now - begin) / .seconds(1)))
        return .success
    }

    /// Goes through the checkpoints once, in order, and makes what is not there yet.
    private func prove(
        with prover: AuditProver, checkpoints: (file: InputFile, archive: CheckpointArchive),
        store: ProofStore, progress: ProgressBar
    ) throws {
        let missing = Dictionary(
            grouping: prover.parts.filter { store.proofs[$0] == nil }, by: \.stage)
        guard let last = missing.keys.max() else { return }
        var before: QuantizedModel?
        try checkpoints.file.reading { _ in
            try checkpoints.archive.forEach { index, model in
                if let before {
                    for part in missing[index - 1] ?? [] {
                        let proof: Proof<BN254>
                        do {
                            proof = try prover.prove(part, before: before, after: model)
                        } catch {
                            throw CommandError("stage \(part.stage): \(error)")
                        }
                        try store.keep(proof, of: part)
                        progress.advance(title: "stage \(part.stage) proven")
                    }
                }
                before = model
                return index <= last
            }
        }
    }

    struct Result: Presentable {
        var answer: String
        var bytes: Int
        var stages: [Int]
        var proofs: Int
        /// Proofs that an earlier, interrupted run had made.
        var kept: Int
        var seconds: Double

        func text(_ style: TextStyle) -> String {
            let earlier = kept > 0 ? ", \(kept) of them earlier" : ""
            return """
                \(Format.count(proofs)) proofs\(earlier), in \(Format.seconds(seconds)).
                Wrote \(style.bold(answer)), \(Format.bytes(bytes)).
                """
        }
    }
}
