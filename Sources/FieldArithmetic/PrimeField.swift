/// A prime field: integers modulo `modulus`.
///
/// Values are kept in Montgomery form; `canonical` is the integer in [0, modulus).
public protocol PrimeField: Field, CustomStringConvertible {
    associatedtype Limbs: FixedWidthLimbs

    /// The prime.
    static var modulus: Limbs { get }
    /// Bits of the prime.
    static var bitWidth: Int { get }
    /// Bytes of one element in every encoding: 8 for each limb.
    static var byteCount: Int { get }
    /// A generator of the multiplicative group.
    static var multiplicativeGenerator: Self { get }
    /// The largest s such that 2^s divides modulus − 1.
    static var twoAdicity: Int { get }
    /// The largest t such that 3^t divides modulus − 1.
    static var threeAdicity: Int { get }

    /// The integer in [0, modulus).
    var canonical: Limbs { get }
    /// The element for an integer, `nil` if it is not below the modulus.
    init?(canonical: Limbs)
    /// The limbs in memory: value·2^(64·count) mod modulus.
    var montgomery: Limbs { get }
    /// The element whose limbs in memory are these, `nil` if they are not below the modulus.
    init?(montgomery: Limbs)

    init(_ value: UInt64)

    /// A square root, `nil` for a non-residue. Time depends on the value.
    func squareRootVartime() -> Self?

    /// (a + b)·(c − d), where sum and difference are not reduced.
    static func multiplySum(_ a: Self, _ b: Self, byDifference c: Self, _ d: Self) -> Self
    /// 9a + b, with one reduction.
    static func nineTimes(_ a: Self, plus b: Self) -> Self
    /// 9a − b, with one reduction.
    static func nineTimes(_ a: Self, minus b: Self) -> Self
    /// 2·a·b, where twice a is not reduced.
    static func doubledProduct(_ a: Self, _ b: Self) -> Self
    /// a·b + c·d, with one reduction.
    static func sumOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self
    /// a·b − c·d, with one reduction.
    static func differenceOfProducts(_ a: Self, _ b: Self, _ c: Self, _ d: Self) -> Self
    /// Σ aᵢ·bᵢ over `count` ≤ 8 products, with one reduction.
    static func sumOfProducts(_ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, count: Int) -> Self
}

/// What an encoding of a field element can be refused for.
public enum FieldEncodingError: Error, CustomStringConvertible, Equatable {
    case wrongLength(expected: Int, actual: Int)
    case notCanonical

    public var description: String {
        switch self {
        case .wrongLength(let expected, let actual):
            return "a field element has \(expected) bytes, not \(actual)"
        case .notCanonical:
            return "a field element is not below the modulus"
        }
    }
}

extension PrimeField {
    /// The element for a signed integer.
    @inlinable @inline(__always)
    public init(_ value: Int64) {
        let magnitude = Self(value.magnitude)
        self = value < 0 ? -magnitude : magnitude
    }

    /// The element for a signed integer.
    @inlinable @inline(__always)
    public init(_ value: Int) { self.init(Int64(value)) }

    /// The element of `byteCount` big-endian bytes.
    ///
    /// - Throws: `FieldEncodingError` for a wrong length or an integer that is not below the modulus.
    public init(bigEndian bytes: some BidirectionalCollection<UInt8>) throws {
        guard bytes.count == Self.byteCount else {
            throw FieldEncodingError.wrongLength(expected: Self.byteCount, actual: bytes.count)
        }
        guard let limbs = Limbs(littleEndianBytes: bytes.reversed()), let value = Self(canonical: limbs)
        else {
            throw FieldEncodingError.notCanonical
        }
        self = value
    }

    /// The integer as `byteCount` big-endian bytes.
    public var bigEndianBytes: [UInt8] { canonical.bigEndianBytes }

    /// The element of any number of big-endian bytes, reduced modulo the prime.
    @inlinable
    public init(reducingBigEndian bytes: some Sequence<UInt8>) {
        let wordShift = Self(1 << 32).squared()
        var value = Self.zero
        var word: UInt64 = 0
        var count = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            count += 1
            if count & 7 == 0 {
                value = value * wordShift + Self(word)
                word = 0
            }
        }
        let shift = Self(1 << UInt64(8 * (count & 7)))
        self = value * shift + Self(word)
    }

    /// The integer in (−modulus/2, modulus/2) if it fits 64 bits, else `nil`. Time depends on the value.
    @inlinable
    public var smallSignedVartime: Int64? {
        let limbs = canonical
        if limbs.bitWidthVartime < 64 { return Int64(limbs[0]) }
        let negated = (-self).canonical
        if negated.bitWidthVartime < 64 { return -Int64(negated[0]) }
        return nil
    }

    /// Signed decimal where it fits 64 bits, else hexadecimal.
    public var description: String {
        if let small = smallSignedVartime { return String(small) }
        return "0x" + BigInteger(canonical).description(radix: 16)
    }

    /// A square root, `nil` for a non-residue. Time depends on the value.
    ///
    /// - SeeAlso: Tonelli–Shanks, Cohen, "A Course in Computational Algebraic Number Theory", algorithm 1.5.1.
    public func squareRootByTonelliShanksVartime() -> Self? {
        if isZero { return self }
        let (oddPart, halfOddPlusOne) = Self.tonelliShanksExponents
        var root = power(halfOddPlusOne)
        var remainder = power(oddPart)
        var generator = Self.multiplicativeGenerator.power(oddPart)
        var order = Self.twoAdicity
        while remainder != .one {
            var least = 0
            var square = remainder
            while square != .one {
                square = square.squared()
                least += 1
                if least == order { return nil }
            }
            for _ in 0..<(order - least - 1) { generator = generator.squared() }
            root *= generator
            generator = generator.squared()
            remainder *= generator
            order = least
        }
        return root.squared() == self ? root : nil
    }

    /// (t, (t + 1)/2) with modulus − 1 = 2^s·t, t odd.
    private static var tonelliShanksExponents: (Limbs, Limbs) {
        let odd = (BigInteger(modulus) - 1) >> twoAdicity
        return (odd.limbs(as: Limbs.self)!, ((odd + 1) >> 1).limbs(as: Limbs.self)!)
    }

    /// A uniformly random element, by rejection.
    public static func random(using generator: inout some RandomNumberGenerator) -> Self {
        let freeBits = UInt64(64 * Limbs.count - bitWidth)
        while true {
            var limbs = Limbs.zero
            for index in 0..<Limbs.count { limbs[index] = generator.next() }
            limbs[Limbs.count - 1] >>= freeBits
            if let value = Self(canonical: limbs) { return value }
        }
    }

    /// A uniformly random element from the operating system's generator.
    public static func random() -> Self {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}
