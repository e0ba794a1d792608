import Foundation

/// How the numbers along one side of a chart are written and spread.
public struct Axis: Sendable {
    public enum Scale: String, Codable, Sendable {
        case linear
        /// Equal steps for equal ratios; values that are not positive are left out.
        case logarithmic
        /// Logarithmic, with ticks at powers of two.
        case binary
    }

    /// What is measured; the unit is written at the ticks.
    public var label: String
    public var quantity: Quantity
    public var scale: Scale
    /// Begin at zero, on a linear scale.
    public var includesZero: Bool

    public init(
        _ label: String, _ quantity: Quantity = .number, scale: Scale = .linear, includesZero: Bool = false
    ) {
        self.label = label
        self.quantity = quantity
        self.scale = scale
        self.includesZero = includesZero
    }

    /// Whether the value has a place on the scale.
    func shows(_ value: Double) -> Bool {
        value.isFinite && abs(value) < 1e100 && (scale == .linear || value > 1e-100)
    }
}

/// An axis laid over pixels: where values are, and which ticks to draw.
struct AxisLayout {
    let axis: Axis
    let ticks: [(value: Double, label: String)]
    private let lower: Double
    private let upper: Double
    private let pixels: (from: Double, to: Double)

    /// - Parameters:
    ///   - values: all that will be shown; those without a place on the scale do not count.
    ///   - margin: share of the span to leave empty on both sides; 0 extends to whole ticks instead.
    ///   - pixels: where the axis begins and ends.
    ///   - spacing: pixels that a tick with its label needs.
    init(
        _ axis: Axis, values: [Double], margin: Double = 0, pixels: (from: Double, to: Double),
        spacing: Double
    ) {
        self.axis = axis
        self.pixels = pixels
        let shown = values.filter(axis.shows)
        let target = max(2, Int(abs(pixels.to - pixels.from) / spacing))
        let places: [Double]
        if axis.scale == .linear {
            (lower, upper, places) = Self.linear(axis, shown, margin: margin, target: target)
        } else {
            (lower, upper, places) = Self.logarithmic(axis, shown, margin: margin, target: target)
        }
        let labels = tickLabels(places, axis)
        ticks = zip(places, labels).map { (value: $0, label: $1) }
    }

    /// The pixel of a value, if it has a place.
    func position(_ value: Double) -> Double? {
        guard axis.shows(value) else { return nil }
        let (low, high, at) =
            axis.scale == .linear ? (lower, upper, value) : (log10(lower), log10(upper), log10(value))
        return pixels.from + (at - low) / (high - low) * (pixels.to - pixels.from)
    }

    private static func linear(
        _ axis: Axis, _ values: [Double], margin: Double, target: Int
    ) -> (Double, Double, [Double]) {
        var low = values.min() ?? 0
        var high = values.max() ?? 1
        if axis.includesZero { (low, high) = (min(0, low), max(0, high)) }
        if high - low <= 1e-9 * max(abs(low), abs(high)) {
            // One value only: some room around it, with zero at the edge where it can be.
            let room = low == 0 ? 1 : abs(low) * (axis.includesZero ? 1 : 0.5)
            (low, high) = axis.quantity == .count ? (low - 1, high + 1) : (low - room, high + room)
            if axis.includesZero && values.allSatisfy({ $0 >= 0 }) { low = 0 }
        }
        let isWhole = axis.quantity == .count
        let step = max(niceStep((high - low) / Double(target)), isWhole ? 1 : 0)
        if margin == 0 {
            low = (low / step + 1e-9).rounded(.down) * step
            high = (high / step - 1e-9).rounded(.up) * step
        } else {
            let room = (high - low) * margin
            (low, high) = (low - room, high + room)
        }
        let first = (low / step - 1e-9).rounded(.up)
        let count = min(64, max(0, Int((high / step + 1e-9).rounded(.down) - first) + 1))
        return (low, high, (0..<count).map { (first + Double($0)) * step })
    }

