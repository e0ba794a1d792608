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
    var keys: [InputFile] = []

    @Option("Where a new key goes; must not exist yet.", short: "o")
    var output: OutputFile?

    func validate() throws {
        guard (output == nil) != keys.isEmpty else {
            throw UsageError("give either keys to look at or --output for a new one")
        }
    }

    func run(_ console: Console) throws -> ExitCode {
        if let output {
            let key = try SigningKey()
            do {
                try key.write(to: output.path)
            } catch KeyError.file(let path, let reason) {
                throw CommandError(reason, file: path)
            }
            try console.present(Result(keys: [.init(file: output.path, publicKey: key.publicKey)]))
        } else {
            try console.present(
                Result(
                    keys: try keys.map {
                        .init(file: $0.path, publicKey: try LedgerFile.signingKey($0).publicKey)
                    }))
        }
        return .success
    }

    struct Result: Presentable {
        struct Key: Encodable {
            var file: String
            var publicKey: PublicKey
        }

        var keys: [Key]

        func text(_ style: TextStyle) -> String {
            keys.map { keys.count == 1 ? "\($0.publicKey)" : "\($0.publicKey)  \(printable($0.file))" }
                .joined(separator: "\n")
        }
    }
}
