import EllipticCurves
import Presentation

/// `zkpot-bench pairing`
struct PairingBench: Verb {
    static let about = About(
        "pairing", "The optimal ate pairing of BN254 and its parts.",
        discussion:
            "A product of pairings shares the squarings of its Miller loops and one final exponentiation.",
        example: "zkpot-bench pairing")

    @Group var options: BenchOptions
    @Option("Numbers of pairs in a product of pairings.") var sizes: [Size] = [Size(4), Size(64)]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        Self.measure(sizes, session)
        return try options.finish(session, console)
    }

    static func measure(_ sizes: [Size], _ session: BenchSession) {
        let p = RandomInputs.points(1, of: BN254G1.self)[0]
        let q = RandomInputs.points(1, of: BN254G2.self)[0]
        let lines = BN254.prepare(q)
        let value = BN254.millerLoop([(p, lines)])
        func subject(_ name: String, size: Int? = nil, unit: String = "operation") -> BenchSession.Subject {
            .init(group: "pairing", benchmark: name, size: size, unit: unit, units: size ?? 1)
        }
        session.measureSingle(subject("lines of a point of G2"), kernel: .current) {
            consume(BN254.prepare(q))
        }
        session.measureSingle(subject("Miller loop, lines prepared"), kernel: .current) {
            consume(BN254.millerLoop([(p, lines)]))
        }
        session.measureSingle(subject("final exponentiation"), kernel: .current) {
            consume(BN254.finalExponentiation(value))
        }
        session.measureSingle(subject("pairing"), kernel: .current) { consume(BN254.pairing(p, q)) }
        for size in sizes {
            let left = RandomInputs.points(size.count, of: BN254G1.self)
            let right = RandomInputs.points(size.count, of: BN254G2.self)
            session.measureSingle(
                subject("product of pairings", size: size.count, unit: "pair"), kernel: .current
            ) {
                let pairs = zip(left, right).map { ($0, BN254.prepare($1)) }
                consume(BN254.finalExponentiation(BN254.millerLoop(pairs)))
            }
        }
    }
}
