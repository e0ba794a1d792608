/// Which tables a circuit uses for its range checks: the choice with the fewest constraints.
///
/// A value of b bits is cut into limbs. A limb as wide as a table costs one look-up; a narrower one, of w − s bits, two:
/// v and v·2^s, for both lie below 2^w only if v < 2^(w−s). Only the last limb is ever narrower. A table of w bits
/// costs 2^w + 1 constraints.
public struct RangePlan: Sendable, Equatable {
    /// A part of a value, looked up in the table of `tableBits` bits.
    public struct Limb: Sendable, Equatable {
        public var bits: Int
        public var tableBits: Int

        /// Look-ups for each value.
        public var cost: Int { bits == tableBits ? 1 : 2 }
    }

    /// Tables are never wider.
    static let widestTable = 18
    private static let mostTables = 3

    /// The widths of the tables, ascending.
    public let tableBits: [Int]
    /// Constraints in all.
    public let constraintCount: Int
    private let limbsOfWidth: [Int: [Limb]]

    /// The best plan.
    ///
    /// - Parameter demand: how many values of each width (at least 1 bit) are to be checked.
    public init(demand: [Int: Int]) {
        let widest = min(max(demand.keys.max() ?? 1, 1), Self.widestTable)
        var best: RangePlan?
        func consider(_ tables: [Int]) {
            let plan = RangePlan(demand: demand, tableBits: tables)
            if best.map({ plan.constraintCount < $0.constraintCount }) ?? true { best = plan }
        }
        func extend(_ tables: [Int]) {
            if !tables.isEmpty { consider(tables) }
            if tables.count == Self.mostTables { return }
            for width in ((tables.last ?? 0) + 1)..<(widest + 1) { extend(tables + [width]) }
        }
        extend([])
        self = best ?? RangePlan(demand: demand, tableBits: [1])
    }

    /// The plan with given tables (at least one, ascending); tables that no limb needs are left out.
    init(demand: [Int: Int], tableBits: [Int]) {
        let widest = demand.keys.max() ?? 0
        // shortest[b]: the cheapest limbs for b bits, lowest limb first.
        var shortest: [[Limb]] = [[]]
        var costs = [0]
        for bits in 1...max(widest, 1) {
            var limbs: [Limb] = []
            var cost = Int.max
            for table in tableBits {
                let first = Limb(bits: min(bits, table), tableBits: table)
                let total = first.cost + costs[bits - first.bits]
                if total < cost {
                    cost = total
                    limbs = [first] + shortest[bits - first.bits]
                }
            }
            shortest.append(limbs)
            costs.append(cost)
        }
        var used: Set<Int> = []
        var total = 0
        var result: [Int: [Limb]] = [:]
        for (bits, count) in demand {
            result[bits] = shortest[bits]
            total += count * costs[bits]
            used.formUnion(shortest[bits].map(\.tableBits))
        }
        limbsOfWidth = result
        self.tableBits = used.sorted()
        constraintCount = used.reduce(total) { $0 + 1 << $1 + 1 }
    }

    /// The limbs of a value of `bits` bits, lowest first; empty for a width that was not demanded.
    public func limbs(bits: Int) -> [Limb] { limbsOfWidth[bits] ?? [] }
}
