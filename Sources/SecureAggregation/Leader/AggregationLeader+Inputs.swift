import EllipticCurves
import FieldArithmetic
import Ledger
import Parallelism

/// Steps 4 and 5: masked vectors, checked against the commitments, and the survivors.
extension AggregationLeader {
    /// Step 4. Whether the vector is the committed one is decided when the step is closed, for all together.
    ///
    /// - Throws: a `Fault`, which is recorded, or `AggregationError` for a message out of its order.
    public mutating func receive(_ signed: Signed<MaskedInput>, from sender: Int) throws {
        guard let masks, survivors == nil else { throw AggregationError.outOfOrder("inputs are not due") }
        try requirePresence(sender, in: masks)
        try receive(signed, from: sender, into: \.inputs, flaw: flaw(of: signed.message, masks))
    }

    private func flaw(of input: MaskedInput, _ masks: Roster<MaskCommitments>) -> String? {
        if input.maskRoster != masks.digest { return "it is masked by another roster" }
        if input.vector.count != session.length + 1 {
            return "it has \(input.vector.count) entries, not \(session.length + 1)"
        }
        return nil
    }

    /// Ends step 4: names those whose vector is not the committed one, and fixes the survivors, once and for all. The
    /// result is published, and the survivors' accounts go on the ledger (`FixSurvivors`).
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeInputs(signedWith key: SigningKey) throws -> Signed<SurvivorSet> {
        if let survivors { return survivors }
        guard let masks else { throw AggregationError.outOfOrder("disputes are not closed") }
        let inputs = accepted(received.inputs).sorted { $0.sender < $1.sender }
        for sender in try wrongInputs(inputs) { name(Fault(sender, .wrongMaskedInput)) }
        let right = inputs.filter { !isExcluded($0.sender) }
        try requireThreshold(right.count, MaskedInput.step)
        let set = SurvivorSet(
            maskRoster: masks.digest,
            survivors: right.map {
                SurvivorSet.Survivor(participant: $0.sender, input: $0.message.digest)
            })
        let signed = try Signed(set, from: Signed<SurvivorSet>.leaderNumber, in: session, with: key)
        guard signed.isAuthentic(in: session) else {
            throw AggregationError.malformed("the key is not the leader's")
        }
        survivors = signed
        return signed
    }

    /// What the vector of a participant must be a commitment to: a_i·Ĉ_i + B_i + Σ_{j>i} P_ij − Σ_{j<i} P_ij.
    package func expectedCommitment(of participant: Int) throws -> Point {
        guard let masks, let own = masks[participant] else {
            throw AggregationError.outOfOrder("participant \(participant) committed to no masks")
        }
        let member = session.members[participant]
        var sum = JacobianPoint(member.commitment).multipliedVartime(by: Scalar(member.weight))
        sum += own.selfMask
        for peer in masks.senders where peer != participant {
            let mask = try pairMask(of: participant, with: peer)
            switch Sign(at: participant, with: peer) {
            case .plus: sum = sum + mask
            case .minus: sum = sum - mask
            }
        }
        return sum.affine
    }

    /// P_ij as participant i signed it.
    func pairMask(of participant: Int, with peer: Int) throws -> Point {
        guard let shares, let own = masks?[participant] else {
            throw AggregationError.outOfOrder("participant \(participant) committed to no masks")
        }
        return try Point(
            decoding: own.pairMask(of: participant, with: peer, shares: shares), as: .compressed)
    }

    /// Those whose vector is not the committed one. One commitment to a random combination of all vectors decides where
    /// nobody lies; otherwise each is checked by itself.
    package func wrongInputs(_ inputs: [Signed<MaskedInput>]) throws -> [Int] {
        let expected = try inputs.map { try expectedCommitment(of: $0.sender) }
        let weights = combinationWeights(inputs.map(\.message.digest))
        let combination = combine(inputs.map(\.message.vector), weights: weights)
        let isRight =
            try committer.commit(combination.elements)
            == multiScalarMultiply(weights, expected).affine
        return isRight ? [] : try wrongInputsReference(inputs, expected)
    }

    /// The same, one by one: the twin of `wrongInputs`.
    package func wrongInputsReference(_ inputs: [Signed<MaskedInput>], _ expected: [Point]) throws -> [Int] {
        try zip(inputs, expected).compactMap { input, expected in
            let point = try input.message.vector.withUnsafeBufferPointer { try committer.commit($0) }
            return point == expected ? nil : input.sender
        }
    }

    /// 128-bit weights that depend on everything they are to combine, so that errors cannot be made to cancel.
    private func combinationWeights(_ digests: [Digest]) -> [Scalar] {
        let seed = Digest(
            purpose: "ZKPOT-V1-AGGREGATION-BATCH",
            session.digest.bytes + (masks?.digest.bytes ?? []) + digests.flatMap(\.bytes))
        return digests.indices.map { index in
            var encoder = CanonicalEncoder()
            encoder.encode(seed)
            encoder.encode(UInt32(index))
            return Scalar(
                reducingBigEndian: Digest(purpose: "ZKPOT-V1-AGGREGATION-WEIGHT", encoder.bytes).bytes
                    .prefix(16))
        }
    }

    private func combine(_ vectors: [[Scalar]], weights: [Scalar]) -> SecretVector {
        let sum = SecretVector(zeros: session.length + 1)
        let target = UncheckedSendable(sum.mutableElements)
        parallelRanges(sum.count, minimum: 1024) { range in
            for (vector, weight) in zip(vectors, weights) {
                vector.withUnsafeBufferPointer { vector in
                    for index in range { target.value[index] += weight * vector[index] }
                }
            }
        }
        return sum
    }

    /// Step 5, the answers.
    ///
    /// - Throws: a `Fault`, which is recorded, or `AggregationError` for a message out of its order.
    public mutating func receive(_ signed: Signed<SurvivorConsent>, from sender: Int) throws {
        guard let survivors, consents == nil else {
            throw AggregationError.outOfOrder("consents are not due")
        }
        guard survivors.message.contains(sender) else {
            throw AggregationError.refused("participant \(sender) is no survivor")
        }
        let flaw = signed.message.flaw(from: sender, to: survivors.message, in: session)
        try receive(signed, from: sender, into: \.consents, flaw: flaw)
    }

    /// Ends step 5; to be sent to all survivors, and to the ledger (`FixSurvivors`).
    ///
    /// - Throws: `AggregationError.tooFew`.
    public mutating func closeConsents() throws -> Roster<SurvivorConsent> {
        if let consents { return consents }
        guard survivors != nil else { throw AggregationError.outOfOrder("the survivors are not fixed") }
        let messages = accepted(received.consents)
        try requireThreshold(messages.count, SurvivorConsent.step)
        let roster = Roster(messages)
        consents = roster
        return roster
    }
}
