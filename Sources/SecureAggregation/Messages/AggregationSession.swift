import EllipticCurves
import FieldArithmetic
import Ledger

/// What everybody knows before the protocol starts, from the ledger: who takes part, with which commitments and weights.
///
/// Participants are numbered 0 … n − 1 in the order of `members`; shares are values at number + 1.
public struct AggregationSession: Sendable, Hashable {
    public struct Member: Sendable, Hashable {
        /// The participant's key on the ledger.
        public var key: PublicKey
        /// Ĉ_i, for which a proof was accepted.
        public var commitment: Point
        /// a_i, 1 … 2^32, from the ledger.
        public var weight: UInt64

        public init(key: PublicKey, commitment: Point, weight: UInt64 = 1) {
            self.key = key
            self.commitment = commitment
            self.weight = weight
        }
    }

    public static let maximumMembers = 256
    /// Entries of the largest model.
    public static let maximumLength = 1 << 24

    public let ledger: Digest
    public let task: Identifier
    public let round: UInt64
    /// 0, or one more for each time the round was started again.
    public let attempt: UInt32
    /// Who collects the messages, and fixes the survivors.
    public let leader: PublicKey
    /// t: so many shares open a secret, so many survivors are needed at every step.
    public let threshold: Int
    /// Entries of a model.
    public let length: Int
    public let members: [Member]
    /// What every message and every key is bound to.
    public let digest: Digest

    /// The smallest threshold: with it, two different survivor sets with t signatures each would need a participant that
    /// signs both.
    public static func smallestThreshold(members: Int) -> Int { members / 2 + 1 }

    /// - Throws: `AggregationError.malformed` for parameters out of range.
    public init(
        ledger: Digest, task: Identifier, round: UInt64, attempt: UInt32 = 0, leader: PublicKey,
        threshold: Int, length: Int, members: [Member]
    ) throws(AggregationError) {
        guard (2...Self.maximumMembers).contains(members.count) else {
            throw .malformed("\(members.count) participants, not 2 to \(Self.maximumMembers)")
        }
        guard (Self.smallestThreshold(members: members.count)...members.count).contains(threshold) else {
            throw .malformed(
                "threshold \(threshold) is not above half of the \(members.count) participants, and at most all"
            )
        }
        guard (1...Self.maximumLength).contains(length) else {
            throw .malformed("models of \(length) entries, not 1 to \(Self.maximumLength)")
        }
        guard Set(members.map(\.key)).count == members.count else {
            throw .malformed("a participant stands twice in the session")
        }
        guard members.allSatisfy({ (1...1 << 32).contains($0.weight) }) else {
            throw .malformed("a weight is not 1 to 2^32")
        }
        guard members.allSatisfy({ !$0.commitment.isInfinity }) else {
            throw .malformed("the point at infinity commits to nothing")
        }
        self.ledger = ledger
        self.task = task
        self.round = round
        self.attempt = attempt
        self.leader = leader
        self.threshold = threshold
        self.length = length
        self.members = members
        var encoder = CanonicalEncoder()
        Self.encode(
            to: &encoder, ledger, task, round, attempt, leader, threshold: threshold, length: length, members)
        digest = Digest(purpose: "ZKPOT-V1-AGGREGATION-SESSION", encoder.bytes)
    }

    /// A session of the participants that a ledger accepted, with the weights that follow from it.
    ///
    /// - Parameters:
    ///   - weights: those of `LedgerState.aggregate(task:round:)`.
    ///   - commitments: the compressed commitments of these participants on the ledger.
    /// - Throws: `AggregationError.malformed` for a missing or malformed commitment, and parameters out of range.
    public init(
        ledger: Digest, task: Identifier, round: UInt64, attempt: UInt32 = 0, leader: PublicKey,
        threshold: Int, length: Int, weights: [(participant: PublicKey, weight: UInt64)],
        commitments: [PublicKey: [UInt8]]
    ) throws(AggregationError) {
        var members = [Member]()
        for entry in weights {
            guard let bytes = commitments[entry.participant],
                let point = try? Point(decoding: bytes, as: .compressed)
            else { throw .malformed("participant \(entry.participant) has no commitment") }
            members.append(Member(key: entry.participant, commitment: point, weight: entry.weight))
        }
        try self.init(
            ledger: ledger, task: task, round: round, attempt: attempt, leader: leader, threshold: threshold,
            length: length, members: members)
    }

    /// Numbers of all participants.
    public var indices: Range<Int> { members.indices }

    /// The number of the participant with this key.
    public func index(of key: PublicKey) -> Int? { members.firstIndex { $0.key == key } }

    /// Σ a_i·Ĉ_i over some participants.
    public func weightedCommitment(of participants: [Int]) -> Point {
        multiScalarMultiply(
            participants.map { Scalar(members[$0].weight) }, participants.map { members[$0].commitment }
        ).affine
    }

    /// Σ a_i over some participants.
    public func totalWeight(of participants: [Int]) -> UInt64 {
        participants.reduce(0) { $0 + members[$1].weight }
    }
}

extension AggregationSession: CanonicalCodable {
    public func encode(to encoder: inout CanonicalEncoder) {
        Self.encode(
            to: &encoder, ledger, task, round, attempt, leader, threshold: threshold, length: length, members)
    }

    private static func encode(
        to encoder: inout CanonicalEncoder, _ ledger: Digest, _ task: Identifier, _ round: UInt64,
        _ attempt: UInt32, _ leader: PublicKey, threshold: Int, length: Int, _ members: [Member]
    ) {
        encoder.encode(ledger)
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(attempt)
        encoder.encode(leader)
        encoder.encode(UInt16(threshold))
        encoder.encode(UInt32(length))
        encoder.encode(list: members) { encoder, member in
            encoder.encode(member.key)
            encoder.encode(fixed: member.commitment.encoded(as: .compressed))
            encoder.encode(member.weight)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        let start = decoder.offset
        let ledger = try decoder.digest("ledger")
        let task = try Identifier(from: &decoder)
        let round = try decoder.unsigned("round", as: UInt64.self)
        let attempt = try decoder.unsigned("attempt", as: UInt32.self)
        let leader = try decoder.publicKey("leader")
        let threshold = Int(try decoder.unsigned("threshold", as: UInt16.self))
        let length = Int(try decoder.unsigned("length", as: UInt32.self))
        let members = try decoder.list("participants", maximum: Self.maximumMembers) {
            (decoder) throws(MalformedEncoding) in
            Member(
                key: try decoder.publicKey("participant"), commitment: try decoder.point("commitment"),
                weight: try decoder.unsigned("weight", as: UInt64.self))
        }
        do {
            try self.init(
                ledger: ledger, task: task, round: round, attempt: attempt, leader: leader,
                threshold: threshold, length: length, members: members)
        } catch { throw decoder.failure("session", "\(error)", at: start) }
    }
}
