extension MontgomeryField {
    /// A square root, `nil` for a non-residue. Time depends on the value.
    ///
    /// With modulus ≡ 3 mod 4 it is one exponentiation; other moduli use Tonelli–Shanks.
    @specialized(where Parameters == BN254BaseFieldParameters)
    public func squareRootVartime() -> Self? {
        guard Parameters.modulus[0] & 3 == 3 else { return squareRootByTonelliShanksVartime() }
        // (modulus + 1)/4 = ⌊modulus/4⌋ + 1, whose addition does not carry past the first limb.
        let count = Limbs.count
        var exponent = Limbs.zero
        for index in 0..<count {
            let above = index + 1 < count ? Parameters.modulus[index + 1] : 0
            exponent[index] = Parameters.modulus[index] >> 2 | above << 62
        }
        exponent[0] += 1
        let root = windowedPower(exponent)
        return root.squared() == self ? root : nil
    }

    /// self to the power of a public exponent, in windows of four bits.
    @inlinable
    func windowedPower(_ exponent: Limbs) -> Self {
        withUnsafeTemporaryAllocation(of: Self.self, capacity: 16) { table in
            table.initializeElement(at: 0, to: .one)
            for index in 1..<16 { table.initializeElement(at: index, to: table[index - 1] * self) }
            var result = Self.one
            for limb in stride(from: Limbs.count - 1, through: 0, by: -1) {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    result = result.squared().squared().squared().squared()
                    let digit = Int(truncatingIfNeeded: exponent[limb] >> shift & 15)
                    if digit != 0 { result *= table[digit] }
                }
            }
            return result
        }
    }
}
