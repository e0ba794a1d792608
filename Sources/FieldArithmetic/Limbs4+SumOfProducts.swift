extension Limbs4 {
    /// One limb of a multiplicand: t ← t + limb·b, five limbs.
    @inlinable @inline(__always)
    static func accumulate(
        _ limb: UInt64, _ b: Limbs4, _ t0: inout UInt64, _ t1: inout UInt64, _ t2: inout UInt64,
        _ t3: inout UInt64, _ t4: inout UInt64
    ) {
        var carry: UInt64 = 0
        t0 = multiplyAccumulate(t0, limb, b.l0, &carry)
        t1 = multiplyAccumulate(t1, limb, b.l1, &carry)
        t2 = multiplyAccumulate(t2, limb, b.l2, &carry)
        t3 = multiplyAccumulate(t3, limb, b.l3, &carry)
        t4 = t4 &+ carry
    }

    /// t ← (t + u·m)/2⁶⁴ with u chosen so that the division is exact.
    @inlinable @inline(__always)
    static func reduceLimb(
        _ m: Limbs4, _ negativeInverse: UInt64, _ t0: inout UInt64, _ t1: inout UInt64, _ t2: inout UInt64,
        _ t3: inout UInt64, _ t4: inout UInt64
    ) {
        let u = t0 &* negativeInverse
        var carry: UInt64 = 0
        _ = multiplyAccumulate(t0, u, m.l0, &carry)
        t0 = multiplyAccumulate(t1, u, m.l1, &carry)
        t1 = multiplyAccumulate(t2, u, m.l2, &carry)
        t2 = multiplyAccumulate(t3, u, m.l3, &carry)
        let (sum, overflow) = t4.addingReportingOverflow(carry)
        t3 = sum
        t4 = overflow ? 1 : 0
    }

    @inlinable @inline(__always)
    public static func montgomerySumOfTwoProducts(
        _ a: Limbs4, _ b: Limbs4, _ c: Limbs4, _ d: Limbs4, _ m: Limbs4, _ negativeInverse: UInt64
    ) -> Limbs4 {
        var t0: UInt64 = 0
        var t1: UInt64 = 0
        var t2: UInt64 = 0
        var t3: UInt64 = 0
        // t < 3m < 2²⁵⁶ between rounds, as m leaves two bits free.
        @inline(__always)
        func round(_ first: UInt64, _ second: UInt64) {
            var t4: UInt64 = 0
            accumulate(first, b, &t0, &t1, &t2, &t3, &t4)
            accumulate(second, d, &t0, &t1, &t2, &t3, &t4)
            reduceLimb(m, negativeInverse, &t0, &t1, &t2, &t3, &t4)
        }
        round(a.l0, c.l0)
        round(a.l1, c.l1)
        round(a.l2, c.l2)
        round(a.l3, c.l3)
        // (2m² + 2²⁵⁶·m)/2²⁵⁶ < 1.5·m.
        return reduceOnce(Limbs4(t0, t1, t2, t3), m)
    }

    @inlinable
    public static func montgomerySumOfProducts(
        _ a: UnsafePointer<Limbs4>, _ b: UnsafePointer<Limbs4>, count: Int, _ m: Limbs4,
        _ negativeInverse: UInt64
    ) -> Limbs4 {
        var t0: UInt64 = 0
        var t1: UInt64 = 0
        var t2: UInt64 = 0
        var t3: UInt64 = 0
        var t4: UInt64 = 0
        let limbs = UnsafeRawPointer(a).assumingMemoryBound(to: UInt64.self)
        for limb in 0..<4 {
            for index in 0..<count {
                accumulate(limbs[4 * index + limb], b[index], &t0, &t1, &t2, &t3, &t4)
            }
            reduceLimb(m, negativeInverse, &t0, &t1, &t2, &t3, &t4)
        }
        // (count·m² + 2²⁵⁶·m)/2²⁵⁶ < (count/4 + 1)·m, and below 2²⁵⁶ for count ≤ 8.
        var result = Limbs4(t0, t1, t2, t3)
        for _ in 0..<(count + 3) / 4 { result = reduceOnce(result, m) }
        return result
    }
}
