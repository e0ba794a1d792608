import EllipticCurves
import FieldArithmetic
import Polynomials
import Presentation

/// `zkpot-bench field`
struct FieldBench: Verb {
    static let about = About(
        "field", "Field operations: the unit that all other costs are counted in.",
        discussion: """
            Throughput over 1,024 elements that stay in the first-level cache. "latency" is a chain in which every \
            operation waits for the one before. "a·b − c, batch" is the elementwise product of the prover, the only \
            plain multiplication that the vector kernel has.
            """,
        example: "zkpot-bench field --runs 9")

    @Group var options: BenchOptions

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        Self.measure(session)
        return try options.finish(session, console)
    }

    private static let count = 1024

    static func measure(_ session: BenchSession) {
        measureOperations(of: Fp.self, "Fp", session)
        measureOperations(of: Fr.self, "Fr", session)
        measureBatch(session)
        measureExtensions(session)
    }

    private static func subject(_ name: String, units: Int = count, unit: String = "operation")
        -> BenchSession.Subject
    {
        .init(group: "field", benchmark: name, unit: unit, units: units)
    }

    private static func measureOperations<F: PrimeField>(of: F.Type, _ name: String, _ session: BenchSession)
    {
        let a = RandomInputs.elements(count, of: F.self)
        let b = RandomInputs.elements(count, of: F.self, seed: 4)
        var output = a
        session.measureSingle(subject("\(name) multiplication")) { multiplyAll(a, b, into: &output) }
        session.measureSingle(subject("\(name) multiplication, latency")) { consume(multiplyChain(a)) }
        session.measureSingle(subject("\(name) addition")) { addAll(a, b, into: &output) }
        session.measureSingle(subject("\(name) inversion", units: 16)) {
            for index in 0..<16 { consume(a[index].inverse()) }
        }
        session.measureSingle(subject("\(name) batch inversion", unit: "element")) {
            output = a
            F.invertAll(&output)
        }
        consume(output)
    }

    @specialized(where F == Fp)
    @specialized(where F == Fr)
    private static func multiplyAll<F: PrimeField>(_ a: [F], _ b: [F], into output: inout [F]) {
        output.withUnsafeMutableBufferPointer { output in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    for index in output.indices { output[index] = a[index] * b[index] }
                }
            }
        }
    }

    @specialized(where F == Fp)
    @specialized(where F == Fr)
    private static func addAll<F: PrimeField>(_ a: [F], _ b: [F], into output: inout [F]) {
        output.withUnsafeMutableBufferPointer { output in
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    for index in output.indices { output[index] = a[index] + b[index] }
                }
            }
        }
    }

    @specialized(where F == Fp)
    @specialized(where F == Fr)
    private static func multiplyChain<F: PrimeField>(_ a: [F]) -> F {
        var product = F.one
        a.withUnsafeBufferPointer { for factor in $0 { product *= factor } }
        return product
    }

    /// The chosen kernel's multiplication, and the portable one for comparison.
    private static func measureBatch(_ session: BenchSession) {
        var a = RandomInputs.elements(count, of: Fr.self)
        let b = RandomInputs.elements(count, of: Fr.self, seed: 5)
        for kernel in Set([Kernel.current, .portable]).sorted(by: { $0.rawValue > $1.rawValue }) {
            session.measureSingle(subject("Fr a·b − c, batch", unit: "element"), kernel: kernel) {
                a.withUnsafeMutableBufferPointer { a in
                    b.withUnsafeBufferPointer { Fr.multiplySubtract(a, $0, $0, kernel: kernel) }
                }
            }
        }
    }

    private static func measureExtensions(_ session: BenchSession) {
        let values = RandomInputs.elements(24, of: Fp.self)
        var square = BN254Fp2(values[0], values[1])
        let factor = BN254Fp2(values[2], values[3])
        session.measureSingle(subject("Fp2 multiplication, latency", units: 64)) {
            for _ in 0..<64 { square *= factor }
        }
        consume(square)
        func six(_ start: Int) -> BN254Fp6 {
            BN254Fp6(
                Fp2(values[start], values[start + 1]), Fp2(values[start + 2], values[start + 3]),
                Fp2(values[start + 4], values[start + 5]))
        }
        var twelve = BN254Fp12(six(0), six(6))
        let other = BN254Fp12(six(12), six(18))
        session.measureSingle(subject("Fp12 multiplication, latency", units: 16)) {
            for _ in 0..<16 { twelve *= other }
        }
        session.measureSingle(subject("Fp12 squaring, latency", units: 16)) {
            for _ in 0..<16 { twelve = twelve.squared() }
        }
        consume(twelve)
    }
}
