// Submits random transactions to a ledger until it is killed, or so many are done, and says of each block when it is
// confirmed: `<height> <hash>`.
//
// Usage: ledger-crash-writer LEDGER SEED [COUNT]

import Glibc
import Ledger
import LedgerTestSupport
import TestSupport

func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

guard (3...4).contains(CommandLine.arguments.count), let seed = UInt64(CommandLine.arguments[2]) else {
    say("usage: ledger-crash-writer LEDGER SEED [COUNT]")
    exit(2)
}
let count = CommandLine.arguments.count == 4 ? Int(CommandLine.arguments[3]) ?? 0 : Int.max
let ledger = try Ledger.open(
    CommandLine.arguments[1], operatorKey: Story.signer(0), proofSystem: { _ in ClearProofSystem() })
var source = RandomTransactions(seed: seed)
var submitted = 0
while submitted < count {
    // Blocks of one to three transactions; some are accepted, some refused.
    let time = source.next(after: ledger.state.time, ledger.state)
    var state = ledger.state
    var block: [SignedTransaction] = []
    for _ in 0...source.random.next() % 3 {
        let (transaction, signer) = try source.next(state, at: time)
        let signed = try SignedTransaction(
            transaction, ledger: ledger.identifier, nonce: state.nextNonce(of: signer.publicKey), key: signer)
        _ = try state.apply(signed, at: time)
        block.append(signed)
    }
    for result in try ledger.append(block, at: time) { _ = try result.get() }
    submitted += block.count
    say("\(ledger.head.height) \(ledger.head.hash)")
}
