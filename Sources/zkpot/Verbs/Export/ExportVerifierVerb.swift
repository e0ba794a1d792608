import EVMAdapter
import EllipticCurves
import Ethereum
import Foundation
import Groth16
import Presentation

/// What a verifier's source is for.
enum VerifierForm: String, CaseIterable, ArgumentValue {
    case key, shape
}

/// `zkpot export verifier`
struct ExportVerifierVerb: Verb {
    static let about = About(
        "verifier", "Write the Vyper source of a contract that verifies a key's proofs.",
        discussion: """
            With --form key the key stands in the source and the constructor takes nothing. With --form shape the source \
            serves all keys with as many challenges, inputs and commitments, and the key is the constructor's argument. \
            The contract checks the key when it is created, and every proof as 'zkpot verify' does.

            Keys of snarkjs (verification_key.json) give the verifyProof that snarkjs' own verifiers have. --bytecode \
            writes what creates the contract without a compiler, where a compiled one of the key's shape comes with this \
            program.
            """,
        example: """
            zkpot export verifier --key digits.zkvk --output verifier.vy
            zkpot export verifier --key verification_key.json --output verifier.vy --bytecode verifier.hex
            """)

    @Option("The verifying key, ours or snarkjs'.")
    var key: InputFile

    @Option("Where the key is: in the source, or an argument of the constructor.")
    var form: VerifierForm = .key

    @Option("Where the source goes.", short: "o")
    var output: OutputFile

    @Option("Where the creation code goes, in hexadecimal.")
    var bytecode: OutputFile?

    func validate() throws {
        if bytecode == output { throw UsageError("--bytecode and --output are the same file") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let key = try VerifyingKeyFile.read(key)
        if key.isDevelopmentKey { warnOfDevelopmentKey(console) }
        let shape = VerifierShape(key)
        if shape.isLinked && !key.bindsContext {
            console.warn("the circuit has no challenge: its proofs are not tied to a chain or a sender")
        }
        let source = try form == .key ? VerifierSource.forKey(key) : VerifierSource.forShape(shape)
        let argument = VerifierContract.constructorArgument(key)
        if let bytecode {
            let code = try VerifierContract.compiled(shape).creationCode([.bytes(argument)])
            try bytecode.write(Data((Hex.encode(code) + "\n").utf8))
        }
        try output.write(Data(source.utf8))
        try console.present(
            Result(
                source: output.path, form: form.rawValue, challenges: shape.challenges, inputs: shape.inputs,
                commitments: shape.commitments, linked: shape.isLinked,
                function: try VerifierContract.interface(shape).functions[0].signature,
                keyDigest: Hex.encode(key.digest), compiled: shape.compiledName, bytecode: bytecode?.path,
                constructorArgument: form == .shape ? Hex.encode(argument) : nil))
        return .success
    }

    struct Result: Presentable {
        var source: String
        var form: String
        var challenges: Int
        var inputs: Int
        var commitments: Int
        var linked: Bool
        var function: String
        var keyDigest: String
        /// The contract of `Contracts/build` for this shape.
        var compiled: String?
        var bytecode: String?
        var constructorArgument: String?

        func text(_ style: TextStyle) -> String {
            var text = """
                \(printable(source)): Vyper for \(linked ? "linked" : "plain") proofs with \(challenges) challenges, \
                \(inputs) public inputs and \(commitments) commitments.
                Call: \(function)
                """
            if let bytecode { text += "\nCreation code: \(printable(bytecode))" }
            if let constructorArgument { text += "\nConstructor: \(constructorArgument)" }
            return text
        }
    }
}
