import Foundation

/// How long something took in several runs, in seconds.
struct Timing {
    /// In ascending order, at least one.
    let seconds: [Double]

    init(_ seconds: [Double]) { self.seconds = seconds.sorted() }

    /// Times several runs of `body`, by the clock and by what all threads of the process used of the processor.
    ///
    /// The second hardly depends on what else the machine does.
    static func runs(_ count: Int, _ body: () throws -> Void) rethrows -> (clock: Timing, processor: Timing) {
        var processor: [Double] = []
        let clock = try (0..<count).map { _ in
            let begin = processorSeconds
            defer { processor.append(processorSeconds - begin) }
            return try seconds(of: body)
        }
        return (Timing(clock), Timing(processor))
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The same times, each divided.
    func divided(by divisor: Double) -> Timing { Timing(seconds.map { $0 / divisor }) }

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
