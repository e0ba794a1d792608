/// Reads a command line into the arguments that a verb declares.
///
/// Options may stand anywhere; `--name=value` and `--name value` mean the same; after `--` all is positional. A value
/// that begins with `-` is given as `--name=-x`, unless it is a number or a single `-`.
struct ArgumentParser {
    let arguments: [any ParsableArgument]
    private var tokens: ArraySlice<String>
    private var onlyPositionals = false

    init(_ arguments: [any ParsableArgument], _ tokens: ArraySlice<String>) {
        self.arguments = arguments
        self.tokens = tokens
    }

    /// What stopped the parser.
    enum Stop: Equatable {
        case end
        case help
        case version
        /// A word that is not an option, where the caller takes words itself.
        case word(String)
    }

    /// Tokens not yet read.
    var rest: ArraySlice<String> { tokens }

    /// Reads to the end, words as positional arguments in the order of their declaration.
    ///
    /// - Throws: `UsageError`, or `CommandError` about a file.
    mutating func parseAll() throws -> Stop {
        var positionals = arguments.filter { $0.definition.form == .positional }[...]
        while true {
            let stop = try parseOptions()
            guard case .word(let word) = stop else {
                if stop == .end { try requireAll() }
                return stop
            }
            guard let argument = positionals.first else {
                throw UsageError("'\(printable(word))' is one argument too many")
            }
            try accept(word, for: argument)
            if !argument.definition.isRepeatable { positionals.removeFirst() }
        }
    }

    /// Reads options up to the next word.
    mutating func parseOptions() throws -> Stop {
        while let token = tokens.popFirst() {
            if onlyPositionals || token == "-" || !token.hasPrefix("-") || Double(token) != nil {
                return .word(token)
            }
            switch token {
            case "--": onlyPositionals = true
            case "-h", "--help": return .help
            case "--version": return .version
            default: try parseOption(token)
            }
        }
        return .end
    }

    private mutating func parseOption(_ token: String) throws {
        let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let argument = arguments.first(where: { $0.definition.isWritten(name) }) else {
            throw unknownOption(name)
        }
        if argument.definition.form == .flag {
            guard parts.count == 1 else { throw UsageError("\(name) takes no value") }
            try argument.accept("")
        } else if parts.count == 2 {
            try accept(String(parts[1]), for: argument)
        } else {
            try accept(try nextValue(of: argument.definition), for: argument)
        }
    }

    private mutating func nextValue(of definition: ArgumentDefinition) throws -> String {
        guard let next = tokens.first, !next.hasPrefix("-") || next == "-" || Double(next) != nil else {
            throw UsageError(
                "\(definition.display) needs a value: \(definition.display) <\(definition.valueName)>")
        }
        tokens.removeFirst()
        return next
    }

    private func accept(_ text: String, for argument: any ParsableArgument) throws {
        do {
            try argument.accept(text)
        } catch var error as UsageError where error.reason.hasPrefix("expects") {
            error.reason = "\(argument.definition.display) \(printable(error.reason))"
            throw error
        }
    }

    private func unknownOption(_ name: String) -> UsageError {
        let known = arguments.filter { $0.definition.form != .positional }.map { "--\($0.definition.name)" }
        return UsageError(
            "unknown option '\(printable(name))'", suggestion: nearest(to: name, among: known + ["--help"]))
    }

    private func requireAll() throws {
        for argument in arguments where argument.definition.isRequired && !argument.isGiven {
            let definition = argument.definition
            let missing =
                definition.form == .option
                ? "--\(definition.name) <\(definition.valueName)>" : definition.display
            throw UsageError("\(missing) is missing: \(definition.help)")
        }
    }
}

extension ArgumentDefinition {
    /// Whether `token` is this option, as `--name` or `-n`.
    func isWritten(_ token: String) -> Bool {
        form != .positional && (token == "--\(name)" || short.map { token == "-\($0)" } ?? false)
    }
}
