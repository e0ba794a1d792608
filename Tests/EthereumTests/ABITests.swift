import Foundation
import TestSupport
import Testing

import Ethereum

@Suite struct ABITests {
    private func function(_ name: String, _ types: [String]) throws -> ContractInterface.Function {
        let inputs = types.map { #"{"name":"","type":"\#($0)"}"# }.joined(separator: ",")
        let json = #"[{"type":"function","name":"\#(name)","inputs":[\#(inputs)],"outputs":[]}]"#
        return try ContractInterface(json: Data(json.utf8)).function(name)
    }

    private func words(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    /// The examples of the ABI specification (Solidity documentation, "Examples" and "Use of Dynamic Types").
    @Test func theSpecificationsExamples() throws {
        let baz = try function("baz", ["uint32", "bool"]).callData([.integer(69), .bool(true)])
        #expect(
            Hex.encode(baz)
                == words(
                    """
                    0xcdcd77c0
                    0000000000000000000000000000000000000000000000000000000000000045
                    0000000000000000000000000000000000000000000000000000000000000001
                    """))
        let bar = try function("bar", ["bytes3[2]"]).callData([
            .list([.bytes(Array("abc".utf8)), .bytes(Array("def".utf8))])
        ])
        #expect(
            Hex.encode(bar)
                == words(
                    """
                    0xfce353f6
                    6162630000000000000000000000000000000000000000000000000000000000
                    6465660000000000000000000000000000000000000000000000000000000000
                    """))
        let sam = try function("sam", ["bytes", "bool", "uint[]"]).callData([
            .bytes(Array("dave".utf8)), .bool(true), .list([.integer(1), .integer(2), .integer(3)]),
        ])
        #expect(
            Hex.encode(sam)
                == words(
                    """
                    0xa5643bf2
                    0000000000000000000000000000000000000000000000000000000000000060
                    0000000000000000000000000000000000000000000000000000000000000001
                    00000000000000000000000000000000000000000000000000000000000000a0
                    0000000000000000000000000000000000000000000000000000000000000004
                    6461766500000000000000000000000000000000000000000000000000000000
                    0000000000000000000000000000000000000000000000000000000000000003
                    0000000000000000000000000000000000000000000000000000000000000001
                    0000000000000000000000000000000000000000000000000000000000000002
                    0000000000000000000000000000000000000000000000000000000000000003
                    """))
        let f = try function("f", ["uint256", "uint32[]", "bytes10", "bytes"]).callData([
            .integer(0x123), .list([.integer(0x456), .integer(0x789)]), .bytes(Array("1234567890".utf8)),
            .bytes(Array("Hello, world!".utf8)),
        ])
        #expect(
            Hex.encode(f)
                == words(
                    """
                    0x8be65246
                    0000000000000000000000000000000000000000000000000000000000000123
                    0000000000000000000000000000000000000000000000000000000000000080
                    3132333435363738393000000000000000000000000000000000000000000000
                    00000000000000000000000000000000000000000000000000000000000000e0
                    0000000000000000000000000000000000000000000000000000000000000002
                    0000000000000000000000000000000000000000000000000000000000000456
                    0000000000000000000000000000000000000000000000000000000000000789
                    000000000000000000000000000000000000000000000000000000000000000d
                    48656c6c6f2c20776f726c642100000000000000000000000000000000000000
                    """))
        let g = try function("g", ["uint256[][]", "string[]"]).callData([
            .list([.list([.integer(1), .integer(2)]), .list([.integer(3)])]),
            .list([.string("one"), .string("two"), .string("three")]),
        ])
        #expect(
            Hex.encode(g)
                == words(
                    """
                    0x2289b18c
                    0000000000000000000000000000000000000000000000000000000000000040
                    0000000000000000000000000000000000000000000000000000000000000140
                    0000000000000000000000000000000000000000000000000000000000000002
                    0000000000000000000000000000000000000000000000000000000000000040
                    00000000000000000000000000000000000000000000000000000000000000a0
                    0000000000000000000000000000000000000000000000000000000000000002
                    0000000000000000000000000000000000000000000000000000000000000001
                    0000000000000000000000000000000000000000000000000000000000000002
                    0000000000000000000000000000000000000000000000000000000000000001
                    0000000000000000000000000000000000000000000000000000000000000003
                    0000000000000000000000000000000000000000000000000000000000000003
                    0000000000000000000000000000000000000000000000000000000000000060
                    00000000000000000000000000000000000000000000000000000000000000a0
                    00000000000000000000000000000000000000000000000000000000000000e0
                    0000000000000000000000000000000000000000000000000000000000000003
                    6f6e650000000000000000000000000000000000000000000000000000000000
                    0000000000000000000000000000000000000000000000000000000000000003
                    74776f0000000000000000000000000000000000000000000000000000000000
                    0000000000000000000000000000000000000000000000000000000000000005
                    7468726565000000000000000000000000000000000000000000000000000000
                    """))
        // The error of the specification: InsufficientBalance(0, 1).
        let json =
            #"[{"type":"error","name":"InsufficientBalance","inputs":[{"type":"uint256"},{"type":"uint256"}]}]"#
        let failures = try ContractInterface(json: Data(json.utf8)).failures
        #expect(failures.map { Hex.encode($0.selector) } == ["0xcf479181"])
    }

    /// Random values of random types come back; every truncation is refused or decodes to something, without a trap.
    @Test func randomValuesComeBack() throws {
        var generator = SeededGenerator(seed: 11)
        func pick(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        }
        func type(_ depth: Int) -> ABIType {
            switch pick(depth == 0 ? 7 : 10) {
            case 0: .uint(8 * (1 + pick(32)))
            case 1: .int(8 * (1 + pick(32)))
            case 2: .address
            case 3: .bool
            case 4: .fixedBytes(1 + pick(32))
            case 5: .bytes
            case 6: .string
            case 7: .array(type(depth - 1))
            case 8: .fixedArray(type(depth - 1), 1 + pick(3))
            default: .tuple((0..<1 + pick(3)).map { _ in type(depth - 1) })
            }
        }
        func value(_ type: ABIType) -> ABIValue {
            switch type {
            case .uint(let bits): .integer(UInt256(bigEndian: bytes(bits / 8))!)
            case .int(let bits):
                .integer(
                    bits <= 64
                        ? UInt256(signed: Int64(bitPattern: generator.next()) >> Int64(64 - bits))
                        : UInt256(bigEndian: [0] + bytes(bits / 8 - 1))!)
            case .address: .address(Address(bytes(20))!)
            case .bool: .bool(pick(2) == 1)
            case .fixedBytes(let count): .bytes(bytes(count))
            case .bytes: .bytes(bytes(pick(70)))
            case .string: .string(String(repeating: "ä\u{1F600}", count: pick(10)))
            case .array(let element): .list((0..<pick(4)).map { _ in value(element) })
            case .fixedArray(let element, let count): .list((0..<count).map { _ in value(element) })
            case .tuple(let types): .list(types.map(value))
            }
        }
        for _ in 0..<300 {
            let types = (0..<1 + pick(4)).map { _ in type(3) }
            let values = types.map(value)
            let data = try ABIType.encode(values, as: types)
            #expect(data.count % 32 == 0)
            #expect(try ABIType.decode(data, as: types) == values, "\(types)")
            for type in types where !"\(type)".contains("(") { #expect(try ABIType("\(type)") == type) }
            var changed = data
            if !changed.isEmpty { changed[pick(changed.count)] ^= 1 << UInt8(pick(8)) }
            _ = try? ABIType.decode(changed, as: types)
            _ = try? ABIType.decode(Array(data.prefix(pick(data.count + 1))), as: types)
        }
    }

    @Test func wrongTypesAreRefused() {
        for name in [
            "", "uint7", "uint0", "uint264", "uint08", "int257", "bytes0", "bytes33", "bytes032", "float",
            "uint256[",
            "uint256]", "[]", "uint256[0]", "uint256[-1]", "uint256[99999999999999999999]", "uint256[65537]",
            "uint256[1000][1000]", "uint8[][][][][][][][][][]", "Uint256", "uint 256", "address payable",
        ] {
            #expect(throws: EncodingError.self, "\(name)") { try ABIType(name) }
        }
    }

    @Test func valuesOutsideTheirTypesAreRefused() throws {
        let wrong: [(ABIType, ABIValue)] = [
            (.uint(8), .integer(256)), (.int(8), .integer(128)), (.int(8), .integer(UInt256(signed: -129))),
            (.fixedBytes(4), .bytes([1, 2, 3])), (.bool, .integer(1)), (.address, .bytes([1])),
            (.fixedArray(.bool, 2), .list([.bool(true)])), (.tuple([.bool]), .list([])),
            (.string, .bytes([])),
            (.array(.bool), .list([.bool(true), .integer(1)])),
        ]
        for (type, value) in wrong {
            #expect(throws: EncodingError.self, "\(type)") { try ABIType.encode([value], as: [type]) }
        }
        #expect(throws: EncodingError.self) { try ABIType.encode([], as: [.bool]) }
        #expect(try ABIType.encode([.integer(UInt256(signed: -128))], as: [.int(8)]).first == 255)
    }

    /// Words that no encoder writes, offsets that lead astray, lengths that are not there.
    @Test func hostileDataAreRefused() throws {
        func word(_ value: UInt64) -> [UInt8] { UInt256(value).bigEndianBytes }
        let ones = [UInt8](repeating: 255, count: 32)
        let hostile: [([UInt8], [ABIType])] = [
            (word(2), [.bool]), (ones, [.address]), (ones, [.uint(128)]), (word(128), [.int(8)]),
            (ones, [.fixedBytes(31)]), ([], [.bool]), ([UInt8](repeating: 0, count: 31), [.bool]),
            (word(32), [.bytes]), (word(64) + word(0), [.bytes]), (ones, [.bytes]),
            (word(32) + ones, [.bytes]),
            (word(32) + word(1), [.bytes]), (word(32) + word(1 << 40), [.array(.bool)]),
            (word(32) + word(2) + [255, 254] + [UInt8](repeating: 0, count: 30), [.string]),
            (word(UInt64(Int.max)), [.string]), (word(32) + word(UInt64(Int.max) - 40), [.string]),
        ]
        for (data, types) in hostile {
            #expect(throws: EncodingError.self, "\(types) of \(Hex.encode(data))") {
                try ABIType.decode(data, as: types)
            }
        }
        // Four levels of lists, all entries of each in the same place: 128 KB stand for 1000⁴ values.
        let level = word(1000) + (0..<1000).flatMap { _ in word(32_000) }
        let bomb = word(32) + level + level + level + level
        let deep: ABIType = .array(.array(.array(.array(.uint(256)))))
        #expect(throws: EncodingError.self) { try ABIType.decode(bomb, as: [deep]) }
        #expect(throws: EncodingError.self) {
            try ABIType.decode(word(32) + word(64) + word(0), as: [.array(.fixedArray(.tuple([]), 65_536))])
        }
    }

    @Test func interfacesAreRead() throws {
        let json = """
            [{"type":"constructor","inputs":[{"name":"a","type":"uint256"}],"stateMutability":"payable"},
             {"type":"function","name":"f","inputs":[{"name":"p","type":"tuple[]","components":[
               {"name":"x","type":"uint8"},{"name":"y","type":"bytes"}]}],"outputs":[{"name":"","type":"bool"}],
              "stateMutability":"view"},
             {"type":"function","name":"g","inputs":[],"outputs":[],"stateMutability":"payable"},
             {"type":"function","name":"g","inputs":[{"name":"","type":"bool"}],"outputs":[],
              "stateMutability":"nonpayable"},
             {"type":"event","name":"E","inputs":[{"name":"who","type":"address","indexed":true},
               {"name":"what","type":"string","indexed":true},{"name":"amount","type":"uint256","indexed":false}]},
             {"type":"error","name":"Late","inputs":[{"name":"by","type":"uint64"}]},{"type":"fallback"}]
            """
        let interface = try ContractInterface(json: Data(json.utf8))
        #expect(interface.constructorInputs.map(\.type) == [.uint(256)] && interface.isConstructorPayable)
        #expect(try interface.function("f").signature == "f((uint8,bytes)[])")
        #expect(try interface.function("f").isView)
        #expect(try interface.function("g()").isPayable)
        #expect(throws: EncodingError.self) { try interface.function("g") }
        #expect(throws: EncodingError.self) { try interface.function("h") }
        #expect(throws: EncodingError.self) { try interface.event("F") }

        // The event: its topics, its data; text is only known by its hash.
        let event = try interface.event("E")
        #expect(event.topic == Keccak256.hash(Array("E(address,string,uint256)".utf8)))
        let who = Address([UInt8](1...20))!
        let topics = [
            event.topic, [UInt8](repeating: 0, count: 12) + who.bytes, Keccak256.hash(Array("x".utf8)),
        ]
        let data = UInt256(5).bigEndianBytes
        let decoded = try interface.decode(topics: topics, data: data)
        #expect(decoded?["who"]?.address == who && decoded?["amount"]?.integer == 5)
        #expect(decoded?["what"]?.bytes == topics[2])
        #expect(try interface.decode(topics: [who.bytes], data: data) == nil)
        #expect(try interface.decode(topics: [], data: data) == nil)
        #expect(throws: EncodingError.self) { try interface.decode(topics: Array(topics[..<2]), data: data) }
        #expect(throws: EncodingError.self) { try interface.decode(topics: topics, data: []) }
        var dirty = topics
        dirty[1][0] = 1
        #expect(throws: EncodingError.self) { try interface.decode(topics: dirty, data: data) }

        // Reasons of reverts.
        let late = interface.failures[0]
        let lateData = late.selector + UInt256(7).bigEndianBytes
        #expect(RevertReason(lateData, interface: interface) == .failure("Late", [.integer(7)]))
        #expect(RevertReason(lateData) == .unknown(lateData) && RevertReason([]) == .none)
        let message = try [0x08, 0xC3, 0x79, 0xA0] + ABIType.encode([.string("too late")], as: [.string])
        #expect(RevertReason(message) == .message("too late") && "\(RevertReason(message))" == "too late")
        let panic = try [0x4E, 0x48, 0x7B, 0x71] + ABIType.encode([.integer(0x11)], as: [.uint(256)])
        #expect("\(RevertReason(panic))" == "an integer overflowed (panic 0x11)")
        let broken = Array(message.prefix(40))
        #expect(RevertReason(broken) == .unknown(broken))
        let rude = try [0x08, 0xC3, 0x79, 0xA0] + ABIType.encode([.string("\u{1B}[31m\n")], as: [.string])
        #expect(!"\(RevertReason(rude))".contains("\u{1B}"))
        for text in ["", "{}", "[{}]", "[{\"type\":\"function\",\"inputs\":[{\"type\":\"float\"}]}]", "[1]"] {
            #expect(throws: EncodingError.self, "\(text)") { try ContractInterface(json: Data(text.utf8)) }
        }
    }
}
