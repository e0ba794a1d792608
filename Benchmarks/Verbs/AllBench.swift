import EllipticCurves
import Presentation

/// `zkpot-bench all`
struct AllBench: Verb {
    static let about = About(
        "all", "A short run of every benchmark, at small sizes: a minute or two.",
        example: "zkpot-bench all --threads 1,2 --svg charts")

    @Group var options: BenchOptions

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        func sizes(_ exponents: Int...) -> [Size] { exponents.map { Size(1 << $0) } }
        FieldBench.measure(session)
        MSMBench.measure(BN254G1.self, "msm", sizes(10, 12, 14, 16), [.full], session)
        MSMBench.measure(BN254G2.self, "g2msm", sizes(10, 12, 14), [.full], session)
        try NTTBench.measure(sizes(14, 16, 18), session)
        PairingBench.measure([Size(4)], session)
        try SetupBench.measure(dense: sizes(12), mixed: [], session)
        try ProveBench.measureSynthetic(dense: sizes(12, 14), mixed: sizes(14), session)
        try VerifyBench.measure(session)
        try BatchVerifyBench.measure([Size(1), Size(16), Size(64)], session)
        try CircuitsBench.measure([.digits], [1, 10], session)
        try LedgerBench.measure(proofs: 64, transfers: 256, session)
        return try options.finish(session, console)
    }
}
