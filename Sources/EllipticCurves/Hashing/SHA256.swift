import COpenSSL

/// SHA-256 (FIPS 180-4) by OpenSSL, incremental or in one call.
public struct SHA256: ~Copyable {
    /// Bytes of a digest.
    public static let digestByteCount = 32
    /// Bytes that the compression function takes at a time.
    public static let blockByteCount = 64

    private let context: OpaquePointer

    public init() {
        // OpenSSL returns null or zero here only when memory is exhausted or SHA-256 is disabled.
        context = EVP_MD_CTX_new()!
        let started = EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(started == 1, "OpenSSL offers no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of all updates; ends the computation.
    public consuming func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.digestByteCount) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = Self.digestByteCount
        }
    }

    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(bytes)
        return hasher.finalize()
    }
}
