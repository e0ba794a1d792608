import COpenSSL

/// ChaCha20-Poly1305 (RFC 8439), by OpenSSL, with keys that serve one message each, so that the nonce is zero.
package enum SealedShares {
    package static let tagByteCount = 16
    private static let nonce = [UInt8](repeating: 0, count: 12)

    /// The ciphertext with the tag behind it.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func seal(_ message: SecretBytes, key: SecretBytes, for context: [UInt8]) throws -> [UInt8]
    {
        guard let cipher = EVP_CIPHER_CTX_new() else {
            throw AggregationError.cryptography("OpenSSL has no memory")
        }
        defer { EVP_CIPHER_CTX_free(cipher) }
        var sealed = [UInt8](repeating: 0, count: message.count + tagByteCount)
        var length: Int32 = 0
        let isDone = key.withBytes { key in
            message.withBytes { message in
                sealed.withUnsafeMutableBufferPointer { sealed in
                    EVP_EncryptInit_ex(cipher, EVP_chacha20_poly1305(), nil, key.baseAddress, nonce) == 1
                        && EVP_EncryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1
                        && EVP_EncryptUpdate(
                            cipher, sealed.baseAddress, &length, message.baseAddress, Int32(message.count))
                            == 1
                        && EVP_EncryptFinal_ex(cipher, sealed.baseAddress, &length) == 1
                        && EVP_CIPHER_CTX_ctrl(
                            cipher, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount),
                            sealed.baseAddress.map { $0 + message.count }) == 1
                }
            }
        }
        guard isDone else { throw AggregationError.cryptography("OpenSSL does not encrypt") }
        return sealed
    }

    /// The message, `nil` if the tag is not that of this ciphertext, key and context.
    ///
    /// - Throws: `AggregationError` when OpenSSL has no memory.
    package static func open(_ sealed: [UInt8], key: SecretBytes, for context: [UInt8]) throws -> SecretBytes?
    {
        guard sealed.count >= tagByteCount else { return nil }
        guard let cipher = EVP_CIPHER_CTX_new() else {
            throw AggregationError.cryptography("OpenSSL has no memory")
        }
        defer { EVP_CIPHER_CTX_free(cipher) }
        let count = sealed.count - tagByteCount
        var tag = Array(sealed[count...])
        var isGenuine = false
        let message = SecretBytes(count: count) { buffer in
            let output = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
            var length: Int32 = 0
            isGenuine = key.withBytes { key in
                EVP_DecryptInit_ex(cipher, EVP_chacha20_poly1305(), nil, key.baseAddress, nonce) == 1
                    && EVP_DecryptUpdate(cipher, nil, &length, context, Int32(context.count)) == 1
                    && EVP_DecryptUpdate(cipher, output, &length, sealed, Int32(count)) == 1
                    && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag) == 1
                    && EVP_DecryptFinal_ex(cipher, output, &length) == 1
            }
        }
        return isGenuine ? message : nil
    }
}
