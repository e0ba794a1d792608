import CFieldKernels
import Foundation
import Synchronization

/// Which implementation of the hot loops runs. Results are the same bit for bit.
public enum Kernel: String, Sendable, CaseIterable {
    /// AVX-512 IFMA, eight field elements at a time.
    case vector
    /// Swift, on every processor.
    case portable

    /// Why a kernel was refused.
    public enum SelectionError: Error, CustomStringConvertible, Equatable {
        case unknown(String)
        case notSupported(Kernel)

        public var description: String {
            switch self {
            case .unknown(let name):
                let known = Kernel.allCases.map(\.rawValue).joined(separator: " or ")
                return "there is no kernel \"\(name)\": it is \(known)"
            case .notSupported(let kernel):
                return "this processor cannot run the \(kernel.rawValue) kernel (it needs AVX-512 IFMA)"
            }
        }
    }

    /// The environment variable that chooses a kernel by name.
    public static let environmentVariable = "ZKPOT_KERNEL"

    /// Whether this processor can run the kernel.
    public var isSupported: Bool {
        switch self {
        case .vector: return Kernel.processorHasVectors
        case .portable: return true
        }
    }

    /// The kernel that runs: what was set last, else what the environment names, else the fastest this processor has.
    ///
    /// A name in the environment that is unknown or not supported is passed over here; `selectFromEnvironment`
    /// reports it. What is set must be supported.
    public static var current: Kernel {
        get { chosen.load(ordering: .relaxed) == 1 ? .vector : .portable }
        set {
            precondition(newValue.isSupported, "kernel is not supported by this processor")
            chosen.store(newValue == .vector ? 1 : 0, ordering: .relaxed)
        }
    }

    /// Makes a kernel the current one.
    ///
    /// - Throws: `SelectionError.notSupported` if this processor cannot run it.
    public static func select(_ kernel: Kernel) throws {
        guard kernel.isSupported else { throw SelectionError.notSupported(kernel) }
        current = kernel
    }

    /// Makes the kernel of this name the current one.
    ///
    /// - Throws: `SelectionError` if there is none of this name or this processor cannot run it.
    public static func select(named name: String) throws {
        guard let kernel = Kernel(rawValue: name) else { throw SelectionError.unknown(name) }
        try select(kernel)
    }

    /// Makes the kernel that the environment names, if any, the current one.
    ///
    /// - Throws: `SelectionError` if it is unknown or this processor cannot run it.
    public static func selectFromEnvironment() throws {
        guard let name = ProcessInfo.processInfo.environment[environmentVariable] else { return }
        try select(named: name)
    }

    private static let processorHasVectors = zk_cpu_has_avx512_ifma() != 0

    private static let chosen = Atomic<UInt8>(initialChoice == .vector ? 1 : 0)

    private static var initialChoice: Kernel {
        let name = ProcessInfo.processInfo.environment[environmentVariable]
        if let kernel = name.flatMap(Kernel.init(rawValue:)), kernel.isSupported { return kernel }
        return processorHasVectors ? .vector : .portable
    }
}
