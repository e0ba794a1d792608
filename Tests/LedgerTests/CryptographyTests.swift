import Glibc
import Ledger
import LedgerTestSupport
import TestSupport
import Testing

@Suite struct CryptographyTests {
    @Test func digests() {
        // FIPS 180-4, the example "abc".
        #expect(
            Digest(sha256: Array("abc".utf8)).description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let digest = Digest(sha256: [])
        #expect(Digest(hexadecimal: digest.description) == digest)
        #expect(Digest(digest.bytes) == digest)
        #expect(Digest(hexadecimal: "ab") == nil)
        #expect(Digest(hexadecimal: String(repeating: "g", count: 64)) == nil)
        #expect(Digest(purpose: "a", [1]) != Digest(purpose: "b", [1]))
        // The purpose's length keeps it apart from the message.
        #expect(Digest(purpose: "ab", [1]) != Digest(purpose: "a", [98, 1]))
    }

    /// RFC 8032, section 7.1, test 1.
    @Test func publicKeyOfAPublishedSeed() throws {
        let seed = [UInt8](hexadecimal: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")!
        #expect(
            try SigningKey(seed: seed).publicKey.description
                == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    }

    @Test func signaturesHoldForOneDigestAndOneKey() throws {
        let key = try SigningKey()
        let digest = Digest(sha256: [1])
        let signature = try key.sign(digest)
        #expect(try key.sign(digest) == signature)
        #expect(key.publicKey.isSignature(signature, of: digest))
        #expect(!key.publicKey.isSignature(signature, of: Digest(sha256: [2])))
        #expect(!Story.signer(1).publicKey.isSignature(signature, of: digest))
        for index in signature.indices {
            var changed = signature
            changed[index] ^= 1
            #expect(!key.publicKey.isSignature(changed, of: digest))
        }
        #expect(!key.publicKey.isSignature(Array(signature.dropLast()), of: digest))
        #expect(!key.publicKey.isSignature(signature + [0], of: digest))
        #expect(!key.publicKey.isSignature([], of: digest))
        // Not a point, and the point of order 1.
        #expect(!PublicKey([UInt8](repeating: 0xFF, count: 32))!.isSignature(signature, of: digest))
        #expect(!PublicKey([1] + [UInt8](repeating: 0, count: 31))!.isSignature(signature, of: digest))
    }

    /// S + L instead of S satisfies the equation too; RFC 8032 refuses it.
    @Test func malleatedSignaturesAreRefused() throws {
        let key = Story.signer(3)
        let digest = Digest(sha256: [1])
        var signature = try key.sign(digest)
        let order = [UInt8](
            hexadecimal: "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")!
        var carry = 0
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            signature[32 + index] = UInt8(sum & 255)
            carry = sum >> 8
        }
        #expect(carry == 0)
        #expect(!key.publicKey.isSignature(signature, of: digest))
    }

    @Test func secretsAreNotPrinted() throws {
        let key = Story.signer(0x5A)
        #expect("\(key)" == "signing key of \(key.publicKey)")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("5a5a5a5a"))
    }

    @Test func keyFiles() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("key.pem")
        let key = try SigningKey()
        try key.write(to: path)
        #expect(try SigningKey(file: path).publicKey == key.publicKey)
        var information = stat()
        #expect(stat(path, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
        // A key that is there is not overwritten.
        #expect(throws: KeyError.file(path: path, reason: "File exists")) {
            try Story.signer(1).write(to: path)
        }
        #expect(try SigningKey(file: path).publicKey == key.publicKey)

        #expect(chmod(path, 0o640) == 0)
        #expect {
            try SigningKey(file: path)
        } throws: {
            "\($0)".contains("can be read by others")
        }
    }

    /// RFC 8410, section 10.3.
    @Test func publishedKeyFile() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("key.pem")
        let text = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----

            """
        try write(Array(text.utf8), to: path)
        let key = try SigningKey(file: path)
        #expect(
            key.publicKey.description == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
        let copy = folder.file("copy.pem")
        try key.write(to: copy)
        #expect(try read(copy) == Array(text.utf8))
    }

    @Test func unusableKeyFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        #expect(throws: KeyError.file(path: "/nowhere/key", reason: "No such file or directory")) {
            try SigningKey(file: "/nowhere/key")
        }
        #expect(throws: KeyError.self) { try SigningKey(file: folder.path) }
        #expect(throws: KeyError.self) { try SigningKey(file: "/dev/null") }
        #expect(throws: KeyError.self) { try SigningKey(seed: [1, 2, 3]) }
        let path = folder.file("key.pem")
        try Story.signer(9).write(to: path)
        let good = try read(path)
        var random = SeededGenerator(seed: 5)
        let bad =
            [[], Array("hello".utf8), good + [10], Array(good.dropLast())]
            + (0..<200).map { _ in
                var bytes = good
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                return bytes
            }
        for (index, bytes) in bad.enumerated() {
            let file = folder.file("bad\(index)")
            try write(bytes, to: file)
            // A changed character of the seed is another key; anything else is refused.
            if let key = try? SigningKey(file: file) {
                try key.write(to: file + "again")
                #expect(try read(file + "again") == bytes)
            } else {
                #expect(throws: KeyError.self) { try SigningKey(file: file) }
            }
        }
    }

    @Test func merkleTree() {
        // The roots of the empty list and of one empty entry, as every implementation of RFC 6962 has them.
        #expect(
            MerkleTree.root([[UInt8]]()).description
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            MerkleTree.root([[]]).description
                == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
        // The definition of RFC 6962, section 2.1, word for word.
        func reference(_ entries: ArraySlice<[UInt8]>) -> Digest {
            guard entries.count > 1 else { return MerkleTree.leaf(entries.first!) }
            var half = 1
            while 2 * half < entries.count { half *= 2 }
            let middle = entries.startIndex + half
            return MerkleTree.node(reference(entries[..<middle]), reference(entries[middle...]))
        }
        for count in 1...40 {
            let entries = (0..<count).map { [UInt8($0)] }
            #expect(MerkleTree.root(entries) == reference(entries[...]))
        }
    }
}

func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(file) }
    guard file >= 0, Glibc.write(file, bytes, bytes.count) == bytes.count else {
        throw TestFailure("cannot write \(path)")
    }
}

func read(_ path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    var information = stat()
    guard file >= 0, fstat(file, &information) == 0 else { throw TestFailure("cannot read \(path)") }
    var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
    guard Glibc.read(file, &bytes, bytes.count) == bytes.count else {
        throw TestFailure("cannot read \(path)")
    }
    return bytes
}
