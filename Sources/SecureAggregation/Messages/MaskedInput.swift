import FieldArithmetic
import Ledger
import Parallelism
import Synchronization

/// Step 4: y_i = a_i·(W_i, ρ_i) + b_i + Σ_{j>i} p_ij − Σ_{j<i} p_ij, over the participants of the mask roster.
public struct MaskedInput: ProtocolMessage {
    public static var purpose: StaticString { "ZKPOT-V1-AGGREGATION-INPUT" }
    public static var step: String { "inputs" }

    /// The roster of mask commitments with whose senders it is masked.
    public let maskRoster: Digest
    /// The model's entries and the blinding, masked.
    package let vector: [Scalar]

    package init(maskRoster: Digest, vector: [Scalar]) {
        self.maskRoster = maskRoster
        self.vector = vector
    }

    /// What the survivor set names it by.
    public var digest: Digest { Digest(purpose: "ZKPOT-V1-AGGREGATION-INPUT-DIGEST", encoded) }

    public func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(maskRoster)
        var bytes = [UInt8](repeating: 0, count: vector.count * Scalar.byteCount)
        bytes.withUnsafeMutableBytes { buffer in
            let target = UncheckedSendable(buffer)
            parallelRanges(vector.count, minimum: 1024) { range in
                for index in range {
                    let limbs = vector[index].canonical
                    for limb in 0..<4 {
                        target.value.storeBytes(
                            of: limbs[3 - limb].bigEndian,
                            toByteOffset: index * Scalar.byteCount + 8 * limb, as: UInt64.self)
                    }
                }
            }
        }
        encoder.encode(bytes)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        maskRoster = try decoder.digest("roster of commitments")
        let start = decoder.offset
        let bytes = try decoder.bytes(
            "masked vector", maximum: (AggregationSession.maximumLength + 1) * Scalar.byteCount)
        guard bytes.count.isMultiple(of: Scalar.byteCount) else {
            throw decoder.failure("masked vector", "is not made of elements of 32 bytes", at: start)
        }
        let isCanonical = Atomic<Bool>(true)
        vector = [Scalar](unsafeUninitializedCapacity: bytes.count / Scalar.byteCount) { elements, count in
            let target = UncheckedSendable(elements)
            bytes.withUnsafeBytes { buffer in
                let source = UncheckedSendable(buffer)
                parallelRanges(elements.count, minimum: 1024) { range in
                    for index in range {
                        func limb(_ place: Int) -> UInt64 {
                            UInt64(
                                bigEndian: source.value.loadUnaligned(
                                    fromByteOffset: index * Scalar.byteCount + 8 * place, as: UInt64.self))
                        }
                        let element = Scalar(canonical: Limbs4(limb(3), limb(2), limb(1), limb(0)))
                        if element == nil { isCanonical.store(false, ordering: .relaxed) }
                        target.value.initializeElement(at: index, to: element ?? .zero)
                    }
                }
            }
            count = elements.count
        }
        guard isCanonical.load(ordering: .relaxed) else {
            throw decoder.failure("masked vector", "an element is not below the modulus", at: start)
        }
    }
}
