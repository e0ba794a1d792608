import FieldArithmetic
import Ledger
import SecureAggregation
import TestSupport
import Testing

/// What the leader, and everybody who listens, does not see.
@Suite struct SecrecyTests {
    /// No message holds a weight, a blinding, a seed, a secret key or a mask; what is revealed is what should be.
    @Test func messagesHoldNoSecret() throws {
        var rehearsal = try Rehearsal()
        rehearsal.silence = [4: .inputs]
        _ = try rehearsal.play()
        let traffic = rehearsal.traffic.flatMap(\.self)
        func isSeen(_ bytes: [UInt8]) -> Bool { contains(traffic, bytes) }
        for index in rehearsal.session.indices {
            for value in rehearsal.values(index) { #expect(!isSeen(value.bigEndianBytes)) }
            #expect(!isSeen(rehearsal.blindings[index].bigEndianBytes))
            let secrets = rehearsal.participants[index].secrets
            #expect(!isSeen(secrets.selfSharing.secret.bigEndianBytes))
            #expect(!isSeen(secrets.keySharing.secret.bigEndianBytes))
            for peer in rehearsal.session.indices where peer != index {
                #expect(!isSeen(try secrets.maskSecret(for: peer).copy))
                #expect(!isSeen(try secrets.sealingSecret(for: peer).copy))
            }
            // Of a survivor the shares of its self mask, of the silent one those of its keys, and no others.
            for holder in 0..<4 {
                let (own, keys) = (
                    secrets.selfSharing.share(of: holder).bigEndianBytes,
                    secrets.keySharing.share(of: holder).bigEndianBytes
                )
                #expect(isSeen(own) == (index != 4), "self share of \(index) at \(holder)")
                #expect(isSeen(keys) == (index == 4), "key share of \(index) at \(holder)")
            }
        }
    }

    /// Whatever the leader can take off, each honest vector stays under masks that only honest participants know; in the sum
    /// of all they cancel.
    @Test func theLeaderLearnsTheSumOnly() throws {
        var rehearsal = try Rehearsal()
        rehearsal.silence = [4: .inputs]
        let keys = try rehearsal.playKeys()
        let masks = try rehearsal.playCommitments(rehearsal.playShares(keys))
        let survivors = [0, 1, 2, 3]
        let pairs = PairKeys(session: rehearsal.session)
        var rest = [[Scalar]]()
        for index in survivors {
            let input = try rehearsal.participants[index].maskInput(
                masks, values: rehearsal.values(index), blinding: rehearsal.blindings[index])
            var vector = input.message.vector
            let secrets = rehearsal.participants[index].secrets
            // The leader learns b_i, and all masks with participant 4.
            let selfMask = try pairs.selfMask(seed: secrets.selfSharing.secret, of: index)
            let silent = try rehearsal.participants[4].secrets.pairMask(with: index, keys: keys)
            for place in vector.indices { vector[place] -= selfMask[place] + silent[place] }
            rest.append(vector)
        }
        let inputs = survivors.map { rehearsal.values($0) + [rehearsal.blindings[$0]] }
        var hidden = 0
        for index in survivors {
            for place in 0...12 where rest[index][place] != inputs[index][place] { hidden += 1 }
        }
        #expect(hidden == 4 * 13)
        for subset in [[0, 1], [0, 1, 2], [1, 2, 3], [2, 3]] {
            for place in 0...12 {
                #expect(
                    subset.reduce(Scalar.zero) { $0 + rest[$1][place] }
                        != subset.reduce(Scalar.zero) { $0 + inputs[$1][place] })
            }
        }
        for place in 0...12 {
            #expect(
                survivors.reduce(Scalar.zero) { $0 + rest[$1][place] }
                    == survivors.reduce(Scalar.zero) { $0 + inputs[$1][place] })
        }
    }

    /// The same vectors come from other models with the same sum: a shift of one model is a shift of a mask that the leader
    /// does not know.
    @Test func otherModelsOfTheSameSumLookTheSame() throws {
        var rehearsal = try Rehearsal()
        let keys = try rehearsal.playKeys()
        let masks = try rehearsal.playCommitments(rehearsal.playShares(keys))
        let (first, second) = (rehearsal.participants[0], rehearsal.participants[1])
        let views = try [0, 1].map {
            try rehearsal.participants[$0].maskInput(
                masks, values: rehearsal.values($0), blinding: rehearsal.blindings[$0]
            ).message.vector
        }
        let shared = try first.secrets.pairMask(with: 1, keys: keys)
        #expect(
            (0...12).allSatisfy { shared[$0] == (try? second.secrets.pairMask(with: 0, keys: keys))?[$0] })
        var generator = SeededGenerator(seed: 4)
        let shift = (0...12).map { _ in Scalar.random(using: &generator) }
        let inputs = [0, 1].map { rehearsal.values($0) + [rehearsal.blindings[$0]] }
        for place in 0...12 {
            // Everything else under which the two vectors lie stays as it is.
            let others = [
                views[0][place] - inputs[0][place] - shared[place],
                views[1][place] - inputs[1][place] + shared[place],
            ]
            let mask = shared[place] - shift[place]
            #expect(inputs[0][place] + shift[place] + mask + others[0] == views[0][place])
            #expect(inputs[1][place] - shift[place] - mask + others[1] == views[1][place])
        }
    }

    /// Masked vectors of an all-zero model are spread over the whole field.
    @Test func maskedVectorsAreUniform() throws {
        let length = 2000
        var rehearsal = try Rehearsal(members: 3, threshold: 2, length: length)
        for index in rehearsal.models.indices {
            rehearsal.models[index] = [Int64](repeating: 0, count: length)
        }
        // Commitments to zero models.
        let zeros = [Scalar](repeating: .zero, count: length)
        var members = rehearsal.session.members
        for index in members.indices {
            members[index].commitment = try rehearsal.committer.commit(
                zeros, blinding: rehearsal.blindings[index])
        }
        let session = try AggregationSession(
            ledger: rehearsal.session.ledger, task: rehearsal.session.task, round: 0,
            leader: rehearsal.session.leader, threshold: 2, length: length, members: members)
        let people = try rehearsal.signingKeys.map {
            try AggregationParticipant(
                session: session, signingKey: $0, root: .random(count: 32), committer: rehearsal.committer)
        }
        let keys = Roster(try people.map { try $0.advertiseKeys() })
        let shares = Roster(try people.map { try $0.shareSecrets(keys) })
        let masks = Roster(try people.map { try $0.commitToMasks(shares) })
        let input = try people[0].maskInput(masks, values: zeros, blinding: rehearsal.blindings[0])
        let vector = input.message.vector
        #expect(Set(vector).count == length + 1)
        // Sixteen classes of the lowest bits: χ² with 15 degrees of freedom is above 44.3 once in 10,000 times.
        var counts = [Double](repeating: 0, count: 16)
        for entry in vector { counts[Int(entry.canonical[0] & 15)] += 1 }
        let expected = Double(vector.count) / 16
        let deviation = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        #expect(deviation < 60)
    }

    @Test func secretsAreNotPrinted() throws {
        let secret = SecretBytes(copying: Array("a very secret secret".utf8))
        #expect("\(secret)" == "20 secret bytes")
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first, bytes.count >= part.count else { return false }
        return (0...bytes.count - part.count).contains { start in
            bytes[start] == first && bytes[start..<start + part.count].elementsEqual(part)
        }
    }
}
