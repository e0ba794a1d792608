import CFieldKernels
import EllipticCurves
import FieldArithmetic
import Presentation

/// `zkpot-bench field`
struct FieldBench: Verb {
    static let about = About(
        "field", "Field operations: the unit that all other costs are counted in.",
        discussion: """
            Throughput over 256 elements that stay in the first-level cache. "latency" is a chain in which every operation \
            waits for the one before. Lines of the vector kernel are passes over whole vectors in memory: eight elements at \
            a time are loaded, cut into limbs of 52 bits, worked on, joined and stored.
            """,
        example: "zkpot-bench field --runs 9")

    @Group var options: BenchOptions

    func run(_ console: Console) throws -> ExitCode {
        let session = options.session(console)
        Self.measure(session)
        return try options.finish(session, console)
    }

    private static let count = 256

    static func measure(_ session: BenchSession) {
        measureOperations(of: Fp.self, "Fp", session)
        measureOperations(of: Fr.self, "Fr", session)
        measureVectors(session)
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

    /// The vector kernel's passes, where it is the chosen one.
    private static func measureVectors(_ session: BenchSession) {
        #if arch(x86_64)
            guard Kernel.current == .vector else { return }
            func words<F: PrimeField>(of: F.Type, seed: UInt64) -> [UInt64] {
                RandomInputs.elements(count, of: F.self, seed: seed).flatMap { element in
                    (0..<4).map { element.montgomery[$0] }
                }
            }
            typealias Pass = (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt64>, UnsafePointer<UInt64>, Int)
                -> Void
            func measure(_ name: String, _ a: [UInt64], _ b: [UInt64], _ pass: Pass) {
                var output = a
                session.measureSingle(subject(name), kernel: .vector) { pass(&output, a, b, count) }
                consume(output)
            }
            let (p, q) = (words(of: Fp.self, seed: 1), words(of: Fp.self, seed: 4))
            let (r, s) = (words(of: Fr.self, seed: 1), words(of: Fr.self, seed: 4))
            measure("Fp multiplication", p, q, zk_fp_multiply)
            measure("Fp addition", p, q, zk_fp_add)
            measure("Fr multiplication", r, s, zk_fr_multiply)
            measure("Fr addition", r, s, zk_fr_add)
        #endif
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
