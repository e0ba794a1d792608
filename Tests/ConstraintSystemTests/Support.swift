import ConstraintSystem
import FieldArithmetic
import TestSupport

typealias Fr = BN254ScalarField

/// Integers modulo 101: small enough to try the ends of (−r/2, r/2).
enum F101Parameters: PrimeFieldParameters {
    static var modulus: Limbs4 { Limbs4(101) }
    static var negativeInverse: UInt64 { 0xc5b3_f5dc_83cd_4e93 }
    static var montgomeryOne: Limbs4 { Limbs4(37) }
    static var montgomeryRadixSquared: Limbs4 { Limbs4(56) }
    static var bitWidth: Int { 7 }
    static var multiplicativeGenerator: UInt64 { 2 }
    static var twoAdicity: Int { 2 }
    static var threeAdicity: Int { 0 }
}

typealias F101 = MontgomeryField<F101Parameters>
