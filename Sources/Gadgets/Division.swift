import ConstraintSystem
import FieldArithmetic

extension CircuitBuilder {
    /// Quotients p = ⌊a/s⌋ of integers a ≥ 0 by integers s > 0, committed; a vector of one divisor serves all.
    ///
    /// **Constrains** a = p·s + rem with 0 ≤ p ≤ `largest`, 0 ≤ rem and 0 ≤ s − 1 − rem by range checks, where rem = a − p·s
    /// is a committed wire; the builder refuses a p·s that could wrap around. **Costs** one constraint and two committed wires for
    /// each value, and three range checks.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval` if an operand is not known to
    ///   be an integer of the right sign; `CircuitError.mayWrapAround`; `CircuitError.noWitness` for a divisor of 0.
    public func quotients(
        of a: Values<F>, by s: Values<F>, largest: Int, _ ranges: RangeChecker<F>
    ) throws -> Values<F> {
        try requireFixed(a, "the dividend")
        try requireFixed(s, "the divisor")
        let dividend = try requireInteger(a, "the dividend")
        let divisor = try requireInteger(s, "the divisor")
        guard let divisors = divisor.closedRange, divisors.lowerBound >= 0,
            let dividends = dividend.closedRange, dividends.lowerBound >= 0
        else {
            throw CircuitError.unsuitableInterval(
                region: path, what: "a division of or by possibly negative integers")
        }
        let values = isWitness ? try dividedIntegers(a, s) : []
        let committed = try advice
        let p = try ranges.require(
            try wires(committed, "quotient", count: a.count, integers: values.map(\.quotient)),
            in: 0...largest, self)
        let widest = 1 << bitWidth(of: divisors.upperBound) - 1
        let remainder = try ranges.require(
            try wires(committed, "remainder", count: a.count, integers: values.map(\.remainder)),
            in: 0...widest, self)
        _ = try ranges.require(s - 1 - remainder, in: 0...widest, self)
        try constrain(p, times: s, equals: a - remainder)
        return p
    }

    private func dividedIntegers(_ a: Values<F>, _ s: Values<F>) throws -> [(quotient: Int, remainder: Int)] {
        let (dividends, divisors) = (try a.integers(), try s.integers())
        guard !divisors.contains(0) else {
            throw CircuitError.noWitness(region: path, what: "a divisor is zero")
        }
        return dividends.enumerated().map { index, value in
            let divisor = divisors[divisors.count == 1 ? 0 : index]
            return value.quotientAndRemainder(dividingBy: divisor)
        }
    }
}
