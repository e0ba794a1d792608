/// A fixed number of 64-bit limbs, least significant first: the storage of one prime field element.
///
/// The arithmetic here knows a modulus only as an argument, so that every field of one width shares it. A
/// modulus must leave at least two bits of the top limb free (true for BN254 and BLS12-381); this is what makes
/// the carry-free Montgomery multiplication and the addition without overflow check correct.
public protocol FixedWidthLimbs: Sendable, Hashable, BitwiseCopyable {
    /// Number of 64-bit limbs.
    static var count: Int { get }
    static var zero: Self { get }

    subscript(index: Int) -> UInt64 { get set }

    var isZero: Bool { get }

    /// Whether `self < other` as integers. Time depends on the values.
    func isLessThanVartime(_ other: Self) -> Bool

    /// (a + b) mod m for a, b < m.
    static func addModulo(_ a: Self, _ b: Self, _ m: Self) -> Self

    /// (a − b) mod m for a, b < m.
    static func subtractModulo(_ a: Self, _ b: Self, _ m: Self) -> Self

    /// a + b for a, b ≤ m, below or equal to 2m: a factor for products only.
    static func addUnreduced(_ a: Self, _ b: Self) -> Self

    /// a − b + m for a, b ≤ m, below or equal to 2m: a factor for products only.
    static func subtractUnreduced(_ a: Self, _ b: Self, _ m: Self) -> Self

    /// 9a + b mod m for a ≤ m and b ≤ 2m, with one reduction; m has two free bits, not more.
    static func nineTimesPlus(_ a: Self, _ b: Self, _ m: Self) -> Self

    /// a·b·2^(−64·count) mod m for a, b ≤ 2m; `negativeInverse` is −m⁻¹ mod 2⁶⁴.
    ///
    /// - SeeAlso: Koç, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication algorithms" (1996),
    ///   coarsely integrated operand scanning, in the form without the last carry for moduli with a free top bit.
    static func montgomeryMultiply(_ a: Self, _ b: Self, _ m: Self, _ negativeInverse: UInt64) -> Self

    /// (a·b + c·d)·2^(−64·count) mod m, with one reduction for both products; a and c ≤ 2m, b and d ≤ m.
    ///
    /// - SeeAlso: Longa, "Efficient algorithms for large prime characteristic fields and their application to bilinear
    ///   pairings" (eprint 2022/367), algorithm 2.
    static func montgomerySumOfTwoProducts(
        _ a: Self, _ b: Self, _ c: Self, _ d: Self, _ m: Self, _ negativeInverse: UInt64
    ) -> Self

    /// Σ aᵢ·bᵢ·2^(−64·count) mod m over at most 8 products, with one reduction; all below or equal to m.
    static func montgomerySumOfProducts(
        _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int, _ m: Self, _ negativeInverse: UInt64
    ) -> Self
}

extension FixedWidthLimbs {
    /// The limbs of an integer below 2⁶⁴.
    @inlinable
    public init(_ value: UInt64) {
        self = .zero
        self[0] = value
    }

    /// The bit at `index`, counted from the least significant; 0 beyond the top.
    @inlinable
    public func bit(_ index: Int) -> Bool {
        let limb = index >> 6
        return limb < Self.count && (self[limb] >> UInt64(index & 63)) & 1 == 1
    }

    /// Number of bits of the integer: 0 for zero.
    @inlinable
    public var bitWidthVartime: Int {
        for limb in stride(from: Self.count - 1, through: 0, by: -1) where self[limb] != 0 {
            return 64 * limb + 64 - self[limb].leadingZeroBitCount
        }
        return 0
    }

    /// Little-endian bytes, 8 for each limb.
    public var littleEndianBytes: [UInt8] {
        bytes { self[$0].littleEndian }
    }

    /// Big-endian bytes, 8 for each limb.
    public var bigEndianBytes: [UInt8] {
        bytes { self[Self.count - 1 - $0].bigEndian }
    }

    /// The bytes in memory of `word(0)` … `word(count − 1)`.
    private func bytes(of word: (Int) -> UInt64) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 8 * Self.count) { buffer, initialized in
            let target = UnsafeMutableRawBufferPointer(buffer)
            for limb in 0..<Self.count {
                target.storeBytes(of: word(limb), toByteOffset: 8 * limb, as: UInt64.self)
            }
            initialized = 8 * Self.count
        }
    }

    /// The integer of up to 8·count little-endian bytes; `nil` if there are more.
    public init?(littleEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count <= 8 * Self.count else { return nil }
        self = .zero
        for (position, byte) in bytes.enumerated() {
            self[position >> 3] |= UInt64(byte) << UInt64(8 * (position & 7))
        }
    }
}

/// acc + x·y + carry as (low limb returned, high limb in `carry`); never overflows 128 bits.
@inlinable @inline(__always)
func multiplyAccumulate(_ acc: UInt64, _ x: UInt64, _ y: UInt64, _ carry: inout UInt64) -> UInt64 {
    let sum = UInt128(x) &* UInt128(y) &+ UInt128(acc) &+ UInt128(carry)
    carry = UInt64(truncatingIfNeeded: sum >> 64)
    return UInt64(truncatingIfNeeded: sum)
}

/// x·y as (low limb, high limb).
@inlinable @inline(__always)
func multiplyFullWidth(_ x: UInt64, _ y: UInt64) -> (low: UInt64, high: UInt64) {
    let product = UInt128(x) &* UInt128(y)
    return (UInt64(truncatingIfNeeded: product), UInt64(truncatingIfNeeded: product >> 64))
}

/// a + b + carry, the carry out (0 or 1) in `carry`, itself 0 or 1.
///
/// A sum of 128 bits, as the compiler makes one chain of additions with carry of a row of these; of overflow flags it
/// often makes branches, or moves them through registers.
@inlinable @inline(__always)
func addWithCarry(_ a: UInt64, _ b: UInt64, _ carry: inout UInt64) -> UInt64 {
    let sum = UInt128(a) &+ UInt128(b) &+ UInt128(carry)
    carry = UInt64(truncatingIfNeeded: sum >> 64)
    return UInt64(truncatingIfNeeded: sum)
}
