import FieldArithmetic
import Parallelism

/// Two groups of prime order r with a bilinear map e: G1 × G2 → GT.
public protocol PairingCurve: Sendable {
    associatedtype G1: ShortWeierstrassCurve
    associatedtype G2: ShortWeierstrassCurve where G1.ScalarField == G2.ScalarField
    typealias ScalarField = G1.ScalarField
    /// The field whose multiplicative group holds the image.
    associatedtype GT: Field
    /// The lines of the Miller loop of one point of G2.
    associatedtype PreparedG2: Sendable

    /// The lines of a point of G2, worth keeping for a fixed point.
    static func prepare(_ q: AffinePoint<G2>) -> PreparedG2

    /// The product of the Miller functions of all pairs, to be followed by `finalExponentiation`.
    ///
    /// The squarings are shared. A pair with a point at infinity contributes 1. Points must be in their groups.
    static func millerLoop(_ pairs: [(AffinePoint<G1>, PreparedG2)]) -> GT

    /// The map from Miller values to the subgroup of order r.
    static func finalExponentiation(_ f: GT) -> GT

    /// The name in files and messages.
    static var name: String { get }
}

extension PairingCurve {
    /// e(p, q). Points must be in their groups.
    public static func pairing(_ p: AffinePoint<G1>, _ q: AffinePoint<G2>) -> GT {
        finalExponentiation(millerLoop([(p, prepare(q))]))
    }

    /// The product of the Miller functions of many pairs, on all threads; see `millerLoop`.
    public static func parallelMillerLoop(
        _ pairs: [(AffinePoint<G1>, AffinePoint<G2>)], prepared: [(AffinePoint<G1>, PreparedG2)] = []
    ) -> GT {
        // Every group has squarings of its own, and lines that need memory of their own. Eight pairs are as many as a
        // kernel takes at once.
        let share = (pairs.count + Parallelism.threadCount - 1) / Parallelism.threadCount
        let size = max(8, min(128, (share + 7) / 8 * 8))
        let groups = parallelMap(max(1, (pairs.count + size - 1) / size)) { group in
            let range = group * size..<min(pairs.count, (group + 1) * size)
            let own = pairs[range].map { ($0.0, prepare($0.1)) }
            return millerLoop(group == 0 ? prepared + own : own)
        }
        return groups.dropFirst().reduce(groups[0], *)
    }

    /// Whether Π e(pᵢ, qᵢ) = 1. Points must be in their groups.
    public static func isPairingProductOne(_ pairs: [(AffinePoint<G1>, AffinePoint<G2>)]) -> Bool {
        isPairingProductOne(prepared: pairs.map { ($0.0, prepare($0.1)) })
    }

    /// Whether Π e(pᵢ, qᵢ) = 1, for prepared points of G2. Points must be in their groups.
    public static func isPairingProductOne(prepared pairs: [(AffinePoint<G1>, PreparedG2)]) -> Bool {
        finalExponentiation(millerLoop(pairs)) == .one
    }
}
