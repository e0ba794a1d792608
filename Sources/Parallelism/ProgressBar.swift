import Foundation

/// A bar with the time left on standard error: drawn on a terminal, silent on a pipe.
public final class ProgressBar: Sendable {
    private struct State {
        var title: String
        var total: Int
        var done = 0
        let start = ContinuousClock.now
        var lastDrawn: ContinuousClock.Instant?
    }

    private let state: Guarded<State>
    private let isDrawn: Bool

    /// - Parameters:
    ///   - title: what is being done, a few words.
    ///   - total: units of work; the bar is full when they are done.
    ///   - quiet: never draw.
    public init(_ title: String, total: Int, quiet: Bool = false) {
        state = Guarded(State(title: title, total: max(1, total)))
        isDrawn = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Reports `units` more of work done, perhaps of a stage with its own name.
    public func advance(by units: Int = 1, title: String? = nil) {
        guard isDrawn else { return }
        state.withLock { state in
            state.done = min(state.total, state.done + units)
            if let title { state.title = title }
            let now = ContinuousClock.now
            if let last = state.lastDrawn, now - last < .milliseconds(80), state.done < state.total { return }
            state.lastDrawn = now
            FileHandle.standardError.write(Data(Self.line(state, now: now).utf8))
        }
    }

    /// Removes the bar.
    public func finish() {
        guard isDrawn else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }

    private static func line(_ state: State, now: ContinuousClock.Instant) -> String {
        let fraction = Double(state.done) / Double(state.total)
        let filled = Int(fraction * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let elapsed = (now - state.start) / .seconds(1)
        var left = ""
        if fraction > 0.02 && fraction < 1 {
            left = String(format: "  %.0f s left", elapsed / fraction * (1 - fraction))
        }
        let percent = String(format: "%3.0f %%", fraction * 100)
        return "\r\u{1B}[K\(state.title)  \(bar) \(percent)\(left)"
    }
}
