import EllipticCurves
import FieldArithmetic

/// A pairing curve whose keys and proofs have a file format, and whose G1 can be hashed to.
public protocol ProofSystemCurve: PairingCurve {
    /// The curve's number in our files.
    static var fileNumber: UInt32 { get }
    /// Points of G1 nobody knows discrete logarithms of: the hashes of `message(0)` … `message(count − 1)` (RFC 9380,
    /// random-oracle suite of the curve).
    static func hashToG1(
        count: Int, domainSeparationTag: [UInt8], message: (Int) -> [UInt8]
    ) -> [AffinePoint<G1>]
}

extension BN254: ProofSystemCurve {
    public static var fileNumber: UInt32 { 1 }

    public static func hashToG1(
        count: Int, domainSeparationTag: [UInt8], message: (Int) -> [UInt8]
    ) -> [AffinePoint<BN254G1>] {
        BN254G1.hashToCurve(count: count, domainSeparationTag: domainSeparationTag, message: message)
    }
}
