import EllipticCurves
import FieldArithmetic

/// The hashes that stand in for a verifier's random choices (Fiat–Shamir).
enum Transcript {
    /// c_i = first 248 bits of SHA-256(DST ‖ i ‖ key digest ‖ context ‖ statement ‖ Ĉ_1…Ĉ_ℓ ‖ D), for i = 0 … count − 1.
    static func challenges<Curve: ProofSystemCurve>(
        count: Int, keyDigest: [UInt8], statement: Statement<Curve>, commitment d: AffinePoint<Curve.G1>
    ) -> [Curve.ScalarField] {
        let common = keyDigest + statement.transcriptBytes + d.encoded(as: .uncompressed)
        return (0..<count).map { index in
            var writer = ByteWriter()
            writer.append(Array("ZKPOT-V1-CHALLENGE".utf8))
            writer.append(UInt32(index).byteSwapped)
            writer.append(common)
            return Curve.ScalarField(reducingBigEndian: SHA256.hash(writer.bytes).prefix(31))
        }
    }

    /// SHA-256 over everything that a verifier sees of one proof.
    static func proofDigest<Curve: ProofSystemCurve>(
        keyDigest: [UInt8], statement: Statement<Curve>, proof: Proof<Curve>
    ) -> [UInt8] {
        SHA256.hash(
            Array("ZKPOT-V1-PROOF".utf8) + keyDigest + statement.transcriptBytes + proof.uncompressedBytes)
    }

    /// A 128-bit weight, never 0: number `index` of the batch with this seed.
    static func weight<Field: PrimeField>(seed: [UInt8], index: Int) -> Field {
        var counter: UInt32 = 0
        while true {
            var writer = ByteWriter()
            writer.append(Array("ZKPOT-V1-WEIGHT".utf8))
            writer.append(seed)
            writer.append(UInt32(index).byteSwapped)
            writer.append(counter.byteSwapped)
            let weight = Field(reducingBigEndian: SHA256.hash(writer.bytes).prefix(16))
            if !weight.isZero { return weight }
            counter += 1
        }
    }
}
