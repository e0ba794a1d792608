import Ledger
import SecureAggregation
import Testing

/// The survivors on the ledger: what the consents amount to there, and no share before it is on record.
@Suite struct SurvivorRecordTests {
    /// Five, of whom participant 3 falls silent before its vector is sent, up to the consents.
    private static func agreed() throws -> Rehearsal {
        var rehearsal = try Rehearsal()
        rehearsal.silence = [3: .inputs]
        let shares = try rehearsal.playShares(rehearsal.playKeys())
        let survivors = try rehearsal.playInputs(rehearsal.playCommitments(shares))
        _ = try rehearsal.playConsents(survivors)
        return rehearsal
    }

    @Test func consentsMakeTheTransaction() throws {
        let rehearsal = try Self.agreed()
        let session = rehearsal.session
        let survivors = try #require(rehearsal.leader.survivors)
        let body = try FixSurvivors(survivors, consents: #require(rehearsal.leader.consents), in: session)
        #expect(body.task == session.task && body.round == session.round)
        #expect(body.survivors == [0, 1, 2, 4].map { session.members[$0].key }.sorted())
        // Members are numbered in another order than their accounts'.
        #expect(body.survivors != [0, 1, 2, 4].map { session.members[$0].key })
        let digest = FixSurvivors.digest(
            ledger: session.ledger, task: session.task, round: session.round, survivors: body.survivors)
        #expect(body.signatures.map(\.signer) == [0, 1, 2, 4].map { session.members[$0].key })
        #expect(body.signatures.allSatisfy { $0.signer.isSignature($0.signature, of: digest) })
        #expect(try Transaction(encoded: body.transaction.encoded) == body.transaction)
    }

    /// ⚠ A consent whose signature is good on the board and not on the ledger would spoil the transaction: whoever reads it
    /// finds out, and the sender is named.
    @Test func aSignatureForAnotherLedgerRoundOrSetIsNone() throws {
        let rehearsal = try Self.agreed()
        let session = rehearsal.session
        let survivors = try #require(rehearsal.leader.survivors)
        let set = survivors.message
        func digest(
            _ ledger: Digest? = nil, _ task: String = "digits", _ round: UInt64 = 3,
            _ accounts: [PublicKey]? = nil
        ) -> Digest {
            FixSurvivors.digest(
                ledger: ledger ?? session.ledger, task: Identifier(task)!, round: round,
                survivors: accounts ?? set.accounts(in: session))
        }
        #expect(digest() == set.ledgerDigest(in: session))
        let all = session.members.map(\.key)
        var forged = try [
            digest(Digest(sha256: [1])), digest(nil, "other"), digest(nil, "digits", 4),
            digest(nil, "digits", 3, all), digest(nil, "digits", 3, Array(all[..<3])),
            set.digest(in: session),
        ].map { try rehearsal.consent(set, 2, ledgerDigest: $0) }
        forged.append(try rehearsal.consent(set, 2, key: rehearsal.signingKeys[1]))
        let honest = try [0, 1, 4].map { try rehearsal.consent(set, $0) }
        let masks = try #require(rehearsal.leader.masks)
        let inputs = try [0, 1, 2, 4].map {
            try rehearsal.participants[$0].maskInput(
                masks, values: rehearsal.values($0), blinding: rehearsal.blindings[$0])
        }
        for consent in forged {
            #expect(consent.isAuthentic(in: session))
            let roster = Roster(honest + [consent])
            // The leader, while it collects …
            var leader = try AggregationLeader(session: session, committer: rehearsal.committer)
            try leader.resume(
                keys: rehearsal.leader.keys, shares: rehearsal.leader.shares,
                commitments: rehearsal.leader.commitmentRoster, masks: rehearsal.leader.masks,
                survivors: survivors, inputs: inputs)
            let fault = Fault(
                2, .malformed("consents: its signature for the ledger is not over these survivors"))
            #expect(throws: fault) { try leader.receive(consent, from: 2) }
            #expect(leader.faults == [fault])
            // … and whoever plays it again; the participants; whoever makes the transaction.
            #expect(throws: AggregationError.self) {
                var again = try AggregationLeader(session: session, committer: rehearsal.committer)
                try again.resume(
                    keys: rehearsal.leader.keys, shares: rehearsal.leader.shares,
                    commitments: rehearsal.leader.commitmentRoster, masks: rehearsal.leader.masks,
                    survivors: survivors, inputs: inputs, consents: roster)
            }
            #expect(throws: AggregationError.self) {
                try rehearsal.participants[0].revealShares(roster)
            }
            #expect(throws: AggregationError.self) {
                try FixSurvivors(survivors, consents: roster, in: session)
            }
        }
        #expect(!rehearsal.participants[0].record.hasRevealed)
    }

    /// ⚠ No share while the ledger has no set, or another one, on record.
    @Test func sharesWaitForTheLedger() throws {
        let rehearsal = try Self.agreed()
        let session = rehearsal.session
        let consents = try #require(rehearsal.leader.consents)
        let participant = rehearsal.participants[0]
        let right = try #require(rehearsal.leader.survivors).message.accounts(in: session)
        let all = session.members.map(\.key).sorted()
        for recorded in [nil, [], all, Array(right.dropLast()), right.reversed()] as [[PublicKey]?] {
            #expect {
                try participant.revealShares(consents, recorded: recorded)
            } throws: {
                guard case AggregationError.notOnRecord = $0 else { return false }
                return true
            }
        }
        #expect(!participant.record.hasRevealed)
        let revealed = try participant.revealShares(consents, recorded: right)
        #expect(participant.record.hasRevealed)
        #expect(try participant.revealShares(consents) == revealed)
        // Who did not consent has nothing to reveal, whatever is on record.
        #expect(throws: AggregationError.self) {
            try rehearsal.participants[3].revealShares(consents, recorded: right)
        }
    }

    /// A second attempt needs the same set: with another one, whoever looks at the ledger reveals nothing.
    @Test func aSecondAttemptIsHeldToTheRecord() throws {
        let first = try Self.agreed()
        let recorded = try #require(first.leader.survivors).message.accounts(in: first.session)
        for (silent, isSame) in [(3, true), (4, false)] {
            var second = try Rehearsal(attempt: 1)
            second.silence = [silent: .inputs]
            let shares = try second.playShares(second.playKeys())
            let survivors = try second.playInputs(second.playCommitments(shares))
            let consents = try second.playConsents(survivors)
            #expect(
                survivors.message.digest(in: second.session)
                    != first.leader.survivors?.message.digest(in: first.session))
            let body = try FixSurvivors(survivors, consents: consents, in: second.session)
            #expect((body.survivors == recorded) == isSame)
            if isSame {
                _ = try second.participants[0].revealShares(consents, recorded: recorded)
            } else {
                #expect(
                    throws: AggregationError.notOnRecord(
                        "the ledger has other survivors of this round on record")
                ) {
                    try second.participants[0].revealShares(consents, recorded: recorded)
                }
            }
        }
    }

    @Test func transactionsOfNobodyAreRefused() throws {
        let rehearsal = try Self.agreed()
        let session = rehearsal.session
        let survivors = try #require(rehearsal.leader.survivors)
        let consents = try #require(rehearsal.leader.consents)
        // Not the leader's set, a set with strangers, consents of too few, to another set, or of a non-survivor.
        let foreign = try Signed(
            survivors.message, from: Signed<SurvivorSet>.leaderNumber, in: session,
            with: rehearsal.signingKeys[0])
        let strangers = try Signed(
            SurvivorSet(
                maskRoster: survivors.message.maskRoster,
                survivors: survivors.message.survivors + [.init(participant: 77, input: Digest(sha256: []))]),
            from: Signed<SurvivorSet>.leaderNumber, in: session, with: rehearsal.leaderKey)
        let smaller = SurvivorSet(
            maskRoster: survivors.message.maskRoster, survivors: Array(survivors.message.survivors[..<3]))
        let others = try Roster([0, 1, 2].map { try rehearsal.consent(smaller, $0) })
        let outsider = try Roster(consents.messages + [rehearsal.consent(survivors.message, 3)])
        for (set, roster) in [
            (foreign, consents), (strangers, consents), (survivors, Roster(consents.messages[..<2])),
            (survivors, others), (survivors, outsider),
        ] {
            #expect(throws: AggregationError.self) {
                try FixSurvivors(set, consents: roster, in: session)
            }
        }
        _ = try FixSurvivors(survivors, consents: Roster(consents.messages[..<3]), in: session)
    }
}
