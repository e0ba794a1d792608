import EllipticCurves
import FieldArithmetic
import Ledger
import SecureAggregation
import Testing

/// What an honest participant does not do, whatever the leader asks for.
@Suite struct RefusalTests {
    private func expectRefusal(
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: AggregationError.self, sourceLocation: sourceLocation) { try body() }
        guard case .cryptography = error else { return }
        Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
    }

    private func mask(
        _ rehearsal: Rehearsal, _ index: Int, _ masks: Roster<MaskCommitments>
    ) throws -> Signed<MaskedInput> {
        try rehearsal.participants[index].maskInput(
            masks, values: rehearsal.values(index), blinding: rehearsal.blindings[index])
    }

    /// Another roster after the first is refused in every step; the same again gets the same answer.
    @Test func everyStepIsAnsweredOnce() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        var smaller = try Rehearsal()
        smaller.silence = [4: .keys]
        let otherKeys = try smaller.playKeys()
        let shares = try rehearsal.playShares(keys)
        let participant = rehearsal.participants[0]
        expectRefusal { _ = try participant.shareSecrets(otherKeys) }
        #expect(try participant.shareSecrets(keys) == participant.shareSecrets(keys))

        let masks = try rehearsal.playCommitments(shares)
        let fewerShares = Roster(shares.messages.filter { $0.sender != 4 })
        expectRefusal { _ = try participant.commitToMasks(fewerShares) }

        let input = try mask(rehearsal, 0, masks)
        let fewerMasks = Roster(masks.messages.filter { $0.sender != 4 })
        expectRefusal { _ = try mask(rehearsal, 0, fewerMasks) }
        #expect(try mask(rehearsal, 0, masks) == input)
    }

    /// ⚠ Never both kinds of shares: a second survivor set is neither signed nor answered.
    @Test func aSecondSurvivorSetIsRefused() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let shares = try rehearsal.playShares(keys)
        let masks = try rehearsal.playCommitments(shares)
        let first = try rehearsal.playInputs(masks)
        // The leader claims that participant 4 is silent, after all.
        let second = try Signed(
            SurvivorSet(
                maskRoster: masks.digest,
                survivors: first.message.survivors.filter { $0.participant != 4 }),
            from: Signed<SurvivorSet>.leaderNumber, in: rehearsal.session, with: rehearsal.leaderKey)
        let consents = try rehearsal.playConsents(first)
        for participant in rehearsal.participants {
            expectRefusal { _ = try participant.consent(to: second) }
        }
        _ = try rehearsal.participants[0].revealShares(consents)
        expectRefusal { _ = try rehearsal.participants[0].consent(to: second) }
        // Also after it was started again.
        let original = rehearsal.participants[0]
        let again = try AggregationParticipant(
            session: rehearsal.session, signingKey: rehearsal.signingKeys[0],
            root: SecretBytes(copying: [UInt8](repeating: 11, count: 32)), committer: rehearsal.committer,
            record: original.record)
        expectRefusal {
            try again.resume(keys: keys, shares: shares, masks: masks, survivors: second)
        }
        try again.resume(keys: keys, shares: shares, masks: masks, survivors: first)
        expectRefusal { _ = try again.consent(to: second) }
        #expect(again.record.hasRevealed)
        // With consents to the second set from everybody but it, nothing is revealed either.
        let forced = try Roster([1, 2, 3].map { try rehearsal.consent(second.message, $0) })
        expectRefusal { _ = try again.revealShares(forced) }
    }

    /// No share before t survivors signed one set.
    @Test func sharesNeedConsents() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let shares = try rehearsal.playShares(keys)
        let masks = try rehearsal.playCommitments(shares)
        let survivors = try rehearsal.playInputs(masks)
        let participant = rehearsal.participants[0]
        let consents = try rehearsal.session.indices.map { index in
            try rehearsal.consent(survivors.message, index)
        }
        expectRefusal { _ = try participant.revealShares(Roster(consents)) }
        _ = try participant.consent(to: survivors)
        expectRefusal { _ = try participant.revealShares(Roster(consents[..<2])) }
        let forged = try Signed(
            consents[2].message, from: 2, in: rehearsal.session, with: rehearsal.signingKeys[1])
        expectRefusal { _ = try participant.revealShares(Roster(consents[..<2] + [forged])) }
        _ = try participant.revealShares(Roster(consents[..<3]))
    }

    @Test func survivorSetsOfNobodyAreRefused() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let shares = try rehearsal.playShares(keys)
        rehearsal.silence = [4: .commitments]
        let masks = try rehearsal.playCommitments(shares)
        let survivors = try rehearsal.playInputs(masks)
        let participant = rehearsal.participants[0]
        let entries = survivors.message.survivors
        func signed(
            _ entries: [SurvivorSet.Survivor], roster: Digest? = nil, key: SigningKey? = nil
        ) throws -> Signed<SurvivorSet> {
            try Signed(
                SurvivorSet(maskRoster: roster ?? masks.digest, survivors: entries),
                from: Signed<SurvivorSet>.leaderNumber, in: rehearsal.session,
                with: key ?? rehearsal.leaderKey)
        }
        let stranger = SurvivorSet.Survivor(participant: 4, input: entries[0].input)
        for wrong in [
            try signed(Array(entries[..<2])), try signed(Array(entries[1...])),
            try signed(entries + [stranger]), try signed(entries, roster: keys.digest),
            try signed(entries, key: rehearsal.signingKeys[1]),
        ] {
            expectRefusal { _ = try participant.consent(to: wrong) }
        }
        #expect(participant.record.survivors == nil)
        _ = try participant.consent(to: survivors)
    }

    /// Rosters that no honest leader gives out.
    @Test func rostersOfADishonestLeaderAreRefused() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let participant = rehearsal.participants[0]
        let strangers = try Signed(
            keys.messages[1].message, from: 1, in: rehearsal.session, with: rehearsal.signingKeys[2])
        for wrong in [
            Roster(keys.messages[..<2]), Roster(keys.messages[1...]),
            Roster([keys.messages[0], strangers] + keys.messages[2...]),
        ] {
            expectRefusal { _ = try participant.shareSecrets(wrong) }
        }
        // Steps out of their order.
        let fresh = try Rehearsal().participants[0]
        let shares = try rehearsal.playShares(keys)
        expectRefusal { _ = try fresh.commitToMasks(shares) }
        let masks = try rehearsal.playCommitments(shares)
        let values = rehearsal.values(0)
        expectRefusal {
            _ = try fresh.maskInput(masks, values: values, blinding: rehearsal.blindings[0])
        }
        expectRefusal { _ = try participant.commitToMasks(Roster(shares.messages[1...])) }
        expectRefusal { _ = try mask(rehearsal, 0, Roster(masks.messages[1...])) }
        expectRefusal { _ = try mask(rehearsal, 0, Roster(masks.messages[..<2])) }
    }

    /// Model and blinding must be those of the commitment.
    @Test func otherModelsAreNotMasked() throws {
        var rehearsal = try Rehearsal()
        let masks = try rehearsal.playCommitments(rehearsal.playShares(rehearsal.playKeys()))
        let participant = rehearsal.participants[2]
        let blinding = rehearsal.blindings[2]
        expectRefusal {
            _ = try participant.maskInput(masks, values: rehearsal.values(1), blinding: blinding)
        }
        expectRefusal {
            _ = try participant.maskInput(masks, values: rehearsal.values(2), blinding: blinding + .one)
        }
        expectRefusal {
            _ = try participant.maskInput(
                masks, values: Array(rehearsal.values(2).dropLast()), blinding: blinding)
        }
        #expect(participant.record.maskRoster == nil)
    }

    /// ⚠ A mask key is shown in a real dispute only, and no vector is masked with that pair's mask afterwards.
    @Test func maskKeysAreNotShownForNothing() throws {
        var rehearsal = try Rehearsal()
        let shares = try rehearsal.playShares(rehearsal.playKeys())
        let own = try rehearsal.participants[0].commitToMasks(shares)
        let honest = try rehearsal.participants[1].commitToMasks(shares)
        let participant = rehearsal.participants[0]
        expectRefusal { _ = try participant.showDisputeKey(own: own, other: honest) }
        let lie = try rehearsal.altered(honest) {
            // Its commitment with participant 0, replaced by that with participant 2.
            $0.replaceSubrange(68..<100, with: Array($0[100..<132]))
        }
        // Not with a false account of what it said itself.
        let twisted = try Signed(
            rehearsal.altered(own) { $0.replaceSubrange(68..<100, with: Array($0[100..<132])) }.message,
            from: 0, in: rehearsal.session, with: rehearsal.signingKeys[1])
        expectRefusal { _ = try participant.showDisputeKey(own: twisted, other: honest) }
        _ = try participant.showDisputeKey(own: own, other: lie)
        #expect(participant.record.disputes == [1])
        let all = try Roster(
            [own, honest] + [2, 3, 4].map { try rehearsal.participants[$0].commitToMasks(shares) })
        expectRefusal { _ = try mask(rehearsal, 0, all) }
        // A leader that hides the dispute from the other end gets nothing from there.
        let withLie = Roster([own, lie] + all.messages[2...])
        expectRefusal { _ = try mask(rehearsal, 2, Roster(withLie.messages.filter { $0.sender != 2 })) }
        // Once a vector is masked, no key is shown at all.
        let without = Roster(all.messages.filter { $0.sender != 1 })
        _ = try mask(rehearsal, 0, without)
        expectRefusal { _ = try participant.showDisputeKey(own: own, other: lie) }
    }

    /// Sessions whose parameters promise nothing.
    @Test func sessionsThatPromiseNothingAreRefused() throws {
        let rehearsal = try Rehearsal()
        let session = rehearsal.session
        func make(
            threshold: Int = 3, length: Int = 12, members: [AggregationSession.Member]? = nil
        ) throws {
            _ = try AggregationSession(
                ledger: session.ledger, task: session.task, round: 0, leader: session.leader,
                threshold: threshold, length: length, members: members ?? session.members)
        }
        try make()
        for threshold in [-1, 0, 1, 2, 6, 65536 + 3] { expectRefusal { try make(threshold: threshold) } }
        for length in [-1, 0, 1 << 25] { expectRefusal { try make(length: length) } }
        expectRefusal { try make(members: []) }
        // From the ledger's weights and commitments: the same session, or none.
        let weights = session.members.map { (participant: $0.key, weight: $0.weight) }
        var commitments = [PublicKey: [UInt8]]()
        for member in session.members {
            commitments[member.key] = member.commitment.encoded(as: .compressed)
        }
        func fromLedger() throws -> AggregationSession {
            try AggregationSession(
                ledger: session.ledger, task: session.task, round: session.round, leader: session.leader,
                threshold: 3, length: 12, weights: weights, commitments: commitments)
        }
        #expect(try fromLedger() == session)
        commitments[session.members[1].key]?[31] ^= 1
        if let point = commitments[session.members[1].key],
            (try? Point(decoding: point, as: .compressed)) == nil
        {
            expectRefusal { _ = try fromLedger() }
        } else {
            #expect(try fromLedger() != session)
        }
        commitments[session.members[1].key] = nil
        expectRefusal { _ = try fromLedger() }
        expectRefusal { try make(members: Array(session.members.prefix(1))) }
        expectRefusal { try make(members: session.members + [session.members[0]]) }
        var members = session.members
        members[2].weight = 0
        expectRefusal { try make(members: members) }
        members = session.members
        members[2].commitment = .infinity
        expectRefusal { try make(members: members) }
        expectRefusal {
            _ = try AggregationParticipant(
                session: session, signingKey: rehearsal.leaderKey, root: .random(count: 32),
                committer: rehearsal.committer)
        }
        expectRefusal {
            _ = try AggregationParticipant(
                session: session, signingKey: rehearsal.signingKeys[0], root: .random(count: 31),
                committer: rehearsal.committer)
        }
        expectRefusal { _ = try AggregationLeader(session: session, committer: MaskCommitter(length: 11)) }
    }
}
