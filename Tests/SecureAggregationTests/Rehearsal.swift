import EllipticCurves
import FieldArithmetic
import Groth16
import Ledger
import SecureAggregation
import TestSupport
import Testing

/// The steps of the protocol in which a participant speaks.
enum Step: Int, CaseIterable, Comparable {
    case keys, shares, commitments, inputs, consents, unmasking

    static func < (a: Step, b: Step) -> Bool { a.rawValue < b.rawValue }
}

/// Participants with random models, a leader, and a play of the whole protocol in which some fall silent, or lie.
struct Rehearsal {
    let session: AggregationSession
    let committer: MaskCommitter
    let signingKeys: [SigningKey]
    let leaderKey: SigningKey
    var models: [[Int64]]
    var blindings: [Scalar]
    let participants: [AggregationParticipant]
    var leader: AggregationLeader

    /// From which step on participants are silent.
    var silence = [Int: Step]()
    /// What is sent instead of what an honest participant says.
    var forgeKeys: (Int, Signed<KeyAdvertisement>) throws -> Signed<KeyAdvertisement> = { $1 }
    var forgeShares: (Int, Signed<ShareDistribution>) throws -> Signed<ShareDistribution> = { $1 }
    var forgeCommitments: (Int, Signed<MaskCommitments>) throws -> Signed<MaskCommitments> = { $1 }
    var forgeInput: (Int, Signed<MaskedInput>) throws -> Signed<MaskedInput> = { $1 }
    var forgeConsent: (Int, Signed<SurvivorConsent>) throws -> Signed<SurvivorConsent> = { $1 }
    var forgeRevealed: (Int, Signed<RevealedShares>) throws -> Signed<RevealedShares> = { $1 }
    /// Every encoded message and broadcast of the play.
    var traffic = [[UInt8]]()

    static let ledger = Digest(sha256: Array("a ledger".utf8))

    init(
        members: Int = 5, threshold: Int = 3, length: Int = 12, weights: [UInt64]? = nil, seed: UInt64 = 1,
        attempt: UInt32 = 0
    ) throws {
        var generator = SeededGenerator(seed: seed)
        models = (0..<members).map { _ in
            (0..<length).map { _ in Int64(Int16(truncatingIfNeeded: generator.next()) >> 4) }
        }
        blindings = (0..<members).map { _ in Scalar.random(using: &generator) }
        committer = MaskCommitter(length: length)
        signingKeys = try (0..<members).map {
            try SigningKey(seed: [UInt8](repeating: UInt8($0 + 1), count: 32))
        }
        leaderKey = try SigningKey(seed: [UInt8](repeating: 99, count: 32))
        var entries = [AggregationSession.Member]()
        for index in 0..<members {
            let commitment = try committer.commit(
                models[index].map { Scalar($0) }, blinding: blindings[index])
            entries.append(
                .init(
                    key: signingKeys[index].publicKey, commitment: commitment, weight: weights?[index] ?? 1))
        }
        session = try AggregationSession(
            ledger: Self.ledger, task: Identifier("digits")!, round: 3, attempt: attempt,
            leader: leaderKey.publicKey, threshold: threshold, length: length, members: entries)
        var people = [AggregationParticipant]()
        for index in 0..<members {
            people.append(
                try AggregationParticipant(
                    session: session, signingKey: signingKeys[index],
                    root: SecretBytes(
                        copying: [UInt8](repeating: UInt8(seed + 10) &+ UInt8(index), count: 32)),
                    committer: committer))
        }
        participants = people
        leader = try AggregationLeader(session: session, committer: committer)
    }

    func values(_ index: Int) -> [Scalar] { models[index].map { Scalar($0) } }

    /// A participant's message, signed with its own key.
    func sign<Message: ProtocolMessage>(_ message: Message, _ index: Int) throws -> Signed<Message> {
        try Signed(message, from: index, in: session, with: signingKeys[index])
    }

    /// A participant's consent to whatever set, with its signature for whatever the ledger is to see.
    func consent(
        _ set: SurvivorSet, _ index: Int, ledgerDigest: Digest? = nil, key: SigningKey? = nil
    ) throws -> Signed<SurvivorConsent> {
        let signature = try (key ?? signingKeys[index]).sign(
            ledgerDigest ?? set.ledgerDigest(in: session))
        return try sign(
            SurvivorConsent(survivors: set.digest(in: session), ledgerSignature: signature), index)
    }

    /// Who speaks in a step.
    func speakers(_ step: Step, among candidates: [Int]) -> [Int] {
        candidates.filter { silence[$0].map { step < $0 } ?? true }
    }

