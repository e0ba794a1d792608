import Foundation
import Ledger
import Presentation

/// `zkpot ledger export`
struct LedgerExportVerb: Verb {
    static let about = About(
        "export", "Write a ledger's blocks as lines of JSON.",
        discussion: """
            One block a line, from block 0: its header, its seal, and each transaction with signature and receipt, both for \
            people and as the bytes that are hashed.
            """,
        example: "zkpot ledger export demo.ledger --output demo.jsonl")

    @Positional("The ledger.")
    var ledger: InputFile

    @Option("Where the lines go.", short: "o")
    var output: OutputFile

    @Option("The first block to write.")
    var from: UInt64 = 0

    func run(_ console: Console) throws -> ExitCode {
        let ledger = try LedgerFile.open(self.ledger)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = 0
        let partial = output.path + ".partial"
        try output.writing { _ in
            guard FileManager.default.createFile(atPath: partial, contents: nil) else {
                throw CommandError("cannot be written")
            }
            defer { try? FileManager.default.removeItem(atPath: partial) }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: partial))
            var failure: (any Error)?
            try LedgerFile.naming(self.ledger) {
                try ledger.forEachBlock(from: from) { block in
                    do {
                        try handle.write(contentsOf: encoder.encode(BlockExport(block)) + Data("\n".utf8))
                    } catch {
                        failure = error
                        return false
                    }
                    lines += 1
                    return true
                }
            }
            if let failure { throw failure }
            try handle.close()
            guard rename(partial, output.path) == 0 else { throw CommandError("cannot be written") }
        }
        try console.present(Result(blocks: lines, output: output.path))
        return .success
    }

    struct Result: Presentable {
        var blocks: Int
        var output: String

        func text(_ style: TextStyle) -> String {
            "Wrote \(blocks) blocks to \(style.bold(printable(output)))."
        }
    }
}

/// A block as a line of JSON.
private struct BlockExport: Encodable {
    struct Record: Encodable {
        var digest: Digest
        var sender: PublicKey
        var nonce: UInt64
        var transaction: Transaction
        var isAccepted: Bool
        var effect: String?
        var refusal: String?
        var reason: String?
        /// The bytes below the transactions' root.
        @HexadecimalBytes var signed: [UInt8]
        /// The bytes below the receipts' root.
        @HexadecimalBytes var receipt: [UInt8]

        init(_ record: BlockRecord) {
            digest = record.transaction.digest
            sender = record.transaction.sender
            nonce = record.transaction.nonce
            transaction = record.transaction.transaction
            isAccepted = record.receipt.isAccepted
            switch record.receipt.outcome {
            case .accepted(let effect): self.effect = "\(effect)"
            case .refused(let code, let words): (refusal, reason) = (code, words)
            }
            signed = record.transaction.encoded
            receipt = record.receipt.encoded
        }
    }

    var height: UInt64
    var hash: Digest
    var previous: Digest
    var time: Timestamp
    var transactionsRoot: Digest
    var receiptsRoot: Digest
    var stateRoot: Digest
    /// The bytes of which `hash` is the digest.
    @HexadecimalBytes var header: [UInt8]
    @HexadecimalBytes var seal: [UInt8]
    var records: [Record]

    init(_ block: Block) {
        height = block.header.height
        hash = block.header.hash
        previous = block.header.previous
        time = block.header.time
        transactionsRoot = block.header.transactionsRoot
        receiptsRoot = block.header.receiptsRoot
        stateRoot = block.header.stateRoot
        header = block.header.encoded
        seal = block.seal
        records = block.records.map { Record($0) }
    }
}
