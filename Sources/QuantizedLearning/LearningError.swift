/// What can go wrong with data, specifications and models that come from outside.
public enum LearningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file that cannot be used: its name, the place inside it (line or offset) and the reason.
    case file(name: String, position: String?, reason: String)
    /// A model specification that describes no computation: the field and the reason.
    case spec(field: String, reason: String)
    /// Samples that do not fit the request or the model.
    case dataset(reason: String)
    /// Weights that do not fit the specification.
    case model(reason: String)
    /// A value that left the range that circuits check.
    case outOfRange(RangeViolation)

    public var description: String {
        switch self {
        case .file(let name, let position, let reason):
            return position.map { "\(name), \($0): \(reason)" } ?? "\(name): \(reason)"
        case .spec(let field, let reason): return "model specification, \(field): \(reason)"
        case .dataset(let reason): return "data set: \(reason)"
        case .model(let reason): return "model: \(reason)"
        case .outOfRange(let violation): return violation.description
        }
    }
}

/// One value outside the range that the specification allows for it.
///
/// Nothing is clamped: a clamp would have to be proven for each value, and it would hide that the model has left the
/// integers in which training is meant to happen.
public struct RangeViolation: Equatable, Sendable, CustomStringConvertible {
    /// Which of the computation's values it is.
    public enum Quantity: String, Sendable {
        case activation = "rescaled pre-activation"
        case logit = "rescaled logit"
        case gradient = "gradient"
        case update = "weight update"
        case weight = "weight"
    }

    public let quantity: Quantity
    /// Layer, counted from 0 at the input.
    public let layer: Int
    /// Row and column: sample and unit of an activation or gradient, input and output of a weight.
    public let row: Int
    public let column: Int
    public let value: Int64
    public let range: ClosedRange<Int64>

    public var description: String {
        let place =
            switch quantity {
            case .activation, .logit, .gradient: "sample \(row), unit \(column)"
            case .update, .weight: "input \(row), output \(column)"
            }
        return "\(quantity.rawValue) of layer \(layer) (\(place)) is \(value), outside "
            + "\(range.lowerBound)...\(range.upperBound): use more bits, fewer fraction bits or a lower learning rate"
    }
}

extension RangeViolation {
    /// Returns the value, or throws where it lies outside the range.
    @inline(__always)
    static func check(
        _ value: Int64, in range: ClosedRange<Int64>, _ quantity: Quantity, layer: Int, row: Int, column: Int
    ) throws(LearningError) -> Int64 {
        if range.contains(value) { return value }
        throw .outOfRange(
            RangeViolation(
                quantity: quantity, layer: layer, row: row, column: column, value: value, range: range))
    }
}
