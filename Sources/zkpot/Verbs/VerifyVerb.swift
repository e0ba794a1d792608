import EllipticCurves
import Foundation
import Groth16
import Presentation
import ProofOfTraining
import TrainingCircuits

/// `zkpot verify`
struct VerifyVerb: Verb {
    static let about = About(
        "verify", "Check a proof against what it claims.",
        discussion: """
            The claim names the commitments of model and test set and where the proof counts. With --data the test set's \
            commitment is recomputed, with --model-commitment the model's is compared with the one that was published: \
            a proof shows nothing about a model that the prover chose afterwards.
            """,
        example: """
            zkpot verify alice.zkp --claim alice.claim.json --key digits.zkvk --model-commitment alice.zkc \\
                --circuit digits --data digits --split test --count 100
            """)

    @Positional("The proof.")
    var proof: InputFile

    @Option("What it claims.")
    var claim: InputFile

    @Option("The verifying key.")
    var key: InputFile

    @Option("The model's commitment as it was published.")
    var modelCommitment: InputFile?

    @Group var testSet: DataOptions

    @Option("The key's circuit, to recompute the test set's commitment.", valueName: "digits|mnist|file")
    var circuit: String?

    @Option(
        "Samples that one proof speaks about; the circuit file's number otherwise.", check: .in(1...65536))
    var samples: Int?

    func validate() throws {
        if testSet.data != nil && circuit == nil {
            throw UsageError("--data needs --circuit to recompute the commitment")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        let key = try BinaryFile.verifyingKey(key)
        if key.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let verifier = try self.key.reading { _ in try Verifier(key) }
        guard key.bindsContext, key.publicInputCount == 1, key.linkedSegments == QualityRelation.roles else {
            throw CommandError("is not a key of a quality circuit", file: self.key.path)
        }
        let proofBytes = try BinaryFile.read(proof)
        let file = try proof.reading { _ in try ProofFile<BN254>(encoded: proofBytes) }
        let claimBytes = try BinaryFile.read(claim)
        let claim = try self.claim.reading { _ in try QualityClaimFile(json: Data(claimBytes)) }
        let statement = try self.claim.reading { _ in try claim.statement }

        var reason: String?
        if file.verifyingKeyDigest != verifier.keyDigest {
            reason = "the proof was made for another key"
        } else if let modelCommitment,
            try BinaryFile.commitment(modelCommitment, role: QualityRelation.roles[0])
                != statement.commitments[0]
        {
            reason = "the claim is about another model than the committed one"
        } else if testSet.data != nil, try recomputedTestSet(claim) != statement.commitments[1] {
            reason = "the claim is about another test set"
        }
        let begin = ContinuousClock.now
        if reason == nil, try !proof.reading({ _ in try verifier.verify(file.proof, statement) }) {
            reason = "the proof does not show the claim"
        }
        let duration = ContinuousClock.now - begin
        try console.present(
            Result(
                isValid: reason == nil, reason: reason, correct: claim.correct, samples: claim.samples,
                context: claim.context,
                testSetChecked: testSet.data != nil, modelCommitmentChecked: modelCommitment != nil,
                developmentKey: key.isDevelopmentKey, verifySeconds: duration / .seconds(1)))
        return reason == nil ? .success : .falseStatement
    }

    /// The commitment to the named test set, whose size must be the claim's.
    private func recomputedTestSet(_ claim: QualityClaimFile) throws -> AffinePoint<BN254G1>? {
        let samples = try testSet.load()
        guard samples.count == claim.samples else { return nil }
        let circuit = try CircuitOptions.load(circuit ?? "", samples: self.samples)
        return try naming(testSet.name) {
            try circuit.requireFit(samples)
            return try QualityCommitter(circuit).commit(to: samples)
        }
    }

    struct Result: Presentable {
        var isValid: Bool
        var reason: String?
        var correct: Int
        var samples: Int
        var context: ProofContext
        var testSetChecked: Bool
        var modelCommitmentChecked: Bool
        var developmentKey: Bool
        var verifySeconds: Double

        func text(_ style: TextStyle) -> String {
            if let reason { return style.red("REFUSED") + ": \(reason)." }
            var text =
                style.green("VALID") + """
                    : at least \(correct) of \(samples) samples are classified correctly by the committed model. \
                    Checked in \(Format.seconds(verifySeconds)).
                    It counts for \(place).
                    """
            if !testSetChecked {
                text += """

                    Not checked: that the test set is the right one and has \(samples) samples (--data, --circuit).
                    """
            }
            if !modelCommitmentChecked {
                text += "\nNot checked: that the model is the one committed to before (--model-commitment)."
            }
            return text
        }

        /// The context that the prover chose.
        private var place: String {
            let names = [
                ("ledger", context.ledger), ("contract", context.contract), ("task", context.task),
                ("participant", context.participant),
            ].filter { !$0.1.isEmpty }.map { "\($0.0) \"\(printable($0.1))\"" }
            let numbers = [("round", context.round), ("stage", context.stage), ("chunk", context.chunk)]
                .map { "\($0.0) \($0.1)" }
            return (names + numbers).joined(separator: ", ")
        }
    }
}
