import FieldArithmetic
import Polynomials
import Presentation

/// `zkpot-bench ntt`
struct NTTBench: Verb {
    static let about = About(
        "ntt", "Number-theoretic transforms over the scalar field of BN254.",
        discussion: """
            "evaluate" is one transform from coefficients to values, both in natural order. "to coset" is what the prover \
            does with a polynomial: an inverse and a forward transform. Sizes are 2^k, 3*2^k and 9*2^k.
            """,
        example: "zkpot-bench ntt --sizes 2^18,9*2^15 --threads 1,2")

    @Group var options: BenchOptions
    @Option("Numbers of elements.") var sizes: [Size] = [Size(1 << 14), Size(1 << 16), Size(1 << 18)]

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        try Self.measure(sizes, session)
        return try options.finish(session, console)
    }

    static func measure(_ sizes: [Size], _ session: BenchSession) throws {
        for size in sizes {
            guard let domain = EvaluationDomain<Fr>(size: size.count) else {
                throw UsageError("--sizes: there is no domain of \(size.argumentText) elements")
            }
            var values = RandomInputs.elements(size.count, of: Fr.self)
            var scratch = values
            func subject(_ name: String) -> BenchSession.Subject {
                .init(group: "ntt", benchmark: name, size: size.count, unit: "element", units: size.count)
            }
            values.withUnsafeMutableBufferPointer { values in
                scratch.withUnsafeMutableBufferPointer { scratch in
                    session.measureParallel(subject("evaluate")) {
                        domain.evaluate(values, scratch: scratch)
                        return []
                    }
                }
                session.measureParallel(subject("to coset")) {
                    domain.moveToCoset(values)
                    return []
                }
            }
        }
    }
}
