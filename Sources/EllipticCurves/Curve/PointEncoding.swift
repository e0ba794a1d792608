import FieldArithmetic

/// The two encodings of a point. Coordinates are big-endian; those in Fp2 have the imaginary part first.
public enum PointEncoding: Sendable, CaseIterable {
    /// x‖y, all zeros for infinity: what EIP-196 and EIP-197 call a point. 64 bytes for BN254's G1, 128 for G2.
    case uncompressed
    /// x with flags in the top two bits of the first byte, as in gnark: 10 where y is the smaller of y and −y, 11 where it is
    /// the larger, 01 with zeros behind for infinity. 32 bytes for BN254's G1, 64 for G2.
    case compressed

    /// Bytes of an encoded point.
    public func byteCount<Curve: ShortWeierstrassCurve>(of: Curve.Type) -> Int {
        self == .compressed ? Curve.BaseField.byteCount : 2 * Curve.BaseField.byteCount
    }
}

/// What an encoding of a point can be refused for.
public enum PointEncodingError: Error, Equatable, CustomStringConvertible {
    case wrongLength(curve: String, expected: Int, actual: Int)
    case coordinateNotCanonical(curve: String)
    case invalidFlags(curve: String)
    case infinityNotZero(curve: String)
    case notOnCurve(curve: String)
    case notInSubgroup(curve: String)

    public var description: String {
        switch self {
        case .wrongLength(let curve, let expected, let actual):
            return "a point of \(curve) has \(expected) bytes here, not \(actual)"
        case .coordinateNotCanonical(let curve):
            return "a coordinate of a point of \(curve) is not below the modulus"
        case .invalidFlags(let curve):
            return "the top bits of a compressed point of \(curve) are not a flag"
        case .infinityNotZero(let curve):
            return "a compressed point at infinity of \(curve) has bits set behind its flag"
        case .notOnCurve(let curve):
            return "a point is not on the curve \(curve)"
        case .notInSubgroup(let curve):
            return "a point of \(curve) is not in the subgroup of prime order"
        }
    }
}

/// The flags in the top two bits of a compressed point.
private enum CompressionFlag {
    static let mask: UInt8 = 0b1100_0000
    static let infinity: UInt8 = 0b0100_0000
    static let smallerY: UInt8 = 0b1000_0000
    static let largerY: UInt8 = 0b1100_0000
}

extension AffinePoint {
    /// The bytes of the point. Every point of the curve has exactly one encoding of each kind.
    public func encoded(as encoding: PointEncoding) -> [UInt8] {
        switch encoding {
        case .uncompressed:
            return x.bigEndianBytes + y.bigEndianBytes
        case .compressed:
            var bytes = x.bigEndianBytes
            if isInfinity {
                bytes[0] = CompressionFlag.infinity
            } else {
                bytes[0] |= y.isLargerThanNegativeVartime ? CompressionFlag.largerY : CompressionFlag.smallerY
            }
            return bytes
        }
    }

    /// The point of `bytes`, checked to be on the curve and in the subgroup.
    ///
    /// - Throws: `PointEncodingError` for anything but the one encoding of a point of the group.
    public init(decoding bytes: some Collection<UInt8>, as encoding: PointEncoding) throws {
        try self.init(decoding: bytes, as: encoding, checkingSubgroup: true)
    }

    /// Without the subgroup check only for points that are checked together by other means.
    package init(
        decoding bytes: some Collection<UInt8>, as encoding: PointEncoding, checkingSubgroup: Bool
    ) throws {
        let expected = encoding.byteCount(of: Curve.self)
        guard bytes.count == expected else {
            throw PointEncodingError.wrongLength(curve: Curve.name, expected: expected, actual: bytes.count)
        }
        let point =
            switch encoding {
            case .uncompressed: try Self(uncompressed: Array(bytes))
            case .compressed: try Self(compressed: Array(bytes))
            }
        if checkingSubgroup, !point.isInSubgroup { throw PointEncodingError.notInSubgroup(curve: Curve.name) }
        self = point
    }

    private init(uncompressed bytes: [UInt8]) throws {
        let half = Curve.BaseField.byteCount
        x = try Self.coordinate(Array(bytes[..<half]))
        y = try Self.coordinate(Array(bytes[half...]))
        guard isOnCurve else { throw PointEncodingError.notOnCurve(curve: Curve.name) }
    }

    private init(compressed bytes: [UInt8]) throws {
        // Both curves of the library leave the two bits free.
        precondition(Curve.BaseField.freeTopBits >= 2)
        let flag = bytes[0] & CompressionFlag.mask
        var rest = bytes
        rest[0] &= ~CompressionFlag.mask
        switch flag {
        case CompressionFlag.infinity:
            guard rest.allSatisfy({ $0 == 0 }) else {
                throw PointEncodingError.infinityNotZero(curve: Curve.name)
            }
            self = .infinity
        case CompressionFlag.smallerY, CompressionFlag.largerY:
            let x = try Self.coordinate(rest)
            guard let root = (x.squared() * x + Curve.b).squareRootVartime() else {
                throw PointEncodingError.notOnCurve(curve: Curve.name)
            }
            let wantsLarger = flag == CompressionFlag.largerY
            let y = root.isLargerThanNegativeVartime == wantsLarger ? root : -root
            // y = 0 has no larger form, and would otherwise be read from two encodings.
            guard y.isLargerThanNegativeVartime == wantsLarger else {
                throw PointEncodingError.invalidFlags(curve: Curve.name)
            }
            self.init(x: x, y: y)
        default:
            throw PointEncodingError.invalidFlags(curve: Curve.name)
        }
    }

    private static func coordinate(_ bytes: [UInt8]) throws -> Curve.BaseField {
        do {
            return try Curve.BaseField(bigEndian: bytes)
        } catch is FieldEncodingError {
            throw PointEncodingError.coordinateNotCanonical(curve: Curve.name)
        }
    }
}
