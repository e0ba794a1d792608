import EllipticCurves
import FieldArithmetic
import Ledger

/// A polynomial of degree t − 1 whose value at 0 is shared (Shamir 1979); participant i gets the value at i + 1.
package struct SharingPolynomial {
    private let coefficients: SecretVector

    /// The polynomial with pseudo-random coefficients, the secret among them.
    package init(_ key: SecretBytes, threshold: Int) throws {
        coefficients = try MaskExpansion.expand(key, count: threshold)
    }

    package var secret: Scalar { coefficients[0] }

    /// The share of a participant.
    package func share(of participant: Int) -> Scalar {
        let place = Scalar(UInt64(participant + 1))
        return coefficients.elements.reversed().reduce(.zero) { $0 * place + $1 }
    }

    /// Commitments by which every share can be checked.
    package var commitments: SharingCommitments {
        SharingCommitments(
            points: JacobianPoint.batchAffine(coefficients.elements.map { JacobianPoint.generator * $0 }))
    }
}

/// Feldman's commitments C_k = a_k·G to the coefficients of a sharing polynomial: a share s of participant i is right if
/// s·G = Σ C_k·(i + 1)^k. The secret has 254 uniform bits, so C_0 hides it as a public key hides its secret.
///
/// - SeeAlso: P. Feldman, "A practical scheme for non-interactive verifiable secret sharing", FOCS 1987.
public struct SharingCommitments: Sendable, Hashable {
    package let points: [Point]

    /// Whether `share` is the participant's.
    package func isShare(_ share: Scalar, of participant: Int) -> Bool {
        let place = Scalar(UInt64(participant + 1))
        var powers = [Scalar.one]
        for _ in points.dropFirst() { powers.append(powers[powers.count - 1] * place) }
        // The share counts with minus one, so that one sum decides.
        return multiScalarMultiply(powers + [-share], points + [BN254G1.generator]).isInfinity
    }
}

extension SharingCommitments: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(list: points) { $0.encode(fixed: $1.encoded(as: .compressed)) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        points = try decoder.list("sharing", maximum: AggregationSession.maximumMembers) {
            (decoder) throws(MalformedEncoding) in try decoder.point("commitment to a coefficient")
        }
    }
}

/// Recovers what was shared from the shares of some participants.
package struct SecretRecovery {
    private let weights: [Scalar]

    /// - Parameter participants: those whose shares will be given, all different; at least t of them.
    package init(participants: [Int]) {
        let places = participants.map { Scalar(UInt64($0 + 1)) }
        // Lagrange's polynomials at 0: Π x_m/(x_m − x_k).
        var denominators = places.indices.map { index in
            places.indices.reduce(Scalar.one) {
                $1 == index ? $0 : $0 * (places[$1] - places[index])
            }
        }
        Scalar.invertAll(&denominators)
        weights = places.indices.map { index in
            places.indices.reduce(denominators[index]) { $1 == index ? $0 : $0 * places[$1] }
        }
    }

    /// The secret of shares in the order of the participants.
    package func secret(of shares: [Scalar]) -> Scalar {
        precondition(shares.count == weights.count)
        return zip(weights, shares).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
}

extension CanonicalDecoder {
    /// A compressed point of the group.
    package mutating func point(_ item: String) throws(MalformedEncoding) -> Point {
        let start = offset
        let bytes = try fixed(PointEncoding.compressed.byteCount(of: BN254G1.self), item)
        do { return try Point(decoding: bytes, as: .compressed) } catch {
            throw failure(item, "\(error)", at: start)
        }
    }

    /// A field element, big-endian and below the modulus.
    package mutating func scalar(_ item: String) throws(MalformedEncoding) -> Scalar {
        let start = offset
        let bytes = try fixed(Scalar.byteCount, item)
        do { return try Scalar(bigEndian: bytes) } catch { throw failure(item, "\(error)", at: start) }
    }

    /// The number of a participant.
    package mutating func member(_ item: String) throws(MalformedEncoding) -> Int {
        Int(try unsigned(item, as: UInt16.self))
    }
}
