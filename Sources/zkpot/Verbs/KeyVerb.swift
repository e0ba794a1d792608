import Ledger
import Presentation

/// `zkpot key`
struct KeyVerb: Verb {
    static let about = About(
        "key", "Make a signing key for a ledger, or tell the public half of one.",
        discussion: """
            An account on a ledger is an Ed25519 public key. The file holds the secret half in PEM, readable by its owner \
            only; it is never shown.
            """,
        example: """
            zkpot key --output alice.pem
            zkpot key alice.pem
            """)

    @Positional("A key whose public half is to be told.")
    var key: InputFile?

    @Option("Where a new key goes; must not exist yet.", short: "o")
    var output: OutputFile?

    func validate() throws {
        guard (output == nil) != (key == nil) else {
            throw UsageError("give either a key to look at or --output for a new one")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        if let output {
            let made = try SigningKey()
            do {
                try made.write(to: output.path)
            } catch KeyError.file(let path, let reason) {
                throw CommandError(reason, file: path)
            }
            try console.present(Result(file: output.path, publicKey: made.publicKey))
        } else if let key {
            let publicKey = try LedgerFile.signingKey(key).publicKey
            try console.present(Result(file: key.path, publicKey: publicKey))
        }
        return .success
    }

    struct Result: Presentable {
        var file: String
        var publicKey: PublicKey

        func text(_ style: TextStyle) -> String { "\(publicKey)" }
    }
}
