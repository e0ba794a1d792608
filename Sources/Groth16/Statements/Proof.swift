import EllipticCurves
import FieldArithmetic

/// A proof (A, B, C) of plain Groth16, with (D, π) if the circuit has committed wires (DESIGN §2).
public struct Proof<Curve: ProofSystemCurve>: Sendable, Hashable {
    /// The part that commits to witness values and links them to the external commitments.
    public struct Link: Sendable, Hashable {
        /// D: the blinded commitment to the committed wires.
        public var commitment: AffinePoint<Curve.G1>
        /// π: that D and the external commitments hold the same values.
        public var argument: AffinePoint<Curve.G1>

        public init(commitment: AffinePoint<Curve.G1>, argument: AffinePoint<Curve.G1>) {
            self.commitment = commitment
            self.argument = argument
        }
    }

    public var a: AffinePoint<Curve.G1>
    public var b: AffinePoint<Curve.G2>
    public var c: AffinePoint<Curve.G1>
    public var link: Link?

    public init(
        a: AffinePoint<Curve.G1>, b: AffinePoint<Curve.G2>, c: AffinePoint<Curve.G1>, link: Link? = nil
    ) {
        self.a = a
        self.b = b
        self.c = c
        self.link = link
    }

    /// A ‖ B ‖ C (‖ D ‖ π) compressed: 192 bytes on BN254, 128 without a link.
    public var encoded: [UInt8] {
        var bytes = a.encoded(as: .compressed) + b.encoded(as: .compressed) + c.encoded(as: .compressed)
        if let link {
            bytes += link.commitment.encoded(as: .compressed) + link.argument.encoded(as: .compressed)
        }
        return bytes
    }

    /// Decodes what `encoded` gives; every point is checked to be canonical, on its curve and in its subgroup.
    ///
    /// - Throws: `MalformedData` for a wrong length, `PointEncodingError` for a bad point.
    public init(encoded bytes: [UInt8]) throws {
        let g1 = PointEncoding.compressed.byteCount(of: Curve.G1.self)
        let g2 = PointEncoding.compressed.byteCount(of: Curve.G2.self)
        guard bytes.count == 2 * g1 + g2 || bytes.count == 4 * g1 + g2 else {
            throw MalformedData(
                "a proof has \(2 * g1 + g2) bytes, or \(4 * g1 + g2) with linked commitments, not \(bytes.count)"
            )
        }
        var reader = ByteReader(bytes)
        a = try AffinePoint(decoding: reader.read(g1, "A"), as: .compressed)
        b = try AffinePoint(decoding: reader.read(g2, "B"), as: .compressed)
        c = try AffinePoint(decoding: reader.read(g1, "C"), as: .compressed)
        if reader.remaining > 0 {
            link = Link(
                commitment: try AffinePoint(decoding: reader.read(g1, "D"), as: .compressed),
                argument: try AffinePoint(decoding: reader.read(g1, "π"), as: .compressed))
        } else {
            link = nil
        }
    }

    var uncompressedBytes: [UInt8] {
        var bytes = a.encoded(as: .uncompressed) + b.encoded(as: .uncompressed) + c.encoded(as: .uncompressed)
        if let link {
            bytes += link.commitment.encoded(as: .uncompressed) + link.argument.encoded(as: .uncompressed)
        }
        return bytes
    }
}

/// A proof in a file: header, digest of the verifying key it is for, and the proof's bytes.
public struct ProofFile<Curve: ProofSystemCurve>: Sendable, Hashable {
    public var verifyingKeyDigest: [UInt8]
    public var proof: Proof<Curve>

    public init(verifyingKeyDigest: [UInt8], proof: Proof<Curve>) {
        precondition(verifyingKeyDigest.count == 32)
        self.verifyingKeyDigest = verifyingKeyDigest
        self.proof = proof
    }

    public var encoded: [UInt8] {
        FileHeader(kind: .proof, curve: Curve.fileNumber).encoded + verifyingKeyDigest + proof.encoded
    }

    /// - Throws: `MalformedData`, `PointEncodingError`.
    public init(encoded bytes: [UInt8]) throws {
        var reader = ByteReader(bytes)
        try FileHeader(reading: &reader).expect(.proof, curve: Curve.fileNumber)
        verifyingKeyDigest = try reader.read(32, "the verifying key's digest")
        proof = try Proof(encoded: reader.read(reader.remaining, "the proof"))
    }
}
