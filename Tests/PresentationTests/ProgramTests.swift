import Foundation
import Presentation
import Testing

private func run(_ line: String) -> (code: ExitCode, output: String, errors: String) {
    let transcript = Transcript()
    let words = line.split(separator: " ").map(String.init)
    let code = sample.run(words, console: .recording(into: transcript))
    return (code, transcript.output, transcript.errors)
}

@Suite struct ProgramTests {
    @Test func runsAVerb() {
        let result = run("multiply 6 7")
        #expect(result.code == .success)
        #expect(result.output == "6 × 7 = 42\n")
        #expect(result.errors == "rounded nearest\n")
    }

    @Test(arguments: [
        ("multiply 2 --rounding up --also 3,4", 24), ("multiply --also=3 2 --also 4", 24),
        ("multiply -2 3 --negate", 6), ("--quiet multiply 5", 5), ("multiply -q -- 5 -5", -25),
        ("multiply 2 -l 3", 2), ("multiply 2 --limit=3", 2),
    ])
    func optionsStandAnywhere(line: String, product: Int) {
        let result = run(line)
        #expect(result.code == .success)
        #expect(result.output.hasSuffix("= \(Format.count(product))\n"), "\(result)")
    }

    @Test(arguments: [
        ("", "sample: a verb is missing: multiply, file"),
        ("mutliply 3", "sample: unknown verb 'mutliply'; did you mean 'multiply'?"),
        ("xyzzy", "sample: unknown verb 'xyzzy'"),
        ("file", "sample file: a verb is missing: is-empty"),
        ("file empty", "sample file: unknown verb 'empty'"),
        ("multiply", "sample multiply: <factors> is missing: The numbers to multiply."),
        ("multiply 2 --lmit 3", "sample multiply: unknown option '--lmit'; did you mean '--limit'?"),
        ("multiply 2 --thread 3", "sample multiply: unknown option '--thread'; did you mean '--threads'?"),
        ("multiply 2 -x", "sample multiply: unknown option '-x'"),
        ("multiply 2 --limit", "sample multiply: --limit needs a value: --limit <n>"),
        ("multiply 2 --limit --negate", "sample multiply: --limit needs a value: --limit <n>"),
        ("multiply 2 --limit 0", "sample multiply: --limit expects at least 1, not '0'"),
        ("multiply 2 --limit 1 --limit 2", "sample multiply: --limit is given twice"),
        ("multiply 2 --also 1,10", "sample multiply: --also expects -9 to 9, not '10'"),
        ("multiply 2 --also 1,,2", "sample multiply: --also expects a whole number, not ''"),
        ("multiply two", "sample multiply: <factors> expects a whole number, not 'two'"),
        ("multiply 2 --negate=yes", "sample multiply: --negate takes no value"),
        (
            "multiply 2 --rounding upp",
            "sample multiply: --rounding expects down, nearest, up, not 'upp'; did you mean 'up'?"
        ),
        ("multiply 2 --threads 0", "sample multiply: --threads expects 1 to 1024, not '0'"),
        ("multiply 2 --threads 1000", "sample multiply: that many threads are not to be had"),
        ("multiply 2 --kernel gpu", "sample multiply: --kernel expects vector, portable, not 'gpu'"),
        ("multiply 2 --negate -o x", "sample multiply: --negate and --output exclude each other"),
        (
            "multiply 99999999999999999999",
            "sample multiply: <factors> expects a whole number, not '99999999999999999999'"
        ),
    ])
    func refusesWithOneLineAndAPointer(line: String, message: String) throws {
        let result = run(line)
        #expect(result.code == .unusable)
        #expect(result.output.isEmpty)
        let lines = result.errors.split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        #expect(lines[0] == message)
        #expect(lines[1].hasPrefix("See '\(message.split(separator: ":")[0]) --help'"))
    }

