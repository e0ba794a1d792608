import COpenSSL

/// X25519 (RFC 7748), by OpenSSL.
package enum KeyAgreement {
    package static let keyByteCount = 32

    /// The public key of a secret of 32 bytes.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func publicKey(of secret: SecretBytes) throws -> [UInt8] {
        let key = try privateKey(secret)
        defer { EVP_PKEY_free(key) }
        var bytes = [UInt8](repeating: 0, count: keyByteCount)
        var length = bytes.count
        guard EVP_PKEY_get_raw_public_key(key, &bytes, &length) == 1, length == keyByteCount else {
            throw AggregationError.cryptography("OpenSSL gives no X25519 public key")
        }
        return bytes
    }

    /// The secret that both ends share, `nil` for a public key of small order, which shares nothing.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func sharedSecret(_ secret: SecretBytes, with peer: [UInt8]) throws -> SecretBytes? {
        let key = try privateKey(secret)
        defer { EVP_PKEY_free(key) }
        guard peer.count == keyByteCount,
            let publicKey = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nil, peer, peer.count)
        else { throw AggregationError.cryptography("OpenSSL refuses the X25519 public key") }
        defer { EVP_PKEY_free(publicKey) }
        guard let context = EVP_PKEY_CTX_new(key, nil) else {
            throw AggregationError.cryptography("OpenSSL has no memory")
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, publicKey) == 1 else {
            throw AggregationError.cryptography("OpenSSL offers no X25519")
        }
        var isShared = false
        let shared = SecretBytes(count: keyByteCount) { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            var length = buffer.count
            // OpenSSL fails where the shared point is zero (RFC 7748, section 6.1).
            isShared =
                EVP_PKEY_derive(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
                == 1 && length == keyByteCount
        }
        return isShared ? shared : nil
    }

    /// Whether a public key has small order: the same for everybody, as clamped scalars are multiples of the cofactor.
    package static func hasSmallOrder(_ publicKey: [UInt8]) throws -> Bool {
        try sharedSecret(SecretBytes(copying: [UInt8](repeating: 0x55, count: keyByteCount)), with: publicKey)
            == nil
    }

    private static func privateKey(_ secret: SecretBytes) throws -> OpaquePointer {
        let key = secret.withBytes {
            EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nil, $0.baseAddress, $0.count)
        }
        guard let key else { throw AggregationError.cryptography("OpenSSL refuses the X25519 secret") }
        return key
    }
}
