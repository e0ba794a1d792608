import Ledger
import SecureAggregation
import TestSupport
import Testing

/// Encodings: one for each message, and no bytes from outside trap.
@Suite struct MessageTests {
    private func expectCanonical<Value: CanonicalCodable & Equatable>(
        _ value: Value, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let bytes = value.encoded
        #expect(try Value(encoded: bytes) == value, sourceLocation: sourceLocation)
        for length in [0, 1, bytes.count / 3, bytes.count / 2, bytes.count - 1] {
            #expect(throws: MalformedEncoding.self, sourceLocation: sourceLocation) {
                _ = try Value(encoded: Array(bytes[..<length]))
            }
        }
        #expect(throws: MalformedEncoding.self, sourceLocation: sourceLocation) {
            _ = try Value(encoded: bytes + [0])
        }
        // A changed message is refused, or is another one, in its one encoding.
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<60 {
            var changed = bytes
            let place = Int(generator.next() % UInt64(bytes.count))
            changed[place] ^= UInt8(1) << UInt8(generator.next() % 8)
            if let other = try? Value(encoded: changed) {
                #expect(other != value && other.encoded == changed, sourceLocation: sourceLocation)
            }
        }
    }

    @Test func everyMessageHasOneEncoding() throws {
        var rehearsal = try Rehearsal(members: 4, threshold: 3)
        rehearsal.silence = [3: .inputs]
        let sum = try rehearsal.play()
        let leader = rehearsal.leader
        try expectCanonical(rehearsal.session)
        try expectCanonical(try #require(leader.keys))
        try expectCanonical(try #require(leader.shares))
        try expectCanonical(try #require(leader.masks))
        try expectCanonical(try #require(leader.survivors))
        try expectCanonical(try #require(leader.consents))
        try expectCanonical(try #require(leader.keys?.messages[0]))
        let masks = try #require(leader.masks)
        let input = try rehearsal.participants[0].maskInput(
            masks, values: rehearsal.values(0), blinding: rehearsal.blindings[0])
        try expectCanonical(input)
        try expectCanonical(try rehearsal.participants[0].revealShares(#require(leader.consents)))
        try expectCanonical(rehearsal.participants[0].record)
        try expectCanonical(sum)
        let dispute = DisputeKey(shareRoster: sum.session, peer: 2, maskKey: [UInt8](repeating: 1, count: 32))
        try expectCanonical(try rehearsal.sign(dispute, 0))
    }

    @Test func hugeClaimsAreRefused() throws {
        let digest = [UInt8](repeating: 1, count: 32)
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff]
        #expect(throws: MalformedEncoding.self) { _ = try MaskedInput(encoded: digest + huge) }
        #expect(throws: MalformedEncoding.self) { _ = try RevealedShares(encoded: digest + huge) }
        #expect(throws: MalformedEncoding.self) { _ = try Roster<KeyAdvertisement>(encoded: huge) }
        #expect(throws: MalformedEncoding.self) { _ = try KeyAdvertisement(encoded: huge) }
        // Entries that are not below the modulus, or not whole.
        let entry = [UInt8](repeating: 0xff, count: 32)
        #expect(throws: MalformedEncoding.self) {
            _ = try MaskedInput(encoded: digest + [0, 0, 0, 32] + entry)
        }
        #expect(throws: MalformedEncoding.self) {
            _ = try MaskedInput(encoded: digest + [0, 0, 0, 31] + entry.dropLast())
        }
    }

    /// Well-formed messages with numbers that name nobody.
    @Test func strangersAreRefused() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.participants[0].advertiseKeys()
        for sender in [-1, 5, 65535, 65534] {
            #expect(throws: AggregationError.self) { try rehearsal.leader.receive(keys, from: sender) }
        }
        let shares = try rehearsal.playShares(rehearsal.playKeys())
        _ = try rehearsal.playCommitments(shares)
        for peer in [0, 1, 5, 65535] {
            let key = DisputeKey(
                shareRoster: shares.digest, peer: peer, maskKey: [UInt8](repeating: 1, count: 32))
            let signed = try rehearsal.sign(key, 0)
            #expect(throws: AggregationError.self) { try rehearsal.leader.receive(signed, from: 0) }
        }
        #expect(rehearsal.leader.faults.isEmpty)
        // A complaint about nobody.
        var complaining = try Rehearsal()
        let copy = complaining
        complaining.forgeCommitments = { index, message in
            guard index == 2 else { return message }
            return try copy.altered(message) { bytes in
                bytes.replaceSubrange(
                    (bytes.count - 4)..., with: [0, 0, 0, 1, 0xff, 0xff] + [UInt8](repeating: 1, count: 32))
            }
        }
        #expect(try complaining.isRight(complaining.play(), survivors: [0, 1, 3, 4]))
        #expect(
            complaining.leader.faults
                == [Fault(2, .malformed("commitments: it complains twice, or about nobody"))])
    }
}
