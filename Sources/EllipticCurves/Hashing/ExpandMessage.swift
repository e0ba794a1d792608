import FieldArithmetic

/// Hashing to bytes and field elements (RFC 9380, section 5).
public enum ExpandMessage {
    /// expand_message_xmd with SHA-256: `count` ≤ 8160 uniform bytes.
    ///
    /// A domain separation tag of more than 255 bytes is replaced by its hash, as the RFC says.
    ///
    /// - SeeAlso: RFC 9380, sections 5.3.1 and 5.3.3.
    public static func xmdSHA256(message: [UInt8], domainSeparationTag: [UInt8], count: Int) -> [UInt8] {
        let blocks = (count + SHA256.digestByteCount - 1) / SHA256.digestByteCount
        precondition(count >= 0 && blocks <= 255)
        var tag = domainSeparationTag
        if tag.count > 255 { tag = SHA256.hash(Array("H2C-OVERSIZE-DST-".utf8) + tag) }
        tag.append(UInt8(tag.count))

        var input = [UInt8](repeating: 0, count: SHA256.blockByteCount) + message
        input += [UInt8(count >> 8), UInt8(count & 255), 0]
        let first = SHA256.hash(input + tag)
        var block = [UInt8](repeating: 0, count: SHA256.digestByteCount)
        var output: [UInt8] = []
        for index in 1..<(blocks + 1) {
            block = SHA256.hash(zip(first, block).map { $0 ^ $1 } + [UInt8(index)] + tag)
            output += block
        }
        return Array(output.prefix(count))
    }

    /// hash_to_field for a prime field: `count` elements, each of 128 bits more than the modulus has.
    ///
    /// - SeeAlso: RFC 9380, section 5.2.
    @specialized(where F == BN254BaseField)
    public static func fieldElements<F: PrimeField>(
        of: F.Type, message: [UInt8], domainSeparationTag: [UInt8], count: Int
    ) -> [F] {
        let length = (F.bitWidth + 128 + 7) / 8
        let bytes = xmdSHA256(
            message: message, domainSeparationTag: domainSeparationTag, count: count * length)
        return (0..<count).map { F(reducingBigEndian: bytes[$0 * length..<($0 + 1) * length]) }
    }
}
