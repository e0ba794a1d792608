import FieldArithmetic
import Parallelism

/// A vector of known values: machine integers as long as they all fit, field elements otherwise.
public enum Numbers<F: PrimeField>: Sendable, Equatable {
    case integers([Int])
    case elements([F])

    public var count: Int {
        switch self {
        case .integers(let values): return values.count
        case .elements(let values): return values.count
        }
    }

    /// The values as field elements.
    public var elements: [F] {
        switch self {
        case .integers(let values): return Self.elements(values)
        case .elements(let values): return values
        }
    }

    /// The values in (−r/2, r/2) as machine integers, `nil` if one does not fit.
    public var integers: [Int]? {
        switch self {
        case .integers(let values): return values
        case .elements(let values):
            var result: [Int] = []
            result.reserveCapacity(values.count)
            for value in values {
                guard let small = value.smallSignedVartime else { return nil }
                result.append(Int(small))
            }
            return result
        }
    }

    @specialized(where F == BN254ScalarField)
    static func elements(_ integers: [Int]) -> [F] {
        made(integers.count) { F(integers[$0]) }
    }

    /// `count` values, made on several threads if they are many.
    ///
    /// - Parameters:
    ///   - cost: how much a value costs, in multiplications.
    @inline(__always)
    private static func made<Element>(
        _ count: Int, cost: Int = 1, _ value: (Int) -> Element
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            let target = UncheckedSendable(buffer)
            parallelRanges(count, minimum: max(1, (1 << 12) / cost)) { range in
                for index in range { target.value.initializeElement(at: index, to: value(index)) }
            }
            initialized = count
        }
    }

    /// The values in a range as field elements, into memory that is not initialized.
    @specialized(where F == BN254ScalarField)
    func write(_ range: Range<Int>, to target: UnsafeMutablePointer<F>) {
        switch self {
        case .integers(let values):
            for index in range {
                (target + (index - range.lowerBound)).initialize(to: F(values[index]))
            }
        case .elements(let values):
            values.withUnsafeBufferPointer { values in
                guard let base = values.baseAddress else { return }
                target.initialize(from: base + range.lowerBound, count: range.count)
            }
        }
    }

    // MARK: Arithmetic, element by element; a single element stands for as many as the other side has.

    /// a + b or a − b.
    static func sum(_ a: Numbers, _ b: Numbers, negated: Bool) -> Numbers {
        if case .integers(let x) = a, case .integers(let y) = b {
            let sum =
                negated
                ? exactly(x, y) { $0.subtractingReportingOverflow($1) }
                : exactly(x, y) { $0.addingReportingOverflow($1) }
            if let sum { return .integers(sum) }
        }
        return .elements(negated ? subtract(a.elements, b.elements) : add(a.elements, b.elements))
    }

    /// a·b.
    public static func product(_ a: Numbers, _ b: Numbers) -> Numbers {
        if case .integers(let x) = a, case .integers(let y) = b,
            let product = exactly(x, y, { $0.multipliedReportingOverflow(by: $1) })
        {
            return .integers(product)
        }
        return .elements(multiply(a.elements, b.elements))
    }

    /// a·b + c.
    public static func multiplyAdd(_ a: Numbers, _ b: Numbers, _ c: Numbers) -> Numbers {
        .elements(multiplyAdd(a.elements, b.elements, c.elements))
    }

    @specialized(where F == BN254ScalarField)
    private static func add(_ a: [F], _ b: [F]) -> [F] {
        made(max(a.count, b.count)) { a[a.count == 1 ? 0 : $0] + b[b.count == 1 ? 0 : $0] }
    }

    @specialized(where F == BN254ScalarField)
    private static func subtract(_ a: [F], _ b: [F]) -> [F] {
        made(max(a.count, b.count)) { a[a.count == 1 ? 0 : $0] - b[b.count == 1 ? 0 : $0] }
    }

    @specialized(where F == BN254ScalarField)
    private static func multiply(_ a: [F], _ b: [F]) -> [F] {
        made(max(a.count, b.count)) { a[a.count == 1 ? 0 : $0] * b[b.count == 1 ? 0 : $0] }
    }

    @specialized(where F == BN254ScalarField)
    private static func multiplyAdd(_ a: [F], _ b: [F], _ c: [F]) -> [F] {
        made(max(a.count, b.count, c.count)) { row in
            a[a.count == 1 ? 0 : row] * b[b.count == 1 ? 0 : row] + c[c.count == 1 ? 0 : row]
        }
    }

    /// The results of an integer operation, `nil` if one overflows.
    @inline(__always)
    private static func exactly(
        _ a: [Int], _ b: [Int], _ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)
    ) -> [Int]? {
        var overflowed = false
        let rows = max(a.count, b.count)
        let result = [Int](unsafeUninitializedCapacity: rows) { buffer, count in
            for row in 0..<rows {
                let (value, overflow) = operation(a[a.count == 1 ? 0 : row], b[b.count == 1 ? 0 : row])
                overflowed = overflowed || overflow
                buffer.initializeElement(at: row, to: value)
            }
            count = rows
        }
        return overflowed ? nil : result
    }

    /// Exact quotients by a positive divisor where all are integers, else the product with its inverse in the field.
    func divided(by divisor: Int) -> Numbers {
        if case .integers(let values) = self, values.allSatisfy({ $0 % divisor == 0 }) {
            return .integers(values.map { $0 / divisor })
        }
        return Self.product(self, .elements([F(divisor).inverse() ?? .zero]))
    }

    func gathered(_ rows: [Int]) -> Numbers {
        switch self {
        case .integers(let values): return .integers(rows.map { values[$0] })
        case .elements(let values): return .elements(rows.map { values[$0] })
        }
    }

    func sliced(_ range: Range<Int>) -> Numbers {
        switch self {
        case .integers(let values): return .integers(Array(values[range]))
        case .elements(let values): return .elements(Array(values[range]))
        }
    }

    /// The sums of each `size` successive values.
    func groupSums(size: Int) -> Numbers {
        if case .integers(let values) = self {
            var overflowed = false
            let sums = (0..<values.count / size).map { group in
                values[group * size..<(group + 1) * size].reduce(0) { sum, value in
                    let (next, overflow) = sum.addingReportingOverflow(value)
                    overflowed = overflowed || overflow
                    return next
                }
            }
            if !overflowed { return .integers(sums) }
        }
        return .elements(Self.groupSums(elements, size: size))
    }

    @specialized(where F == BN254ScalarField)
    private static func groupSums(_ values: [F], size: Int) -> [F] {
        made(values.count / size, cost: size) { group in
            var sum = F.zero
            for index in group * size..<(group + 1) * size { sum += values[index] }
            return sum
        }
    }

    static func concatenated(_ parts: [Numbers]) -> Numbers {
        var integers: [Int] = []
        for part in parts {
            guard case .integers(let values) = part else { return .elements(parts.flatMap(\.elements)) }
            integers.append(contentsOf: values)
        }
        return .integers(integers)
    }
}
