import EllipticCurves
import FieldArithmetic
import Foundation
import Groth16
import Parallelism
import Presentation
import TrainingCircuits

/// `zkpot setup`
struct SetupVerb: Verb {
    static let about = About(
        "setup", "Make the keys of a circuit, for development only.",
        discussion: """
            One set-up serves all models, data and rounds of a shape. This one is run by a single party: whoever \
            runs it could keep its secrets and prove anything. The keys are therefore marked as development keys, and a \
            ledger accepts them only when it was told to.
            """,
        example: """
            zkpot setup --circuit digits --output digits
            zkpot setup --circuit training.json --output training
            """)

    @Group var circuit: CircuitOptions

    @Option("Prefix of the two files: PREFIX.zkpk for provers and PREFIX.zkvk for verifiers.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        let specification = try CircuitOptions.specification(circuit.circuit, samples: circuit.samples)
        warnOfDevelopmentKey(console)
        let bar = ProgressBar(
            "set-up", total: 1 + KeyGenerator<BN254>.progressSteps, quiet: console.isQuiet || console.isJSON)
        let begin = ContinuousClock.now
        let key = try naming(circuit.circuit) {
            try Memory.require(for: specification)
            let constraints = try specification.constraints(over: BN254ScalarField.self)
            bar.advance(title: "circuit")
            return try KeyGenerator<BN254>.developmentSetup(
                constraints, specification: specification.encoded, progress: bar)
        }
        bar.finish()
        let duration = ContinuousClock.now - begin
        let (provingPath, verifyingPath) = (output.path + ".zkpk", output.path + ".zkvk")
        try naming(provingPath) { try key.write(to: provingPath) }
        let verifyingBytes = key.verifyingKey.encoded
        try OutputFile(verifyingPath).write(Data(verifyingBytes))
        try console.present(
            Result(
                provingKey: provingPath, provingKeyBytes: key.byteCount, verifyingKey: verifyingPath,
                verifyingKeyBytes: verifyingBytes.count, digest: key.verifyingKey.digest.hexadecimal,
                constraints: key.shape.constraintCount, domain: key.shape.domainSize,
                seconds: duration / .seconds(1), isDevelopmentKey: true))
        return .success
    }

    struct Result: Presentable {
        var provingKey: String
        var provingKeyBytes: Int
        var verifyingKey: String
        var verifyingKeyBytes: Int
        var digest: String
        var constraints: Int
        var domain: Int
        var seconds: Double
        var isDevelopmentKey: Bool

        func text(_ style: TextStyle) -> String {
            """
            Keys for \(Format.count(constraints)) constraints (domain \(Format.count(domain))) in \(Format.seconds(seconds)).
            \(style.bold(provingKey))  \(Format.bytes(provingKeyBytes)), for provers
            \(style.bold(verifyingKey))  \(Format.bytes(verifyingKeyBytes)), for verifiers, digest \(Format.shortHash(digest))
            """
        }
    }
}

/// Says loudly what a single-party set-up means.
func warnOfDevelopmentKey(_ console: Console) {
    console.warn(
        "development key: one party made it alone and could forge proofs with what it knew. Not for anything of value."
    )
}
