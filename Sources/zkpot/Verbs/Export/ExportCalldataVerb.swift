import EVMAdapter
import EllipticCurves
import Ethereum
import Foundation
import Groth16
import Presentation
import ProofOfTraining

/// Which contract the call is for.
enum CallTarget: String, CaseIterable, ArgumentValue {
    case verifier, registry
}

/// `zkpot export calldata`
struct ExportCalldataVerb: Verb {
    static let about = About(
        "calldata", "Write the call that checks a proof on the EVM.",
        discussion: """
            The proof is verified first; a false one is not exported (exit code 1). With --target registry the call is \
            proveQuality of the claim's task, round and chunk, to be sent by the participant that the claim names.

            A proof of snarkjs has its public inputs in a file of its own, --public.
            """,
        example: """
            zkpot export calldata alice.zkp --claim alice.claim.json --key digits.zkvk
            zkpot export calldata proof.json --public public.json --key verification_key.json
            """)

    @Positional("The proof, ours or snarkjs'.")
    var proof: InputFile

    @Option("What a proof of ours claims.")
    var claim: InputFile?

    @Option("Public inputs of a proof of snarkjs.")
    var `public`: InputFile?

    @Option("The verifying key.")
    var key: InputFile

    @Option("The contract that is called.")
    var target: CallTarget = .verifier

    func validate() throws {
        guard (claim == nil) != (`public` == nil) else { throw UsageError("give either --claim or --public") }
        if target == .registry && claim == nil { throw UsageError("--target registry needs --claim") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let key = try VerifyingKeyFile.read(key)
        if key.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let verifier = try self.key.reading { _ in try Verifier(key) }
        let (proof, statement, quality, isForThisKey) = try inputs(verifier)
        guard isForThisKey, try self.proof.reading({ _ in try verifier.verify(proof, statement) }) else {
            let reason =
                isForThisKey ? "the proof does not show the claim" : "the proof was made for another key"
            try console.present(Result(reason: reason))
            return .falseStatement
        }
        let function: ContractInterface.Function
        let arguments: [ABIValue]
        if target == .registry, let quality {
            let call = RegistryCall.proveQuality(
                quality.context.task, quality.context.round, chunk: quality.context.chunk, proof,
                correct: UInt64(quality.correct), model: statement.commitments[0],
                testSet: statement.commitments[1])
            function = try CompiledContract("Registry").interface.function(call.function)
            arguments = call.arguments
        } else {
            (function, arguments) = try VerifierContract.call(proof, statement, shape: VerifierShape(key))
        }
        try console.present(
            Result(
                function: function.signature,
                data: Hex.encode(try function.callData(arguments)), arguments: ABIValue.list(arguments).json))
        return .success
    }

    private func inputs(_ verifier: Verifier<BN254>) throws -> (
        Proof<BN254>, Statement<BN254>, QualityClaimFile?, isForThisKey: Bool
    ) {
        let proofBytes = try BinaryFile.read(proof)
        if let inputs = `public` {
            let proof = try proof.reading { _ in try SnarkjsJSON.proof(Data(proofBytes)) }
            let inputBytes = try BinaryFile.read(inputs)
            let values = try inputs.reading { _ in try SnarkjsJSON.publicInputs(Data(inputBytes)) }
            return (proof, Statement(publicInputs: values), nil, true)
        }
        guard let claim else { throw UsageError("--claim is missing") }
        let file = try proof.reading { _ in try ProofFile<BN254>(encoded: proofBytes) }
        let claimBytes = try BinaryFile.read(claim)
        let quality = try claim.reading { _ in try QualityClaimFile(json: Data(claimBytes)) }
        let statement = try claim.reading { _ in try quality.statement }
        return (file.proof, statement, quality, file.verifyingKeyDigest == verifier.keyDigest)
    }

    struct Result: Presentable {
        /// Why nothing is exported.
        var reason: String?
        var function: String?
        var data: String?
        var arguments: JSONValue?

        /// The bare data, for other programs to take.
        func text(_ style: TextStyle) -> String {
            data ?? style.red("REFUSED") + ": \(reason ?? "false"); nothing is exported."
        }
    }
}
