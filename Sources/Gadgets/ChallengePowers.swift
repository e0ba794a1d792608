import ConstraintSystem
import FieldArithmetic

/// The powers c⁰, c¹, … of a challenge: a constraint and a private wire for each from the second on.
struct ChallengePowers<F: PrimeField> {
    private let values: Values<F>

    /// The powers of a challenge up to an exponent, at least 1.
    init(of point: Values<F>, upTo exponent: Int, _ builder: CircuitBuilder<F>) throws {
        let constant = builder.constants([1])
        guard exponent > 1 else {
            values = .concatenated([constant, point])
            return
        }
        let higher = try builder.wires(.private, "power of c", count: exponent - 1) {
            let base = try point.numbers().elements[0]
            var power = base
            return .elements(
                (2...exponent).map { _ in
                    power *= base
                    return power
                })
        }
        values = .concatenated([constant, point, higher])
        try builder.constrain(values[1..<exponent], times: point, equals: higher)
    }

    /// cⁿ.
    subscript(exponent: Int) -> Values<F> { values[exponent] }

    /// cⁿ for each n.
    subscript(exponents: [Int]) -> Values<F> { values.gathered(exponents) }
}

extension CircuitBuilder {
    /// base^exponent for an exponent ≥ 1, by squaring and multiplying.
    func power(_ base: Values<F>, _ exponent: Int) throws -> Values<F> {
        var result = base
        for bit in (0..<Int.bitWidth - 1 - exponent.leadingZeroBitCount).reversed() {
            result = try product(result, result, name: "power")
            if exponent >> bit & 1 == 1 { result = try product(result, base, name: "power") }
        }
        return result
    }

    /// Σⱼ pointʲ·partⱼ for parts of one length, by Horner's rule: a constraint and a private wire for each value of every
    /// part but the last.
    func folded(_ parts: [Values<F>], by point: Values<F>, _ name: String) throws -> Values<F> {
        var sum = parts[parts.count - 1]
        for part in parts.dropLast().reversed() {
            let previous = sum
            let next = try wires(.private, name, count: part.count) {
                .multiplyAdd(try previous.numbers(), try point.numbers(), try part.numbers())
            }
            try constrain(previous, times: point, equals: next - part)
            sum = next
        }
        return sum
    }
}

extension Values {
    /// The values in parts of one length.
    func parts(of length: Int) -> [Values] {
        stride(from: 0, to: count, by: length).map { self[$0..<$0 + length] }
    }
}
