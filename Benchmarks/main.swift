import FieldArithmetic
import Parallelism
import Presentation

let about = About(
    "zkpot-bench", "Measure field arithmetic, multiplications, transforms, keys, proofs and circuits.",
    discussion: """
        Each line gives median, fastest run, spread (the width of the middle half of the runs over the median), the processor \
        time of all threads together, and the cost per unit (median by units), with the kernel and the number of threads that \
        ran. On a busy machine the processor time tells more than the clock. Inputs are the same in every call.
        """,
    example: """
        zkpot-bench all
        zkpot-bench msm --sizes 2^14,2^16,2^18 --threads 1,2 --svg charts
        zkpot-bench msm --kernel portable --json
        """,
    verbs: [
        FieldBench.self, MSMBench.self, G2MSMBench.self, NTTBench.self, PairingBench.self, SetupBench.self,
        ProveBench.self, VerifyBench.self, BatchVerifyBench.self, CircuitsBench.self,
        SpecificationBench.self, AuditBench.self, LearningBench.self, AggregationBench.self, LedgerBench.self,
        AllBench.self,
    ])

let program = Program(about, version: "zkpot-bench (\(Kernel.current.rawValue) arithmetic)") { options in
    if let threads = options.threads { Parallelism.threadCount = threads }
    if let kernel = options.kernel { try Kernel.select(kernel == .vector ? .vector : .portable) }
}

program.main()
