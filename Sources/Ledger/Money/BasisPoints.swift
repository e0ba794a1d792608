/// Shares in ten-thousandths.
package enum BasisPoints {
    package static let whole: UInt16 = 10_000

    /// ⌊amount·points / 10,000⌋, exact.
    ///
    /// - Parameter points: 0 … 10,000.
    package static func share(_ amount: UInt64, _ points: UInt16) -> UInt64 {
        let product = amount.multipliedFullWidth(by: UInt64(min(points, whole)))
        return UInt64(whole).dividingFullWidth(product).quotient
    }

    /// Whether amount·10,000 ≥ whole·points, exact.
    package static func reaches(_ amount: UInt64, _ points: UInt16, of baseline: UInt64) -> Bool {
        let left = amount.multipliedFullWidth(by: UInt64(whole))
        let right = baseline.multipliedFullWidth(by: UInt64(points))
        return (left.high, left.low) >= (right.high, right.low)
    }
}
