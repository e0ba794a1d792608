import FieldArithmetic

/// A vector of values of a circuit: linear combinations of wires with what is known about them.
///
/// Circuit code is written once and runs in two modes. While a circuit is recorded, a vector holds terms; while a
/// witness is made, it holds numbers. Adding, scaling and selecting costs no constraint. In `a + b` a vector of one
/// value stands for as many as the other has.
///
/// `interval` bounds every value as an integer; `nil` means a field element of which nothing is known. Intervals may
/// leave (−r/2, r/2) on the way: whatever uses a vector refuses it then.
public struct Values<F: PrimeField>: Sendable {
    enum Content: Sendable {
        case terms(Terms<F>)
        case numbers(Numbers<F>)
    }

    let content: Content
    public let interval: Interval?
    /// Whether every wire in it is public or committed: nothing in it can depend on a challenge.
    public let isFixed: Bool

    init(content: Content, interval: Interval?, isFixed: Bool) {
        self.content = content
        self.interval = interval
        self.isFixed = isFixed
    }

    public var count: Int {
        switch content {
        case .terms(let terms): return terms.count
        case .numbers(let numbers): return numbers.count
        }
    }

    // MARK: Known values, while a witness is made

    /// The values as machine integers.
    ///
    /// - Throws: while a circuit is recorded, or if one does not fit.
    public func integers() throws -> [Int] {
        guard let integers = try numbers().integers else {
            throw CircuitError.noWitness(region: "", what: "a value does not fit 64 bits")
        }
        return integers
    }

    /// The values.
    ///
    /// - Throws: while a circuit is recorded.
    public func numbers() throws -> Numbers<F> {
        guard case .numbers(let numbers) = content else {
            throw CircuitError.wrongPhase(
                region: "", what: "values are not known while a circuit is recorded")
        }
        return numbers
    }

    // MARK: Arithmetic

    public static func + (a: Values, b: Values) -> Values { combined(a, b, negated: false) }
    public static func - (a: Values, b: Values) -> Values { combined(a, b, negated: true) }

    private static func combined(_ a: Values, _ b: Values, negated: Bool) -> Values {
        precondition(a.count == b.count || a.count == 1 || b.count == 1, "vectors of different lengths")
        let content: Content
        switch (a.content, b.content) {
        case (.terms(let x), .terms(let y)): content = .terms(x.adding(y, negated: negated))
        case (.numbers(let x), .numbers(let y)): content = .numbers(.sum(x, y, negated: negated))
        default: preconditionFailure("values of a circuit and of a witness mixed")
        }
        var interval: Interval?
        if let x = a.interval, let y = b.interval { interval = negated ? x - y : x + y }
        return Values(content: content, interval: interval, isFixed: a.isFixed && b.isFixed)
    }

    /// The same constant added to each value.
    public static func + (a: Values, b: Int) -> Values { a + a.constant(.integers([b])) }
    public static func - (a: Values, b: Int) -> Values { a - a.constant(.integers([b])) }
    public static func - (a: Int, b: Values) -> Values { b.constant(.integers([a])) - b }

    public static func * (a: Values, factor: Int) -> Values {
        let content: Content
        switch a.content {
        case .terms(let terms): content = .terms(terms.scaled(by: F(factor)))
        case .numbers(let numbers): content = .numbers(.product(numbers, .integers([factor])))
        }
        return Values(
            content: content, interval: a.interval.map { $0 * Interval(factor) }, isFixed: a.isFixed)
    }

    /// Each value times a field element: nothing is known about the result's size.
    public static func * (a: Values, factor: F) -> Values {
        let content: Content
        switch a.content {
        case .terms(let terms): content = .terms(terms.scaled(by: factor))
        case .numbers(let numbers): content = .numbers(.product(numbers, .elements([factor])))
        }
        return Values(content: content, interval: nil, isFixed: a.isFixed)
    }

    /// Each value times the inverse of a positive integer in the field. Only a constraint can make it an integer.
    public func divided(by divisor: Int) -> Values {
        precondition(divisor > 0)
        let content: Content
        switch self.content {
        case .terms(let terms): content = .terms(terms.scaled(by: F(divisor).inverse() ?? .zero))
        case .numbers(let numbers): content = .numbers(numbers.divided(by: divisor))
        }
        return Values(content: content, interval: nil, isFixed: isFixed)
    }

    /// Constants in the mode of this vector.
    public func constant(_ values: Numbers<F>) -> Values {
        var interval: Interval?
        if case .integers(let integers) = values, let low = integers.min(), let high = integers.max() {
            interval = Interval(low...high)
        }
        let content: Content
        switch self.content {
        case .terms: content = .terms(Terms(constants: values.elements))
        case .numbers: content = .numbers(values)
        }
        return Values(content: content, interval: interval, isFixed: true)
    }

    // MARK: Selection

    public subscript(range: Range<Int>) -> Values {
        switch content {
        case .terms(let terms): return with(.terms(terms.sliced(range)))
        case .numbers(let numbers): return with(.numbers(numbers.sliced(range)))
        }
    }

    public subscript(index: Int) -> Values { self[index..<index + 1] }

    /// The values with the given numbers, in that order.
    public func gathered(_ indices: [Int]) -> Values {
        switch content {
        case .terms(let terms): return with(.terms(terms.gathered(indices)))
        case .numbers(let numbers): return with(.numbers(numbers.gathered(indices)))
        }
    }

    /// The sums of each `size` successive values.
    public func groupSums(size: Int) -> Values {
        precondition(size > 0 && count % size == 0, "groups of different lengths")
        let interval = interval?.summed(count: size)
        switch content {
        case .terms(let terms):
            return Values(content: .terms(terms.groupSums(size: size)), interval: interval, isFixed: isFixed)
        case .numbers(let numbers):
            return Values(
                content: .numbers(numbers.groupSums(size: size)), interval: interval, isFixed: isFixed)
        }
    }

    /// The sum of all values.
    public func sum() -> Values { groupSums(size: count) }

    /// The values of all parts (at least one), one after the other.
    public static func concatenated(_ parts: [Values]) -> Values {
        let isFixed = parts.allSatisfy(\.isFixed)
        var interval = parts[0].interval
        for part in parts.dropFirst() {
            interval = interval.flatMap { known in part.interval.map { known.union($0) } }
        }
        switch parts[0].content {
        case .terms:
            let terms = parts.map { part -> Terms<F> in
                guard case .terms(let terms) = part.content else { preconditionFailure("modes mixed") }
                return terms
            }
            return Values(content: .terms(.concatenated(terms)), interval: interval, isFixed: isFixed)
        case .numbers:
            let numbers = parts.map { part -> Numbers<F> in
                guard case .numbers(let numbers) = part.content else { preconditionFailure("modes mixed") }
                return numbers
            }
            return Values(content: .numbers(.concatenated(numbers)), interval: interval, isFixed: isFixed)
        }
    }

    private func with(_ content: Content) -> Values {
        Values(content: content, interval: interval, isFixed: isFixed)
    }

    /// The same values with the terms of each wire merged: keeps linear combinations short that are combined again
    /// and again.
    public func simplified() -> Values {
        guard case .terms(let terms) = content else { return self }
        return with(.terms(terms.merged()))
    }

    /// The same values with an interval that the caller's constraints enforce; what was known before still holds.
    public func bounded(by interval: Interval) -> Values {
        Values(
            content: content, interval: self.interval.map { $0.intersection(interval) } ?? interval,
            isFixed: isFixed)
    }
}