    private static func logarithmic(
        _ axis: Axis, _ values: [Double], margin: Double, target: Int
    ) -> (Double, Double, [Double]) {
        let base: Double = axis.scale == .binary ? 2 : 10
        var low = log(values.min() ?? 1) / log(base)
        var high = log(values.max() ?? base) / log(base)
        if high - low < 0.2 { (low, high) = (low - 0.5, high + 0.5) }
        let room = (high - low) * max(margin, 0.04)
        (low, high) = (low - room, high + room)
        var exponents = (Int(low.rounded(.up))...max(Int(low.rounded(.up)), Int(high.rounded(.down)))).map(
            Double.init)
        exponents.removeAll { $0 > high }
        if exponents.count > target {
            let stride = (exponents.count + target - 1) / target
            exponents = exponents.filter { Int($0).isMultiple(of: stride) }
        }
        var places = exponents.map { pow(base, $0) }
        if axis.scale == .logarithmic && exponents.count * 3 <= target + 2 {
            let decades = Int(low.rounded(.down))...Int(high.rounded(.up))
            places = decades.flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }
                .filter { (low...high).contains(log10($0)) }
        }
        return (pow(base, low), pow(base, high), places)
    }

    /// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `raw`.
    private static func niceStep(_ raw: Double) -> Double {
        guard raw > 0, raw.isFinite else { return 1 }
        let power = pow(10, log10(raw).rounded(.down))
        let factor = [1, 2, 2.5, 5].first { $0 * power >= raw * 0.999_999 } ?? 10
        return factor * power
    }
}

/// What is written at the ticks: one unit and one number of decimals along a linear axis.
private func tickLabels(_ places: [Double], _ axis: Axis) -> [String] {
    if axis.scale == .binary { return places.map { binaryLabel($0, axis.quantity) } }
    if axis.scale == .logarithmic { return places.map { logarithmicLabel($0, axis.quantity) } }
    let largest = places.map(abs).max() ?? 0
    let (unit, suffix) = linearUnit(axis.quantity, largest: largest)
    let step = places.count > 1 ? (places[1] - places[0]) / unit : max(1, largest / unit)
    let decimals = (0...6).first {
        abs((step * pow(10, Double($0))).rounded() / pow(10, Double($0)) - step) < step * 1e-3
    }
    return places.map { place in
        if place == 0 { return axis.quantity == .number || axis.quantity == .count ? "0" : "0" + suffix }
        return Format.fixed(place / unit, decimals: decimals ?? 6) + suffix
    }
}

/// The unit of a linear axis whose largest tick is `largest`.
private func linearUnit(_ quantity: Quantity, largest: Double) -> (Double, String) {
    switch quantity {
    case .percent: return (0.01, " %")
    case .factor: return (1, "×")
    case .number, .count:
        if largest >= 1e9 { return (1e9, "G") }
        return largest >= 1e6 ? (1e6, "M") : largest >= 100_000 ? (1e3, "k") : (1, "")
    case .bytes:
        let units = [(1e12, " TB"), (1e9, " GB"), (1e6, " MB"), (1e3, " kB")]
        return units.first { largest >= $0.0 } ?? (1, " B")
    case .seconds:
        let units = [(3600, " h"), (120, " min"), (1, " s"), (1e-3, " ms"), (1e-6, " µs")]
        let unit = units.first { largest >= $0.0 } ?? (1e-9, " ns")
        return unit.0 == 120 ? (60, unit.1) : unit
    }
}

private func logarithmicLabel(_ value: Double, _ quantity: Quantity) -> String {
    let (unit, suffix) = linearUnit(quantity, largest: value * 1.000_001)
    let amount = value / unit
    return Format.fixed(amount, decimals: amount >= 0.999 ? 0 : min(6, Int((-log10(amount)).rounded(.up))))
        + suffix
}

/// Powers of two as powers, such as 2¹⁶; as plain numbers below 2¹⁰.
private func binaryLabel(_ value: Double, _ quantity: Quantity) -> String {
    guard quantity == .count || quantity == .number, value >= 1024 else {
        return logarithmicLabel(value, quantity)
    }
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return "2"
        + String(String(Int(log2(value).rounded())).compactMap { $0.wholeNumberValue.map { digits[$0] } })
}
