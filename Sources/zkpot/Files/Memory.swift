import Foundation
import Presentation
import TrainingCircuits

/// What the process has used, and may use.
enum Memory {
    /// The most physical memory at any time, in bytes.
    static var peak: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1024
    }

    /// Bytes that the process can have: those of the machine, or fewer if it is limited (`ulimit -v`).
    static var limit: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        var space = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &space) == 0 else { return machine }
        return min(machine, Int(clamping: space.rlim_cur))
    }

    /// Bytes of one recorded constraint of a large circuit.
    private static let bytesPerConstraint = 100

    /// Refuses a circuit whose recording cannot fit into memory.
    ///
    /// - Throws: `CommandError` with both sizes.
    static func require(for circuit: CircuitSpecification) throws {
        let count = circuit.leastConstraintCount
        let (needed, overflow) = count.multipliedReportingOverflow(by: bytesPerConstraint)
        guard !overflow, needed <= limit else {
            throw CommandError(
                "at least \(Format.count(count)) constraints do not fit into the \(Format.bytes(limit)) of memory that there are"
            )
        }
    }
}
