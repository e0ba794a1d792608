import EllipticCurves
import Groth16
import Presentation

/// Proofs of one key with their statements.
struct ProofSample {
    let verifier: Verifier<BN254>
    private let items: [(proof: Proof<BN254>, statement: Statement<BN254>)]

    /// Plain proofs with one public input.
    static func plain() throws -> ProofSample {
        let circuit = SyntheticCircuit(.dense, size: SyntheticCircuit.leastSize)
        let prover = try Prover(KeyGenerator<BN254>.developmentSetup(circuit.constraints))
        return try ProofSample(prover) { try prover.prove(circuit.witness) }
    }

    /// Proofs with two linked commitments and one challenge.
    static func linked() throws -> ProofSample {
        let circuit = LinkedCircuit()
        let prover = try Prover(KeyGenerator<BN254>.developmentSetup(circuit.constraints()))
        let witness = try circuit.witness()
        return try ProofSample(prover) {
            try prover.prove(witness, blindings: SecretScalars([Fr.random(), Fr.random()]))
        }
    }

    private init(_ prover: Prover<BN254>, _ prove: () throws -> ProvenStatement<BN254>) throws {
        verifier = prover.verifier
        items = try (0..<8).map { _ in
            let proven = try prove()
            return (proven.proof, proven.statement)
        }
    }

    /// So many proofs: eight different ones again and again, which cost as much as if all differed.
    func proofs(_ count: Int) -> [(proof: Proof<BN254>, statement: Statement<BN254>)] {
        (0..<count).map { items[$0 % items.count] }
    }
}

/// `zkpot-bench verify`
struct VerifyBench: Verb {
    static let about = About(
        "verify", "Verification of one proof, plain and with two linked commitments.",
        example: "zkpot-bench verify")

    @Group var options: BenchOptions

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        try Self.measure(session)
        return try options.finish(session, console)
    }

    static func measure(_ session: BenchSession) throws {
        for (name, sample) in [("verify plain", try ProofSample.plain()), ("verify linked", try .linked())] {
            let item = sample.proofs(1)[0]
            let bytes = item.proof.encoded
            func subject(_ name: String) -> BenchSession.Subject {
                .init(group: "verify", benchmark: name, unit: "proof", units: 1)
            }
            try session.measureSingle(subject(name)) {
                guard try sample.verifier.verify(item.proof, item.statement) else { throw Refused() }
            }
            try session.measureSingle(subject("\(name), decoding included")) {
                let proof = try Proof<BN254>(encoded: bytes)
                guard try sample.verifier.verify(proof, item.statement) else { throw Refused() }
            }
            try session.measureSingle(subject("\(name), new verifier")) {
                consume(try Verifier(sample.verifier.key))
            }
        }
    }

    /// A valid proof was refused: no number would mean anything.
    struct Refused: Error, CustomStringConvertible {
        var description: String { "a valid proof was refused" }
    }
}

/// `zkpot-bench batch-verify`
struct BatchVerifyBench: Verb {
    static let about = About(
        "batch-verify", "Verification of many proofs of one key at once.",
        example: "zkpot-bench batch-verify --sizes 1,16,256 --threads 1,2")

    @Group var options: BenchOptions
    @Option("Numbers of proofs.") var sizes: [Size] = [Size(1), Size(16), Size(256)]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        try Self.measure(sizes, session)
        return try options.finish(session, console)
    }

    static func measure(_ sizes: [Size], _ session: BenchSession) throws {
        for (name, sample) in [("plain", try ProofSample.plain()), ("linked", try .linked())] {
            for size in sizes {
                let proofs = sample.proofs(size.count)
                try session.measureParallel(
                    .init(
                        group: "batch-verify", benchmark: "batch of \(name) proofs", size: size.count,
                        unit: "proof", units: size.count), kernel: .portable
                ) {
                    guard try sample.verifier.verifyBatch(proofs).allSatisfy(\.self) else {
                        throw VerifyBench.Refused()
                    }
                    return []
                }
            }
        }
    }
}
