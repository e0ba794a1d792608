import ConstraintSystem
import EllipticCurves
import Foundation
import Groth16
import Presentation

/// `zkpot-bench prove`
struct ProveBench: Verb {
    static let about = About(
        "prove", "Proofs, with their stages and peak memory.",
        discussion: """
            --zkey and --wtns: a key and a witness in the formats of snarkjs, so that the same files can be given to \
            another prover.

            --dense N: a circuit of N wires and N − 3 constraints, f_i·f_(i+1) = f_(i+2) from two random values on: every \
            wire is a full-size number and stands in A, B and C. --mixed N: as many wires and constraints; of 16 wires 10 are \
            bits (nine in twenty are 1), 1 is the number of 32 bits that bits before it stand for, and 5 are full-size as \
            above. Their keys are made here.

            --quality mnist|digits: the linked proof that a committed model of 784-128-10 (or 64-32-10) classifies 100 samples \
            correctly, commitments, challenges and link included. Weights are random; so are the images, unless --data and \
            --labels name some. Making its key takes longer than the proofs: --key takes one from 'zkpot setup'.

            Every proof is verified before it counts, and that is in the time ("verification").
            """,
        example: """
            zkpot-bench prove --dense 2^14,2^16 --mixed 2^16
            zkpot-bench prove --zkey circuit_final.zkey --wtns witness.wtns --threads 1,2
            zkpot-bench prove --quality mnist --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz
            """)

    @Group var options: BenchOptions
    @Option("A Groth16 key of snarkjs.") var zkey: InputFile?
    @Option("The witness for --zkey.") var wtns: InputFile?
    @Option("Sizes of dense circuits.", check: SyntheticOptions.sizes) var dense: [Size]
    @Option("Sizes of mixed circuits.", check: SyntheticOptions.sizes) var mixed: [Size]
    @Option("Quality proofs on 100 samples.") var quality: [QualityModel]
    @Option("Images for --quality, an IDX file.") var data: InputFile?
    @Option("Labels for --data, an IDX file.") var labels: InputFile?
    @Option("A proving key for --quality, from 'zkpot setup'.") var key: InputFile?
    @Option(
        "Write keys and witnesses of --dense and --mixed into this folder, as .zkey and .wtns.",
        valueName: "folder")
    var export: String?

    func validate() throws {
        guard (zkey == nil) == (wtns == nil) else { throw UsageError("--zkey and --wtns belong together") }
        guard (data == nil) == (labels == nil) else {
            throw UsageError("--data and --labels belong together")
        }
        guard key == nil || quality.count == 1 else { throw UsageError("--key is for one --quality proof") }
        guard data == nil || quality == [.mnist] else { throw UsageError("--data is for --quality mnist") }
    }

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        if let zkey, let wtns { try Self.measure(zkey: zkey, wtns: wtns, session) }
        let isDefault = zkey == nil && quality.isEmpty && dense.isEmpty && mixed.isEmpty
        try Self.measureSynthetic(
            dense: isDefault ? [Size(1 << 14)] : dense, mixed: isDefault ? [Size(1 << 14)] : mixed,
            export: export, session)
        for model in quality {
            try QualityMeasurement(model, data: data, labels: labels, key: key, session).measure(session)
        }
        return try options.finish(session, console)
    }

    static func measureSynthetic(
        dense: [Size], mixed: [Size], export: String? = nil, _ session: BenchSession
    ) throws {
        for (kind, size) in dense.map({ (.dense, $0) }) + mixed.map({ (SyntheticCircuit.Kind.mixed, $0) }) {
            let circuit = SyntheticCircuit(kind, size: size.count)
            session.console.note("Making the key of prove \(kind.rawValue) \(size.argumentText) …")
            let key = try KeyGenerator<BN254>.developmentSetup(circuit.constraints)
            if let export { try write(key, circuit.assignment, "\(kind.rawValue)-\(size.count)", to: export) }
            try measure(key, circuit.witness, "prove \(kind.rawValue)", size: size.count, session)
        }
    }

    private static func write(
        _ key: ProvingKey<BN254>, _ assignment: [Fr], _ name: String, to folder: String
    ) throws {
        let url = URL(fileURLWithPath: folder, isDirectory: true)
        try naming(folder) {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try SnarkjsKey.write(key, to: url.appending(path: "\(name).zkey").path)
            try Data(WitnessFile<Fr>.write(assignment)).write(to: url.appending(path: "\(name).wtns"))
        }
    }

    private static func measure(zkey: InputFile, wtns: InputFile, _ session: BenchSession) throws {
        var read: ProvingKey<BN254>?
        let seconds = try Timing.seconds { read = try zkey.reading { try SnarkjsKey.read(path: $0) } }
        guard let key = read else { return }
        session.console.note("Read the key in \(Format.seconds(seconds))")
        let assignment = try wtns.reading { _ in
            try WitnessFile<Fr>.read(from: Data(contentsOf: wtns.url, options: .alwaysMapped))
        }
        guard assignment.count == key.shape.wireCount else {
            throw CommandError(
                "has \(assignment.count) values, the key wants \(key.shape.wireCount)", file: wtns.path)
        }
        let witness = AssignmentWitness(assignment: assignment, publicCount: key.shape.publicCount)
        let name = zkey.url.deletingPathExtension().lastPathComponent
        try measure(key, witness, "prove \(name)", size: key.shape.domainSize, session)
    }

    private static func measure(
        _ key: ProvingKey<BN254>, _ witness: AssignmentWitness, _ name: String, size: Int,
        _ session: BenchSession
    ) throws {
        let prover = try Prover(key)
        let subject = BenchSession.Subject(
            group: "prove", benchmark: name, size: size, unit: "constraint", units: key.shape.constraintCount)
        try session.measureParallel(subject) { try BenchLine.Stage.timing { try prover.prove(witness) } }
    }
}

extension BenchLine.Stage {
    /// The stages of a proof; what it does not account for is the verification at its end.
    static func timing(_ prove: () throws -> ProvenStatement<BN254>) rethrows -> [BenchLine.Stage] {
        var stages: [BenchLine.Stage] = []
        let total = try Timing.seconds {
            stages = try prove().stages.map { .init(name: $0.name, seconds: $0.duration / .seconds(1)) }
        }
        let rest = total - stages.reduce(0) { $0 + $1.seconds }
        return stages + [.init(name: "verification", seconds: rest)]
    }
}
