import EllipticCurves
import FieldArithmetic

/// A pairing curve whose keys and proofs have a file format, and whose G1 can be hashed to.
public protocol ProofSystemCurve: PairingCurve {
    /// The curve's number in our files.
    static var fileNumber: UInt32 { get }
    /// A point of G1 nobody knows a discrete logarithm of (RFC 9380, random-oracle suite of the curve).
    static func hashToG1(_ message: [UInt8], domainSeparationTag: String) -> AffinePoint<G1>
}

extension BN254: ProofSystemCurve {
    public static var fileNumber: UInt32 { 1 }

    public static func hashToG1(_ message: [UInt8], domainSeparationTag: String) -> AffinePoint<BN254G1> {
        BN254G1.hashToCurve(message: message, domainSeparationTag: Array(domainSeparationTag.utf8))
    }
}
