/// BN254 (also alt_bn128, bn256): the base field, modulus 36u⁴ + 36u³ + 24u² + 6u + 1 with u = 4965661367192848881.
///
/// - SeeAlso: EIP-196.
public enum BN254BaseFieldParameters: PrimeFieldParameters {
    @inlinable public static var modulus: Limbs4 {
        Limbs4(0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029)
    }
    @inlinable public static var negativeInverse: UInt64 { 0x87d2_0782_e486_6389 }
    @inlinable public static var montgomeryOne: Limbs4 {
        Limbs4(0xd35d_438d_c58f_0d9d, 0x0a78_eb28_f5c7_0b3d, 0x666e_a36f_7879_462c, 0x0e0a_77c1_9a07_df2f)
    }
    @inlinable public static var montgomeryRadixSquared: Limbs4 {
        Limbs4(0xf32c_fc5b_538a_fa89, 0xb5e7_1911_d445_01fb, 0x47ab_1eff_0a41_7ff6, 0x06d8_9f71_cab8_351f)
    }
    @inlinable public static var bitWidth: Int { 254 }
    @inlinable public static var multiplicativeGenerator: UInt64 { 3 }
    @inlinable public static var twoAdicity: Int { 1 }
    @inlinable public static var threeAdicity: Int { 2 }
}

/// BN254: the scalar field, modulus 36u⁴ + 36u³ + 18u² + 6u + 1; modulus − 1 is divisible by 2²⁸·9.
public enum BN254ScalarFieldParameters: PrimeFieldParameters {
    @inlinable public static var modulus: Limbs4 {
        Limbs4(0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029)
    }
    @inlinable public static var negativeInverse: UInt64 { 0xc2e1_f593_efff_ffff }
    @inlinable public static var montgomeryOne: Limbs4 {
        Limbs4(0xac96_341c_4fff_fffb, 0x36fc_7695_9f60_cd29, 0x666e_a36f_7879_462e, 0x0e0a_77c1_9a07_df2f)
    }
    @inlinable public static var montgomeryRadixSquared: Limbs4 {
        Limbs4(0x1bb8_e645_ae21_6da7, 0x53fe_3ab1_e35c_59e3, 0x8c49_833d_53bb_8085, 0x0216_d0b1_7f4e_44a5)
    }
    @inlinable public static var bitWidth: Int { 254 }
    @inlinable public static var multiplicativeGenerator: UInt64 { 5 }
    @inlinable public static var twoAdicity: Int { 28 }
    @inlinable public static var threeAdicity: Int { 2 }
}

public typealias BN254BaseField = MontgomeryField<BN254BaseFieldParameters>
public typealias BN254ScalarField = MontgomeryField<BN254ScalarFieldParameters>
