import FieldArithmetic
import Ledger
import ProofOfTraining
import QuantizedLearning
import SecureAggregation
import Testing

/// What honest participants come to, whoever falls silent.
@Suite struct ProtocolTests {
    @Test func everybodyStays() throws {
        var rehearsal = try Rehearsal()
        let sum = try rehearsal.play()
        #expect(try rehearsal.isRight(sum, survivors: [0, 1, 2, 3, 4]))
        #expect(rehearsal.leader.faults.isEmpty)
    }

    @Test func weightsCount() throws {
        var rehearsal = try Rehearsal(members: 4, threshold: 3, weights: [1, 7, 1 << 32, 3])
        rehearsal.silence = [3: .inputs]
        #expect(try rehearsal.isRight(rehearsal.play(), survivors: [0, 1, 2]))
    }

    /// Each participant falls silent in each step; until the inputs its model is left out, after them it is in the sum.
    @Test(arguments: Step.allCases)
    func oneFallsSilent(step: Step) throws {
        for member in [0, 3] {
            var rehearsal = try Rehearsal()
            rehearsal.silence = [member: step]
            let sum = try rehearsal.play()
            let survivors = rehearsal.session.indices.filter { step > .inputs || $0 != member }
            #expect(try rehearsal.isRight(sum, survivors: survivors), "\(step), \(member)")
            #expect(rehearsal.leader.faults.isEmpty)
        }
    }

    /// A different one in every step, down to the threshold.
    @Test func severalFallSilent() throws {
        var rehearsal = try Rehearsal(members: 9, threshold: 5)
        rehearsal.silence = [0: .shares, 3: .commitments, 5: .inputs, 8: .unmasking]
        #expect(try rehearsal.isRight(rehearsal.play(), survivors: [1, 2, 4, 6, 7, 8]))
        var last = try Rehearsal(members: 9, threshold: 5)
        last.silence = [1: .inputs, 2: .inputs, 4: .inputs, 6: .inputs]
        #expect(try last.isRight(last.play(), survivors: [0, 3, 5, 7, 8]))
    }

    /// Below the threshold nothing is opened, in whichever step it happens.
    @Test(arguments: Step.allCases)
    func tooFewSurvive(step: Step) throws {
        var rehearsal = try Rehearsal()
        rehearsal.silence = [0: step, 1: step, 4: step]
        let error = #expect(throws: AggregationError.self) { _ = try rehearsal.play() }
        guard case .tooFew(_, let present, let threshold) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(present == 2 && threshold == 3)
    }

    /// Started again from root and record after every step, participants say the same.
    @Test func participantsGoOnAfterACrash() throws {
        var rehearsal = try Rehearsal(members: 4, threshold: 3)
        rehearsal.silence = [3: .inputs]
        _ = try rehearsal.play()
        let leader = rehearsal.leader
        let original = rehearsal.participants[1]
        let again = try AggregationParticipant(
            session: rehearsal.session, signingKey: rehearsal.signingKeys[1],
            root: SecretBytes(copying: [UInt8](repeating: 12, count: 32)), committer: rehearsal.committer,
            record: ParticipantRecord(encoded: original.record.encoded))
        try again.resume(
            keys: leader.keys, shares: leader.shares, masks: leader.masks, survivors: leader.survivors)
        let keys = try #require(leader.keys)
        let shares = try #require(leader.shares)
        let masks = try #require(leader.masks)
        let survivors = try #require(leader.survivors)
        let consents = try #require(leader.consents)
        #expect(try again.advertiseKeys() == original.advertiseKeys())
        #expect(try again.shareSecrets(keys) == original.shareSecrets(keys))
        #expect(try again.commitToMasks(shares) == original.commitToMasks(shares))
        #expect(
            try again.maskInput(masks, values: rehearsal.values(1), blinding: rehearsal.blindings[1])
                == original.maskInput(masks, values: rehearsal.values(1), blinding: rehearsal.blindings[1]))
        #expect(try again.consent(to: survivors) == original.consent(to: survivors))
        #expect(try again.revealShares(consents) == original.revealShares(consents))
        // Without the broadcasts that it answered, or with others, it does not go on.
        var other = try Rehearsal(members: 4, threshold: 3)
        other.silence = [0: .keys]
        let others = try other.playKeys()
        #expect(throws: AggregationError.self) {
            try again.resume(
                keys: others, shares: leader.shares, masks: leader.masks, survivors: leader.survivors)
        }
        #expect(throws: AggregationError.self) {
            try again.resume(keys: keys, shares: nil, masks: leader.masks, survivors: leader.survivors)
        }
    }

    /// An answer that cannot be bound to is not given.
    @Test func whatCannotBeStoredIsNotSaid() throws {
        struct DiskFull: Error {}
        var rehearsal = try Rehearsal(members: 3, threshold: 2)
        let keys = try rehearsal.playKeys()
        let forgetful = try AggregationParticipant(
            session: rehearsal.session, signingKey: rehearsal.signingKeys[0],
            root: SecretBytes(copying: [UInt8](repeating: 11, count: 32)), committer: rehearsal.committer,
            store: { _ in throw DiskFull() })
        #expect(throws: DiskFull.self) { _ = try forgetful.shareSecrets(keys) }
        #expect(forgetful.record.keyRoster == nil)
    }

    /// With the sum published, anybody recomputes the rounded average, as from the models themselves.
    @Test func anybodyRecomputesTheAverage() throws {
        let layers = ModelSpec.digits
        let count = layers.weightCount
        var rehearsal = try Rehearsal(members: 4, threshold: 3, length: count, weights: [1, 2, 5, 1])
        for index in rehearsal.models.indices {
            #expect(rehearsal.models[index].allSatisfy { layers.weightRange.contains($0) })
        }
        rehearsal.silence = [0: .inputs]
        let sum = try AggregateSum(encoded: rehearsal.play().encoded)
        #expect(try sum.isOpening(in: rehearsal.session, committer: rehearsal.committer))
        let models = try [1, 2, 3].map {
            try QuantizedModel(spec: layers, flattened: rehearsal.models[$0].map { Int16($0) })
        }
        let direct = try FederatedAverage(models, coefficients: [2, 5, 1])
        let recomputed = try FederatedAverage(
            spec: layers, weightedSum: sum.weightedSum,
            divisor: Int64(rehearsal.session.totalWeight(of: sum.survivors)))
        #expect(recomputed == direct)
        #expect(try recomputed.model() == direct.model())
        // The same point as the ledger's rule for the global model.
        let commitments = sum.survivors.map { rehearsal.session.members[$0].commitment }
        #expect(
            AggregateOpening.weightedSum(of: commitments, weights: [2, 5, 1])
                == rehearsal.session.weightedCommitment(of: sum.survivors))
        // Another sum, blinding or survivor is no opening.
        var sums = sum.weightedSum
        sums[count - 1] += 1
        for wrong in [
            AggregateSum(
                session: sum.session, survivors: sum.survivors, weightedSum: sums, blinding: sum.blinding),
            AggregateSum(
                session: sum.session, survivors: sum.survivors, weightedSum: sum.weightedSum,
                blinding: sum.blinding + .one),
            AggregateSum(
                session: sum.session, survivors: [0, 1, 2], weightedSum: sum.weightedSum,
                blinding: sum.blinding),
        ] {
            #expect(try !wrong.isOpening(in: rehearsal.session, committer: rehearsal.committer))
        }
    }
}
