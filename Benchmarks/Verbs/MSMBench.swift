import EllipticCurves
import FieldArithmetic
import Presentation

/// What the scalars of a multiplication look like.
enum ScalarKind: String, CaseIterable, ArgumentValue {
    /// Uniform in the field.
    case full
    /// Those of a mixed circuit (`SyntheticCircuit`): bits, small numbers and a third of full size.
    case mixed

    func scalars(_ count: Int) -> [Fr] {
        switch self {
        case .full: RandomInputs.elements(count, of: Fr.self)
        case .mixed:
            Array(SyntheticCircuit(.mixed, size: max(count, SyntheticCircuit.leastSize)).assignment[..<count])
        }
    }
}

/// `zkpot-bench msm`
struct MSMBench: Verb {
    static let about = About(
        "msm", "Multi-scalar multiplication Σ s_i·P_i in G1 of BN254.",
        example: "zkpot-bench msm --sizes 2^14,2^16")

    @Group var options: BenchOptions
    @Option("Numbers of points.") var sizes: [Size] = [
        Size(1 << 10), Size(1 << 12), Size(1 << 14), Size(1 << 16),
    ]
    @Option("Scalars.", valueName: "full|mixed") var scalars: [ScalarKind] = [.full]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        Self.measure(BN254G1.self, "msm", sizes, scalars, session)
        return try options.finish(session, console)
    }

    static func measure<Curve: ShortWeierstrassCurve>(
        _ curve: Curve.Type, _ group: String, _ sizes: [Size], _ kinds: [ScalarKind], _ session: BenchSession
    ) where Curve.ScalarField == Fr {
        let points = RandomInputs.points(sizes.map(\.count).max() ?? 0, of: curve)
        for kind in kinds {
            for size in sizes {
                let scalars = kind.scalars(size.count)
                let part = Array(points[..<size.count])
                session.measureParallel(
                    .init(
                        group: group,
                        benchmark: "\(curve == BN254G1.self ? "G1" : "G2") MSM, \(kind.rawValue)",
                        size: size.count, unit: "point", units: size.count)
                ) {
                    consume(multiScalarMultiply(scalars, part))
                    return []
                }
            }
        }
    }
}

/// `zkpot-bench g2msm`
struct G2MSMBench: Verb {
    static let about = About(
        "g2msm", "Multi-scalar multiplication Σ s_i·P_i in G2 of BN254.",
        example: "zkpot-bench g2msm --sizes 2^14")

    @Group var options: BenchOptions
    @Option("Numbers of points.") var sizes: [Size] = [Size(1 << 10), Size(1 << 12), Size(1 << 14)]
    @Option("Scalars.", valueName: "full|mixed") var scalars: [ScalarKind] = [.full]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        MSMBench.measure(BN254G2.self, "g2msm", sizes, scalars, session)
        return try options.finish(session, console)
    }
}
