import Foundation
import Parallelism
import Presentation
import ProofOfTraining

/// `zkpot audit data`
struct AuditDataVerb: Verb {
    static let about = About(
        "data", "Commit to private training data, batch by batch.",
        discussion: """
            Each batch is committed to with a blinding of its own, which follows from one secret seed. Publish the digest; \
            the order in which the batches are used follows from a beacon that is drawn afterwards.
            """,
        example: "zkpot audit data --task task.json --data digits --split train --output alice")

    @Option("The task, from 'zkpot audit task'.")
    var task: InputFile

    @Group var data: DataOptions

    @Option(
        "Prefix of the two files: PREFIX.zkd with the commitments, and the secret PREFIX.zkds, which must not exist yet.",
        short: "o")
    var output: OutputFile

    func validate() throws { try data.validate() }

    func run(_ console: Console) throws -> ExitCode {
        let task = try AuditFiles.task(task)
        let circuit = try task.trainingCircuit
        let samples = try data.load()
        let batches = try naming(data.name) {
            _ = try circuit.spec.inputs(of: samples.prefix(1))
            return try circuit.batches(of: samples).count
        }
        let seed = BlindingSeed()
        let bar = ProgressBar(
            "committing to batches", total: batches, quiet: console.isQuiet || console.isJSON)
        let commitment = try naming(data.name) {
            try DatasetCommitment(
                samples, seed: seed, committer: TrainingStepCommitter(circuit), progress: bar)
        }
        bar.finish()
        let path = output.path + ".zkd"
        let secret = AuditFiles.secretPath(path)
        try OutputFile(secret).writing { try seed.write(to: $0, for: commitment.digest) }
        try OutputFile(path).write(Data(commitment.encoded))
        try console.present(
            Result(
                dataset: path, secret: secret, digest: commitment.digest.description,
                batchRoot: commitment.tree.root.description, batches: batches,
                batchSize: circuit.batchSize, unused: samples.count - batches * circuit.batchSize))
        return .success
    }

    struct Result: Presentable {
        var dataset: String
        var secret: String
        var digest: String
        /// The root that the digest binds, for commitData on a ledger.
        var batchRoot: String
        var batches: Int
        var batchSize: Int
        /// Samples that do not fill a batch.
        var unused: Int

        func text(_ style: TextStyle) -> String {
            var text = """
                \(Format.count(batches)) batches of \(batchSize) samples; publish the digest \(digest).
                Wrote \(style.bold(dataset)). Keep \(style.bold(secret)) secret: it opens the commitments.
                """
            if unused > 0 {
                text += "\n\(Format.count(unused)) samples at the end fill no batch and are left out."
            }
            return text
        }
    }
}
