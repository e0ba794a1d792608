import FieldArithmetic

/// A field of point coordinates: with roots, an order of its elements for the sign of y, and an encoding.
public protocol CoordinateField: Field {
    /// Bytes of an encoded element.
    static var byteCount: Int { get }
    /// Bits at the top of the first encoded byte that are always zero, and can carry flags.
    static var freeTopBits: Int { get }

    /// Big-endian bytes; of an extension, the highest coefficient first.
    var bigEndianBytes: [UInt8] { get }
    /// - Throws: `FieldEncodingError` for a wrong length or a coefficient that is not below the modulus.
    init(bigEndian bytes: [UInt8]) throws

    /// A square root, `nil` for a non-residue. Time depends on the value.
    func squareRootVartime() -> Self?
    /// The inverse, `nil` for zero. Time depends on the value.
    func inverseVartime() -> Self?
    /// −self where the condition holds, else self; without a branch, which would stall on a random condition.
    func negated(if condition: Bool) -> Self
    /// Whether the element comes after its negative in the order of `bigEndianBytes`; false for zero.
    var isLargerThanNegativeVartime: Bool { get }
}

extension CoordinateField {
    /// Inverts every element in place; zeros stay zero. The time of the one inversion depends on the product of all.
    @inlinable
    public static func invertAllVartime(_ values: inout [Self]) {
        values.withUnsafeMutableBufferPointer { invertAll($0) { $0.inverseVartime() } }
    }
}

extension MontgomeryField: CoordinateField {
    @inlinable public static var freeTopBits: Int { 64 * Limbs.count - bitWidth }

    public init(bigEndian bytes: [UInt8]) throws { try self.init(bigEndian: bytes[...]) }

    @inlinable @inline(__always)
    public func negated(if condition: Bool) -> Self {
        let mask: UInt64 = 0 &- (condition ? 1 : 0)
        let negative = (-self).montgomery
        var limbs = montgomery
        for index in 0..<Limbs.count { limbs[index] ^= mask & (limbs[index] ^ negative[index]) }
        return Self(uncheckedMontgomery: limbs)
    }

    public var isLargerThanNegativeVartime: Bool {
        (-self).canonical.isLessThanVartime(canonical)
    }
}
