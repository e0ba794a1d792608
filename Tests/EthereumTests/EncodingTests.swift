import FieldArithmetic
import TestSupport
import Testing

import Ethereum

@Suite struct EncodingTests {
    @Test func hexadecimal() {
        #expect(Hex.encode([0, 15, 255]) == "0x000fff" && Hex.encode([]) == "0x")
        #expect(Hex.decode("0x000fFf") == [0, 15, 255] && Hex.decode("0x") == [])
        for text in ["", "0", "00", "0X00", "0x0", "0xzz", "0x 1", "x012", "0x0é"] {
            #expect(Hex.decode(text) == nil)
        }
    }

    /// Arithmetic and text against GMP.
    @Test func wordsAgreeWithBigIntegers() throws {
        var generator = SeededGenerator(seed: 8)
        let modulus = BigInteger(1) << 256
        func word() -> (UInt256, BigInteger) {
            let bytes = (0..<32).map { _ -> UInt8 in
                switch generator.next() % 4 {
                case 0: 0
                case 1: 255
                default: UInt8(truncatingIfNeeded: generator.next())
                }
            }
            let count = Int(generator.next() % 33)
            return (
                UInt256(bigEndian: bytes.suffix(count))!, BigInteger(bigEndian: Array(bytes.suffix(count)))
            )
        }
        for _ in 0..<400 {
            let ((a, x), (b, y)) = (word(), word())
            let factor = generator.next() >> (generator.next() % 64)
            #expect(a.description == x.description && UInt256(decimal: x.description) == a)
            #expect(a.quantity == "0x" + x.description(radix: 16) && UInt256(quantity: a.quantity) == a)
            #expect(UInt256(bigEndian: a.bigEndianBytes) == a && a.bigEndianBytes.count == 32)
            #expect(UInt256(bigEndian: a.minimalBytes) == a && a.minimalBytes.first != 0)
            #expect(a.bitWidth == x.bitWidth && (a < b) == (x < y))
            let (sum, difference) = (x + y, x - y)
            #expect(a.adding(b)?.description == (sum < modulus ? sum.description : nil))
            #expect(a.subtracting(b)?.description == (difference >= 0 ? difference.description : nil))
            let product = x * BigInteger("\(factor)")!
            #expect(a.multiplied(by: factor)?.description == (product < modulus ? product.description : nil))
            if factor > 0 {
                let (quotient, remainder) = a.quotientAndRemainder(dividingBy: factor)
                #expect(
                    quotient.multiplied(by: factor)?.adding(UInt256(remainder)) == a && remainder < factor)
            }
        }
        #expect(UInt256.max.adding(1) == nil && UInt256.zero.subtracting(1) == nil)
        #expect(UInt256.max.description == (modulus - 1).description)
        for text in [
            "", "-1", "+1", " 1", "1x", String(repeating: "9", count: 78), String(repeating: "1", count: 79),
        ] {
            #expect(UInt256(decimal: text) == nil)
        }
        let long = "0x1" + String(repeating: "0", count: 64)
        for text in ["", "0x", "1", "0xg", "0x-1", "0X1", long] { #expect(UInt256(quantity: text) == nil) }
        #expect(UInt256(quantity: "0x0") == 0 && UInt256.zero.quantity == "0x0")
        #expect(UInt256(signed: -1) == .max && UInt256(bigEndian: [UInt8](repeating: 0, count: 33)) == nil)
    }

    /// The examples of the Ethereum documentation of RLP.
    @Test func publishedRLP() throws {
        let lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit"
        let examples: [(RLP, String)] = [
            (.bytes(Array("dog".utf8)), "0x83646f67"),
            (.list([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))]), "0xc88363617483646f67"),
            (.bytes([]), "0x80"), (.list([]), "0xc0"), (.integer(UInt64(0)), "0x80"), (.bytes([0]), "0x00"),
            (.integer(UInt64(15)), "0x0f"), (.integer(UInt64(1024)), "0x820400"),
            (
                .list([.list([]), .list([.list([])]), .list([.list([]), .list([.list([])])])]),
                "0xc7c0c1c0c3c0c1c0"
            ),
            (.bytes(Array(lorem.utf8)), "0xb838" + Hex.encode(Array(lorem.utf8)).dropFirst(2)),
        ]
        for (value, encoded) in examples {
            #expect(Hex.encode(value.encoded) == encoded)
            #expect(try RLP(decoding: value.encoded) == value)
        }
    }

    @Test func randomRLP() throws {
        var generator = SeededGenerator(seed: 9)
        func item(_ depth: Int) -> RLP {
            if depth == 0 || generator.next() % 3 > 0 {
                let counts = [0, 1, 2, 55, 56, 57, 255, 256, 300]
                let count = counts[Int(generator.next() % UInt64(counts.count))]
                return .bytes((0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
            }
            return .list((0..<generator.next() % 5).map { _ in item(depth - 1) })
        }
        for _ in 0..<200 {
            let value = item(4)
            let encoded = value.encoded
            #expect(try RLP(decoding: encoded) == value)
            for count in [0, encoded.count / 2, encoded.count - 1] where count < encoded.count {
                #expect(throws: EncodingError.self) { try RLP(decoding: Array(encoded[..<count])) }
            }
            #expect(throws: EncodingError.self) { try RLP(decoding: encoded + [0]) }
            // A changed byte gives another value, which encodes to the changed bytes, or none; never a trap.
            var changed = encoded
            changed[Int(generator.next() % UInt64(encoded.count))] ^= 1 << UInt8(generator.next() % 8)
            if let other = try? RLP(decoding: changed) { #expect(other.encoded == changed) }
        }
    }

    @Test(arguments: [
        "0x", "0x8100", "0x817f", "0xb800", "0xb83700", "0xb90001", "0xb9003800", "0xbf",
        "0xbfffffffffffffffff",
        "0xf800", "0xffffffffffffffffff", "0xc1", "0xc28080c0", "0x83646f", "0xc18180", "0xc20102c0",
        "0xc483646f6701",
    ])
    func wrongRLPIsRefused(text: String) throws {
        let bytes = try #require(Hex.decode(text))
        #expect(throws: EncodingError.self, "\(text)") { try RLP(decoding: bytes) }
    }

    @Test func deepRLPIsRefused() {
        var bytes: [UInt8] = []
        for _ in 0..<20_000 {
            let count = bytes.count
            let length = UInt256(UInt64(count)).minimalBytes
            bytes.insert(
                contentsOf: count < 56 ? [0xC0 + UInt8(count)] : [0xF7 + UInt8(length.count)] + length, at: 0)
        }
        #expect(throws: EncodingError.self) { try RLP(decoding: bytes) }
    }
}
