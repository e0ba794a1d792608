import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// A ReLU with rescale and its derivative.
    public struct MaskedActivation {
        public var activation: Activation
        /// 1 where ⌊z/2^shift⌋ > 0, else 0: which gradients pass.
        public var mask: Values<F>
    }

    /// As `activation`, with the bits [p > 0] that back-propagation needs.
    ///
    /// **Constrains** z = (p − n)·2^shift + rem, mask ∈ {0, 1}, mask·(p + n) = p, 0 ≤ p + n < 2^bits, 0 ≤ p + n − mask,
    /// 0 ≤ rem < 2^shift. Sound: a mask of 0 makes p zero; a mask of 1 makes n zero, and p = p + n ≥ 1. So p or n is zero,
    /// as in `activation`, and the mask is 1 exactly if p > 0.
    ///
    /// **Costs** two constraints and four committed wires for each value, and a range check each of p + n, p + n − mask and
    /// rem: five constraints in all where these are as wide as tables.
    ///
    /// - Parameters: as of `activation`.
    /// - Throws: as `activation`.
    public func maskedActivation(
        count: Int, shift: Int, bits: Int, _ ranges: RangeChecker<F>, accumulators: () throws -> [Int]
    ) throws -> MaskedActivation {
        let (activation, mask) = try halves(
            count: count, shift: shift, bits: bits, ranges, accumulators: accumulators
        ) { positive, negative in
            let mask = try requireBoolean(
                try wires(
                    try advice, "mask", count: count, integers: try positive.integers().map { $0 > 0 ? 1 : 0 }
                ))
            try requireFixed(mask, "the mask of an activation")
            try constrain(positive + negative, times: mask, equals: positive)
            _ = try ranges.require(positive + negative - mask, in: 0...(1 << bits - 1), self)
            return mask
        }
        return MaskedActivation(activation: activation, mask: mask)
    }
}
