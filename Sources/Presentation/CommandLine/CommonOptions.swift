/// The arithmetic that a person may ask for.
public enum KernelChoice: String, CaseIterable, ArgumentValue, Sendable {
    case vector, portable
}

/// What every verb understands, before or after its name.
public struct CommonOptions: ArgumentGroup {
    @Flag("Print results and errors as JSON.")
    public var json: Bool

    @Flag("Print results and errors only.", short: "q")
    public var quiet: Bool

    @Option("Threads to use; the processor's cores otherwise.", check: .in(1...1024))
    public var threads: Int?

    @Option("Arithmetic to use; the fastest that the processor has otherwise.")
    public var kernel: KernelChoice?

    public init() {}
}
