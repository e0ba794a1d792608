import EllipticCurves
import FieldArithmetic

/// The universal bases G_0, G_1, … and G_blind of the external commitments (DESIGN §2).
///
/// They come from hash-to-curve, so nobody knows a relation between them, and they are the same for every circuit: a
/// commitment made once serves in every proof, on the ledger and in the aggregation.
public enum CommitmentBases<Curve: ProofSystemCurve> {
    private static var domainSeparationTag: [UInt8] { Array("ZKPOT-V1-COMMITMENT-BASES".utf8) }

    /// G_0 … G_{count−1}.
    public static func derive(count: Int) -> [AffinePoint<Curve.G1>] {
        Curve.hashToG1(count: count, domainSeparationTag: domainSeparationTag) { index in
            var writer = ByteWriter()
            writer.append(Array("base".utf8))
            writer.append(UInt64(index).byteSwapped)
            return writer.bytes
        }
    }

    /// G_blind.
    public static var blinding: AffinePoint<Curve.G1> {
        Curve.hashToG1(count: 1, domainSeparationTag: domainSeparationTag) { _ in Array("blinding".utf8) }[0]
    }
}

/// Vector commitments Ĉ = Σ x_t·G_t + ρ·G_blind (Pedersen 1991), homomorphic in (x, ρ).
public struct VectorCommitter<Curve: ProofSystemCurve>: Sendable {
    public typealias Scalar = Curve.ScalarField
    private let bases: [AffinePoint<Curve.G1>]
    private let blindingBase: AffinePoint<Curve.G1>

    /// Derives the bases for vectors of up to `capacity` entries.
    public init(capacity: Int) {
        bases = CommitmentBases<Curve>.derive(count: capacity)
        blindingBase = CommitmentBases<Curve>.blinding
    }

    public var capacity: Int { bases.count }

    /// The commitment to `values` with blinding ρ: fresh and uniform for private values, zero for public ones.
    ///
    /// - Throws: `MalformedData` if there are more values than bases.
    public func commit(_ values: [Scalar], blinding: Scalar) throws -> AffinePoint<Curve.G1> {
        try values.withUnsafeBufferPointer { try commit($0, blinding: blinding) }
    }

    /// The same for values in memory of the caller's own, which it wipes itself.
    ///
    /// - Throws: `MalformedData` if there are more values than bases.
    public func commit(
        _ values: UnsafeBufferPointer<Scalar>, blinding: Scalar
    ) throws -> AffinePoint<Curve.G1> {
        guard values.count <= bases.count else {
            throw MalformedData("\(values.count) values are more than the \(bases.count) commitment bases")
        }
        let sum = bases.withUnsafeBufferPointer { bases in
            multiScalarMultiply(values, UnsafeBufferPointer(rebasing: bases[..<values.count]))
        }
        return (sum + JacobianPoint(blindingBase) * blinding).affine
    }
}
