/// Hexadecimal text as Ethereum writes bytes: `0x`, then two digits for each byte.
public enum Hex {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String { "0x" + digits(bytes) }

    /// Two lower-case digits for each byte.
    static func digits(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] { text.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text, `nil` if it has no `0x`, an odd number of digits or any other character.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let units = text.utf8
        guard units.count % 2 == 0, units.starts(with: [48, 120]) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count / 2 - 1)
        var high: UInt8?
        for unit in units.dropFirst(2) {
            guard let value = nibble(unit) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    static func nibble(_ unit: UInt8) -> UInt8? {
        switch unit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): unit - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): unit - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): unit - 55
        default: nil
        }
    }
}
