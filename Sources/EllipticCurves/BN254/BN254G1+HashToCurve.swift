import FieldArithmetic
import Parallelism

/// The suite BN254G1_XMD:SHA-256_SVDW_RO_ of RFC 9380's construction, with Z = 1; the cofactor is 1.
extension BN254G1 {
    // Z = 1 suits the curve: 1 + b = 4 is a square, and so is −3, as p ≡ 1 mod 3.
    private static let map = ShallueVanDeWoestijne<BN254G1>(z: .one)!

    /// hash_to_curve: a point whose discrete logarithm nobody knows, uniform as a random oracle's.
    ///
    /// - SeeAlso: RFC 9380, section 3.
    public static func hashToCurve(message: [UInt8], domainSeparationTag: [UInt8]) -> AffinePoint<BN254G1> {
        hashToCurve(range: 0..<1, domainSeparationTag: domainSeparationTag) { _ in message }[0]
    }

    /// hash_to_curve of `message(0)` … `message(count − 1)`, in parallel and with shared inversions.
    public static func hashToCurve(
        count: Int, domainSeparationTag: [UInt8], message: (Int) -> [UInt8]
    ) -> [AffinePoint<BN254G1>] {
        let chunk = 512
        let chunks = parallelMap((count + chunk - 1) / chunk) { index in
            hashToCurve(
                range: index * chunk..<min(count, (index + 1) * chunk),
                domainSeparationTag: domainSeparationTag,
                message: message)
        }
        return Array(chunks.joined())
    }

    private static func hashToCurve(
        range: Range<Int>, domainSeparationTag: [UInt8], message: (Int) -> [UInt8]
    ) -> [AffinePoint<BN254G1>] {
        let elements = range.flatMap {
            ExpandMessage.fieldElements(
                of: BN254BaseField.self, message: message($0), domainSeparationTag: domainSeparationTag,
                count: 2)
        }
        var inverses = elements.map { map.denominator($0) }
        BN254BaseField.invertAll(&inverses)
        let points = elements.indices.map { map.map(elements[$0], inverse: inverses[$0]) }
        return JacobianPoint.batchAffine(
            stride(from: 0, to: points.count, by: 2).map { JacobianPoint(points[$0]) + points[$0 + 1] })
    }
}
