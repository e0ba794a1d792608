import CFieldKernels
import FieldArithmetic

/// The secrets of a set-up: whoever knows one of them can forge proofs. Wiped when the set-up ends.
struct Trapdoor<Scalar: PrimeField>: ~Copyable {
    private let values: UnsafeMutableBufferPointer<Scalar>

    var alpha: Scalar { values[0] }
    var beta: Scalar { values[1] }
    var gamma: Scalar { values[2] }
    var delta: Scalar { values[3] }
    var eta: Scalar { values[4] }
    var tau: Scalar { values[5] }
    /// k_0 … k_ℓ.
    func link(_ index: Int) -> Scalar { values[6 + index] }

    /// Draws all secrets, none of them 0 or 1.
    init(linkedSegments: Int, using generator: inout some RandomNumberGenerator) {
        values = .allocate(capacity: 7 + linkedSegments)
        for index in values.indices {
            var value = Scalar.zero
            while value.isZero || value == .one { value = Scalar.random(using: &generator) }
            values.initializeElement(at: index, to: value)
        }
    }

    deinit {
        zk_zeroize(values.baseAddress, values.count * MemoryLayout<Scalar>.stride)
        values.deallocate()
    }
}

/// Scalars that must not outlive their use, such as blindings: wiped when the holder goes.
public struct SecretScalars<Scalar: PrimeField>: ~Copyable {
    private let values: UnsafeMutableBufferPointer<Scalar>

    /// Uniformly random scalars.
    public init(count: Int, using generator: inout some RandomNumberGenerator) {
        values = .allocate(capacity: count)
        for index in values.indices { values.initializeElement(at: index, to: .random(using: &generator)) }
    }

    /// The given scalars; the caller wipes its own copies.
    public init(_ scalars: [Scalar]) {
        values = .allocate(capacity: scalars.count)
        _ = values.initialize(from: scalars)
    }

    public var count: Int { values.count }
    public subscript(index: Int) -> Scalar { values[index] }

    deinit {
        zk_zeroize(values.baseAddress, values.count * MemoryLayout<Scalar>.stride)
        values.deallocate()
    }
}
