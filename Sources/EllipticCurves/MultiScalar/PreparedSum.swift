import FieldArithmetic

/// Σ [scalarᵢ]Pᵢ for few points that stay the same, with a table made once: a quarter of the doublings.
///
/// Each point stands as P, 2⁶⁴P, 2¹²⁸P, …, one for each limb of a scalar, with their odd multiples up to 15: 2 KiB a point in
/// G1 of BN254, made in the time of one multiplication.
///
/// - SeeAlso: Möller, "Algorithms for multi-exponentiation" (2001), interleaving; Lim, Lee, "More flexible exponentiation with
///   precomputation" (1994).
public struct PreparedSum<Curve: ShortWeierstrassCurve>: Sendable {
    private static var windowBits: Int { 5 }
    private static var multiplesPerLimb: Int { 1 << (windowBits - 2) }
    private static var limbCount: Int { Curve.ScalarField.Limbs.count }

    /// How many scalars a sum takes.
    public let count: Int
    /// By point, limb and odd multiple.
    private let table: [AffinePoint<Curve>]

    /// Time depends on the points.
    @specialized(where Curve == BN254G1)
    @specialized(where Curve == BN254G2)
    public init(_ points: [AffinePoint<Curve>]) {
        count = points.count
        var multiples: [JacobianPoint<Curve>] = []
        multiples.reserveCapacity(points.count * Self.limbCount * Self.multiplesPerLimb)
        for point in points {
            var base = JacobianPoint(point)
            for limb in 0..<Self.limbCount {
                if limb > 0 { for _ in 0..<64 { base = base.doubled() } }
                let twice = base.doubled()
                multiples.append(base)
                for _ in 1..<Self.multiplesPerLimb {
                    multiples.append(multiples[multiples.count - 1] + twice)
                }
            }
        }
        table = JacobianPoint.batchAffineVartime(multiples)
    }

    /// Σ [scalarᵢ]Pᵢ. Counts must agree. Time depends on the scalars.
    @specialized(where Curve == BN254G1)
    @specialized(where Curve == BN254G2)
    public func callAsFunction(_ scalars: [Curve.ScalarField]) -> JacobianPoint<Curve> {
        precondition(scalars.count == count)
        var rows: [[Int8]] = []
        rows.reserveCapacity(count * Self.limbCount)
        for scalar in scalars {
            let limbs = scalar.canonical
            for limb in 0..<Self.limbCount {
                rows.append(Limbs4(limbs[limb]).windowedDigitsVartime(width: Self.windowBits))
            }
        }
        var result = JacobianPoint<Curve>.zero
        for position in stride(from: (rows.map(\.count).max() ?? 0) - 1, through: 0, by: -1) {
            result = result.doubled()
            for (row, digits) in rows.enumerated() where position < digits.count && digits[position] != 0 {
                let digit = Int(digits[position])
                let multiple = table[row * Self.multiplesPerLimb + abs(digit) >> 1]
                result += digit < 0 ? -multiple : multiple
            }
        }
        return result
    }
}
