import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// `zkpot prove`
struct ProveVerb: Verb {
    static let about = About(
        "prove", "Prove how many samples of a test set a private, committed model classifies correctly.",
        discussion: """
            The proof shows that at least --correct samples are classified correctly by the model behind the commitment, \
            and nothing else about it. Ledger, task, round and participant are bound to the proof: it is worth nothing \
            anywhere else.
            """,
        example: """
            zkpot prove --key digits.zkpk --model alice.zkm --opening alice.zko \\
                --data digits --split test --count 100 --participant alice --output alice
            """)

    @Option("The proving key.")
    var key: InputFile

    @Option("The private model.")
    var model: InputFile

    @Option("The secret that opens the model's commitment, from 'zkpot commit'.")
    var opening: InputFile

    @Group var data: DataOptions
    @Group var context: ContextOptions

    @Option(
        "Claim that at least so many are correct; as many as the model gets right otherwise.",
        check: .atLeast(0))
    var correct: Int?

    @Option(
        "Prefix of the two files: PREFIX.zkp for the proof and PREFIX.claim.json for what it claims.",
        short: "o")
    var output: OutputFile

    @Flag("Also show how long each stage took.")
    var stages: Bool

    func validate() throws { try data.validate() }

    func run(_ console: Console) throws -> ExitCode {
        let begin = ContinuousClock.now
        let prover = try key.reading { try QualityProver(ProvingKey(path: $0)) }
        if prover.prover.key.verifyingKey.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let (weights, secret, samples) = (
            try ModelFile.read(model), try BinaryFile.opening(opening), try data.load()
        )
        try model.reading { _ in try prover.circuit.requireFit(weights) }
        let right = try naming(data.name) {
            try prover.circuit.requireFit(samples)
            return try weights.correctCount(on: samples)
        }
        if let correct, correct > right {
            try console.present(Refusal(correct: correct, right: right, samples: samples.count))
            return .falseStatement
        }
        let loaded = ContinuousClock.now
        // Everything else fits by now: what goes wrong here is the key's fault.
        let proven = try key.reading { _ in
            try prover.prove(
                model: weights, opening: secret, testSet: samples, correct: correct ?? right,
                context: context.context)
        }
        let proved = ContinuousClock.now
        let file = ProofFile(verifyingKeyDigest: prover.prover.verifier.keyDigest, proof: proven.proof)
        let claim = QualityClaimFile(
            correct: correct ?? right, samples: samples.count, statement: proven.statement)
        let (proofPath, claimPath) = (output.path + ".zkp", output.path + ".claim.json")
        try OutputFile(proofPath).write(Data(file.encoded))
        try OutputFile(claimPath).write(try claim.json)
        try console.present(
            Result(
                correct: claim.correct, samples: claim.samples, proof: proofPath,
                proofBytes: file.encoded.count,
                claim: claimPath, loadSeconds: (loaded - begin) / .seconds(1),
                proveSeconds: (proved - loaded) / .seconds(1), peakMemoryBytes: Memory.peak,
                stages: stages
                    ? proven.stages.map { .init(name: $0.name, seconds: $0.duration / .seconds(1)) } : nil))
        return .success
    }

    struct Refusal: Presentable {
        var correct: Int
        var right: Int
        var samples: Int

        func text(_ style: TextStyle) -> String {
            "The claim is false: the model is right on \(right) of \(samples) samples, not on \(correct). There is no proof."
        }
    }

    struct Result: Presentable {
        struct Stage: Encodable {
            var name: String
            var seconds: Double
        }

        var correct: Int
        var samples: Int
        var proof: String
        var proofBytes: Int
        var claim: String
        var loadSeconds: Double
        var proveSeconds: Double
        var peakMemoryBytes: Int
        var stages: [Stage]?

        func text(_ style: TextStyle) -> String {
            var text = """
                Proved in \(Format.seconds(proveSeconds)): at least \(correct) of \(samples) samples are classified correctly.
                \(style.bold(proof))  \(Format.bytes(proofBytes))
                \(style.bold(claim))  what it claims
                """
            for stage in stages ?? [] { text += "\n  \(stage.name): \(Format.seconds(stage.seconds))" }
            if stages != nil { text += "\n  peak memory: \(Format.bytes(peakMemoryBytes))" }
            return text
        }
    }
}
