import TestSupport
import Testing

import Ethereum

@Suite struct TransactionTests {
    /// The example of EIP-155, with the hash that is signed.
    @Test func exampleOfEIP155() throws {
        let transaction = EthereumTransaction(
            chainID: 1, nonce: 9, fee: .legacy(gasPrice: 20_000_000_000), gasLimit: 21_000,
            to: try Address("0x3535353535353535353535353535353535353535"),
            value: UInt256(1_000_000_000_000_000_000))
        #expect(
            Hex.encode(transaction.signingHash)
                == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
        let signed = try transaction.signed(with: EthereumKey(secret: [UInt8](repeating: 0x46, count: 32)))
        #expect(
            Hex.encode(signed.encoded)
                == "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080"
                + "25a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
                + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
        #expect(try SignedEthereumTransaction(decoding: signed.encoded) == signed)
    }

    private static let secret: [UInt8] = [
        0x8F, 0x2A, 0x55, 0x94, 0x90, 0x38, 0xA9, 0x61, 0x0F, 0x50, 0xFB, 0x23, 0xB5, 0x88, 0x3A, 0xF3, 0xB4,
        0xEC, 0xB3,
        0xC3, 0xBB, 0x79, 0x2C, 0xBC, 0xEF, 0xBD, 0x15, 0x42, 0xC6, 0x92, 0xBE, 0x63,
    ]

    /// Transactions of EIP-1559 on chain 7822, of EthereumJS (packages/tx/test/json/eip1559.json); there each stands
    /// within an RLP string.
    @Test(
        arguments: [
            (
                819, 43_203_529, 35552, 75853, 121_212,
                "0x02f870821e8e8203338301284d8301d97c828ae094000000000000000000000000000000000000aaaa8402933bc980c080a0"
                    + "d067f2167008c59219652f91cbf8788dbca5f771f6e91e2b7657e85b78b472e0a0"
                    + "1d305af9fe81fdba43f0dfcd400ed24dcace0a7e30d4e85701dcaaf484cd079e"
            ),
            (
                353, 61_901_619, 32593, 38850, 136_295,
                "0x02f86f821e8e8201618297c283021467827f5194000000000000000000000000000000000000aaaa8403b08b3380c001a0"
                    + "04205678f13fc1d7b10feea6513dfa76e24418b6e08097d95c6f93a3b64e536da0"
                    + "1d45ad61bfece43862de2cce7d2575a8c1d08c26c87f3cb5f26d7b0be54a91b2"
            ),
            (
                985, 32_531_825, 68541, 66377, 136_097,
                "0x02f871821e8e8203d983010349830213a183010bbd94000000000000000000000000000000000000aaaa8401f0657180c001a0"
                    + "e6d23c5ecc0f388a4d41a9523c3ad171e98083a61288c340b968dfe0903a6741a0"
                    + "7319e8d54a4fd8f0c081d3ce093d869f9df598481991c8534bfd8f2c163884b4"
            ),
        ] as [(UInt64, UInt64, UInt64, UInt64, UInt64, String)])
    func transactionsOfEIP1559(
        nonce: UInt64, value: UInt64, gas: UInt64, tip: UInt64, fee: UInt64, encoded: String
    ) throws {
        let transaction = EthereumTransaction(
            chainID: 7822, nonce: nonce, fee: .market(maxPriorityFee: UInt256(tip), maxFee: UInt256(fee)),
            gasLimit: gas, to: try Address("0x000000000000000000000000000000000000aaaa"),
            value: UInt256(value))
        let signed = try transaction.signed(with: EthereumKey(secret: Self.secret))
        #expect(Hex.encode(signed.encoded) == encoded)
        #expect(try SignedEthereumTransaction(decoding: signed.encoded) == signed)
    }

    @Test func signedTransactionsAreReadBack() throws {
        var generator = SeededGenerator(seed: 13)
        let key = try EthereumKey()
        for round in 0..<100 {
            let data = (0..<generator.next() % 100).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            let price = UInt256(generator.next())
            let transaction = EthereumTransaction(
                chainID: round == 0 ? .max : generator.next() >> (generator.next() % 64),
                nonce: generator.next() >> (generator.next() % 64),
                fee: round % 2 == 0 ? .legacy(gasPrice: price) : .market(maxPriorityFee: 7, maxFee: price),
                gasLimit: generator.next() >> 20, to: round % 3 == 0 ? nil : key.address,
                value: UInt256(generator.next()), data: data)
            let signed = try transaction.signed(with: key)
            let read = try SignedEthereumTransaction(decoding: signed.encoded)
            #expect(read == signed && read.sender == key.address && read.transaction == transaction)
            // Any changed bit makes it somebody else's, or nobody's.
            var changed = signed.encoded
            changed[Int(generator.next() % UInt64(changed.count))] ^= 1 << UInt8(generator.next() % 8)
            let other = try? SignedEthereumTransaction(decoding: changed)
            #expect(other?.sender != key.address)
            #expect(throws: EncodingError.self) {
                try SignedEthereumTransaction(decoding: Array(signed.encoded.dropLast()))
            }
        }
        for bytes in [[], [2], [2, 0xC0], [0xC0], [3], [0x7F]] as [[UInt8]] {
            #expect(throws: EncodingError.self) { try SignedEthereumTransaction(decoding: bytes) }
        }
    }
}
