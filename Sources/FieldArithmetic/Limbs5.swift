/// The running sum of a Montgomery multiplication: four limbs and the carry above them.
///
/// Rows are added in chains of carries, not through the products: two or three additions to a product of limbs instead of
/// four.
@usableFromInline
struct Limbs5 {
    @usableFromInline var l0: UInt64
    @usableFromInline var l1: UInt64
    @usableFromInline var l2: UInt64
    @usableFromInline var l3: UInt64
    @usableFromInline var l4: UInt64

    @inlinable @inline(__always)
    init(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64, _ l4: UInt64) {
        self.l0 = l0
        self.l1 = l1
        self.l2 = l2
        self.l3 = l3
        self.l4 = l4
    }

    @inlinable @inline(__always) var lowerFour: Limbs4 { Limbs4(l0, l1, l2, l3) }

    /// limb·b, which does not overflow.
    @inlinable @inline(__always)
    static func product(_ limb: UInt64, _ b: Limbs4) -> Limbs5 {
        var carry: UInt64 = 0
        let r0 = multiplyAccumulate(0, limb, b.l0, &carry)
        let r1 = multiplyAccumulate(0, limb, b.l1, &carry)
        let r2 = multiplyAccumulate(0, limb, b.l2, &carry)
        let r3 = multiplyAccumulate(0, limb, b.l3, &carry)
        return Limbs5(r0, r1, r2, r3, carry)
    }

    /// self ← self + other, which must not overflow.
    @inlinable @inline(__always)
    mutating func add(_ other: Limbs5) {
        var carry: UInt64 = 0
        l0 = addWithCarry(l0, other.l0, &carry)
        l1 = addWithCarry(l1, other.l1, &carry)
        l2 = addWithCarry(l2, other.l2, &carry)
        l3 = addWithCarry(l3, other.l3, &carry)
        l4 = addWithCarry(l4, other.l4, &carry)
    }

    /// self ← self + limb·b, which must not overflow: low and high halves of the products in one chain each.
    @inlinable @inline(__always)
    mutating func add(_ limb: UInt64, _ b: Limbs4) {
        let (p0, h0) = multiplyFullWidth(limb, b.l0)
        let (p1, h1) = multiplyFullWidth(limb, b.l1)
        let (p2, h2) = multiplyFullWidth(limb, b.l2)
        let (p3, h3) = multiplyFullWidth(limb, b.l3)
        var carry: UInt64 = 0
        l0 = addWithCarry(l0, p0, &carry)
        l1 = addWithCarry(l1, p1, &carry)
        l2 = addWithCarry(l2, p2, &carry)
        l3 = addWithCarry(l3, p3, &carry)
        l4 = addWithCarry(l4, 0, &carry)
        carry = 0
        l1 = addWithCarry(l1, h0, &carry)
        l2 = addWithCarry(l2, h1, &carry)
        l3 = addWithCarry(l3, h2, &carry)
        l4 = addWithCarry(l4, h3, &carry)
    }

    /// self ← (self + u·m)/2⁶⁴ with u chosen so that the division is exact; the sum must not overflow.
    @inlinable @inline(__always)
    mutating func reduceLimb(_ m: Limbs4, _ negativeInverse: UInt64) {
        add(.product(l0 &* negativeInverse, m))
        self = Limbs5(l1, l2, l3, l4, 0)
    }
}
