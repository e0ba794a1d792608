/// Numbers that a hash determines: the first 16 bytes of SHA-256(seed ‖ counter), as a big-endian integer, modulo a bound.
///
/// For bounds below 2^40 the bias is below 2^-88.
struct HashedIntegers {
    let seed: Digest

    /// SHA-256 of a tag, of fixed-length fields, and nothing else.
    init(tag: StaticString, _ fields: [UInt8]) { seed = Digest(sha256: Self.tagged(tag, fields)) }

    /// Number `counter`, below `bound`.
    func integer(_ counter: UInt64, below bound: Int) -> Int {
        let hash = Digest(sha256: seed.bytes + counter.bigEndianBytes).bytes
        let value = hash.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        return Int(value % UInt128(bound))
    }

    static func tagged(_ tag: StaticString, _ fields: [UInt8]) -> [UInt8] {
        Array(UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount)) + fields
    }
}

extension UInt64 {
    var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
}
