import Foundation
import Presentation

// A small program, as an example of how verbs are declared and as what the parser's tests run.

/// A result: its properties are the JSON, `text` is what people see.
struct Product: Presentable {
    var value: Int
    var factors: [Int]

    func text(_ style: TextStyle) -> String {
        "\(factors.map(String.init).joined(separator: " × ")) = \(style.bold(Format.count(value)))"
    }
}

enum Rounding: String, CaseIterable, ArgumentValue {
    case down, nearest, up
}

/// Options of several verbs.
struct LimitOptions: ArgumentGroup {
    @Option("Refuse results above this.", short: "l", check: .atLeast(1))
    var limit = 1_000_000
}

struct Multiply: Verb {
    static let about = About(
        "multiply", "Multiply whole numbers.",
        discussion: "The numbers may be negative. An empty product is refused.",
        example: "sample multiply 6 7 --limit 100")

    @Positional("The numbers to multiply.") var factors: [Int]
    @Option("How to round.") var rounding: Rounding = .nearest
    @Option("Multiply by these as well.", check: .in(-9...9)) var also: [Int]
    @Option("Where to write the product.", short: "o") var output: OutputFile?
    @Flag("Negate the result.") var negate: Bool
    @Group var limits: LimitOptions

    func validate() throws {
        if negate && output != nil { throw UsageError("--negate and --output exclude each other") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let all = factors + also
        let product = all.reduce(negate ? -1 : 1, *)
        guard product <= limits.limit else { throw CommandError("the product is above \(limits.limit)") }
        console.note("rounded \(rounding.rawValue)")
        try output?.write(Data("\(product)".utf8))
        try console.present(Product(value: product, factors: all))
        return .success
    }
}

/// A verb that answers yes or no.
struct IsEmpty: Verb {
    static let about = About("is-empty", "Is the file empty?", example: "sample file is-empty notes.txt")

    @Positional("The file to look at.") var file: InputFile
    @Option("Expected digest.") var expectedDigest: String

    func run(_ console: Console) throws -> ExitCode {
        let isEmpty = try file.reading { try Data(contentsOf: URL(fileURLWithPath: $0)).isEmpty }
        return isEmpty ? .success : .falseStatement
    }
}

struct FileVerbs: VerbGroup {
    static let about = About("file", "Questions about files.", verbs: [IsEmpty.self])
}

let sample = Program(
    About("sample", "Shows how verbs are declared.", verbs: [Multiply.self, FileVerbs.self]),
    version: "sample 1.0 (portable arithmetic)",
    prepare: { common in
        if common.threads == 1000 { throw UsageError("that many threads are not to be had") }
    })
