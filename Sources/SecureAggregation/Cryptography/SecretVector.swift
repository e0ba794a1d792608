import COpenSSL
import EllipticCurves
import FieldArithmetic
import Groth16
import Parallelism

/// The field of models' entries, masks and shares.
public typealias Scalar = BN254ScalarField
/// The group of commitments.
public typealias Point = AffinePoint<BN254G1>

/// Field elements that must not outlive their use, such as masks: wiped when the last holder goes.
package final class SecretVector: @unchecked Sendable {
    // Unchecked: whoever changes a vector holds it alone.
    private let storage: UnsafeMutableBufferPointer<Scalar>

    /// `count` zeros.
    package init(zeros count: Int) {
        storage = .allocate(capacity: count)
        storage.initialize(repeating: .zero)
    }

    package var count: Int { storage.count }
    package var elements: UnsafeBufferPointer<Scalar> { UnsafeBufferPointer(storage) }
    package var mutableElements: UnsafeMutableBufferPointer<Scalar> { storage }
    package subscript(index: Int) -> Scalar {
        get { storage[index] }
        set { storage[index] = newValue }
    }

    /// Adds a vector of the same length, or subtracts it.
    package func add(_ other: SecretVector, sign: Sign = .plus) {
        precondition(count == other.count)
        parallelRanges(count, minimum: 4096) { [storage] range in
            let source = other.elements
            switch sign {
            case .plus: for index in range { storage[index] = storage[index] + source[index] }
            case .minus: for index in range { storage[index] = storage[index] - source[index] }
            }
        }
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count * MemoryLayout<Scalar>.stride)
        storage.deallocate()
    }
}

/// With which sign the mask of a pair enters: plus at its lower end, minus at the other.
package enum Sign {
    case plus, minus

    /// The sign at participant `index` of the mask that it shares with `peer`.
    package init(at index: Int, with peer: Int) { self = index < peer ? .plus : .minus }
}

/// Commitments to vectors whose last entry is the blinding: Σ x_t·G_t + x_last·G_blind.
public struct MaskCommitter: Sendable {
    /// Derives the bases when they are first needed: not every step commits to vectors.
    private final class Bases: Sendable {
        private let derived = Guarded<VectorCommitter<BN254>?>(nil)

        func committer(length: Int) -> VectorCommitter<BN254> {
            derived.withLock { stored in
                if let stored { return stored }
                let committer = VectorCommitter<BN254>(capacity: length)
                stored = committer
                return committer
            }
        }
    }

    private let bases = Bases()
    private var committer: VectorCommitter<BN254> { bases.committer(length: length) }
    /// Entries of a model; a masked vector has one more.
    public let length: Int

    /// Commits to models of `length` entries. Copies share the bases.
    public init(length: Int) { self.length = length }

    /// - Parameter vector: `length` entries and the blinding.
    /// - Throws: `AggregationError` for another number of entries.
    package func commit(_ vector: UnsafeBufferPointer<Scalar>) throws -> Point {
        guard vector.count == length + 1 else {
            throw AggregationError.malformed("\(vector.count) entries, not \(length) and a blinding")
        }
        return try committer.commit(
            UnsafeBufferPointer(rebasing: vector[..<length]), blinding: vector[length])
    }

    package func commit(_ vector: SecretVector) throws -> Point { try commit(vector.elements) }

    /// The commitment to values with their blinding.
    ///
    /// - Throws: `AggregationError` for another number of values than `length`.
    public func commit(_ values: [Scalar], blinding: Scalar) throws -> Point {
        guard values.count == length else {
            throw AggregationError.malformed("\(values.count) values, not \(length)")
        }
        return try committer.commit(values, blinding: blinding)
    }
}
