import EllipticCurves
import FieldArithmetic
import Testing

/// The published vectors of EIP-196 (addition, multiplication) and EIP-197 (pairing).
@Suite struct EthereumPrecompileTests {
    typealias G1 = AffinePoint<BN254G1>
    typealias G2 = AffinePoint<BN254G2>

    @Test func addition() throws {
        let vectors = try PrecompileVector.load("bn256Add")
        #expect(vectors.count == 16)
        for vector in vectors {
            let input = vector.input(padded: 128)
            let p = try G1(decoding: input[..<64], as: .uncompressed)
            let q = try G1(decoding: input[64...], as: .uncompressed)
            let expected = hexBytes(vector.expected)
            #expect(
                (JacobianPoint(p) + JacobianPoint(q)).affine.encoded(as: .uncompressed) == expected,
                "\(vector.name)")
            #expect((JacobianPoint(p) + q).affine.encoded(as: .uncompressed) == expected, "\(vector.name)")
        }
    }

    @Test func scalarMultiplication() throws {
        let vectors = try PrecompileVector.load("bn256ScalarMul")
        #expect(vectors.count == 19)
        for vector in vectors {
            let input = vector.input(padded: 96)
            let p = JacobianPoint(try G1(decoding: input[..<64], as: .uncompressed))
            // EIP-196 allows any 256-bit scalar.
            let scalar = BN254ScalarField(reducingBigEndian: input[64...])
            let expected = hexBytes(vector.expected)
            #expect((p * scalar).affine.encoded(as: .uncompressed) == expected, "\(vector.name)")
            #expect(
                p.multipliedVartime(by: scalar).affine.encoded(as: .uncompressed) == expected,
                "\(vector.name)")
        }
    }

    @Test func pairing() throws {
        let vectors = try PrecompileVector.load("bn256Pairing")
        #expect(vectors.count == 14)
        for vector in vectors {
            let input = hexBytes(vector.input)
            #expect(input.count % 192 == 0)
            let pairs = try stride(from: 0, to: input.count, by: 192).map { start in
                (
                    try G1(decoding: input[start..<start + 64], as: .uncompressed),
                    try G2(decoding: input[start + 64..<start + 192], as: .uncompressed)
                )
            }
            #expect(
                BN254.isPairingProductOne(pairs) == (hexBytes(vector.expected).last == 1), "\(vector.name)")
        }
    }
}
