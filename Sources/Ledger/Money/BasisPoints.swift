/// Shares in ten-thousandths.
enum BasisPoints {
    static let whole: UInt16 = 10_000

    /// ⌊amount·points / 10,000⌋, exact.
    ///
    /// - Parameter points: 0 … 10,000.
    static func share(_ amount: UInt64, _ points: UInt16) -> UInt64 {
        let product = amount.multipliedFullWidth(by: UInt64(min(points, whole)))
        return UInt64(whole).dividingFullWidth(product).quotient
    }
}
