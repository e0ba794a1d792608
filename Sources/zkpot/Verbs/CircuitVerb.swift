import ConstraintSystem
import FieldArithmetic
import Foundation
import Groth16
import Presentation
import TrainingCircuits

/// `zkpot circuit`
struct CircuitVerb: Verb {
    static let about = About(
        "circuit", "Show what a circuit costs: constraints, wires, entries and key size by region.",
        example: """
            zkpot circuit --circuit mnist
            zkpot circuit --circuit mnist --svg mnist.svg
            zkpot circuit --circuit Circuits/specs/training-step-lenet-5.json
            """)

    @Group var circuit: CircuitOptions

    @Option("Also draw the constraints by region.")
    var svg: OutputFile?

    @Option("Nested regions to keep apart.", check: .in(1...8))
    var depth: Int = 2

    func run(_ console: Console) throws -> ExitCode {
        let specification = try CircuitOptions.specification(circuit.circuit, samples: circuit.samples)
        let begin = ContinuousClock.now
        let r1cs = try naming(circuit.circuit) {
            try Memory.require(for: specification)
            return try specification.constraints(over: BN254ScalarField.self)
        }
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let cost = try CircuitCost(specification, r1cs, depth: depth, buildSeconds: seconds)
        if let svg { try svg.write(Data(cost.chart.svg.utf8)) }
        try console.present(cost)
        return .success
    }
}

/// Constraints, wires and key bytes of a circuit by region.
struct CircuitCost: Presentable {
    struct Region: Encodable {
        var name: String
        var constraints: Int
        var publicWires: Int
        var committedWires: Int
        var privateWires: Int
        var nonZeros: Int
        var keyBytes: Int
    }

    var circuit: String
    var shape: String
    /// Of a quality circuit.
    var samples: Int?
    /// Of a training-step circuit.
    var steps: Int?
    /// Samples of a step.
    var batch: Int?
    var constraints: Int
    var wires: Int
    var nonZeros: Int
    var domain: Int
    /// Bytes of the proving key without its header.
    var keyBytes: Int
    var buildSeconds: Double
    var regions: [Region]

    /// - Throws: `CommandError` for more constraints than the field has a domain for.
    init(
        _ specification: CircuitSpecification, _ r1cs: R1CS<BN254ScalarField>, depth: Int,
        buildSeconds: Double
    ) throws {
        guard let size = r1cs.keySize else {
            throw CommandError("\(r1cs.constraintCount) constraints are too many for the scalar field")
        }
        var keyBytes: [String: Int] = [:]
        for (region, bytes) in zip(r1cs.names.regions, size.regions) {
            keyBytes[region.split(separator: "/").prefix(depth).joined(separator: "/"), default: 0] += bytes
        }
        keyBytes["", default: 0] += size.rest
        circuit = specification.kind.rawValue
        shape = specification.model.architecture.summary
        if case .quality(_, let count) = specification { samples = count }
        if case .trainingStep(let model, let count, _) = specification {
            steps = count
            batch = model.training?.batchSize
        }
        constraints = r1cs.constraintCount
        wires = r1cs.wireCount
        nonZeros = r1cs.a.nonZeroCount + r1cs.b.nonZeroCount + r1cs.c.nonZeroCount
        domain = size.domainSize
        self.keyBytes = size.total
        self.buildSeconds = buildSeconds
        regions = r1cs.statistics(depth: depth).map { region in
            Region(
                name: region.region.isEmpty ? "(other)" : region.region, constraints: region.constraints,
                publicWires: region.publicWires, committedWires: region.committedWires,
                privateWires: region.privateWires, nonZeros: region.nonZeros,
                keyBytes: keyBytes[region.region] ?? 0)
        }
    }

    var title: String {
        "\(subject): \(Format.count(constraints)) constraints"
    }

    private var subject: String {
        if let samples {
            return "\(shape) on \(Format.count(samples)) \(samples == 1 ? "sample" : "samples")"
        }
        guard let steps, let batch else { return "\(circuit) of \(shape)" }
        return "\(steps == 1 ? "1 step" : "\(steps) steps") of \(shape) with \(batch) samples"
    }

    /// Constraints by region.
    var chart: BarChart {
        BarChart(
            title, subtitle: "constraints by region", axis: Axis("constraints", .count, includesZero: true),
            rows: regions.filter { $0.constraints > 0 }.sorted { $0.constraints > $1.constraints }.map {
                .init($0.name, Double($0.constraints))
            },
            showsShares: true)
    }

    func text(_ style: TextStyle) -> String {
        var table = DataTable([
            "region", .count("constraints"), .count("public"), .count("committed"), .count("private"),
            .count("non-zeros"), .bytes("key"),
        ])
        for region in regions {
            table.add(
                .init(region.name), .init(region.constraints), .init(region.publicWires),
                .init(region.committedWires),
                .init(region.privateWires), .init(region.nonZeros), .init(region.keyBytes))
        }
        table.total = [
            "in all", .init(constraints), .init(regions.reduce(0) { $0 + $1.publicWires }),
            .init(regions.reduce(0) { $0 + $1.committedWires }),
            .init(regions.reduce(0) { $0 + $1.privateWires }),
            .init(nonZeros), .init(keyBytes),
        ]
        return """
            \(style.bold(title)), domain \(Format.count(domain)), built in \(Format.seconds(buildSeconds))

            \(table.text(style))
            """
    }
}
