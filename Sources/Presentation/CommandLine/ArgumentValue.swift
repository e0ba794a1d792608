/// A type that an argument can have.
///
/// An enumeration of strings conforms by declaring it, `enum Mode: String, CaseIterable, ArgumentValue`: its cases are
/// the choices, in messages and in `--help` too.
public protocol ArgumentValue {
    /// Reads the value from the command line.
    ///
    /// - Throws: `UsageError` that says what is expected, such as "expects a whole number, not 'x'".
    static func parse(_ text: String) throws -> Self

    /// What stands for the value in `--help`: `n`, `file`.
    static var valueName: String { get }

    /// The value as one would type it.
    var argumentText: String { get }
}

extension String: ArgumentValue {
    public static func parse(_ text: String) throws -> String { text }
    public static var valueName: String { "text" }
    public var argumentText: String { self }
}

extension Int: ArgumentValue {
    public static func parse(_ text: String) throws -> Int {
        guard let value = Int(text) else { throw UsageError("expects a whole number, not '\(text)'") }
        return value
    }

    public static var valueName: String { "n" }
    public var argumentText: String { String(self) }
}

extension UInt64: ArgumentValue {
    public static func parse(_ text: String) throws -> UInt64 {
        guard let value = UInt64(text) else {
            throw UsageError("expects a whole number that is not negative, not '\(text)'")
        }
        return value
    }

    public static var valueName: String { "n" }
    public var argumentText: String { String(self) }
}

extension Double: ArgumentValue {
    public static func parse(_ text: String) throws -> Double {
        guard let value = Double(text), value.isFinite else {
            throw UsageError("expects a number, not '\(text)'")
        }
        return value
    }

    public static var valueName: String { "x" }
    public var argumentText: String { "\(self)" }
}

extension ArgumentValue where Self: CaseIterable & RawRepresentable, RawValue == String {
    public static func parse(_ text: String) throws -> Self {
        if let value = Self(rawValue: text) { return value }
        let choices = allCases.map(\.rawValue)
        throw UsageError(
            "expects \(choices.joined(separator: ", ")), not '\(text)'",
            suggestion: nearest(to: text, among: choices))
    }

    public static var valueName: String { allCases.map(\.rawValue).joined(separator: "|") }
    public var argumentText: String { rawValue }
}

/// A condition on one argument, checked as it is read and shown in `--help`.
public struct ArgumentCheck<Value> {
    /// Completes "expects …".
    public var expectation: String
    public var isMet: (Value) -> Bool

    public init(_ expectation: String, _ isMet: @escaping (Value) -> Bool) {
        self.expectation = expectation
        self.isMet = isMet
    }
}

extension ArgumentCheck where Value: Comparable & ArgumentValue {
    public static func `in`(_ range: ClosedRange<Value>) -> Self {
        Self("\(range.lowerBound.argumentText) to \(range.upperBound.argumentText)") { range.contains($0) }
    }

    public static func atLeast(_ minimum: Value) -> Self {
        Self("at least \(minimum.argumentText)") { $0 >= minimum }
    }
}
