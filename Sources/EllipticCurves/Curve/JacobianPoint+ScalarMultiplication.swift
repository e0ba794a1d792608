import FieldArithmetic

extension JacobianPoint {
    /// [scalar]P by the same sequence of field operations and memory accesses for every scalar.
    ///
    /// Windows of four bits from the top, complete formulas, table entries selected by masks.
    @specialized(where Curve == BN254G1)
    @specialized(where Curve == BN254G2)
    public static func * (point: Self, scalar: Curve.ScalarField) -> Self {
        let thriceB = Curve.b.doubled() + Curve.b
        let base = CompletePoint(point)
        var table = [CompletePoint<Curve>.zero]
        for index in 1..<16 { table.append(.add(table[index - 1], base, thriceB: thriceB)) }
        let limbs = scalar.canonical
        var result = CompletePoint<Curve>.zero
        for limb in stride(from: Curve.ScalarField.Limbs.count - 1, through: 0, by: -1) {
            for shift in stride(from: UInt64(60), through: 0, by: -4) {
                for _ in 0..<4 { result = result.doubled(thriceB: thriceB) }
                let digit = (limbs[limb] >> shift) & 15
                result = .add(result, select(digit, of: table), thriceB: thriceB)
            }
        }
        return result.jacobian
    }

    public static func * (scalar: Curve.ScalarField, point: Self) -> Self { point * scalar }

    /// The entry at a secret index: every entry is read, and masked.
    private static func select(_ index: UInt64, of table: [CompletePoint<Curve>]) -> CompletePoint<Curve> {
        var result = CompletePoint<Curve>.zero
        withUnsafeMutableBytes(of: &result) { target in
            table.withUnsafeBytes { source in
                let size = target.count
                for offset in stride(from: 0, to: size, by: 8) {
                    var word: UInt64 = 0
                    for entry in 0..<UInt64(table.count) {
                        let difference = entry ^ index
                        let mask = ((difference | (0 &- difference)) >> 63) &- 1
                        word |=
                            mask & source.load(fromByteOffset: Int(entry) * size + offset, as: UInt64.self)
                    }
                    target.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
                }
            }
        }
        return result
    }

    /// [scalar]P for public scalars, in signed windows of five bits.
    @specialized(where Curve == BN254G1)
    @specialized(where Curve == BN254G2)
    public func multipliedVartime(by scalar: Curve.ScalarField) -> Self {
        multipliedVartime(by: scalar.canonical)
    }

    /// [integer]P for a public integer, in signed windows of five bits.
    ///
    /// - SeeAlso: Hankerson, Menezes, Vanstone, "Guide to Elliptic Curve Cryptography", algorithm 3.36.
    @specialized(where Curve == BN254G1, Integer == Limbs4)
    @specialized(where Curve == BN254G2, Integer == Limbs4)
    public func multipliedVartime<Integer: FixedWidthLimbs>(by integer: Integer) -> Self {
        let twice = doubled()
        var oddMultiples = [self]
        for index in 1..<8 { oddMultiples.append(oddMultiples[index - 1] + twice) }
        var result = Self.zero
        for digit in integer.windowedDigitsVartime(width: 5).reversed() {
            result = result.doubled()
            if digit > 0 { result += oddMultiples[Int(digit) >> 1] }
            if digit < 0 { result -= oddMultiples[Int(-digit) >> 1] }
        }
        return result
    }

    /// [integer]P by doubling and adding: the twin that all faster multiplications are tested against.
    public func multipliedVartimeReference<Integer: FixedWidthLimbs>(by integer: Integer) -> Self {
        var result = Self.zero
        for index in stride(from: integer.bitWidthVartime - 1, through: 0, by: -1) {
            result = result.doubled()
            if integer.bit(index) { result += self }
        }
        return result
    }
}

extension FixedWidthLimbs {
    /// The width-w non-adjacent form, least significant digit first: digits are zero or odd and below 2^(w−1) in
    /// magnitude, at most one of any w in a row is not zero.
    ///
    /// - SeeAlso: Hankerson, Menezes, Vanstone, algorithm 3.35.
    func windowedDigitsVartime(width: Int) -> [Int8] {
        var digits: [Int8] = []
        digits.reserveCapacity(64 * Self.count + 1)
        var carry = 0
        var index = 0
        while index < bitWidthVartime || carry != 0 {
            guard (bit(index) ? 1 : 0) ^ carry == 1 else {
                digits.append(0)
                index += 1
                continue
            }
            var window = carry
            for offset in 0..<width where bit(index + offset) { window += 1 << offset }
            carry = window >> (width - 1)
            digits.append(Int8(window - (carry << width)))
            index += width
            for _ in 1..<width { digits.append(0) }
        }
        return digits
    }
}
