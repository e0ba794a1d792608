import ConstraintSystem
import FieldArithmetic
import Testing

@Suite struct IntervalTests {
    private static let samples: [ClosedRange<Int>] = [0...0, -3...4, 2...5, -7 ... -2, -1...1, 0...9]

    @Test func arithmeticIsThatOfSets() {
        for a in Self.samples {
            for b in Self.samples {
                let pairs = a.flatMap { x in b.map { (x, $0) } }
                func hull(_ values: [Int]) -> Interval { Interval(values.min()!...values.max()!) }
                #expect(Interval(a) + Interval(b) == hull(pairs.map { $0 + $1 }))
                #expect(Interval(a) - Interval(b) == hull(pairs.map { $0 - $1 }))
                #expect(Interval(a) * Interval(b) == hull(pairs.map { $0 * $1 }))
                #expect(Interval(a).union(Interval(b)) == hull(Array(a) + Array(b)))
                #expect(Interval(a).contains(Interval(b)) == b.allSatisfy { a.contains($0) })
                let both = a.filter { b.contains($0) }
                if !both.isEmpty { #expect(Interval(a).intersection(Interval(b)) == hull(both)) }
            }
            #expect(Interval(a).summed(count: 5) == Interval(5 * a.lowerBound...5 * a.upperBound))
        }
    }

    @Test func exactBeyondMachineIntegers() {
        let wide = Interval.signed(bits: 64)
        #expect(wide == Interval(Int.min...Int.max))
        #expect((wide + wide).closedRange == nil)
        #expect((wide + wide) == Interval.signed(bits: 64) * Interval(2))
        #expect(
            (wide * wide).description
                == "-85070591730234615856620279821087277056…85070591730234615865843651857942052864")
        // Back in range, back to machine integers.
        #expect((wide * Interval(2) - wide * Interval(2)).contains(Interval(0)))
        let top = Interval.bits(200) - Interval.bits(200)
        #expect(top.contains(0) && !Interval.bits(200).contains(-1) && Interval.bits(200).contains(Int.max))
    }

    @Test func fitsUpToHalfTheField() {
        #expect(Interval(-50...50).fits(in: F101.self))
        #expect(!Interval(-50...51).fits(in: F101.self))
        #expect(!Interval(-51...0).fits(in: F101.self))
        #expect(Interval.signed(bits: 253).fits(in: Fr.self))
        #expect(!Interval.signed(bits: 254).fits(in: Fr.self))
        #expect(Interval.bits(252).fits(in: Fr.self))
        #expect(!Interval.bits(253).fits(in: Fr.self))
    }
}
