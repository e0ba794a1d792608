import FieldArithmetic

/// A multiplicative subgroup {ω⁰, …, ω^(n−1)} of a prime field, on which polynomials of degree below n are
/// given by their values.
///
/// Sizes are 2^k, 3·2^k and 9·2^k: with three of them in each octave a circuit is padded by a seventh at most on
/// average, not by a half. The doubled domain must exist too, because its odd half is the coset on which a
/// quotient by the vanishing polynomial is taken.
public struct EvaluationDomain<F: PrimeField>: Sendable {
    /// The number of points n.
    public let size: Int
    /// ω = g^((r − 1)/n) with g the field's multiplicative generator. For n = 2^k these are the roots of snarkjs.
    public let root: F
    /// ω_2n = g^((r − 1)/2n): shiftⁿ = −1, so that the coset shift·ω^i is the odd half of the doubled domain.
    public let cosetShift: F

    let plan: TransformPlan<F>
    #if arch(x86_64)
        /// Only for the scalar field of BN254.
        let vectorSweeps: VectorSweeps?
    #endif

    /// The domain of exactly `size` points; `nil` if `size` is not 2^k, 3·2^k or 9·2^k or the field has no
    /// 2·`size`-th root of unity.
    public init?(size: Int) {
        guard size >= 1 else { return nil }
        let twos = size.trailingZeroBitCount
        let odd = size >> twos
        guard let threes = [1: 0, 3: 1, 9: 2][odd], twos < F.twoAdicity, threes <= F.threeAdicity else {
            return nil
        }
        self.size = size
        let order = BigInteger(F.modulus) - 1
        let exponent = order.dividedRoundingDown(by: BigInteger(2 * size)).limbs(as: F.Limbs.self)!
        cosetShift = F.multiplicativeGenerator.power(exponent)
        root = cosetShift.squared()
        plan = TransformPlan(twos: twos, threes: threes, root: root, cosetShift: cosetShift)
        #if arch(x86_64)
            vectorSweeps = (plan as? TransformPlan<BN254ScalarField>).flatMap(VectorSweeps.init(plan:))
        #endif
    }

    /// The smallest domain of at least `minimumSize` points; `nil` if the field has none that large.
    public init?(minimumSize: Int) {
        var best: Int?
        for threes in 0...min(2, F.threeAdicity) {
            var candidate = [1, 3, 9][threes]
            for _ in 0..<F.twoAdicity {
                if candidate >= minimumSize {
                    best = min(best ?? candidate, candidate)
                    break
                }
                guard candidate <= Int.max / 4 else { break }
                candidate *= 2
            }
        }
        guard let best else { return nil }
        self.init(size: best)
    }

    /// The vanishing polynomial Z(X) = Xⁿ − 1 at a point.
    public func vanishing(at point: F) -> F {
        point.power(UInt64(size)) - .one
    }

    /// Bytes of the tables that the transforms keep: about √n elements, a few times over.
    public var tableByteCount: Int {
        #if arch(x86_64)
            return plan.tableByteCount + (vectorSweeps?.tableByteCount ?? 0)
        #else
            return plan.tableByteCount
        #endif
    }
}
