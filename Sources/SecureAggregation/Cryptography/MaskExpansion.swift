import COpenSSL
import FieldArithmetic
import Parallelism
import Synchronization

/// Expands a key to uniform field elements: element t is 48 bytes of the ChaCha20 key stream (RFC 8439, nonce and
/// first counter zero), read as a little-endian integer and reduced modulo r.
///
/// 384 bits modulo a prime of 254 bits are within 2^−130 of uniform. There is no rejection, so time and memory accesses
/// do not depend on the key.
package enum MaskExpansion {
    package static let bytesPerElement = 48
    private static let blockByteCount = 64
    /// Elements that are made at a time: a whole number of blocks.
    private static let piece = 4096

    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func expand(_ key: SecretBytes, count: Int) throws -> SecretVector {
        let vector = SecretVector(zeros: count)
        let hasFailed = Atomic<Bool>(false)
        parallelFor((count + piece - 1) / piece) { number in
            let range = number * piece..<min(count, (number + 1) * piece)
            let block = UInt32(number * piece * bytesPerElement / blockByteCount)
            do {
                let stream = try keyStream(key, block: block, count: range.count * bytesPerElement)
                stream.withBytes { bytes in
                    let source = UnsafeRawBufferPointer(bytes)
                    for (place, index) in range.enumerated() {
                        vector[index] = element(source, at: place * bytesPerElement)
                    }
                }
            } catch { hasFailed.store(true, ordering: .relaxed) }
        }
        guard !hasFailed.load(ordering: .relaxed) else {
            throw AggregationError.cryptography("OpenSSL offers no ChaCha20")
        }
        return vector
    }

    /// Bytes of the key stream from a block of 64 bytes on.
    package static func keyStream(_ key: SecretBytes, block: UInt32, count: Int) throws -> SecretBytes {
        guard let cipher = EVP_CIPHER_CTX_new() else {
            throw AggregationError.cryptography("OpenSSL has no memory")
        }
        defer { EVP_CIPHER_CTX_free(cipher) }
        // OpenSSL's initial vector: the counter, little-endian, before the nonce.
        let start = (0..<4).map { UInt8(truncatingIfNeeded: block >> UInt32(8 * $0)) }
        let vector = start + [UInt8](repeating: 0, count: 12)
        return try SecretBytes(count: count) { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            var length: Int32 = 0
            let isDone = key.withBytes { key in
                key.count == 32
                    && EVP_EncryptInit_ex(cipher, EVP_chacha20(), nil, key.baseAddress, vector) == 1
                    && EVP_EncryptUpdate(cipher, bytes, &length, bytes, Int32(count)) == 1
            }
            guard isDone, length == count else {
                throw AggregationError.cryptography("OpenSSL offers no ChaCha20")
            }
        }
    }

    /// 48 little-endian bytes modulo r: low + high·2^256, with low < 2^256 and high < 2^128.
    private static func element(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Scalar {
        @inline(__always) func limb(_ index: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8 * index, as: UInt64.self))
        }
        typealias Parameters = BN254ScalarFieldParameters
        // Montgomery multiplication takes a first factor below 2^256 when the second is below r.
        @inline(__always) func reduced(_ limbs: Limbs4) -> Scalar {
            Scalar(
                uncheckedMontgomery: Limbs4.montgomeryMultiply(
                    limbs, Parameters.montgomeryRadixSquared, Parameters.modulus, Parameters.negativeInverse))
        }
        // 2^256 modulo r, in Montgomery form, is R² modulo r.
        let shift = Scalar(uncheckedMontgomery: Parameters.montgomeryRadixSquared)
        return reduced(Limbs4(limb(0), limb(1), limb(2), limb(3)))
            + reduced(Limbs4(limb(4), limb(5), 0, 0)) * shift
    }
}
