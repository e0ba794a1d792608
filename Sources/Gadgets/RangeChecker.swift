import ConstraintSystem
import FieldArithmetic

/// All range checks of a circuit, proven together by look-ups.
///
/// **Constrains** every value to its range. A value v of b bits is cut into limbs, l₀ + 2^w₀·l₁ + …; all limbs but the
/// last are committed wires, the last is the linear combination (v − l₀ − …)/2^…, so that the cut itself costs
/// nothing: if all limbs are in their tables, v is their weighted sum, an integer of b bits. A range whose size is not
/// a power of two is checked from both ends.
///
/// **Costs** what `RangePlan` says: the tables are chosen, when all requests are known, for the fewest constraints.
/// With a table of w bits: one constraint for a value of w bits, two for one of fewer bits or of 2w bits; 2^w + 1 once.
public final class RangeChecker<F: PrimeField> {
    private struct Request {
        var path: String
        /// To be shown to lie in 0 ..< 2^bits.
        var values: Values<F>
        var bits: Int
    }

    private var requests: [Request] = []
    private var isClosed = false

    /// A checker that proves its ranges when phase 1 of the circuit ends.
    public init(_ builder: CircuitBuilder<F>) throws {
        try builder.beforeChallenges { try self.finish($0) }
    }

    /// Requires values to lie in a range, and returns them with that interval.
    ///
    /// - Throws: `CircuitError.notFixedBeforeChallenges`; `CircuitError.unsuitableInterval` for a range so wide that
    ///   limbs could wrap around.
    public func require(
        _ values: Values<F>, in range: ClosedRange<Int>, _ builder: CircuitBuilder<F>
    ) throws -> Values<F> {
        guard !isClosed else {
            throw CircuitError.wrongPhase(
                region: builder.path, what: "the range checks are already being proven")
        }
        try builder.requireFixed(values, "an operand of a range check")
        try builder.requireNoWrap(values, "an operand of a range check")
        let (span, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        let bits = max(Int.bitWidth - span.leadingZeroBitCount, 1)
        guard !overflow, bits < 62, bits + RangePlan.widestTable + 2 < F.bitWidth else {
            throw CircuitError.unsuitableInterval(
                region: builder.path, what: "the range \(range) is too wide for a range check")
        }
        requests.append(Request(path: builder.path, values: values - range.lowerBound, bits: bits))
        if span != 1 << bits - 1 {
            requests.append(Request(path: builder.path, values: range.upperBound - values, bits: bits))
        }
        return values.bounded(by: Interval(range))
    }

    private func finish(_ builder: CircuitBuilder<F>) throws {
        isClosed = true
        var demand: [Int: Int] = [:]
        for request in requests { demand[request.bits, default: 0] += request.values.count }
        if demand.isEmpty { return }
        let plan = RangePlan(demand: demand)
        var tables: [Int: LookupTable<F>] = [:]
        for bits in plan.tableBits {
            tables[bits] = LookupTable("of \(bits) bits", keys: 0...(1 << bits - 1))
        }
        for request in requests {
            try builder.inRegion(path: request.path) {
                try lookUp(request, plan.limbs(bits: request.bits), tables, builder)
            }
        }
        for bits in plan.tableBits { try tables[bits]?.finish(builder) }
    }

    private func lookUp(
        _ request: Request, _ limbs: [RangePlan.Limb], _ tables: [Int: LookupTable<F>],
        _ builder: CircuitBuilder<F>
    ) throws {
        var rest = request.values
        for limb in limbs.dropLast() {
            let part = try builder.wires(
                try builder.advice, "limb", count: rest.count,
                integers: try builder.hintIntegers(rest).map { $0 & (1 << limb.bits - 1) })
            try tables[limb.tableBits]?.require(part, builder)
            rest = (rest - part).divided(by: 1 << limb.bits)
        }
        guard let last = limbs.last, let table = tables[last.tableBits] else { return }
        try table.require(rest, builder)
        if last.bits < last.tableBits {
            try table.require(rest * (1 << (last.tableBits - last.bits)), builder)
        }
    }
}
