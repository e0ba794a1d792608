import Foundation

/// Numbers as people read them, the same in every locale.
public enum Format {
    /// What is shown where there is no number.
    public static let missing = "–"

    /// `1,234,567`
    public static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return (value < 0 ? "−" : "") + grouped
    }

    /// A number with `digits` significant digits: `0.00123`, `1.23`, `1,230`; very large or small ones as `1.23e+20`.
    public static func number(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite else { return missing }
        if value == 0 { return "0" }
        let magnitude = abs(value)
        guard magnitude >= 1e-6, magnitude < 1e15 else { return String(format: "%.\(digits - 1)e", value) }
        return fixed(value, decimals: max(0, digits - 1 - exponent(of: value, digits: digits)))
    }

    /// A number with exactly `decimals` places: `1,234.50`.
    public static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return missing }
        let places = min(12, max(0, decimals))
        let text = String(format: "%.\(places)f", abs(value))
        let parts = text.split(separator: ".", maxSplits: 1)
        guard let whole = Int(parts[0]) else { return String(format: "%.3e", value) }
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        return (value < 0 && !isZero ? "−" : "") + count(whole) + (parts.count > 1 ? "." + parts[1] : "")
    }

    /// A fraction of one: `97.2 %`.
    public static func percent(_ fraction: Double, decimals: Int = 1) -> String {
        guard fraction.isFinite else { return missing }
        return fixed(fraction * 100, decimals: decimals) + " %"
    }

    /// Bytes in decimal units, three significant digits: `192 B`, `45.6 MB`.
    public static func bytes(_ count: Int) -> String {
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        guard count.magnitude >= 1000 else { return "\(Self.count(count)) B" }
        return scaled(Double(count), units.dropFirst(), base: 1e3)
    }

    /// A time in seconds, three significant digits below a minute: `12.3 µs`, `1.23 s`, `2 min 05 s`, `3 h 07 min`.
    public static func seconds(_ value: Double) -> String {
        guard value.isFinite else { return missing }
        if value == 0 { return "0 s" }
        if abs(value) < 59.95 {
            return scaled(value, ["ns", "µs", "ms", "s"], base: 1e-9)
        }
        guard abs(value) < 1e9 else { return number(value) + " s" }
        let whole = Int(value.magnitude.rounded())
        let sign = value < 0 ? "−" : ""
        if whole < 3600 { return sign + String(format: "%d min %02d s", whole / 60, whole % 60) }
        let minutes = (whole + 30) / 60
        return sign + String(format: "%d h %02d min", minutes / 60, minutes % 60)
    }

    public static func duration(_ duration: Duration) -> String { seconds(duration / .seconds(1)) }

    /// A ratio: `4.20×`.
    public static func factor(_ value: Double) -> String {
        value.isFinite ? number(value) + "×" : missing
    }

    /// The first digits of a hash: `3f9c2a81…`.
    public static func shortHash(_ hash: String, digits: Int = 8) -> String {
        hash.count <= digits + 1 ? hash : hash.prefix(digits) + "…"
    }

    /// `value` in the unit, of steps of a thousand from `base` on, in which it has one to three digits before the point.
    private static func scaled(_ value: Double, _ units: some Collection<String>, base: Double) -> String {
        var amount = value / base
        var rest = units.dropFirst(0)
        while rest.count > 1, abs(amount) >= 999.5, rest.popFirst() != nil { amount /= 1000 }
        return "\(number(amount)) \(rest.first ?? "")"
    }

    /// The decimal exponent of `value` once it is rounded to `digits` significant digits.
    private static func exponent(of value: Double, digits: Int) -> Int {
        let rounded = String(format: "%.\(max(0, digits - 1))e", abs(value))
        return rounded.split(separator: "e").last.flatMap { Int($0) } ?? 0
    }
}

/// What a number means, and so how it is written in tables and on axes.
public enum Quantity: String, Codable, Sendable {
    case number, count, bytes, seconds, percent, factor

    /// `value` in this quantity's own words; percentages are fractions of one.
    public func text(_ value: Double) -> String {
        switch self {
        case .number: Format.number(value)
        case .count: abs(value) < 1e15 ? Format.fixed(value, decimals: 0) : Format.number(value)
        case .bytes: abs(value) < 9e18 ? Format.bytes(Int(value.rounded())) : Format.missing
        case .seconds: Format.seconds(value)
        case .percent: Format.percent(value)
        case .factor: Format.factor(value)
        }
    }
}