    @Test func errorsOfTheWorkNameTheFile() throws {
        let missing = run("file is-empty /no/such/file --expected-digest x")
        #expect(missing.code == .unusable)
        #expect(missing.errors == "sample: /no/such/file: no such file\n")
        #expect(
            run("multiply 2 -o /no/such/folder/x").errors
                == "sample: /no/such/folder/x: its folder does not exist\n")
        #expect(run("multiply 9 --limit 8 -q").errors == "sample: the product is above 8\n")
        struct Odd: Error, CustomStringConvertible { var description: String { "odd" } }
        #expect(throws: CommandError("odd", file: "a")) { try naming("a") { throw Odd() } }
        #expect(throws: CommandError("why", file: "b")) {
            try naming("a") { throw CommandError("why", file: "b") }
        }
    }

    @Test func exitCodeOfAFalseStatement() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data().write(to: file)
        #expect(run("file is-empty \(file.path) --expected-digest x").code == .success)
        try Data([1]).write(to: file)
        #expect(run("file is-empty \(file.path) --expected-digest x").code == .falseStatement)
        #expect(run("file is-empty \(file.path)").errors.contains("--expected-digest <text> is missing"))
        #expect(
            run("file is-empty \(file.deletingLastPathComponent().path) --expected-digest x").code
                == .unusable)
        #expect(run("multiply 6 7 --output \(file.path)").code == .success)
        #expect(try String(contentsOf: file, encoding: .utf8) == "42")
    }

    @Test func jsonOfResultsAndErrors() throws {
        let result = run("multiply 6 7 --json")
        #expect(result.errors.isEmpty)
        let value = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(value["value"] as? Int == 42)
        for line in [
            "--json multiply", "multiply --jsn --json", "file is-empty /no/such --json --expected-digest x",
        ] {
            let failed = run(line)
            #expect(failed.code == .unusable)
            #expect(failed.output.isEmpty)
            let error = try JSONSerialization.jsonObject(with: Data(failed.errors.utf8)) as? [String: Any]
            #expect(error?["exitCode"] as? Int == 2)
            #expect((error?["error"] as? String)?.isEmpty == false)
        }
    }

    @Test(arguments: [
        "--help", "-h", "help", "multiply --help", "help multiply", "file -h", "help file is-empty",
    ])
    func helpIsAResult(line: String) {
        let result = run(line)
        #expect(result.code == .success)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("Usage: sample"))
        #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func helpOfAVerb() {
        #expect(
            run("multiply --bogus-never-read").code == .unusable)
        #expect(
            run("multiply -h").output == """
                Multiply whole numbers.

                Usage: sample multiply <factors>… [options]

                The numbers may be negative. An empty product is refused.

                Arguments
                  <factors>                     The numbers to multiply.

                Options
                  --rounding <down|nearest|up>  How to round. (default: nearest)
                  --also <n>                    Multiply by these as well. (-9 to 9)
                  -o, --output <file>           Where to write the product.
                  --negate                      Negate the result.
                  -l, --limit <n>               Refuse results above this. (at least 1; default: 1000000)

                Common options
                  --json                        Print results and errors as JSON.
                  -q, --quiet                   Print results and errors only.
                  --threads <n>                 Threads to use; the processor's cores otherwise. (1 to 1024)
                  --kernel <vector|portable>    Arithmetic to use; the fastest that the processor has otherwise.
                  -h, --help                    Show this.

                Example
                  $ sample multiply 6 7 --limit 100

                """)
    }

    @Test(arguments: ["--version", "multiply --version", "file --version"])
    func version(line: String) {
        #expect(run(line).output == "sample 1.0 (portable arithmetic)\n")
    }

    @Test func hostileWordsAreNotObeyedByTheTerminal() {
        let result = run("multiply \u{1B}[31mred --x")
        #expect(result.code == .unusable)
        #expect(!result.errors.contains("\u{1B}"))
        #expect(printable("a\u{1B}]0;x\u{7}\nb\u{202E}") == "a\u{FFFD}]0;x\u{FFFD} b\u{FFFD}")
    }
}

/// A verb whose own option takes the place of a common one.
private struct Threads: Verb {
    static let about = About("threads", "Show numbers of threads.")

    @Option("Numbers of threads.") var threads: [Int]

    func run(_ console: Console) throws -> ExitCode {
        try console.present(Product(value: threads.reduce(1, *), factors: threads))
        return .success
    }
}

@Suite struct ShadowingTests {
    @Test func anOptionOfTheVerbComesBeforeACommonOne() {
        let transcript = Transcript()
        let program = Program(About("sample", "", verbs: [Threads.self]), version: "")
        #expect(
            program.run(["threads", "--threads", "1,2000"], console: .recording(into: transcript)) == .success
        )
        #expect(transcript.output == "1 × 2000 = 2,000\n")
        #expect(program.run(["threads", "--help"], console: .recording(into: transcript)) == .success)
        #expect(transcript.output.split(separator: "--threads").count == 2)
    }
}
