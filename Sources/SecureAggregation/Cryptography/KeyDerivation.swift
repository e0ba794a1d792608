import COpenSSL
import Ledger

/// HKDF with SHA-256 (RFC 5869), by OpenSSL.
package enum KeyDerivation {
    /// What a key is derived for: the purpose's name, and numbers and public values that it is bound to.
    package struct Label {
        package private(set) var bytes: [UInt8]

        package init(_ purpose: StaticString, _ indices: Int..., values: [[UInt8]] = []) {
            var encoder = CanonicalEncoder()
            encoder.encode(
                Array(UnsafeBufferPointer(start: purpose.utf8Start, count: purpose.utf8CodeUnitCount)))
            for index in indices { encoder.encode(UInt64(index)) }
            for value in values { encoder.encode(value) }
            bytes = encoder.bytes
        }
    }

    /// `count` bytes from a secret, for one session and one purpose.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func derive(
        from secret: SecretBytes, session: Digest, for label: Label, count: Int = 32
    ) throws -> SecretBytes {
        guard let context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else {
            throw AggregationError.cryptography("OpenSSL offers no HKDF")
        }
        defer { EVP_PKEY_CTX_free(context) }
        let (salt, info) = (session.bytes, label.bytes)
        return try SecretBytes(count: count) { output in
            let isDone = secret.withBytes { key in
                EVP_PKEY_derive_init(context) == 1
                    && EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1
                    && EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1
                    && EVP_PKEY_CTX_set1_hkdf_key(context, key.baseAddress, Int32(key.count)) == 1
                    && EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1
            }
            var length = output.count
            guard isDone,
                EVP_PKEY_derive(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
                    == 1,
                length == output.count
            else { throw AggregationError.cryptography("OpenSSL derives no key") }
        }
    }
}

extension SecretBytes {
    /// The 32 bytes of a field element, as keys are derived from it.
    package convenience init(_ element: Scalar) {
        var limbs = element.canonical
        self.init(count: Scalar.byteCount) { buffer in
            for limb in 0..<4 {
                buffer.storeBytes(
                    of: limbs[3 - limb].bigEndian, toByteOffset: 8 * limb, as: UInt64.self)
            }
        }
        OPENSSL_cleanse(&limbs, MemoryLayout.size(ofValue: limbs))
    }
}
