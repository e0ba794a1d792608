import EllipticCurves
import FieldArithmetic
import Ledger
import SecureAggregation
import TestSupport
import Testing

/// The cryptography below the protocol, against published vectors and twins.
@Suite struct PrimitiveTests {
    private func bytes(_ text: String) throws -> [UInt8] { try #require([UInt8](hexadecimal: text)) }

    private func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let block = key + [UInt8](repeating: 0, count: SHA256.blockByteCount - key.count)
        return SHA256.hash(block.map { $0 ^ 0x5c } + SHA256.hash(block.map { $0 ^ 0x36 } + message))
    }

    /// RFC 5869, section 2, from HMAC; keys of at most 64 bytes.
    private func hkdf(_ secret: [UInt8], salt: [UInt8], info: [UInt8], count: Int) -> [UInt8] {
        let key = hmac(salt, secret)
        var (output, block) = ([UInt8](), [UInt8]())
        var counter: UInt8 = 1
        while output.count < count {
            block = hmac(key, block + info + [counter])
            output += block
            counter += 1
        }
        return Array(output.prefix(count))
    }

    @Test func derivation() throws {
        // RFC 5869, appendix A.1.
        let published = hkdf(
            [UInt8](repeating: 0x0b, count: 22), salt: Array(0...12), info: Array(0xf0...0xf9), count: 42)
        #expect(
            published.hexadecimal
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
        let session = Digest(sha256: [1])
        let secret = [UInt8](7..<39)
        let label = KeyDerivation.Label("a purpose", 3, 258, values: [[9, 8, 7]])
        for count in [1, 32, 33, 100] {
            let derived = try KeyDerivation.derive(
                from: SecretBytes(copying: secret), session: session, for: label, count: count)
            #expect(
                derived.withBytes { Array($0) }
                    == hkdf(secret, salt: session.bytes, info: label.bytes, count: count))
        }
    }

    /// RFC 7748, section 6.1, and points of small order (section 7).
    @Test func agreement() throws {
        let alice = SecretBytes(
            copying: try bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
        let bob = SecretBytes(
            copying: try bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
        let (a, b) = (try KeyAgreement.publicKey(of: alice), try KeyAgreement.publicKey(of: bob))
        #expect(a == (try bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")))
        #expect(b == (try bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")))
        let shared = try bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        #expect(try KeyAgreement.sharedSecret(alice, with: b)?.withBytes { Array($0) } == shared)
        #expect(try KeyAgreement.sharedSecret(bob, with: a)?.withBytes { Array($0) } == shared)
        let zero = [UInt8](repeating: 0, count: 32)
        let ofOrderEight = try bytes("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")
        for small in [zero, [1] + zero.dropLast(), ofOrderEight] {
            #expect(try KeyAgreement.sharedSecret(alice, with: small) == nil)
            #expect(try KeyAgreement.hasSmallOrder(small))
        }
        #expect(try !KeyAgreement.hasSmallOrder(a))
    }

    /// RFC 8439, appendix A.1, test vectors 1 and 2.
    @Test func keyStream() throws {
        let key = SecretBytes(copying: [UInt8](repeating: 0, count: 32))
        let first =
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
            + "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
        let second =
            "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
            + "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"
        #expect(
            try MaskExpansion.keyStream(key, block: 0, count: 128).withBytes { Array($0) }
                == bytes(first + second))
        #expect(
            try MaskExpansion.keyStream(key, block: 1, count: 64).withBytes { Array($0) } == bytes(second))
    }

    /// The elements are those of the key stream, reduced by GMP-tested arithmetic, at the ends of pieces too.
    @Test(arguments: [1, 2, 5, 4095, 4096, 4097, 10_000])
    func expansion(count: Int) throws {
        let key = SecretBytes(copying: Array(0..<32))
        let vector = try MaskExpansion.expand(key, count: count)
        let stream = try MaskExpansion.keyStream(key, block: 0, count: 48 * count).withBytes { Array($0) }
        #expect(vector.count == count)
        for index in [0, count / 2, min(4096, count - 1), count - 1] {
            let expected = Scalar(reducingBigEndian: stream[48 * index..<48 * index + 48].reversed())
            #expect(vector[index] == expected)
        }
    }

    @Test func sealing() throws {
        let key = SecretBytes(copying: Array(1...32))
        let message = SecretBytes(copying: Array(0..<64))
        let sealed = try SealedShares.seal(message, key: key, for: [1, 2])
        #expect(sealed.count == 80)
        #expect(
            try SealedShares.open(sealed, key: key, for: [1, 2])?.withBytes { Array($0) } == Array(0..<64))
        #expect(try SealedShares.open(sealed, key: key, for: [1, 3]) == nil)
        let other = SecretBytes(copying: Array(2...33))
        #expect(try SealedShares.open(sealed, key: other, for: [1, 2]) == nil)
        for index in [0, 63, 64, 79] {
            var changed = sealed
            changed[index] ^= 1
            #expect(try SealedShares.open(changed, key: key, for: [1, 2]) == nil)
        }
        for length in [0, 15, 16, 79] {
            #expect(try SealedShares.open(Array(sealed[..<length]), key: key, for: [1, 2]) == nil)
        }
    }

    /// Any t shares give the secret, t − 1 of them are consistent with every other secret.
    @Test(arguments: [1, 2, 3, 7])
    func sharing(threshold: Int) throws {
        let polynomial = try SharingPolynomial(SecretBytes(copying: Array(5..<37)), threshold: threshold)
        let commitments = polynomial.commitments
        let shares = (0..<10).map { polynomial.share(of: $0) }
        for start in 0...(10 - threshold) {
            let members = Array((start..<start + threshold).reversed())
            let recovery = SecretRecovery(participants: members)
            #expect(recovery.secret(of: members.map { shares[$0] }) == polynomial.secret)
            var wrong = members.map { shares[$0] }
            wrong[0] += .one
            #expect(recovery.secret(of: wrong) != polynomial.secret)
        }
        for member in 0..<10 {
            #expect(commitments.isShare(shares[member], of: member))
            #expect(!commitments.isShare(shares[member] + .one, of: member))
            #expect(threshold == 1 || !commitments.isShare(shares[member], of: member + 1))
        }
        guard threshold > 1 else { return }
        // With one share fewer, some value of the last one leads to any secret.
        let few = Array(0..<threshold)
        let recovery = SecretRecovery(participants: few)
        let base = recovery.secret(of: few.dropLast().map { shares[$0] } + [.zero])
        let slope = recovery.secret(of: few.dropLast().map { _ in Scalar.zero } + [.one])
        let inverse = try #require(slope.inverse())
        for secret in [Scalar.zero, Scalar(12345)] {
            let last = (secret - base) * inverse
            #expect(recovery.secret(of: few.dropLast().map { shares[$0] } + [last]) == secret)
        }
    }
}
