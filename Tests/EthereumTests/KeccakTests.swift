import COpenSSL
import TestSupport
import Testing

import Ethereum

@Suite struct KeccakTests {
    /// The Keccak team's known answers (ShortMsgKAT_256 of the submission, padding 01), the million a's of the NIST
    /// examples, and the hashes of "" and "abc" that the yellow paper and every implementation agree on.
    @Test func publishedVectors() {
        let vectors: [([UInt8], String)] = [
            ([], "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            (Array("abc".utf8), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
            ([0xCC], "0xeead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a"),
            (
                [UInt8](repeating: 97, count: 1_000_000),
                "0xfadae6b49f129bbb812be8407b7b2894f34aecf6dbd1f9b0f0c7e9853098fc96"
            ),
        ]
        for (message, hash) in vectors { #expect(Hex.encode(Keccak256.hash(message)) == hash) }
    }

    /// At the borders of the blocks of 136 bytes; values by the reference implementation in pycryptodome.
    @Test func borders() {
        let hashes = [
            134: "0x0c00ddc2482876f8fa8cc91ed55deedf61049892967f383560faf8a5787f86c5",
            135: "0x00ef96af9cf4b24c7f269d922294444a197d0a33638c2e56634c57e892103a8f",
            136: "0x742061bcad767ed4c4f5883b1dcb1aad11afdcc140dc469d953759b127b9f9ed",
            137: "0xe3371f61e770abf254c34239c3b0099ad90594507415bc81dd0a10b9692bbf2a",
            271: "0x4401c4afbe16ff911bdbf2d38e556e5b861f3fdf0f9d4306b1c46f6ae4f73584",
            272: "0xac141fd7b0a0ffcd2e967254d508da3ec616596493c36fa304425647d90e6de5",
            273: "0x16192ea86793083e47731cb3c970600f04768414d92bc0540e54ce8607a0fce0",
        ]
        for (count, hash) in hashes {
            let message = (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + 3) }
            #expect(Hex.encode(Keccak256.hash(message)) == hash, "\(count)")
        }
    }

    /// With SHA-3's padding the same permutation is OpenSSL's SHA3-256.
    @Test func thePermutationIsThatOfSHA3() {
        var generator = SeededGenerator(seed: 7)
        for count in Array(0..<300) + [1000, 4096, 10_000] {
            let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            var expected = [UInt8](repeating: 0, count: 32)
            #expect(EVP_Digest(message, count, &expected, nil, EVP_sha3_256(), nil) == 1)
            #expect(Keccak256.hash(message, padding: 0x06) == expected, "\(count)")
        }
    }
}
