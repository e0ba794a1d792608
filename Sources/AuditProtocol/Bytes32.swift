/// Thirty-two bytes: what a digest and a public key are made of.
package struct Bytes32: Sendable, Hashable, Comparable {
    package static let count = 32

    /// Big-endian, so that the order of values is that of their bytes.
    private let words: SIMD4<UInt64>

    /// The value of exactly 32 bytes, `nil` for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.count else { return nil }
        var words = SIMD4<UInt64>()
        var position = 0
        for byte in bytes {
            words[position / 8] = words[position / 8] << 8 | UInt64(byte)
            position += 1
        }
        self.words = words
    }

    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.count) { buffer, count in
            for index in 0..<Self.count {
                let byte = UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(56 - 8 * (index % 8)))
                buffer.initializeElement(at: index, to: byte)
            }
            count = Self.count
        }
    }

    package static func < (a: Self, b: Self) -> Bool {
        for index in 0..<4 where a.words[index] != b.words[index] { return a.words[index] < b.words[index] }
        return false
    }
}

extension Collection<UInt8> {
    /// Lower-case hexadecimal, two digits for each byte.
    public var hexadecimal: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * count)
        for byte in self {
            for nibble in [byte >> 4, byte & 15] { digits.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension Array<UInt8> {
    /// The bytes of a hexadecimal string, `nil` for an odd length or any other character.
    public init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count % 2 == 0 else { return nil }
        self = []
        reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            let nibble: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = character - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = character - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = character - 55
            default: return nil
            }
            if let upper = high {
                append(upper << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
    }
}
