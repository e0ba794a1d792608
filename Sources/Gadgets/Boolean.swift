import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Requires every value to be 0 or 1.
    ///
    /// **Constrains** v·(v − 1) = 0. **Costs** one constraint each. No challenge is involved, so the values may be private.
    ///
    /// - Throws: `CircuitError.mayWrapAround`.
    public func requireBoolean(_ values: Values<F>) throws -> Values<F> {
        try constrain(values, times: values - 1, equals: constants([0]))
        return values.bounded(by: .bit)
    }

    /// The bits of non-negative integers below 2^count: vector i holds bit i of every value.
    ///
    /// **Constrains** every bit to be 0 or 1 and v = Σ 2^i·bitᵢ. **Costs** count + 1 constraints and count wires for each
    /// value. `RangeChecker` is cheaper where the bits are not needed. No challenge is involved.
    ///
    /// - Parameter kind: what the bits are to be; committed if a look-up is to use them.
    /// - Throws: `CircuitError.unsuitableInterval` for more bits than fit in the field without wrapping around.
    public func bits(
        of values: Values<F>, count: Int, kind: WireKind = .private
    ) throws -> [Values<F>] {
        guard count > 0, Interval.bits(count).fits(in: F.self) else {
            throw CircuitError.unsuitableInterval(region: path, what: "a decomposition into \(count) bits")
        }
        let bits = try (0..<count).map { index in
            let bit = try wires(kind, "bit \(index)", count: values.count) {
                .integers(try values.numbers().elements.map { $0.canonical.bit(index) ? 1 : 0 })
            }
            return try requireBoolean(bit)
        }
        var sum = bits[0]
        for (index, bit) in bits.enumerated().dropFirst() { sum = sum + bit * F(1).doubled(times: index) }
        try requireEqual(sum, values)
        return bits
    }
}

extension PrimeField {
    /// self·2^times.
    func doubled(times: Int) -> Self { (0..<times).reduce(self) { value, _ in value.doubled() } }
}
