import FieldArithmetic
import Parallelism
import Presentation

let about = About(
    "zkpot", "Prove how good a privately trained model is, showing neither model nor data.",
    discussion: """
        A participant trains a model on private data, commits to it, and proves to anybody, with one short proof, that the \
        committed model classifies at least k of N samples of a public test set correctly. How the model came to be, by \
        training on committed data, is shown stage by stage in audits ('zkpot audit').

        Exit codes: 0 done or true, 1 a false statement, 2 unusable input or usage.
        """,
    example: "zkpot demo --output demo",
    verbs: [
        DemoVerb.self, TrainVerb.self, SetupVerb.self, CommitVerb.self, ProveVerb.self, VerifyVerb.self,
        AuditVerb.self, InspectVerb.self, CircuitVerb.self, AggregateVerb.self, SimulateVerb.self,
        ExportVerb.self, ChainVerb.self, StoreVerb.self, KeyVerb.self, LedgerVerb.self,
    ])

let program = Program(about, version: "zkpot \(Version.number) (\(Kernel.current.rawValue) arithmetic)") {
    options in
    if let threads = options.threads { Parallelism.threadCount = threads }
    if let kernel = options.kernel { try Kernel.select(kernel == .vector ? .vector : .portable) }
}

program.main()
