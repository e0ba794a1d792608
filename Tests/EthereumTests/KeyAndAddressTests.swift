import Foundation
import TestSupport
import Testing

import Ethereum

@Suite struct KeyAndAddressTests {
    /// The examples of EIP-55.
    @Test(arguments: [
        "0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ])
    func checksums(text: String) throws {
        let address = try Address(text)
        #expect(address.description == text)
        #expect(try Address("0x" + text.dropFirst(2).lowercased()) == address)
        #expect(try Address("0x" + text.dropFirst(2).uppercased()) == address)
        // One letter in the other case is a wrong checksum, if there are others.
        if let position = text.dropFirst(2).firstIndex(where: \.isLetter),
            text.dropFirst(2).contains(where: \.isLowercase),
            text.dropFirst(2).contains(where: \.isUppercase)
        {
            var wrong = text
            let letter = String(text[position])
            let other = letter == letter.lowercased() ? letter.uppercased() : letter.lowercased()
            wrong.replaceSubrange(position...position, with: other)
            #expect(throws: EncodingError.self) { try Address(wrong) }
        }
    }

    @Test func wrongAddressesAreRefused() {
        for text in [
            "", "0x", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg",
        ] {
            #expect(throws: EncodingError.self, "\(text)") { try Address(text) }
        }
    }

    /// The examples of EIP-1014.
    @Test(arguments: [
        (
            "0x0000000000000000000000000000000000000000",
            "0x0000000000000000000000000000000000000000000000000000000000000000", "0x00",
            "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38"
        ),
        (
            "0xdeadbeef00000000000000000000000000000000",
            "0x0000000000000000000000000000000000000000000000000000000000000000", "0x00",
            "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3"
        ),
        (
            "0xdeadbeef00000000000000000000000000000000",
            "0x000000000000000000000000feed000000000000000000000000000000000000", "0x00",
            "0xD04116cDd17beBE565EB2422F2497E06cC1C9833"
        ),
        (
            "0x0000000000000000000000000000000000000000",
            "0x0000000000000000000000000000000000000000000000000000000000000000", "0xdeadbeef",
            "0x70f2b2914A2a4b783FaEFb75f459A580616Fcb5e"
        ),
        (
            "0x00000000000000000000000000000000deadbeef",
            "0x00000000000000000000000000000000000000000000000000000000cafebabe", "0xdeadbeef",
            "0x60f3f640a8508fC6a86d45DF051962668E1e8AC7"
        ),
        (
            "0x0000000000000000000000000000000000000000",
            "0x0000000000000000000000000000000000000000000000000000000000000000", "0x",
            "0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0"
        ),
    ])
    func saltedContracts(deployer: String, salt: String, code: String, result: String) throws {
        let address = try Address.created(
            by: Address(deployer), salt: Hex.decode(salt) ?? [], initCode: Hex.decode(code) ?? [])
        #expect(address.description == result)
        #expect(throws: EncodingError.self) { try Address.created(by: .zero, salt: [1], initCode: []) }
    }

    /// Known contracts of 0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0 (Ethereum Stack Exchange, question 760).
    @Test func createdContracts() throws {
        let deployer = try Address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
        for (nonce, contract) in [
            "0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d", "0x343c43a37d37dff08ae8c4a11544c718abb4fcf8",
            "0xf778b86fa74e846c4f0a1fbd1335fe81c00a0c91", "0xfffd933a0bc612844eaf0c6fe3e5b8e9b6c1d19c",
        ].enumerated() {
            #expect(try Address.created(by: deployer, nonce: UInt64(nonce)) == Address(contract))
        }
    }

    /// Secret keys 1 and 2, and the key of EIP-155's example.
    @Test func addressesOfKeys() throws {
        func address(_ secret: [UInt8]) throws -> String {
            try EthereumKey(secret: secret).address.description
        }
        let zeros = [UInt8](repeating: 0, count: 31)
        #expect(try address(zeros + [1]) == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
        #expect(try address(zeros + [2]) == "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF")
        #expect(
            try address([UInt8](repeating: 0x46, count: 32)) == "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")
        for wrong in [[], zeros, zeros + [0], [UInt8](repeating: 255, count: 32), zeros + [1, 1]] {
            #expect(throws: EthereumKeyError.self) { try EthereumKey(secret: wrong) }
        }
        #expect(try EthereumKey().address != EthereumKey().address)
    }

    @Test func signaturesNameTheirSigner() throws {
        let key = try EthereumKey()
        let hash = Keccak256.hash(Array("message".utf8))
        let signature = try key.sign(hash)
        #expect(signature.signer(of: hash) == key.address)
        #expect(try key.sign(hash) == signature)
        var other = signature
        other.parity ^= 1
        #expect(other.signer(of: hash) != key.address)
        other.parity = 2
        #expect(other.signer(of: hash) == nil)
        #expect(signature.signer(of: Keccak256.hash([])) != key.address)
        // −s is a signature of the same message, and counts for nothing.
        let order = try #require(
            UInt256(quantity: "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"))
        let negated = RecoverableSignature(
            r: signature.r, s: try #require(order.subtracting(signature.s)), parity: signature.parity ^ 1)
        #expect(negated.signer(of: hash) == nil)
        for (r, s) in [
            (UInt256.zero, signature.s), (signature.r, .zero), (.max, signature.s), (order, signature.s),
        ] {
            #expect(RecoverableSignature(r: r, s: s, parity: 0).signer(of: hash) == nil)
        }
        #expect(throws: EthereumKeyError.self) { try key.sign([1, 2, 3]) }
    }

    @Test func keyFilesAreTheirOwnersOnly() throws {
        try TestFiles.withTemporaryFolder { folder in
            let path = folder.appending(path: "key").path
            let key = try EthereumKey()
            try key.write(to: path)
            #expect(try EthereumKey(file: path).address == key.address)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(throws: EthereumKeyError.self) { try key.write(to: path) }
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
            // The secret is in no description.
            let again = try EthereumKey(file: path)
            #expect(!"\(key)".contains(text.prefix(8)) && !"\(again)".contains(text.prefix(8)))

            chmod(path, 0o644)
            #expect(throws: EthereumKeyError.self) { try EthereumKey(file: path) }
            chmod(path, 0o600)
            func write(_ text: String) throws {
                try Data(text.utf8).write(to: URL(filePath: path))
                chmod(path, 0o600)
            }
            try write("0x" + text)
            #expect(try EthereumKey(file: path).address == key.address)
            for wrong in [
                "", "0x", String(text.prefix(63)), text + "00", String(repeating: "0", count: 64),
                String(repeating: "f", count: 64), String(repeating: "g", count: 64),
                String(repeating: "1", count: 100_000),
            ] {
                try write(wrong)
                do {
                    _ = try EthereumKey(file: path)
                    Issue.record("\(wrong.prefix(70)) is a key")
                } catch let error as EthereumKeyError {
                    #expect(error.description.contains(path))
                    #expect(wrong.count < 16 || !error.description.contains(wrong.prefix(16)))
                }
            }
            #expect(throws: EthereumKeyError.self) { try EthereumKey(file: folder.path) }
            #expect(throws: EthereumKeyError.self) { try EthereumKey(file: folder.path + "/missing") }
            #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
            #expect(throws: EthereumKeyError.self) { try EthereumKey(file: folder.path + "/pipe") }
        }
    }
}
