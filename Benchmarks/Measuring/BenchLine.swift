import Presentation

/// One line of the results: one benchmark at one size on one number of threads.
struct BenchLine: Encodable {
    struct Stage: Encodable {
        var name: String
        /// Median over the runs.
        var seconds: Double
    }

    /// The verb that measures it; lines of a group share a table and its charts.
    var group: String
    var benchmark: String
    var size: Int?
    /// What is counted for the cost per unit: "point".
    var unit: String
    /// How many of them one run works on.
    var units: Int
    var kernel: String
    var threads: Int
    var runs: Int
    var median: Double
    var minimum: Double
    var maximum: Double
    /// The middle half of the runs lies within this share of the median.
    var spread: Double
    /// Median of what all threads together used of the processor, in seconds.
    var processor: Double
    /// Median by units, in seconds.
    var perUnit: Double
    var peakMemoryBytes: Int?
    var stages: [Stage]

    /// "mixed 2^16, vector, 2 threads"
    var name: String {
        let place = size.map { " \(Size($0).argumentText)" } ?? ""
        return "\(benchmark)\(place), \(kernel), \(threads) \(threads == 1 ? "thread" : "threads")"
    }
}

/// A number of points, elements or constraints, as one writes it: `2^16`, `3*2^14` or `65536`.
struct Size: ArgumentValue, Hashable {
    static let largest = 1 << 24

    var count: Int

    init(_ count: Int) { self.count = count }

    static func parse(_ text: String) throws -> Size {
        var product = 1
        for factor in text.split(separator: "*", omittingEmptySubsequences: false) {
            let parts = factor.split(separator: "^", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(parts.count), let base = parts[0], base >= 1 else { throw refusal(text) }
            var exponent = 1
            if parts.count == 2 {
                guard let given = parts[1], (0...64).contains(given) else { throw refusal(text) }
                exponent = given
            }
            for _ in 0..<exponent {
                let (next, overflow) = product.multipliedReportingOverflow(by: base)
                guard !overflow, next <= largest else { throw refusal(text) }
                product = next
            }
        }
        return Size(product)
    }

    private static func refusal(_ text: String) -> UsageError {
        UsageError("expects a size up to 2^24 such as 2^16, 3*2^14 or 50000, not '\(text)'")
    }

    static var valueName: String { "size" }

    /// `2^16`, `3*2^14`, or the number where there is no such short form.
    var argumentText: String {
        let twos = count.trailingZeroBitCount
        let odd = count >> twos
        if twos < 4 || odd > 9 { return String(count) }
        return odd == 1 ? "2^\(twos)" : "\(odd)*2^\(twos)"
    }
}
