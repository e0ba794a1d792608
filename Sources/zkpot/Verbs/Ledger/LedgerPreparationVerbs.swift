import EllipticCurves
import Foundation
import Groth16
import Ledger
import Presentation
import ProofOfTraining

/// `zkpot ledger test-set-hash`
struct LedgerTestSetHashVerb: Verb {
    static let about = About(
        "test-set-hash", "Tell the salted hash of a test set, which opens an order.",
        discussion: """
            The opening is the JSON object that revealTestSet will show: salt, dataDigest, chunks and baseline. Its salt must \
            be random and stay private until then.
            """,
        example: "zkpot ledger test-set-hash demo.ledger opening.json --task digits --round 0")

    @Positional("The ledger.")
    var ledger: InputFile

    @Positional("The opening, as a JSON file.")
    var opening: InputFile

    @Option("The task.")
    var task: Identifier

    @Option("The round.")
    var round: UInt64

    func run(_ console: Console) throws -> ExitCode {
        let opening = try LedgerFile.json(TestSetOpening.self, opening)
        let ledger = try LedgerFile.open(self.ledger)
        let hash = opening.saltedHash(ledger: ledger.identifier, task: task, round: round)
        try console.present(Result(testSetHash: hash))
        return .success
    }

    struct Result: Presentable {
        var testSetHash: Digest

        func text(_ style: TextStyle) -> String { "\(testSetHash)" }
    }
}

/// `zkpot ledger secret`
struct LedgerSecretVerb: Verb {
    static let about = About(
        "secret", "Make a participant's part of the beacon, and tell the commitment to it.",
        discussion: """
            The commitment goes into commitModel, the secret into revealSecret; until then it stays private. The file is that \
            revealSecret transaction, readable by its owner only.
            """,
        example:
            "zkpot ledger secret --account $(zkpot key alice.pem) --task digits --round 0 --output secret.json"
    )

    @Option("Whose part it is.")
    var account: PublicKey

    @Option("The task.")
    var task: Identifier

    @Option("The round.")
    var round: UInt64

    @Option("Where the transaction goes that reveals it; must not exist yet.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<4).flatMap { _ in
            withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
        }
        guard let secret = Digest(bytes) else { throw CommandError("there is no randomness") }
        let data = try TransactionJSON.encode(
            .revealSecret(RevealSecret(task: task, round: round, secret: secret)))
        try output.writing { path in
            let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw CommandError(String(cString: strerror(errno))) }
            let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
            try handle.write(contentsOf: data)
            try handle.close()
        }
        try console.present(
            Result(
                beaconCommitment: BeaconSecret.commitment(to: secret, of: account), output: output.path))
        return .success
    }

    struct Result: Presentable {
        var beaconCommitment: Digest
        var output: String

        func text(_ style: TextStyle) -> String {
            """
            \(beaconCommitment)
            Keep \(style.bold(printable(output))) private until commitments have ended, and submit it then.
            """
        }
    }
}

/// `zkpot ledger sign-payout`
struct LedgerSignPayoutVerb: Verb {
    static let about = About(
        "sign-payout", "Sign the payout of a finalized order.",
        discussion: """
            Shows who gets what, and the signature as it stands in a payout transaction. With --output also writes the \
            transaction, with the signatures of all keys given.
            """,
        example:
            "zkpot ledger sign-payout demo.ledger sam.pem sue.pem --task digits --round 0 --output payout.json"
    )

    @Positional("The ledger.")
    var ledger: InputFile

    @Positional("The keys that sign.")
    var keys: [InputFile]

    @Option("The task.")
    var task: Identifier

    @Option("The round.")
    var round: UInt64

    @Option("Where the payout transaction goes.", short: "o")
    var output: OutputFile?

    func run(_ console: Console) throws -> ExitCode {
        let ledger = try LedgerFile.open(self.ledger)
        let (payments, digest): ([Payment], Digest)
        do {
            payments = try ledger.state.payments(task: task, round: round)
            digest = try ledger.state.payoutDigest(task: task, round: round)
        } catch {
            throw CommandError("\(error)", file: self.ledger.path)
        }
        let signatures = try keys.map { try AccountSignature(digest, key: LedgerFile.signingKey($0)) }
        let payout = Payout(task: task, round: round, signatures: signatures)
        try output?.write(try TransactionJSON.encode(.payout(payout)))
        try console.present(
            Result(
                payments: payments, payoutDigest: digest, signatures: signatures, output: output?.path))
        return .success
    }

    struct Result: Presentable {
        var payments: [Payment]
        var payoutDigest: Digest
        var signatures: [AccountSignature]
        var output: String?

        func text(_ style: TextStyle) -> String {
            let lines =
                payments.map { "pays \($0.amount) to \($0.account)" }
                + signatures.map { "\($0.signer) signs \($0.signature.hexadecimal)" }
            return (lines + (output.map { ["Wrote \(style.bold(printable($0)))."] } ?? [])).joined(
                separator: "\n")
        }
    }
}

/// `zkpot ledger proof`
struct LedgerProofVerb: Verb {
    static let about = About(
        "proof", "Make the transaction that submits a quality proof.",
        discussion: """
            The proof must have been made with the ledger's identifier, the task, the round and the sender's public key as its \
            context: the ledger accepts it for nothing else.
            """,
        example: "zkpot ledger proof alice.zkp --claim alice.claim.json --output prove.json")

    @Positional("The proof, of zkpot prove.")
    var proof: InputFile

    @Option("What it claims.")
    var claim: InputFile

    @Option("Where the transaction goes.", short: "o")
    var output: OutputFile

    func run(_ console: Console) throws -> ExitCode {
        let proofBytes = try BinaryFile.read(proof)
        let file = try proof.reading { _ in try ProofFile<BN254>(encoded: proofBytes) }
        let claimBytes = try BinaryFile.read(claim)
        let claim = try self.claim.reading { _ in
            let claim = try QualityClaimFile(json: Data(claimBytes))
            guard let task = Identifier(claim.context.task), let chunk = UInt32(exactly: claim.context.chunk),
                claim.context.stage == 0, claim.context.contract.isEmpty
            else { throw CommandError("its context is not one of an embedded ledger") }
            return ProveQuality(
                task: task, round: claim.context.round, chunk: chunk, correct: UInt64(claim.correct),
                proof: file.proof.encoded)
        }
        try output.write(try TransactionJSON.encode(.proveQuality(claim)))
        try console.present(
            Result(
                task: claim.task, round: claim.round, chunk: claim.chunk, correct: claim.correct,
                output: output.path))
        return .success
    }

    struct Result: Presentable {
        var task: Identifier
        var round: UInt64
        var chunk: UInt32
        var correct: UInt64
        var output: String

        func text(_ style: TextStyle) -> String {
            "Wrote \(style.bold(printable(output))): \(correct) correct samples, \(task), round \(round), chunk \(chunk)."
        }
    }
}
