/// Three limbs of a running sum of products that belong to one column.
@usableFromInline
struct ColumnSum {
    @usableFromInline var l0: UInt64 = 0
    @usableFromInline var l1: UInt64 = 0
    @usableFromInline var l2: UInt64 = 0

    @inlinable @inline(__always)
    init() {}

    @inlinable @inline(__always)
    mutating func add(_ x: UInt64, _ y: UInt64) {
        let (sum, overflow) = (UInt128(l1) << 64 | UInt128(l0)).addingReportingOverflow(
            UInt128(x) &* UInt128(y))
        l0 = UInt64(truncatingIfNeeded: sum)
        l1 = UInt64(truncatingIfNeeded: sum >> 64)
        l2 = l2 &+ (overflow ? 1 : 0)
    }

    /// The limb of this column; the sum goes on with the next one.
    @inlinable @inline(__always)
    mutating func next() -> UInt64 {
        let limb = l0
        (l0, l1, l2) = (l1, l2, 0)
        return limb
    }

    /// Adds u·m₀ with u chosen so that the limb of this column vanishes, and goes on with the next; returns u.
    @inlinable @inline(__always)
    mutating func cancel(_ m: Limbs4, _ negativeInverse: UInt64) -> UInt64 {
        let u = l0 &* negativeInverse
        add(u, m.l0)
        _ = next()
        return u
    }
}

extension Limbs4 {
    @inlinable @inline(__always)
    public static func montgomerySumOfTwoProducts(
        _ a: Limbs4, _ b: Limbs4, _ c: Limbs4, _ d: Limbs4, _ m: Limbs4, _ negativeInverse: UInt64
    ) -> Limbs4 {
        // t < b + d + m ≤ 3m between rows.
        var t = Limbs5.product(a.l0, b)
        t.add(.product(c.l0, d))
        t.reduceLimb(m, negativeInverse)
        t.add(.product(a.l1, b))
        t.add(.product(c.l1, d))
        t.reduceLimb(m, negativeInverse)
        t.add(.product(a.l2, b))
        t.add(.product(c.l2, d))
        t.reduceLimb(m, negativeInverse)
        t.add(.product(a.l3, b))
        t.add(.product(c.l3, d))
        t.reduceLimb(m, negativeInverse)
        // (4m² + 2²⁵⁶·m)/2²⁵⁶ ≤ 2m.
        return reduceOnce(t.lowerFour, m)
    }

    // One copy of this code for all callers: it is long.
    @inlinable @inline(never)
    public static func montgomerySumOfProducts(
        _ a: UnsafePointer<Limbs4>, _ b: UnsafePointer<Limbs4>, count: Int, _ m: Limbs4,
        _ negativeInverse: UInt64
    ) -> Limbs4 {
        // The counts of the tower, so that the compiler unrolls their loops.
        switch count {
        case 4: return sumByColumns(a, b, count: 4, m, negativeInverse)
        case 6: return sumByColumns(a, b, count: 6, m, negativeInverse)
        default: return sumByColumns(a, b, count: count, m, negativeInverse)
        }
    }

    /// Finely integrated product scanning: column by column, so that the sum takes three registers.
    @inlinable @inline(__always)
    static func sumByColumns(
        _ a: UnsafePointer<Limbs4>, _ b: UnsafePointer<Limbs4>, count: Int, _ m: Limbs4,
        _ negativeInverse: UInt64
    ) -> Limbs4 {
        var sum = ColumnSum()
        for i in 0..<count { sum.add(a[i].l0, b[i].l0) }
        let u0 = sum.cancel(m, negativeInverse)
        for i in 0..<count {
            sum.add(a[i].l0, b[i].l1)
            sum.add(a[i].l1, b[i].l0)
        }
        sum.add(u0, m.l1)
        let u1 = sum.cancel(m, negativeInverse)
        for i in 0..<count {
            sum.add(a[i].l0, b[i].l2)
            sum.add(a[i].l1, b[i].l1)
            sum.add(a[i].l2, b[i].l0)
        }
        sum.add(u0, m.l2)
        sum.add(u1, m.l1)
        let u2 = sum.cancel(m, negativeInverse)
        for i in 0..<count {
            sum.add(a[i].l0, b[i].l3)
            sum.add(a[i].l1, b[i].l2)
            sum.add(a[i].l2, b[i].l1)
            sum.add(a[i].l3, b[i].l0)
        }
        sum.add(u0, m.l3)
        sum.add(u1, m.l2)
        sum.add(u2, m.l1)
        let u3 = sum.cancel(m, negativeInverse)
        for i in 0..<count {
            sum.add(a[i].l1, b[i].l3)
            sum.add(a[i].l2, b[i].l2)
            sum.add(a[i].l3, b[i].l1)
        }
        sum.add(u1, m.l3)
        sum.add(u2, m.l2)
        sum.add(u3, m.l1)
        let r0 = sum.next()
        for i in 0..<count {
            sum.add(a[i].l2, b[i].l3)
            sum.add(a[i].l3, b[i].l2)
        }
        sum.add(u2, m.l3)
        sum.add(u3, m.l2)
        let r1 = sum.next()
        for i in 0..<count { sum.add(a[i].l3, b[i].l3) }
        sum.add(u3, m.l3)
        let r2 = sum.next()
        // (count·m² + 2²⁵⁶·m)/2²⁵⁶ < (count/4 + 1)·m ≤ 3m for count ≤ 8, below 2²⁵⁶.
        let result = reduceOnce(Limbs4(r0, r1, r2, sum.next()), m)
        return count <= 4 ? result : reduceOnce(result, m)
    }
}
