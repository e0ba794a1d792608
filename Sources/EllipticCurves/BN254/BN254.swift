import FieldArithmetic

/// BN254 (alt_bn128): the curve of the Ethereum precompiles, of circom and of snarkjs.
///
/// y² = x³ + 3 over Fp, embedding degree 12, Barreto–Naehrig parameter u = 4965661367192848881. Its strength is about
/// 100 bits (Kim–Barbulescu).
///
/// - SeeAlso: Barreto, Naehrig, "Pairing-friendly elliptic curves of prime order" (eprint 2005/133); EIP-197.
public enum BN254: PairingCurve {
    public typealias G1 = BN254G1
    public typealias G2 = BN254G2
    public typealias GT = Fp12<BN254Tower>
    public typealias PreparedG2 = PreparedLines<BN254Pairing>

    public static var name: String { "BN254" }
    /// The parameter u of the family.
    public static var u: UInt64 { 4_965_661_367_192_848_881 }

    public static func prepare(_ q: AffinePoint<BN254G2>) -> PreparedLines<BN254Pairing> {
        prepare(q, kernel: .current)
    }

    public static func millerLoop(_ pairs: [(AffinePoint<BN254G1>, PreparedLines<BN254Pairing>)]) -> GT {
        millerLoop(pairs, kernel: .current)
    }

    public static func finalExponentiation(_ f: GT) -> GT { finalExponentiation(f, kernel: .current) }

    /// The vector kernel makes the lines on its way, for all points at once.
    package static func prepare(_ q: AffinePoint<BN254G2>, kernel: Kernel) -> PreparedLines<BN254Pairing> {
        kernel == .vector ? PreparedLines(point: q) : OptimalAteLoop<BN254Pairing>.prepare(q)
    }

    /// Miller values of the two kernels differ by factors that the final exponentiation removes.
    package static func millerLoop(
        _ pairs: [(AffinePoint<BN254G1>, PreparedLines<BN254Pairing>)], kernel: Kernel
    ) -> GT {
        #if arch(x86_64)
            if kernel == .vector { return VectorPairing.millerLoop(pairs) }
        #endif
        return OptimalAteLoop<BN254Pairing>.evaluate(pairs)
    }

    package static func finalExponentiation(_ f: GT, kernel: Kernel) -> GT {
        #if arch(x86_64)
            if kernel == .vector { return VectorPairing.finalExponentiation(f) }
        #endif
        return portableFinalExponentiation(f)
    }
}

public typealias BN254Fp2 = Fp2<BN254BaseField>
public typealias BN254Fp6 = Fp6<BN254Tower>
public typealias BN254Fp12 = Fp12<BN254Tower>

/// ξ = 9 + u.
public enum BN254Tower: TowerParameters {
    public typealias Base = BN254BaseField

    public static var nonResidue: BN254Fp2 { Fp2(Base(9), .one) }

    /// (a + b·u)(9 + u) = (9a − b) + (9b + a)·u.
    @inlinable @inline(__always)
    public static func multiplyByNonResidue(_ a: BN254Fp2) -> BN254Fp2 {
        Fp2(Base.nineTimes(a.c0, minus: a.c1), Base.nineTimes(a.c1, plus: a.c0))
    }

    public static let frobenius = FrobeniusCoefficients<BN254Tower>()
}

public enum BN254Pairing: TwistedPairingParameters {
    public typealias Tower = BN254Tower
    public typealias G1 = BN254G1
    public typealias G2 = BN254G2

    /// 6u + 2.
    public static let loopDigits = nonAdjacentForm(6 * UInt128(BN254.u) + 2)
}

/// The points of y² = x³ + 3 over Fp: a group of prime order.
public enum BN254G1: ShortWeierstrassCurve {
    public typealias BaseField = BN254BaseField
    public typealias ScalarField = BN254ScalarField

    public static var name: String { "BN254 G1" }
    public static let b = BN254BaseField(3)
    public static let generator = AffinePoint<BN254G1>(x: .one, y: BN254BaseField(2))

    /// Always true: the whole curve has order r.
    public static func isInSubgroup(_ point: AffinePoint<BN254G1>) -> Bool { true }
}

/// The subgroup of order r of the twist y² = x³ + 3/ξ over Fp2, whose order is r·(2p − r).
public enum BN254G2: ShortWeierstrassCurve {
    public typealias BaseField = BN254Fp2
    public typealias ScalarField = BN254ScalarField

    public static var name: String { "BN254 G2" }
    public static let b = BN254Tower.nonResidue.inverse()! * BN254BaseField(3)

    /// The generator of EIP-197.
    public static let generator = AffinePoint<BN254G2>(
        x: Fp2(
            constant(
                0x46de_bd5c_d992_f6ed, 0x6743_22d4_f75e_dadd, 0x426a_0066_5e5c_4479, 0x1800_deef_121f_1e76),
            constant(
                0x97e4_85b7_aef3_12c2, 0xf1aa_4933_35a9_e712, 0x7260_bfb7_31fb_5d25, 0x198e_9393_920d_483a)),
        y: Fp2(
            constant(
                0x4ce6_cc01_66fa_7daa, 0xe3d1_e769_0c43_d37b, 0x4aab_7180_8dcb_408f, 0x12c8_5ea5_db8c_6deb),
            constant(
                0x55ac_dadc_d122_975b, 0xbc4b_3133_70b3_8ef3, 0xec9e_99ad_690c_3395, 0x0906_89d0_585f_f075)))

    /// Whether [u+1]Q + ψ([u]Q) + ψ²([u]Q) = ψ³([2u]Q): one multiplication by the 63-bit u.
    ///
    /// - SeeAlso: Dai, Lin, Zhao, Zhou, "Fast subgroup membership testings for G1, G2 and GT on pairing-friendly curves"
    ///   (eprint 2022/348), section 4.2.
    public static func isInSubgroup(_ point: AffinePoint<BN254G2>) -> Bool {
        typealias Twist = TwistEndomorphism<BN254Pairing>
        if point.isInfinity { return true }
        let base = JacobianPoint(point)
        let multiple = base.multipliedVartime(by: Limbs4(BN254.u))
        let image = Twist.apply(multiple)
        let secondImage = Twist.apply(image)
        let thirdImage = Twist.apply(secondImage)
        return multiple + base + image + secondImage == thirdImage.doubled()
    }

    private static func constant(_ l0: UInt64, _ l1: UInt64, _ l2: UInt64, _ l3: UInt64) -> BN254BaseField {
        BN254BaseField(canonical: Limbs4(l0, l1, l2, l3))!
    }
}
