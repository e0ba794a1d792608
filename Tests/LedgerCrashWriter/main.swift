// Appends blocks to a ledger until it is killed, and says of each when it is confirmed: `<height> <hash>`.
//
// Usage: ledger-crash-writer LEDGER SEED

import Glibc
import Ledger
import LedgerTestSupport
import TestSupport

func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(1, bytes, bytes.count)
}

guard CommandLine.arguments.count == 3, let seed = UInt64(CommandLine.arguments[2]) else {
    say("usage: ledger-crash-writer LEDGER SEED")
    exit(2)
}
var random = SeededGenerator(seed: seed)
let ledger = try Ledger.open(
    CommandLine.arguments[1], operatorKey: Story.signer(0), proofSystem: { _ in ClearProofSystem() })
var time = ledger.state.time
while true {
    time = Timestamp(milliseconds: time.milliseconds + 1)
    let block = try (0...random.next() % 3).map { index in
        // Some are accepted, some refused; blocks are of many sizes.
        let signer = Story.signer(UInt8(10 + index))
        let name = Identifier("t\(random.next())")!
        let transaction = random.next() % 2 == 0 ? Story.openTask(name) : Story.commit(1 + random.next() % 5)
        return try ledger.sign(transaction, with: signer)
    }
    for result in try ledger.append(block, at: time) { _ = try result.get() }
    say("\(ledger.head.height) \(ledger.head.hash)")
}
