import ConstraintSystem
import FieldArithmetic
import TestSupport
import Testing

import Gadgets

@Suite struct RangeTests {
    private static func harness(_ values: [Int], _ range: ClosedRange<Int>) throws -> Harness {
        try Harness { builder in
            let ranges = try RangeChecker(builder)
            let checked = try ranges.require(try builder.input("x", values), in: range, builder)
            #expect(checked.interval == Interval(range))
        }
    }

    @Test(arguments: 1...20)
    func everyWidth(bits: Int) throws {
        let top = 1 << bits - 1
        let values = [0, top, top / 2, top / 3]
        let harness = try Self.harness(values, 0...top)
        #expect(harness.r1cs.constraintCount == RangePlan(demand: [bits: 4]).constraintCount)
        #expect(try harness.isSatisfied())
        for value in [-1, top + 1, top + 1 << 20, Int(1) << 62, -top - 1] {
            #expect(
                try !harness.accepts(["x": { _ in [0, top, top / 2, value] }]), "\(value) in \(bits) bits")
        }
    }

    @Test(arguments: [-5 ... -5, -8...7, -3...100, 17...1000, 0...5, -1000...0])
    func anyRange(range: ClosedRange<Int>) throws {
        let values = [range.lowerBound, range.upperBound, (range.lowerBound + range.upperBound) / 2]
        let harness = try Self.harness(values, range)
        #expect(try harness.isSatisfied())
        for value in [range.lowerBound - 1, range.upperBound + 1, range.upperBound + 1000] {
            #expect(try !harness.accepts(["x": { _ in [values[0], values[1], value] }]))
            #expect(throws: CircuitError.self) { try Self.harness([value], range).assignment() }
        }
    }

    @Test func fractionsAreRefused() throws {
        // In the narrow check of v and v·2^s, 2^-s passes the second, and 2^w − 1 the first half.
        let circuit: (Builder) throws -> Void = { builder in
            let ranges = try RangeChecker(builder)
            _ = try ranges.require(
                try builder.input("wide", (0..<600).map { $0 % 256 }), in: 0...255, builder)
            _ = try ranges.require(try builder.input("x", [1]), in: 0...15, builder)
        }
        let harness = try Harness(circuit)
        #expect(try harness.isSatisfied())
        let plan = RangePlan(demand: [8: 600, 4: 1])
        #expect(plan.limbs(bits: 4).contains { $0.bits < $0.tableBits })
        for shift in 1...7 {
            let fraction = try #require(Fr(1 << shift).inverse())
            let forgery = CircuitForgery<Fr>(replacements: ["x": { _ in .elements([fraction]) }])
            #expect(try !harness.r1cs.check(harness.assignment(forgery: forgery)))
        }
        for value in 16...255 { #expect(try !harness.accepts(["x": { _ in [value] }])) }
    }

    @Test func limbsAndMultiplicitiesAreFixed() throws {
        let harness = try Self.harness([1000, 2000, 3000], 0...(1 << 20 - 1))
        #expect(harness.committedNames.contains("limb"))
        for name in harness.committedNames {
            #expect(harness.refusal(movingToPrivate: name)?.isNotFixed == true, "\(name)")
            #expect(try !harness.accepts([name: adding(1)]) || name == "x", "\(name)")
        }
    }

    @Test func tooWideIsRefused() throws {
        let error = #expect(throws: CircuitError.self) { try Self.harness([0], 0...Int.max) }
        #expect(error?.isUnsuitable == true)
    }
}

@Suite struct RangePlanTests {
    private static let demands: [[Int: Int]] = [
        [1: 1], [8: 3], [8: 100_000], [14: 127_232, 35: 1000, 7: 1], [12: 8768, 10: 3200, 20: 17],
        [18: 500_000, 40: 3],
        [3: 7, 5: 11, 9: 20, 17: 33],
    ]

    @Test(arguments: demands)
    func limbsAreExact(demand: [Int: Int]) {
        let plan = RangePlan(demand: demand)
        var cost = plan.tableBits.reduce(0) { $0 + 1 << $1 + 1 }
        for (bits, count) in demand {
            let limbs = plan.limbs(bits: bits)
            #expect(limbs.reduce(0) { $0 + $1.bits } == bits)
            #expect(limbs.dropLast().allSatisfy { $0.bits == $0.tableBits })
            #expect(limbs.allSatisfy { $0.bits <= $0.tableBits && plan.tableBits.contains($0.tableBits) })
            cost += count * limbs.reduce(0) { $0 + $1.cost }
        }
        #expect(cost == plan.constraintCount)
    }

    @Test(arguments: demands)
    func noSetOfTwoTablesIsBetter(demand: [Int: Int]) {
        let best = RangePlan(demand: demand).constraintCount
        let widest = min(demand.keys.max()!, 18)
        for first in 1...widest {
            for second in first...widest {
                // Every way to cut into limbs of at most two widths, tried by recursion.
                func least(_ bits: Int) -> Int {
                    Set([first, second]).map { table in
                        bits == table ? 1 : bits < table ? 2 : 1 + least(bits - table)
                    }.min()!
                }
                let cost =
                    demand.filter { $0.key <= 2 * widest && $0.key <= 20 }.count == demand.count
                    ? demand.reduce(0) { $0 + $1.value * least($1.key) } : Int.max / 2
                #expect(best <= cost + Set([first, second]).reduce(0) { $0 + 1 << $1 + 1 })
            }
        }
    }

    @Test func wideDemandsTakeWideTables() {
        #expect(RangePlan(demand: [14: 127_232]).tableBits == [14])
        #expect(RangePlan(demand: [14: 127_232]).constraintCount == 127_232 + 16_385)
        // No table of 2¹⁶ rows for a hundred values: at most four look-ups of 4 bits each.
        #expect(RangePlan(demand: [16: 100]).constraintCount <= 100 * 4 + 17)
    }
}