    /// What the leader takes from a participant; faults are recorded there.
    private mutating func deliver<Message: ProtocolMessage>(
        _ message: Signed<Message>, _ receive: (inout AggregationLeader, Signed<Message>) throws -> Void
    ) throws {
        // As it would come over a wire.
        let bytes = message.encoded
        traffic.append(bytes)
        do { try receive(&leader, Signed<Message>(encoded: bytes)) } catch is Fault {} catch AggregationError
            .refused
        {}
    }

    mutating func playKeys() throws -> Roster<KeyAdvertisement> {
        for index in speakers(.keys, among: Array(session.indices)) {
            let message = try forgeKeys(index, participants[index].advertiseKeys())
            try deliver(message) { try $0.receive($1, from: index) }
        }
        let roster = try leader.closeKeys()
        traffic.append(roster.encoded)
        return roster
    }

    mutating func playShares(_ keys: Roster<KeyAdvertisement>) throws -> Roster<ShareDistribution> {
        for index in speakers(.shares, among: keys.senders) {
            let message = try forgeShares(index, participants[index].shareSecrets(keys))
            try deliver(message) { try $0.receive($1, from: index) }
        }
        let roster = try leader.closeShares()
        traffic.append(roster.encoded)
        return roster
    }

    mutating func playCommitments(_ shares: Roster<ShareDistribution>) throws -> Roster<MaskCommitments> {
        var said = [Int: Signed<MaskCommitments>]()
        for index in speakers(.commitments, among: shares.senders) {
            let message = try forgeCommitments(index, participants[index].commitToMasks(shares))
            said[index] = message
            try deliver(message) { try $0.receive($1, from: index) }
        }
        for pair in try leader.closeCommitments() {
            for member in [pair.lower, pair.upper] {
                let peer = pair.peer(of: member)
                guard let own = said[member], let other = leader.commitments(of: peer) else { continue }
                // A liar shows its true key too, or nothing; here it says nothing where it would refuse.
                guard let key = try? participants[member].showDisputeKey(own: own, other: other) else {
                    continue
                }
                try deliver(key) { try $0.receive($1, from: member) }
            }
        }
        let roster = try leader.closeDisputes()
        traffic.append(roster.encoded)
        return roster
    }

    mutating func playInputs(_ masks: Roster<MaskCommitments>) throws -> Signed<SurvivorSet> {
        for index in speakers(.inputs, among: masks.senders) {
            let message = try forgeInput(
                index,
                participants[index].maskInput(masks, values: values(index), blinding: blindings[index]))
            try deliver(message) { try $0.receive($1, from: index) }
        }
        let survivors = try leader.closeInputs(signedWith: leaderKey)
        traffic.append(survivors.encoded)
        return survivors
    }

    mutating func playConsents(_ survivors: Signed<SurvivorSet>) throws -> Roster<SurvivorConsent> {
        for index in speakers(.consents, among: survivors.message.participants) {
            let message = try forgeConsent(index, participants[index].consent(to: survivors))
            try deliver(message) { try $0.receive($1, from: index) }
        }
        let roster = try leader.closeConsents()
        traffic.append(roster.encoded)
        return roster
    }

    mutating func playUnmasking(_ consents: Roster<SurvivorConsent>) throws -> AggregateSum {
        let survivors = leader.survivors?.message.participants ?? []
        for index in speakers(.unmasking, among: survivors) where speakers(.consents, among: [index]) != [] {
            let message = try forgeRevealed(index, participants[index].revealShares(consents))
            try deliver(message) { try $0.receive($1, from: index) }
        }
        return try leader.open()
    }

    /// The whole protocol.
    mutating func play() throws -> AggregateSum {
        let keys = try playKeys()
        let shares = try playShares(keys)
        let masks = try playCommitments(shares)
        let survivors = try playInputs(masks)
        let consents = try playConsents(survivors)
        return try playUnmasking(consents)
    }

    /// Whether a sum is that of exactly these participants' models and blindings.
    func isRight(_ sum: AggregateSum, survivors: [Int]) throws -> Bool {
        var expected = [Int64](repeating: 0, count: session.length)
        var blinding = Scalar.zero
        for index in survivors {
            let weight = session.members[index].weight
            for place in expected.indices { expected[place] += Int64(weight) * models[index][place] }
            blinding += Scalar(weight) * blindings[index]
        }
        return try sum.survivors == survivors && sum.weightedSum == expected && sum.blinding == blinding
            && sum.isOpening(in: session, committer: committer)
    }
}

/// A message whose encoding is changed, signed again by its sender.
extension Rehearsal {
    func altered<Message: ProtocolMessage>(
        _ signed: Signed<Message>, _ change: (inout [UInt8]) -> Void
    ) throws -> Signed<Message> {
        var bytes = signed.message.encoded
        change(&bytes)
        return try sign(Message(encoded: bytes), signed.sender)
    }
}
