import Foundation
import TestSupport
import Testing

import ContentStore

@Suite struct ContentIdentifierTests {
    /// The raw blocks that `ipfs add --raw-leaves` and `ipfs block put` make of these, as published in many places:
    /// the empty block, and "hello world".
    @Test(arguments: [
        ("", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"),
        ("hello world", "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"),
    ])
    func publishedExamples(text: String, name: String) throws {
        let identifier = ContentIdentifier(of: Array(text.utf8))
        #expect(identifier.description == name)
        #expect(try ContentIdentifier(name) == identifier)
        let digits = identifier.digest.map { String(format: "%02x", $0) }.joined()
        #expect(try ContentIdentifier(digits) == identifier)
        #expect(try ContentIdentifier(digits.uppercased()) == identifier)
        #expect(try ContentIdentifier(sha256: identifier.digest) == identifier)
        #expect(identifier.names(Array(text.utf8)) && !identifier.names(Array((text + " ").utf8)))
    }

    /// RFC 4648, section 10, in lower case and without padding.
    @Test func base32OfTheRFC() {
        let vectors = [
            "": "", "f": "my", "fo": "mzxq", "foo": "mzxw6", "foob": "mzxw6yq", "fooba": "mzxw6ytb",
            "foobar": "mzxw6ytboi",
        ]
        for (text, encoded) in vectors {
            #expect(Base32.encode(Array(text.utf8)) == encoded)
            #expect(Base32.decode(encoded) == Array(text.utf8))
        }
        for wrong in ["MY", "m", "mz", "mzx", "m1", "my======", "mzxw6yr", "my ", "é", "mzxw6ytbo"] {
            #expect(Base32.decode(wrong) == nil, "\(wrong)")
        }
        var generator = SeededGenerator(seed: 1)
        for count in 0..<70 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        ("", "neither"), ("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", "version 0"),
        ("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "raw block"),
        ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk", "neither"),
        ("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv", "neither"),
        ("BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU", "neither"),
        ("bafkqaaa", "SHA2-256"), ("b", "version 1"),
        ("zb2rhf5w4wiWwnobMTG1hFbVnaUkjbRUYtz1uNxEGTp9yumGS", "neither"),
        ("../../etc/passwd", "neither"), ("bafkreihdwd/../../", "neither"),
        ("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "neither"),
    ])
    func otherNamesAreRefused(name: String, reason: String) {
        do throws(ContentError) {
            _ = try ContentIdentifier(name)
            Issue.record("\(name) is taken")
        } catch {
            #expect(error.description.contains(reason), "\(name): \(error)")
        }
        let long = "b" + String(repeating: "a", count: 1_000_000)
        #expect(throws: ContentError.self) { try ContentIdentifier(long) }
        #expect(throws: ContentError.self) { try ContentIdentifier(sha256: [1, 2, 3]) }
    }
}
