import EllipticCurves
import Groth16
import Presentation

/// `zkpot-bench setup`
struct SetupBench: Verb {
    static let about = About(
        "setup", "Key generation for synthetic circuits (see 'prove').",
        example: "zkpot-bench setup --dense 2^14,2^16 --runs 3")

    @Group var options: BenchOptions
    @Option("Sizes of dense circuits.", check: SyntheticOptions.sizes) var dense: [Size]
    @Option("Sizes of mixed circuits.", check: SyntheticOptions.sizes) var mixed: [Size]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        let isDefault = dense.isEmpty && mixed.isEmpty
        try Self.measure(dense: isDefault ? [Size(1 << 14)] : dense, mixed: mixed, session)
        return try options.finish(session, console)
    }

    static func measure(dense: [Size], mixed: [Size], _ session: BenchSession) throws {
        for (kind, size) in dense.map({ (.dense, $0) }) + mixed.map({ (SyntheticCircuit.Kind.mixed, $0) }) {
            let circuit = SyntheticCircuit(kind, size: size.count)
            let subject = BenchSession.Subject(
                group: "setup", benchmark: "setup \(kind.rawValue)", size: size.count, unit: "constraint",
                units: circuit.constraints.constraintCount)
            try session.measureParallel(subject, warmsUp: false) {
                consume(try KeyGenerator<BN254>.developmentSetup(circuit.constraints))
                return []
            }
        }
    }
}

/// What the verbs on synthetic circuits have in common.
enum SyntheticOptions {
    static var sizes: ArgumentCheck<Size> {
        ArgumentCheck("at least \(SyntheticCircuit.leastSize)") { $0.count >= SyntheticCircuit.leastSize }
    }
}
