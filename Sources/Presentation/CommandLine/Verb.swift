/// One thing that the program does: a struct whose properties are its arguments.
///
///     struct Verify: Verb {
///         static let about = About("verify", "Check a proof.", example: "zkpot verify proof.zkp --key model.vk")
///
///         @Positional("The proof.") var proof: InputFile
///         @Option("The verifying key.") var key: InputFile
///
///         func run(_ console: Console) throws -> ExitCode { … }
///     }
///
/// The name of an option is that of its property: `testSet` is `--test-set`. Every verb also understands
/// `--help` and the `CommonOptions`.
public protocol Verb: SendableMetatype {
    /// Name, description and example, as `--help` shows them.
    static var about: About { get }

    init()

    /// Checks what no single argument can say for itself, such as two options that exclude each other.
    ///
    /// - Throws: `UsageError`; nothing has been read, written or computed at this point.
    func validate() throws

    /// Does the work.
    ///
    /// - Returns: `success`, or `falseStatement` when the question it answers has the answer no.
    /// - Throws: `CommandError`, or any other error, when the input cannot be used: exit code 2.
    func run(_ console: Console) throws -> ExitCode
}

extension Verb {
    public func validate() throws {}
}

/// A verb that only holds others, such as `zkpot ledger` for `zkpot ledger show`.
public protocol VerbGroup: Verb {}

extension VerbGroup {
    public func run(_ console: Console) throws -> ExitCode {
        throw UsageError("a verb is missing: one of \(Self.about.verbNames.joined(separator: ", "))")
    }
}

/// What `--help` says about a verb.
public struct About: Sendable {
    /// The word on the command line.
    public var name: String
    /// One sentence.
    public var abstract: String
    /// Further paragraphs, separated by blank lines.
    public var discussion: String
    /// One or more command lines that work, one a line.
    public var example: String
    /// Nested verbs.
    public var verbs: [any Verb.Type]

    public init(
        _ name: String, _ abstract: String, discussion: String = "", example: String = "",
        verbs: [any Verb.Type] = []
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.example = example
        self.verbs = verbs
    }

    var verbNames: [String] { verbs.map { $0.about.name } }
}

/// How the program ended, for scripts.
public enum ExitCode: Int32, Sendable {
    /// Done; the statement is true.
    case success = 0
    /// The statement is false: a proof that does not verify, a chain that does not replay.
    case falseStatement = 1
    /// The command line or a file cannot be used.
    case unusable = 2
}

/// Arguments that several verbs share: declare them in a struct, and the struct as a property with `@Group`.
public protocol ArgumentGroup {
    init()
}
