import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Floor division by 2^shift: q with z = q·2^shift + rem, 0 ≤ rem < 2^shift.
    ///
    /// **Constrains** q to `range` and rem = z − q·2^shift, a linear combination, to 0 ..< 2^shift by range checks, which
    /// makes q = ⌊z/2^shift⌋. **Costs** one committed wire, and a range check each of q and rem; no other constraint.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval`, `CircuitError.mayWrapAround`.
    public func rescaled(
        _ z: Values<F>, shift: Int, range: ClosedRange<Int>, _ ranges: RangeChecker<F>
    ) throws -> Values<F> {
        try requireFixed(z, "the operand of a rescale")
        _ = try requireInteger(z, "the operand of a rescale")
        let quotient = try wires(
            try advice, "q", count: z.count, integers: try z.integers().map { $0 >> shift })
        let bounded = try ranges.require(quotient, in: range, self)
        _ = try ranges.require(z - bounded * (1 << shift), in: 0...(1 << shift - 1), self)
        return bounded
    }

    /// What a ReLU with rescale gives.
    public struct Activation {
        /// z, as the linear combination (p − n)·2^shift + rem: it needs no wire.
        public var accumulator: Values<F>
        /// p = max(q, 0) for q = ⌊z/2^shift⌋: the layer's output.
        public var positive: Values<F>
        /// n = max(−q, 0).
        public var negative: Values<F>
    }

    /// New values z with max(⌊z/2^shift⌋, 0), for z that something else constrains, such as a matrix product.
    ///
    /// **Constrains** z = (p − n)·2^shift + rem, p·n = 0, 0 ≤ p + n < 2^bits, 0 ≤ rem < 2^shift. Sound: p·n = 0 in a field
    /// means that one of p and n is zero; the other then is p + n, so it lies in 0 ..< 2^bits. Hence p − n is an integer
    /// of that size, rem makes it ⌊z/2^shift⌋ uniquely (nothing wraps around: the builder checks the interval of z), and
    /// p and n are its positive and negative parts. With p·n = 0 missing, or with separate ranges only, both
    /// could be raised by the same amount, and the sign of z would be the prover's choice.
    ///
    /// **Costs** one constraint and three committed wires for each value, and a range check each of p + n and of rem: three
    /// constraints in all where both are as wide as tables.
    ///
    /// - Parameters:
    ///   - bits: the activation's width; there is no witness for a larger one.
    ///   - accumulators: the values z, called while a witness is made.
    /// - Throws: `CircuitError.mayWrapAround`, `CircuitError.unsuitableInterval`.
    public func activation(
        count: Int, shift: Int, bits: Int, _ ranges: RangeChecker<F>, accumulators: () throws -> [Int]
    ) throws -> Activation {
        try halves(count: count, shift: shift, bits: bits, ranges, accumulators: accumulators) { p, n in
            try constrain(p, times: n, equals: constants([0]))
        }.activation
    }

    /// New values p, n, rem in their ranges, provided that `sign` constrains p or n to be zero.
    func halves<Sign>(
        count: Int, shift: Int, bits: Int, _ ranges: RangeChecker<F>, accumulators: () throws -> [Int],
        sign: (_ positive: Values<F>, _ negative: Values<F>) throws -> Sign
    ) throws -> (activation: Activation, sign: Sign) {
        let z = isWitness ? try accumulators() : []
        let committed = try advice
        let positive = try wires(committed, "p", count: count, integers: z.map { max($0 >> shift, 0) })
        let negative = try wires(committed, "n", count: count, integers: z.map { max(-($0 >> shift), 0) })
        let remainder = try wires(committed, "rem", count: count, integers: z.map { $0 & (1 << shift - 1) })
        let range = 0...(1 << bits - 1)
        let sign = try sign(positive, negative)
        try requireFixed(positive, "the positive part of an activation")
        try requireFixed(negative, "the negative part of an activation")
        _ = try ranges.require(positive + negative, in: range, self)
        let p = positive.bounded(by: Interval(range))
        let n = negative.bounded(by: Interval(range))
        let rem = try ranges.require(remainder, in: 0...(1 << shift - 1), self)
        let accumulator = (p - n) * (1 << shift) + rem
        try requireNoWrap(accumulator, "the input of an activation")
        return (Activation(accumulator: accumulator, positive: p, negative: n), sign)
    }
}
