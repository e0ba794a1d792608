import Foundation

/// The whole command line: a name, a version and the verbs.
///
///     let program = Program(About("zkpot", "…", verbs: [Prove.self, Verify.self]), version: "zkpot 1.0 (vector)")
///     program.main()
public struct Program: Sendable {
    let about: About
    let version: @Sendable () -> String
    let prepare: @Sendable (CommonOptions) throws -> Void

    /// - Parameters:
    ///   - about: name, description and verbs of the program.
    ///   - version: the line that `--version` prints.
    ///   - prepare: applies the common options, before a verb is validated and run.
    public init(
        _ about: About, version: @escaping @Sendable @autoclosure () -> String,
        prepare: @escaping @Sendable (CommonOptions) throws -> Void = { _ in }
    ) {
        self.about = about
        self.version = version
        self.prepare = prepare
    }

    /// Runs the process's command line and ends the process with the exit code.
    public func main() -> Never {
        exit(run(Array(CommandLine.arguments.dropFirst()), console: .standard()).rawValue)
    }

    /// Runs one command line.
    ///
    /// - Parameter arguments: without the program's own name.
    public func run(_ arguments: [String], console: Console) -> ExitCode {
        var console = console
        console.isJSON = arguments.prefix { $0 != "--" }.contains("--json")
        var place = Place(about)
        do {
            return try follow(arguments[...], &place, console)
        } catch {
            report(error, at: place, console)
            return .unusable
        }
    }

    /// Reads words and options, goes to the verb that they name, and runs it. `place` is where it has come to.
    private func follow(_ tokens: ArraySlice<String>, _ place: inout Place, _ console: Console) throws
        -> ExitCode
    {
        var words = ArgumentParser(place.commonArguments, tokens)
        var asksForHelp = false
        while !place.about.verbs.isEmpty {
            switch try words.parseOptions() {
            case .version: return try showVersion(console)
            case .help: return try showHelp(place, console)
            case .end where asksForHelp: return try showHelp(place, console)
            case .end: throw UsageError("a verb is missing: \(place.about.verbNames.joined(separator: ", "))")
            case .word("help"): asksForHelp = true
            case .word(let word): try place.enter(word)
            }
        }
        if asksForHelp { return try showHelp(place, console) }

        let verb = place.verb.init()
        let own = declaredArguments(of: verb)
        var parser = ArgumentParser(own + place.commonArguments(besides: own), words.rest)
        switch try parser.parseAll() {
        case .version: return try showVersion(console)
        case .help: return try showHelp(place, console)
        case .end, .word: return try run(verb, place.common, console)
        }
    }

    private func run(_ verb: any Verb, _ common: CommonOptions, _ console: Console) throws -> ExitCode {
        var console = console
        console.isJSON = common.json
        console.isQuiet = common.quiet
        try prepare(common)
        try verb.validate()
        return try verb.run(console)
    }

    private func showVersion(_ console: Console) throws -> ExitCode {
        try console.write(version().endingInNewline)
        return .success
    }

    private func showHelp(_ place: Place, _ console: Console) throws -> ExitCode {
        let own = declaredArguments(of: place.verb.init())
        let help = HelpText(
            path: place.name, about: place.about, arguments: own,
            common: place.commonArguments(besides: own), width: console.width, style: console.style)
        try console.write(help.text)
        return .success
    }

    /// One line, and for a wrong command line a second one that says where to read on.
    private func report(_ error: any Error, at place: Place, _ console: Console) {
        let file = (error as? CommandError)?.file.map(printable)
        let reason = printable(reason(of: error))
        if console.isJSON {
            let record = ErrorRecord(
                error: reason, exitCode: ExitCode.unusable.rawValue, file: file, verb: place.name)
            console.writeError(((try? JSONText.encode(record, isPretty: false)) ?? reason) + "\n")
        } else if error is UsageError {
            console.writeError("\(place.name): \(reason)\nSee '\(place.name) --help'.\n")
        } else {
            console.writeError("\(about.name): \(file.map { "\($0): " } ?? "")\(reason)\n")
        }
    }
}

/// Where in the tree of verbs the command line has led.
private struct Place {
    /// `zkpot ledger show`
    private(set) var name: String
    private(set) var about: About
    private(set) var verb: any Verb.Type = WholeProgram.self
    let common = CommonOptions()
    let commonArguments: [any ParsableArgument]

    init(_ program: About) {
        name = program.name
        about = program
        commonArguments = declaredArguments(of: common)
    }

    /// The common arguments but those for which a verb has its own of the same name.
    func commonArguments(besides own: [any ParsableArgument]) -> [any ParsableArgument] {
        let names = Set(own.map(\.definition.name))
        return commonArguments.filter { !names.contains($0.definition.name) }
    }

    mutating func enter(_ word: String) throws {
        guard let next = about.verbs.first(where: { $0.about.name == word }) else {
            throw UsageError(
                "unknown verb '\(printable(word))'", suggestion: nearest(to: word, among: about.verbNames))
        }
        (verb, about) = (next, next.about)
        name += " \(word)"
    }
}

/// What an error looks like with `--json`.
private struct ErrorRecord: Encodable {
    var error: String
    var exitCode: Int32
    var file: String?
    var verb: String
}

/// The verb while no word has been read yet.
private struct WholeProgram: VerbGroup {
    static var about: About { About("", "") }
}
