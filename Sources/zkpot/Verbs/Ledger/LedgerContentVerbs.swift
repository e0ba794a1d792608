import ContentStore
import EllipticCurves
import Groth16
import Ledger
import Presentation
import ProofOfTraining
import QuantizedLearning
import TrainingCircuits

/// `zkpot ledger circuit`
struct LedgerCircuitVerb: Verb {
    static let about = About(
        "circuit", "Store a quality circuit, and tell the line that names it in a task's description.",
        discussion: """
            Models of the mode 'open' are scored, and openings recomputed, by the circuit that the task's description names \
            in a line of its own.
            """,
        example: "zkpot ledger circuit --circuit digits --samples 10 --content blocks")

    @Group var circuit: CircuitOptions

    @Option("Folder of blocks, as of 'zkpot store'; it is made if it is missing.", valueName: "folder")
    var content: String

    func run(_ console: Console) throws -> ExitCode {
        let circuit = try circuit.load()
        let identifier = try LocalStore(folder: content).put(CircuitSpecification(circuit).encoded)
        try console.present(
            Result(
                line: TaskCircuit.line(identifier), sha256: identifier.digest.hexadecimal,
                cid: identifier.description))
        return .success
    }

    struct Result: Presentable {
        /// For the task's description.
        var line: String
        var sha256: String
        var cid: String

        func text(_ style: TextStyle) -> String { line }
    }
}

/// `zkpot ledger opening`
struct LedgerOpeningVerb: Verb {
    static let about = About(
        "opening", "Reveal a model: store it with its blinding, and tell the digest for claimScore.",
        discussion: """
            For the mode 'open' of the ledger. From then on the model is public: whoever has the block has the weights. The \
            commitment is told too; it must be the one that commitModel brought.
            """,
        example:
            "zkpot ledger opening --circuit digits --model alice.zkm --opening alice.zko --content blocks")

    @Group var circuit: CircuitOptions

    @Option("The model.")
    var model: InputFile

    @Option("The secret that opens its commitment, from 'zkpot commit'.")
    var opening: InputFile

    @Option("Folder of blocks, as of 'zkpot store'; it is made if it is missing.", valueName: "folder")
    var content: String

    func run(_ console: Console) throws -> ExitCode {
        let circuit = try circuit.load()
        let weights = try ModelFile.read(model)
        let secret = try BinaryFile.opening(opening)
        let point = try model.reading { _ in
            try circuit.requireFit(weights)
            return try QualityCommitter(QualityCircuit(spec: circuit.spec, sampleCount: 1))
                .commit(to: weights, opening: secret)
        }
        let identifier = try LocalStore(folder: content).put(RevealedModel(weights, opening: secret).encoded)
        try console.present(
            LedgerOpeningResult(
                opening: identifier.digest.hexadecimal, cid: identifier.description,
                commitment: point.encoded(as: .compressed).hexadecimal, divisor: nil))
        return .success
    }
}

/// `zkpot ledger sum`
struct LedgerSumVerb: Verb {
    static let about = About(
        "sum", "Add revealed models with weights, store the sum, and tell what finalize says of it.",
        discussion: """
            For the mode 'open', in which every accepted model is in the folder. The weights are those of the task: all 1, \
            or the scores of the claims. Where survivors are on record only their models are added. What secure aggregation \
            opened is stored by 'zkpot aggregate check --content' instead.
            """,
        example: "zkpot ledger sum 5e0f… 8a88… --weights 1,1 --content blocks")

    @Positional("Digests of the openings, as in claimScore.")
    var openings: [ContentIdentifier]

    @Option("A weight for each, with commas; all 1 otherwise.")
    var weights: String?

    @Option("Folder of blocks, as of 'zkpot store'.")
    var content: Folder

    func validate() throws {
        guard (1...256).contains(openings.count) else {
            throw UsageError("a sum is of 1 to 256 openings")
        }
        guard try coefficients().count == openings.count else {
            throw UsageError("--weights needs one for each of the \(openings.count) openings")
        }
    }

    private func coefficients() throws -> [Int64] {
        guard let weights else { return openings.map { _ in 1 } }
        return try weights.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let weight = Int64(text), (1...FederatedAverage.maximumCoefficient).contains(weight) else {
                throw UsageError(
                    "--weights expects numbers from 1 on with commas, not '\(printable(weights))'")
            }
            return weight
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let store = try LocalStore(folder: content.path)
        let revealed = try openings.map { identifier in
            let bytes = try store.get(identifier)
            return try naming(identifier.description) {
                try RevealedModel(encoded: bytes, name: "the model in it")
            }
        }
        let weights = try coefficients()
        let (sum, point) = try naming(content.path) {
            // The first model's specification stands for all; names and training are not compared.
            let circuit = try QualityCircuit(spec: revealed[0].model.spec, sampleCount: 1)
            let models = try revealed.map { item in
                try circuit.requireFit(item.model)
                return try QuantizedModel(spec: circuit.spec, flattened: item.model.flattened)
            }
            let average = try FederatedAverage(models, coefficients: weights)
            let sum = AggregateOpening(average, openings: revealed.map(\.opening), weights: weights)
            return (sum, try QualityCommitter(circuit).commit(to: sum))
        }
        let identifier = try store.put(sum.encoded)
        try console.present(
            LedgerOpeningResult(
                opening: identifier.digest.hexadecimal, cid: identifier.description,
                commitment: point.encoded(as: .compressed).hexadecimal, divisor: weights.reduce(0, +)))
        return .success
    }
}

/// What a stored opening opens.
struct LedgerOpeningResult: Presentable {
    /// SHA-256 of the stored file.
    var opening: String
    var cid: String
    /// A compressed point in hexadecimal.
    var commitment: String
    /// Of a sum: what it is to be divided by.
    var divisor: Int64?

    func text(_ style: TextStyle) -> String {
        """
        \(style.bold(opening))
        Opens the commitment \(commitment)\(divisor.map { ", to be divided by \($0)" } ?? "").
        """
    }
}
