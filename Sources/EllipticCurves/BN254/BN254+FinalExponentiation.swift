import FieldArithmetic

extension BN254 {
    /// Windows of four bits need the fewest multiplications, powers for the table included.
    private static let uDigits = nonAdjacentForm(UInt128(u), width: 4)

    /// f^((p¹² − 1)/r · 2u(6u² + 3u + 1)): the easy part, then the hard part by three powers of u.
    ///
    /// The exponent is a multiple, prime to r, of (p¹² − 1)/r, and the one of libff and snarkjs.
    ///
    /// - SeeAlso: Fuentes-Castañeda, Knapp, Rodríguez-Henríquez, "Faster hashing to G2" (SAC 2011), section 5.
    static func portableFinalExponentiation(_ f: BN254Fp12) -> BN254Fp12 {
        guard let inverse = f.inverseVartime() else { return .zero }
        // (p⁶ − 1)(p² + 1): from here on all values are in the cyclotomic subgroup.
        let first = f.conjugate * inverse
        let m = first.frobenius(2) * first
        let mU = power(m)
        let m2U = mU.cyclotomicSquared()
        let m4U = m2U.cyclotomicSquared()
        let m6U = m4U * m2U
        let m6UU = power(m6U)
        let m12UUU = power(m6UU.cyclotomicSquared())
        // λ₂ = 6u + 6u² + 12u³, λ₁ = λ₂ − 2u, λ₀ = 1 + λ₂ + 6u², λ₃ = λ₁ − 1.
        let common = m12UUU * m6UU
        let lambda2 = common * m6U
        let lambda1 = common * m4U
        let lambda0 = lambda2 * m6UU * m
        let lambda3 = lambda1 * m.conjugate
        return lambda0 * lambda1.frobenius(1) * lambda2.frobenius(2) * lambda3.frobenius(3)
    }

    private static func power(_ f: BN254Fp12) -> BN254Fp12 { f.cyclotomicPower(windowedDigits: uDigits) }

    /// The same power by its exponent: the twin of `finalExponentiation`.
    public static func finalExponentiationReference(_ f: BN254Fp12) -> BN254Fp12 {
        let p = BigInteger(BN254BaseField.modulus)
        let p2 = p * p
        let p4 = p2 * p2
        let u = BigInteger(Limbs4(u))
        let multiple = (u + u) * (BigInteger(6) * u * u + BigInteger(3) * u + 1)
        let exponent =
            (p4 * p4 * p4 - 1).dividedRoundingDown(by: BigInteger(BN254ScalarField.modulus)) * multiple
        var result = BN254Fp12.one
        for character in exponent.description(radix: 2) {
            result = result.squared()
            if character == "1" { result *= f }
        }
        return result
    }
}
