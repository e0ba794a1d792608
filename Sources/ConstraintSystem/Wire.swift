/// A committed segment of a circuit under construction.
public struct SegmentHandle: Sendable, Hashable {
    let index: Int
}

/// What a wire is and when its value is fixed.
public enum WireKind: Sendable, Hashable {
    /// Public, fixed before the challenges.
    case statement
    /// Part of a commitment that is made before the challenges.
    case committed(SegmentHandle)
    /// Known to the prover only and free to depend on challenges.
    case `private`
}

/// The numbering of wires while a circuit is built: one index space for each kind, so that phases can interleave.
///
/// A raw wire is space·2²⁸ + index. `ConstraintStore.finish` renumbers into the order of `R1CS`.
enum WireSpace {
    static let constant = 0
    static let challenge = 1
    static let statement = 2
    static let firstSegment = 3
    static let segmentLimit = 12
    static let secret = 15
    static let count = 16

    static let indexBits = 28
    static let indexLimit = 1 << indexBits

    static func of(_ kind: WireKind) -> Int {
        switch kind {
        case .statement: return statement
        case .committed(let segment): return firstSegment + segment.index
        case .private: return secret
        }
    }

    @inline(__always)
    static func raw(_ space: Int, _ index: Int) -> UInt32 { UInt32(space << indexBits | index) }
}
