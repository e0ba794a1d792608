import Foundation
import Presentation
import ProofOfTraining

/// `zkpot commit`
struct CommitVerb: Verb {
    static let about = About(
        "commit", "Commit to a private model, or recompute the commitment to a public test set.",
        discussion: """
            A model is committed to with a fresh secret blinding, which goes to --opening and is needed to prove. A test \
            set is public: its commitment has no blinding, so that everybody gets the same.
            """,
        example: """
            zkpot commit --circuit digits --model alice.zkm --opening alice.zko --output alice.zkc
            zkpot commit --circuit digits --data digits --split test --count 100 --output test.zkc
            """)

    @Group var circuit: CircuitOptions

    @Option("The model to commit to.")
    var model: InputFile?

    @Option("Where the secret that opens a model's commitment goes; must not exist yet.")
    var opening: OutputFile?

    @Group var testSet: DataOptions

    @Option("Where the commitment goes.", short: "o")
    var output: OutputFile

    func validate() throws {
        guard (model == nil) != (testSet.data == nil) else {
            throw UsageError("give either --model or --data")
        }
        if model != nil && opening == nil {
            throw UsageError("a model's commitment needs --opening for its secret")
        }
        if testSet.data != nil && opening != nil {
            throw UsageError("a test set's commitment has no secret for --opening")
        }
        if opening == output { throw UsageError("--opening and --output are the same file") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let circuit = try circuit.load()
        let file: CommitmentFile
        // What is committed to is compared with the circuit before bases are derived for it.
        if let model, let opening {
            let secret = CommitmentOpening()
            let weights = try ModelFile.read(model)
            let point = try model.reading { _ in
                try circuit.requireFit(weights)
                return try QualityCommitter(circuit).commit(to: weights, opening: secret)
            }
            try opening.writing { try secret.write(to: $0) }
            file = CommitmentFile(role: QualityRelation.roles[0], point: point)
        } else {
            let samples = try testSet.load()
            let point = try naming(testSet.name) {
                try circuit.requireFit(samples)
                return try QualityCommitter(circuit).commit(to: samples)
            }
            file = CommitmentFile(role: QualityRelation.roles[1], point: point)
        }
        try output.write(Data(file.encoded))
        try console.present(
            Result(
                commitment: file.point.encoded(as: .compressed).hexadecimal, role: file.role,
                output: output.path,
                opening: opening?.path))
        return .success
    }

    struct Result: Presentable {
        var commitment: String
        var role: String
        var output: String
        var opening: String?

        func text(_ style: TextStyle) -> String {
            var text = "Commitment to the \(role): \(commitment)\nWrote \(style.bold(output))."
            if let opening {
                text +=
                    " Keep \(style.bold(opening)) secret: it is needed to prove, and opens the commitment."
            }
            return text
        }
    }
}
