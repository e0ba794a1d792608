import EllipticCurves
import FieldArithmetic
import TestSupport
import Testing

/// The suite BN254G1_XMD:SHA-256_SVDW_RO_.
@Suite struct HashToCurveTests {
    /// Values of gnark-crypto, `ecc/bn254/hash_vectors_test.go`, for the messages of RFC 9380, appendix J.
    static let vectors: [(message: String, x: String, y: String)] = [
        (
            "",
            "0a976ab906170db1f9638d376514dbf8c42aef256a54bbd48521f20749e59e86",
            "02925ead66b9e68bfc309b014398640ab55f6619ab59bc1fab2210ad4c4d53d5"
        ),
        (
            "abc",
            "23f717bee89b1003957139f193e6be7da1df5f1374b26a4643b0378b5baf53d1",
            "04142f826b71ee574452dbc47e05bc3e1a647478403a7ba38b7b93948f4e151d"
        ),
        (
            "abcdef0123456789",
            "187dbf1c3c89aceceef254d6548d7163fdfa43084145f92c4c91c85c21442d4a",
            "0abd99d5b0000910b56058f9cc3b0ab0a22d47cf27615f588924fac1e5c63b4d"
        ),
        (
            "q128_" + String(repeating: "q", count: 128),
            "00fe2b0743575324fc452d590d217390ad48e5a16cf051bee5c40a2eba233f5c",
            "0794211e0cc72d3cbbdf8e4e5cd6e7d7e78d101ff94862caae8acbe63e9fdc78"
        ),
        (
            "a512_" + String(repeating: "a", count: 512),
            "01b05dc540bd79fd0fea4fbb07de08e94fc2e7bd171fe025c479dc212a2173ce",
            "1bf028afc00c0f843d113758968f580640541728cfc6d32ced9779aa613cd9b0"
        ),
    ]

    @Test(arguments: vectors) func publishedValues(vector: (message: String, x: String, y: String)) {
        let point = BN254G1.hashToCurve(
            message: Array(vector.message.utf8),
            domainSeparationTag: Array("QUUX-V01-CS02-with-BN254G1_XMD:SHA-256_SVDW_RO_".utf8))
        #expect(point.encoded(as: .uncompressed) == hexBytes(vector.x + vector.y))
    }

    /// RFC 9380, appendix K.1, and K.2 for the long tag.
    @Test func expandedMessages() {
        func expand(_ message: String, tag: String, count: Int) -> [UInt8] {
            ExpandMessage.xmdSHA256(
                message: Array(message.utf8), domainSeparationTag: Array(tag.utf8), count: count)
        }
        let tag = "QUUX-V01-CS02-with-expander-SHA256-128"
        #expect(
            expand("", tag: tag, count: 32)
                == hexBytes("68a985b87eb6b46952128911f2a4412bbc302a9d759667f87f7a21d803f07235"))
        #expect(
            expand("abc", tag: tag, count: 32)
                == hexBytes("d8ccab23b5985ccea865c6c97b6e5b8350e794e603b4b97902f53a8a0d605615"))
        #expect(
            expand("abcdef0123456789", tag: tag, count: 32)
                == hexBytes("eff31487c770a893cfb36f912fbfcbff40d5661771ca4b2cb4eafe524333f5c1"))
        let longTag = "QUUX-V01-CS02-with-expander-SHA256-128-long-DST-" + String(repeating: "1", count: 208)
        #expect(longTag.utf8.count == 256)
        #expect(
            expand("", tag: longTag, count: 32)
                == hexBytes("e8dc0c8b686b7ef2074086fbdd2f30e3f8bfbd3bdf177f73f04b97ce618a3ed3"))
        #expect(expand("abc", tag: tag, count: 100).count == 100)
    }

    @Test func batchAgreesWithSingles() {
        let tag = Array("batch".utf8)
        let message = { (index: Int) in [UInt8(index & 255), UInt8(index >> 8)] }
        let points = BN254G1.hashToCurve(count: 700, domainSeparationTag: tag, message: message)
        #expect(points.count == 700)
        #expect(Set(points).count == 700)
        for index in [0, 1, 511, 512, 699] {
            #expect(points[index] == BN254G1.hashToCurve(message: message(index), domainSeparationTag: tag))
        }
        #expect(points.allSatisfy { $0.isOnCurve && !$0.isInfinity })
        #expect(BN254G1.hashToCurve(count: 0, domainSeparationTag: tag, message: message).isEmpty)
    }

    /// FIPS 180-4 example, and the same bytes in pieces.
    @Test func sha256() {
        let expected = hexBytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(SHA256.hash(Array("abc".utf8)) == expected)
        var hasher = SHA256()
        for byte in "abc".utf8 { hasher.update([byte]) }
        #expect(hasher.finalize() == expected)
    }
}
