import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

/// Encodings of points: round trips, and everything that must be refused.
@Suite struct PointEncodingTests {
    typealias G1 = AffinePoint<BN254G1>
    typealias G2 = AffinePoint<BN254G2>

    private func checkRoundTrips<Curve: ShortWeierstrassCurve>(_: Curve.Type, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var points = [AffinePoint<Curve>.infinity, Curve.generator, -Curve.generator]
        for _ in 0..<20 {
            let scalar = Curve.ScalarField.random(using: &generator)
            points.append(JacobianPoint.generator.multipliedVartime(by: scalar).affine)
        }
        for point in points {
            for encoding in PointEncoding.allCases {
                let bytes = point.encoded(as: encoding)
                #expect(bytes.count == encoding.byteCount(of: Curve.self))
                #expect(try AffinePoint<Curve>(decoding: bytes, as: encoding) == point)
            }
        }
    }

    @Test func roundTripsInG1() throws { try checkRoundTrips(BN254G1.self, seed: 61) }
    @Test func roundTripsInG2() throws { try checkRoundTrips(BN254G2.self, seed: 62) }

    @Test func knownBytes() {
        #expect(PointEncoding.compressed.byteCount(of: BN254G1.self) == 32)
        #expect(PointEncoding.uncompressed.byteCount(of: BN254G2.self) == 128)
        #expect(G1.infinity.encoded(as: .compressed) == [0x40] + [UInt8](repeating: 0, count: 31))
        #expect(G1.infinity.encoded(as: .uncompressed) == [UInt8](repeating: 0, count: 64))
        // (1, 2): 2 is smaller than q − 2.
        #expect(BN254G1.generator.encoded(as: .compressed) == [0x80] + [UInt8](repeating: 0, count: 30) + [1])
        #expect(
            (-BN254G1.generator).encoded(as: .compressed) == [0xc0] + [UInt8](repeating: 0, count: 30) + [1])
        // The generator of EIP-197, imaginary parts first.
        let generator = """
            198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2\
            1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed\
            090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b\
            12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
            """
        #expect(BN254G2.generator.encoded(as: .uncompressed) == hexBytes(generator))
    }

    @Test func wrongLengths() {
        for count in [0, 1, 31, 33, 63, 65, 128] {
            let bytes = [UInt8](repeating: 0, count: count)
            for encoding in PointEncoding.allCases where count != encoding.byteCount(of: BN254G1.self) {
                let expected = encoding.byteCount(of: BN254G1.self)
                #expect(
                    throws: PointEncodingError.wrongLength(
                        curve: "BN254 G1", expected: expected, actual: count)
                ) { try G1(decoding: bytes, as: encoding) }
            }
        }
        #expect(throws: PointEncodingError.self) {
            try G2(decoding: [UInt8](repeating: 0, count: 127), as: .uncompressed)
        }
        #expect(throws: PointEncodingError.self) {
            try G2(decoding: [UInt8](repeating: 0, count: 65), as: .compressed)
        }
    }

    /// q and q + x, in every coordinate.
    @Test func coordinatesNotBelowTheModulus() throws {
        let modulus = [UInt8](BN254BaseField.modulus.littleEndianBytes.reversed())
        let refusal = PointEncodingError.coordinateNotCanonical(curve: "BN254 G1")
        for start in [0, 32] {
            var bytes = BN254G1.generator.encoded(as: .uncompressed)
            bytes.replaceSubrange(start..<start + 32, with: modulus)
            #expect(throws: refusal) { try G1(decoding: bytes, as: .uncompressed) }
        }
        // x = q + 1 for x = 1.
        var shifted = BN254G1.generator.encoded(as: .uncompressed)
        shifted.replaceSubrange(..<32, with: modulus.dropLast() + [modulus[31] + 1])
        #expect(throws: refusal) { try G1(decoding: shifted, as: .uncompressed) }
        var compressed = modulus.dropLast() + [modulus[31] + 1]
        compressed[0] |= 0x80
        #expect(throws: refusal) { try G1(decoding: compressed, as: .compressed) }
        for start in stride(from: 0, to: 128, by: 32) {
            var bytes = BN254G2.generator.encoded(as: .uncompressed)
            bytes.replaceSubrange(start..<start + 32, with: modulus)
            #expect(throws: PointEncodingError.coordinateNotCanonical(curve: "BN254 G2")) {
                try G2(decoding: bytes, as: .uncompressed)
            }
        }
        // Flags have no place in an uncompressed point.
        var flagged = BN254G1.generator.encoded(as: .uncompressed)
        flagged[0] |= 0x80
        #expect(throws: refusal) { try G1(decoding: flagged, as: .uncompressed) }
    }

    @Test func wrongFlags() {
        var bytes = BN254G1.generator.encoded(as: .compressed)
        bytes[0] &= 0x3f
        #expect(throws: PointEncodingError.invalidFlags(curve: "BN254 G1")) {
            try G1(decoding: bytes, as: .compressed)
        }
        bytes[0] |= 0x40
        #expect(throws: PointEncodingError.infinityNotZero(curve: "BN254 G1")) {
            try G1(decoding: bytes, as: .compressed)
        }
        var infinity = G2.infinity.encoded(as: .compressed)
        infinity[0] |= 1
        #expect(throws: PointEncodingError.infinityNotZero(curve: "BN254 G2")) {
            try G2(decoding: infinity, as: .compressed)
        }
        // Zeros are infinity only when uncompressed.
        #expect(throws: PointEncodingError.invalidFlags(curve: "BN254 G1")) {
            try G1(decoding: [UInt8](repeating: 0, count: 32), as: .compressed)
        }
    }

    @Test func pointsOffTheCurve() throws {
        var bytes = BN254G1.generator.encoded(as: .uncompressed)
        bytes[63] = 3
        #expect(throws: PointEncodingError.notOnCurve(curve: "BN254 G1")) {
            try G1(decoding: bytes, as: .uncompressed)
        }
        // x = 0 has y² = 3, a non-residue; (0, 0) is infinity but (x, 0) is not.
        #expect(throws: PointEncodingError.notOnCurve(curve: "BN254 G1")) {
            try G1(decoding: [0x80] + [UInt8](repeating: 0, count: 31), as: .compressed)
        }
        #expect(throws: PointEncodingError.notOnCurve(curve: "BN254 G1")) {
            try G1(
                decoding: [UInt8](repeating: 0, count: 31) + [1] + [UInt8](repeating: 0, count: 32),
                as: .uncompressed)
        }
        var twist = BN254G2.generator.encoded(as: .uncompressed)
        twist[127] ^= 1
        #expect(throws: PointEncodingError.notOnCurve(curve: "BN254 G2")) {
            try G2(decoding: twist, as: .uncompressed)
        }
    }

    @Test func pointsOutsideTheSubgroup() {
        for point in CurveTests.outsidePoints(4) {
            for encoding in PointEncoding.allCases {
                #expect(throws: PointEncodingError.notInSubgroup(curve: "BN254 G2")) {
                    try G2(decoding: point.encoded(as: encoding), as: encoding)
                }
            }
        }
    }

    /// Whatever is accepted is encoded as it was read; random and bit-flipped bytes never trap.
    @Test func oneEncodingForEachPoint() {
        var generator = SeededGenerator(seed: 63)
        var accepted = 0
        for round in 0..<600 {
            var bytes = (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            if round % 3 == 0 {
                bytes = BN254G1.generator.encoded(as: .compressed)
                bytes[Int(generator.next() % 32)] ^= 1 << UInt8(generator.next() % 8)
            }
            guard let point = try? G1(decoding: bytes, as: .compressed) else { continue }
            accepted += 1
            #expect(point.encoded(as: .compressed) == bytes)
            #expect(point.isOnCurve)
        }
        #expect(accepted > 20)
    }

    @Test func refusalsNameCurveAndReason() {
        #expect(
            "\(PointEncodingError.notOnCurve(curve: "BN254 G1"))" == "a point is not on the curve BN254 G1")
    }
}
