import EllipticCurves
import FieldArithmetic

/// What the rules do with commitments: points of G1 in their compressed encoding.
package enum CommitmentGroup<Curve: PairingCurve> {
    /// - Throws: `PointEncodingError`, or `CommitmentError` for the point at infinity, which commits to
    ///   nothing.
    package static func check(_ commitment: [UInt8]) throws { _ = try decode(commitment) }

    /// Σ a_i·Ĉ_i, encoded. It may be the point at infinity.
    ///
    /// - Throws: as `check`.
    package static func weightedSum(_ terms: [(weight: UInt64, commitment: [UInt8])]) throws -> [UInt8] {
        let points = try terms.map { try decode($0.commitment) }
        let weights = terms.map { Curve.ScalarField($0.weight) }
        return multiScalarMultiply(weights, points).affine.encoded(as: .compressed)
    }

    package static func decode(_ commitment: [UInt8]) throws -> AffinePoint<Curve.G1> {
        let point = try AffinePoint<Curve.G1>(decoding: commitment, as: .compressed)
        guard !point.isInfinity else { throw CommitmentError.infinity }
        return point
    }
}

/// What a well-encoded commitment can be refused for.
package enum CommitmentError: Error, CustomStringConvertible {
    case infinity

    package var description: String { "the point at infinity commits to nothing" }
}
