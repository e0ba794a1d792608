import EllipticCurves
import FieldArithmetic
import Ledger
import SecureAggregation
import Testing

/// Each way to lie names the liar, and nobody else.
@Suite struct LiarTests {
    static let liar = 1

    /// Plays with a liar, and expects the sum of the others.
    private func expectNamed(
        _ offences: [Fault.Offence], survivors: [Int] = [0, 2, 3, 4],
        sourceLocation: SourceLocation = #_sourceLocation, _ forge: (inout Rehearsal) -> Void
    ) throws {
        var rehearsal = try Rehearsal()
        forge(&rehearsal)
        let sum = try rehearsal.play()
        #expect(try rehearsal.isRight(sum, survivors: survivors), sourceLocation: sourceLocation)
        #expect(
            Set(rehearsal.leader.faults) == Set(offences.map { Fault(Self.liar, $0) }),
            sourceLocation: sourceLocation)
    }

    @Test func wrongSignatures() throws {
        let stranger = try SigningKey(seed: [UInt8](repeating: 77, count: 32))
        try expectNamed([.wrongSignature]) { rehearsal in
            let session = rehearsal.session
            rehearsal.forgeKeys = {
                $0 == Self.liar ? try Signed($1.message, from: $0, in: session, with: stranger) : $1
            }
        }
        try expectNamed([.wrongSignature]) { rehearsal in
            let session = rehearsal.session
            rehearsal.forgeInput = {
                $0 == Self.liar ? try Signed($1.message, from: $0, in: session, with: stranger) : $1
            }
        }
        // In another participant's name, or of another session.
        var rehearsal = try Rehearsal()
        let own = try rehearsal.participants[0].advertiseKeys()
        #expect(throws: Fault(1, .wrongSignature)) { try rehearsal.leader.receive(own, from: 1) }
        let other = try Rehearsal(attempt: 1)
        let foreign = try other.participants[0].advertiseKeys()
        #expect(throws: Fault(0, .wrongSignature)) { try rehearsal.leader.receive(foreign, from: 0) }
        #expect(!Fault(0, .wrongSignature).isProvable && Fault(0, .equivocation).isProvable)
        // Nobody else can tell who sent it: the right message is still taken.
        try rehearsal.leader.receive(own, from: 0)
    }

    @Test func malformedMessages() throws {
        try expectNamed([.malformed("keys: a key has small order")]) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeKeys = { index, message in
                guard index == Self.liar else { return message }
                return try copy.altered(message) { for place in 4..<36 { $0[place] = 0 } }
            }
        }
        try expectNamed([.malformed("inputs: it has 12 entries, not 13")]) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeInput = { index, message in
                guard index == Self.liar else { return message }
                return try copy.altered(message) {
                    $0.removeLast(32)
                    $0.replaceSubrange(32..<36, with: [0, 0, 1, 128])
                }
            }
        }
    }

    @Test func twoMessagesOfOneKind() throws {
        var rehearsal = try Rehearsal()
        let copy = rehearsal
        let first = try rehearsal.participants[1].advertiseKeys()
        let second = try copy.altered(first) { $0[5] ^= 1 }
        try rehearsal.leader.receive(first, from: 1)
        try rehearsal.leader.receive(first, from: 1)
        #expect(throws: Fault(1, .equivocation)) { try rehearsal.leader.receive(second, from: 1) }
        #expect(throws: AggregationError.self) { try rehearsal.leader.receive(first, from: 1) }
    }

    /// A sealed share that does not open, and one that opens to something that is not on the polynomial.
    @Test func wrongSharesDealt() throws {
        try expectNamed([.wrongShareDealt(to: 4)]) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeShares = { index, message in
                index == Self.liar ? try copy.altered(message) { $0[$0.count - 1] ^= 1 } : message
            }
        }
        let everybody = [0, 2, 3, 4].map { Fault.Offence.wrongShareDealt(to: $0) }
        try expectNamed(everybody) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeShares = { index, message in
                guard index == Self.liar else { return message }
                // The commitments of the two polynomials, exchanged.
                return try copy.altered(message) { bytes in
                    let (first, second) = (Array(bytes[32..<132]), Array(bytes[132..<232]))
                    bytes.replaceSubrange(32..<232, with: second + first)
                }
            }
        }
    }

    /// A complaint about a right share, with the right key and with another.
    @Test func falseComplaints() throws {
        for isRightKey in [true, false] {
            try expectNamed([.falseComplaint(about: 3)]) { rehearsal in
                let copy = rehearsal
                rehearsal.forgeCommitments = { index, message in
                    guard index == Self.liar else { return message }
                    let secret = try copy.participants[index].secrets.sealingSecret(for: 3)
                    let key = isRightKey ? secret.copy : [UInt8](repeating: 9, count: 32)
                    return try copy.altered(message) { bytes in
                        bytes.replaceSubrange((bytes.count - 4)..., with: [0, 0, 0, 1, 0, 3] + key)
                    }
                }
            }
        }
    }

    /// The commitment to one pair's mask is another point: the other end's key shows whose is wrong.
    @Test func wrongPairCommitments() throws {
        try expectNamed([.wrongPairCommitment(with: 0)]) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeCommitments = { index, message in
                guard index == Self.liar else { return message }
                return try copy.altered(message) {
                    $0.replaceSubrange(68..<100, with: BN254G1.generator.encoded(as: .compressed))
                }
            }
        }
    }

    /// A vector that is not the committed model, under right masks.
    @Test func wrongMaskedVectors() throws {
        for place in [67, 36 + 32 * 12 + 31] {
            try expectNamed([.wrongMaskedInput]) { rehearsal in
                let copy = rehearsal
                rehearsal.forgeInput = { index, message in
                    index == Self.liar ? try copy.altered(message) { $0[place] ^= 1 } : message
                }
            }
        }
    }

    /// Two liars whose errors cancel in a plain sum are both named.
    @Test func errorsThatCancelAreNamed() throws {
        var rehearsal = try Rehearsal()
        let copy = rehearsal
        rehearsal.forgeInput = { index, message in
            guard index == 1 || index == 3 else { return message }
            var vector = message.message.vector
            vector[4] += index == 1 ? .one : -.one
            return try copy.sign(MaskedInput(maskRoster: message.message.maskRoster, vector: vector), index)
        }
        let sum = try rehearsal.play()
        #expect(try rehearsal.isRight(sum, survivors: [0, 2, 4]))
        #expect(
            Set(rehearsal.leader.faults) == [Fault(1, .wrongMaskedInput), Fault(3, .wrongMaskedInput)])
    }

    /// Two participants agree on a false commitment for their pair, so there is no dispute: then their vectors are wrong.
    @Test func twoWhoAgreeOnAFalseCommitmentAreNamed() throws {
        var rehearsal = try Rehearsal()
        let copy = rehearsal
        rehearsal.forgeCommitments = { index, message in
            // AggregationParticipant 0's commitment with 1 and the other way round: the first of each.
            guard index < 2 else { return message }
            return try copy.altered(message) {
                $0.replaceSubrange(68..<100, with: BN254G1.generator.encoded(as: .compressed))
            }
        }
        let sum = try rehearsal.play()
        #expect(try rehearsal.isRight(sum, survivors: [2, 3, 4]))
        #expect(
            Set(rehearsal.leader.faults) == [Fault(0, .wrongMaskedInput), Fault(1, .wrongMaskedInput)])
    }

    @Test func wrongSharesRevealed() throws {
        try expectNamed([.wrongShareRevealed(of: 4)], survivors: [0, 1, 2, 3, 4]) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeRevealed = { index, message in
                index == Self.liar ? try copy.altered(message) { $0[$0.count - 1] ^= 1 } : message
            }
        }
        // Of one that fell silent.
        try expectNamed([.wrongShareRevealed(of: 0)], survivors: [1, 2, 3, 4]) { rehearsal in
            let copy = rehearsal
            rehearsal.silence = [0: .inputs]
            rehearsal.forgeRevealed = { index, message in
                index == Self.liar ? try copy.altered(message) { $0[67] ^= 1 } : message
            }
        }
    }

    @Test func consentToAnotherSet() throws {
        try expectNamed(
            [.malformed("consents: it signed another survivor set")], survivors: [0, 1, 2, 3, 4]
        ) { rehearsal in
            let copy = rehearsal
            rehearsal.forgeConsent = { index, message in
                index == Self.liar ? try copy.altered(message) { $0[0] ^= 1 } : message
            }
            rehearsal.silence = [Self.liar: .unmasking]
        }
    }

    /// The self mask is another than the shared one: the vector matches what was signed, so it shows only at the end, where
    /// the liar is named and nothing is opened.
    @Test func anotherSelfMaskThanShared() throws {
        var rehearsal = try Rehearsal()
        let copy = rehearsal
        var unit = [Scalar](repeating: .zero, count: 12)
        unit[0] = .one
        let shift = try copy.committer.commit(unit, blinding: .zero)
        rehearsal.forgeCommitments = { index, message in
            guard index == Self.liar else { return message }
            return try copy.altered(message) { bytes in
                guard let own = try? Point(decoding: bytes[32..<64], as: .compressed) else { return }
                let shifted = (JacobianPoint(own) + shift).affine
                bytes.replaceSubrange(32..<64, with: shifted.encoded(as: .compressed))
            }
        }
        rehearsal.forgeInput = { index, message in
            guard index == Self.liar else { return message }
            var vector = message.message.vector
            vector[0] += .one
            return try copy.sign(MaskedInput(maskRoster: message.message.maskRoster, vector: vector), index)
        }
        #expect(throws: AggregationError.spoiled(by: [1])) { _ = try rehearsal.play() }
        #expect(rehearsal.leader.faults == [Fault(1, .wrongSelfMask)])
    }

    /// Shares of another seed than that of the advertised keys, dealt by one that falls silent.
    @Test func otherMaskKeysThanShared() throws {
        var rehearsal = try Rehearsal()
        let copy = rehearsal
        let liar = copy.participants[1]
        let foreign = try ParticipantSecrets(
            root: SecretBytes(copying: [UInt8](repeating: 200, count: 32)), of: 1, in: copy.session)
        rehearsal.forgeShares = { index, message in
            guard index == 1, let keys = liar.keys else { return message }
            let pairs = PairKeys(session: copy.session)
            let sealed = try [0, 2, 3, 4].map { receiver in
                let shares = SharePair(
                    selfShare: liar.secrets.selfSharing.share(of: receiver),
                    keyShare: foreign.keySharing.share(of: receiver))
                let key = try pairs.sealing(
                    liar.secrets.sealingSecret(for: receiver), of: 1, dealer: 1, receiver: receiver,
                    keys: keys)
                return try SealedShares.seal(
                    shares.bytes, key: key,
                    for: pairs.sealingContext(dealer: 1, receiver: receiver, keys: keys))
            }
            return try copy.sign(
                ShareDistribution(
                    keyRoster: keys.digest, selfSharing: liar.secrets.selfSharing.commitments,
                    keySharing: foreign.keySharing.commitments, sealedShares: sealed), 1)
        }
        rehearsal.silence = [1: .inputs]
        #expect(throws: AggregationError.spoiled(by: [1])) { _ = try rehearsal.play() }
        #expect(rehearsal.leader.faults == [Fault(1, .wrongMaskKeys)])
    }

    /// The quick check for all vectors together, and its twin, come to the same.
    @Test func theBatchAgreesWithSingleChecks() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let shares = try rehearsal.playShares(keys)
        let masks = try rehearsal.playCommitments(shares)
        var inputs = try rehearsal.session.indices.map {
            try rehearsal.participants[$0].maskInput(
                masks, values: rehearsal.values($0), blinding: rehearsal.blindings[$0])
        }
        let leader = rehearsal.leader
        let expected = try inputs.map { try leader.expectedCommitment(of: $0.sender) }
        #expect(try leader.wrongInputs(inputs) == [])
        #expect(try leader.wrongInputsReference(inputs, expected) == [])
        for liars in [[0], [2, 4], [0, 1, 2, 3, 4]] {
            var changed = inputs
            for liar in liars {
                var vector = changed[liar].message.vector
                vector[liar] -= .one
                changed[liar] = try rehearsal.sign(
                    MaskedInput(maskRoster: masks.digest, vector: vector), liar)
            }
            #expect(try leader.wrongInputs(changed) == liars)
            #expect(try leader.wrongInputsReference(changed, expected) == liars)
        }
        inputs.removeAll()
        #expect(try leader.wrongInputs(inputs) == [])
    }
}
