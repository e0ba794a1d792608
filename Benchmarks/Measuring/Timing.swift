/// How long something took in several runs, in seconds.
struct Timing {
    /// In ascending order, at least one.
    let seconds: [Double]

    init(_ seconds: [Double]) { self.seconds = seconds.sorted() }

    var median: Double { quantile(0.5) }
    var minimum: Double { seconds[0] }
    var maximum: Double { seconds[seconds.count - 1] }
    /// The middle half of the runs lies within this share of the median.
    var spread: Double { (quantile(0.75) - quantile(0.25)) / median }

    /// Linear between neighbouring runs.
    private func quantile(_ share: Double) -> Double {
        let position = share * Double(seconds.count - 1)
        let index = Int(position)
        let next = min(index + 1, seconds.count - 1)
        return seconds[index] + (position - Double(index)) * (seconds[next] - seconds[index])
    }

    /// Times `body`.
    static func seconds(of body: () throws -> Void) rethrows -> Double {
        let begin = ContinuousClock.now
        try body()
        return (ContinuousClock.now - begin) / .seconds(1)
    }
}

/// Keeps the compiler from leaving out the computation of a value nobody uses.
@inline(never)
func consume<Value>(_ value: Value) {}
