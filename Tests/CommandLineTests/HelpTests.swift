import Foundation
import Testing

/// What the program says about itself, and about a command line that makes no sense.
@Suite struct HelpTests {
    static let verbs = [
        "demo", "train", "setup", "commit", "prove", "verify", "audit", "inspect", "circuit", "aggregate",
        "simulate", "store", "export", "chain", "key", "ledger",
    ]
    static let nestedVerbs = [
        "audit task", "audit data", "audit challenge", "audit answer", "audit verify", "simulate pbft",
        "simulate rounds", "audit plan",
        "store put", "store get", "store check", "export verifier", "export calldata", "chain key",
        "chain account",
        "chain deploy verifier", "chain deploy registry", "chain call", "chain send", "chain prove",
        "chain receipt", "chain logs", "chain test-set", "chain commit", "chain reveal", "chain finalize",
        "chain sign-payout", "chain sign-survivors", "ledger init", "ledger submit", "ledger show",
        "ledger verify", "ledger export",
        "ledger test-set-hash", "ledger secret", "ledger proof", "ledger sign-payout",
        "ledger circuit", "ledger opening", "ledger sum", "ledger audit-transactions",
    ]

    @Test func everyVerbHasHelpWithAnExample() throws {
        let general = try zkpot(["--help"])
        #expect(general.code == 0 && general.errors.isEmpty)
        for verb in Self.verbs {
            #expect(general.output.contains("\n  \(verb) "))
            let help = try zkpot([verb, "--help"])
            #expect(help.code == 0 && help.errors.isEmpty)
            #expect(help.output.contains("Usage: zkpot \(verb) "))
            #expect(help.output.contains("Example\n  $ zkpot \(verb) "))
            #expect(help.output.contains("--json"))
            #expect(try zkpot(["help", verb]).output == help.output)
        }
        #expect(general.output.contains("Exit codes: 0"))
    }

    @Test func everyNestedVerbHasHelpWithAnExample() throws {
        for verb in Self.nestedVerbs {
            let words = verb.split(separator: " ").map(String.init)
            let group = try zkpot(Array(words.dropLast()) + ["--help"])
            #expect(group.output.contains("\n  \(words[words.count - 1]) "), "\(verb)")
            let help = try zkpot(words + ["--help"])
            #expect(help.code == 0 && help.errors.isEmpty)
            #expect(help.output.contains("Usage: zkpot \(verb) "), "\(verb)")
            #expect(help.output.contains("Example\n  $ zkpot \(verb) "), "\(verb)")
            #expect(help.output.contains("--json"))
        }
    }

    @Test func theVersionNamesTheKernel() throws {
        let outcome = try zkpot(["--version"])
        #expect(outcome.code == 0)
        #expect(
            outcome.output.wholeMatch(of: /zkpot \d+\.\d+\.\d+ \((vector|portable) arithmetic\)\n/) != nil)
    }

    @Test(arguments: [
        ("prvoe", "unknown verb 'prvoe'; did you mean 'prove'?"),
        ("verfy x", "did you mean 'verify'?"),
        ("setup --cirucit digits", "unknown option '--cirucit'; did you mean '--circuit'?"),
        ("train --data digits --epoch 3", "did you mean '--epochs'?"),
        ("train --data digits --split tset", "did you mean 'test'?"),
        ("nonsense", "unknown verb 'nonsense'"), ("", "a verb is missing"),
        ("inspect", "<files> is missing"), ("setup --output x", "--circuit"),
        ("prove --key", "--key needs a value"),
        ("train --data digits --model digits --epochs 0 --output x", "--epochs expects 1 to 10000"),
        ("train --data digits --model digits --output x --seed -1", "--seed expects at least 0"),
        ("train --data digits --model digits --output x --count 1e3", "--count expects a whole number"),
        ("setup --circuit digits --samples 99999999999999999999 --output x", "--samples expects"),
        ("demo --output x --rounds 4", "--rounds expects 1 to 3"),
        ("demo --output=", "--output expects"),
        ("simulate", "a verb is missing"), ("simulate rounds --byzantine 9", "--byzantine 9 are more"),
        ("simulate pbft --nodes 3", "--nodes expects 4 to 3000"),
        ("simulate pbft --megabits 0", "--megabits expects"),
        ("simulate pbft --silent nan", "--silent expects"),
        ("commit --circuit digits --output x", "either --model or --data"),
        ("store put", "<file> is missing"),
        ("store get nonsense --folder x -o y", "'nonsense' is neither a CID"),
        ("store get QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n --folder x -o y", "version 0"),
        ("store", "a verb is missing: put, get, check"),
        ("aggregate start --board x --leader . --model digits", "<enrolments> are needed without a ledger"),
        ("aggregate check --board . --transaction x", "--transaction needs --content"),
        ("aggregate survivors --board .", "--output <file> is missing"),
        ("store check --folder x --limit 0", "--limit expects 1"),
        ("chain account", "either an address or --key"), ("chain account 0x12", "40 hexadecimal digits"),
        ("chain account 0x7e5F4552091A69125d5DfCb7b8C2659029395Bdf", "checksum"),
        ("chain receipt 0x12", "64 hexadecimal digits"), ("chain nonsense", "unknown verb 'nonsense'"),
        (
            "chain receipt 0xb94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9 --node ftp://x",
            "--node: the URL"
        ),
        ("chain call 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf nothing", "has no function nothing; it has"),
        ("chain call 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf burnt 1", "burnt() takes 0 arguments, not 1"),
        ("chain call 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf balanceOf 0x12", "40 hexadecimal digits"),
        ("chain sign-survivors", "<survivors> is missing"),
        ("chain sign-survivors 0x12", "40 hexadecimal digits"),
        ("commit --circuit digits --data digits --opening x --output y", "no secret"),
        ("key", "give either a key"), ("ledger shwo x", "did you mean 'show'?"),
        ("ledger verify", "<ledger> is missing"), ("ledger sum 12 --content .", "'12' is neither a CID"),
        (
            "ledger sum \(String(repeating: "1a", count: 32)) --weights 1,1 --content .",
            "--weights needs one for each of the 1 openings"
        ),
        (
            "ledger sum \(String(repeating: "1a", count: 32)) --weights -1 --content .",
            "--weights expects numbers from 1 on"
        ),
        ("ledger secret --account 12 --task t --round 0 --output x", "64 hexadecimal digits"),
        ("ledger secret --account 12 --task t/u --round 0 --output x", "expects a"),
    ])
    func wrongCommandLinesAreExplained(line: String, reason: String) throws {
        let outcome = try zkpot(line.split(separator: " ").map(String.init))
        #expect(outcome.code == 2 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.errors.contains("--help'"))
    }

    /// Numbers at the ends of their ranges, which arithmetic must survive.
    @Test(arguments: [Int.max, Int.max - 1, 1 << 32])
    func hugeNumbersAreRefused(number: Int) throws {
        let data = ["--data", "digits", "--model", "digits", "--output", "unwritten"]
        for options in [["--skip", "\(number)"], ["--skip", "\(number)", "--count", "\(number)"]] {
            let outcome = try zkpot(["train"] + data + options)
            #expect(outcome.code == 2)
            #expect(outcome.errors == "zkpot: digits: 1797 samples are too few to leave out \(number)\n")
        }
    }

    @Test func resultsThatCannotBeWrittenAreAnError() throws {
        try #require(FileManager.default.fileExists(atPath: "/dev/full"))
        let outcome = try zkpot(["--version"], outputPath: "/dev/full")
        #expect(outcome.code == 2 && outcome.errors.contains("standard output"), "\(outcome)")
    }
}
