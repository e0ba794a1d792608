import Foundation

/// What the process has used.
enum Memory {
    /// The most physical memory at any time, in bytes.
    static var peak: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }
}
