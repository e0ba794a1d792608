import Foundation
import Testing

/// What the program says about itself, and about a command line that makes no sense.
@Suite struct HelpTests {
    static let verbs = [
        "demo", "train", "setup", "commit", "prove", "verify", "inspect", "circuit", "key", "ledger",
    ]
    static let ledgerVerbs = [
        "init", "submit", "show", "verify", "export", "test-set-hash", "secret", "proof", "sign-payout",
    ]

    @Test func everyVerbOfTheLedgerHasHelpWithAnExample() throws {
        let group = try zkpot(["ledger", "--help"])
        for verb in Self.ledgerVerbs {
            #expect(group.output.contains("\n  \(verb) "))
            let help = try zkpot(["ledger", verb, "--help"])
            #expect(help.code == 0 && help.errors.isEmpty)
            #expect(help.output.contains("Usage: zkpot ledger \(verb) "))
            #expect(help.output.contains("Example\n  $ zkpot ledger \(verb) "))
        }
        let none = try zkpot(["ledger"])
        #expect(none.code == 2 && none.errors.contains("a verb is missing: init, submit, show"), "\(none)")
    }

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
        ("commit --circuit digits --output x", "either --model or --data"),
        ("commit --circuit digits --data digits --opening x --output y", "no secret"),
        ("key", "give either a key"), ("ledger shwo x", "did you mean 'show'?"),
        ("ledger verify", "<ledger> is missing"),
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
