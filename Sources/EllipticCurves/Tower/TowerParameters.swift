import FieldArithmetic

/// A page of constants that makes the tower Fp2 ⊂ Fp6 = Fp2[v]/(v³ − ξ) ⊂ Fp12 = Fp6[w]/(w² − v).
public protocol TowerParameters: Sendable {
    associatedtype Base: PrimeField & CoordinateField

    /// ξ, neither a square nor a cube in Fp2.
    static var nonResidue: Fp2<Base> { get }
    /// a·ξ by additions.
    static func multiplyByNonResidue(_ a: Fp2<Base>) -> Fp2<Base>
    /// Derived from ξ by `FrobeniusCoefficients.init()`, computed once.
    static var frobenius: FrobeniusCoefficients<Self> { get }
}

/// γₙₖ = ξ^(k(pⁿ − 1)/6) for n = 1, 2, 3 and k = 0…5: (wᵏ)^(pⁿ) = γₙₖ·wᵏ.
public struct FrobeniusCoefficients<Tower: TowerParameters>: Sendable {
    @usableFromInline let powers: [[Fp2<Tower.Base>]]

    public init() {
        let p = BigInteger(Tower.Base.modulus)
        // p ≡ 1 mod 6, as ξ has no cube root.
        let exponent = (p - 1).dividedRoundingDown(by: BigInteger(6))
        let first = Tower.nonResidue.power(exponent.limbs(as: Tower.Base.Limbs.self)!)
        var rows = [Self.powers(of: first)]
        // γₙ₊₁ = γₙᵖ·γ₁.
        while rows.count < 3 { rows.append(Self.powers(of: rows[rows.count - 1][1].conjugate * first)) }
        powers = rows
    }

    private static func powers(of base: Fp2<Tower.Base>) -> [Fp2<Tower.Base>] {
        (0..<6).map { base.power(UInt64($0)) }
    }

    /// γₙₖ.
    @inlinable
    public subscript(n: Int, k: Int) -> Fp2<Tower.Base> { powers[n - 1][k] }
}
