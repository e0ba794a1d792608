/// The publisher opens the next round of its task, with money and deadlines.
public struct OpenOrder: OrderTransactionBody, Sendable {
    public var task: Identifier
    /// 0 for the first round, then one more each time.
    public var round: UInt64
    /// `TestSetOpening.saltedHash` of the test set that will be revealed.
    public var testSetHash: Digest
    public var windows: OrderWindows
    /// Goes into escrow at once, and to those who earn it in the end.
    public var reward: UInt64
    /// Goes into escrow at once, and back unless the test set is not revealed.
    public var bond: UInt64
    public var split: RewardSplit
    /// Who can sign the payout: at most 16, each once.
    public var payoutSigners: [PublicKey]
    /// How many of them must.
    public var payoutThreshold: UInt8
    /// Where there are audits, the public model that every training starts from: its commitment with blinding 0, a
    /// compressed point of G1. Empty otherwise.
    @HexadecimalBytes public var start: [UInt8]

    public init(
        task: Identifier, round: UInt64, testSetHash: Digest, windows: OrderWindows, reward: UInt64 = 0,
        bond: UInt64, split: RewardSplit = .leaderOnly, payoutSigners: [PublicKey] = [],
        payoutThreshold: UInt8 = 0, start: [UInt8] = []
    ) {
        self.task = task
        self.round = round
        self.testSetHash = testSetHash
        self.windows = windows
        self.reward = reward
        self.bond = bond
        self.split = split
        self.payoutSigners = payoutSigners
        self.payoutThreshold = payoutThreshold
        self.start = start
    }

    public static let kind = Transaction.Kind.openOrder
    public var transaction: Transaction { .openOrder(self) }

    public func encode(to encoder: inout CanonicalEncoder) {
        task.encode(to: &encoder)
        encoder.encode(round)
        encoder.encode(testSetHash)
        windows.encode(to: &encoder)
        encoder.encode(reward)
        encoder.encode(bond)
        split.encode(to: &encoder)
        encoder.encode(list: payoutSigners) { $0.encode($1) }
        encoder.encode(payoutThreshold)
        encoder.encode(start)
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        task = try Identifier(from: &decoder)
        round = try decoder.unsigned("round")
        testSetHash = try decoder.digest("hash of the test set")
        windows = try OrderWindows(from: &decoder)
        reward = try decoder.unsigned("reward")
        bond = try decoder.unsigned("bond")
        split = try RewardSplit(from: &decoder)
        payoutSigners = try decoder.list("payout signers", maximum: Limits.payoutSigners) {
            decoder throws(MalformedEncoding) in try decoder.publicKey("payout signer")
        }
        payoutThreshold = try decoder.unsigned("payout threshold")
        start = try decoder.bytes("public start", maximum: Limits.commitmentBytes)
    }
}

/// The times of an order after the one at which it is opened (t0): t0 ≤ t1 < t0 + ΔT_train < t2 < … < t7.
///
/// A window ends just before the time that closes it. After arXiv 2307.07066, section 4.
public struct OrderWindows: CanonicalCodable, Codable, Hashable {
    /// t1: commitments to models open; commitments to data, where there are audits, close.
    public var commitStart: Timestamp
    /// t0 + ΔT_train: commitments close, reveals open.
    public var commitDeadline: Timestamp
    /// t2: reveals close, the beacon is fixed.
    public var revealDeadline: Timestamp
    /// t3: proofs, claims and audit answers close; validations and challenges open.
    public var proofDeadline: Timestamp
    /// t4: validations close.
    public var validationDeadline: Timestamp
    /// t5: challenges and reports close.
    public var challengeDeadline: Timestamp
    /// t6: votes close; from here on the order can be finalized.
    public var voteDeadline: Timestamp
    /// t7: payout opens; reports on the global model and votes on them close.
    public var finalizeDeadline: Timestamp

    public init(
        commitStart: Timestamp, commitDeadline: Timestamp, revealDeadline: Timestamp,
        proofDeadline: Timestamp, validationDeadline: Timestamp, challengeDeadline: Timestamp,
        voteDeadline: Timestamp, finalizeDeadline: Timestamp
    ) {
        self.commitStart = commitStart
        self.commitDeadline = commitDeadline
        self.revealDeadline = revealDeadline
        self.proofDeadline = proofDeadline
        self.validationDeadline = validationDeadline
        self.challengeDeadline = challengeDeadline
        self.voteDeadline = voteDeadline
        self.finalizeDeadline = finalizeDeadline
    }

    /// Windows from a start on, the first for commitments and one of each length for what follows, in milliseconds.
    public init(from start: Timestamp, training: UInt64, each length: UInt64) {
        func after(_ windows: UInt64) -> Timestamp {
            Timestamp(milliseconds: start.milliseconds &+ training &+ windows &* length)
        }
        self.init(
            commitStart: start, commitDeadline: after(0), revealDeadline: after(1), proofDeadline: after(2),
            validationDeadline: after(3), challengeDeadline: after(4), voteDeadline: after(5),
            finalizeDeadline: after(6))
    }

    /// All of them, in their order.
    public var times: [Timestamp] {
        [
            commitStart, commitDeadline, revealDeadline, proofDeadline, validationDeadline,
            challengeDeadline, voteDeadline, finalizeDeadline,
        ]
    }

    /// Whether an order that is opened at `time` can have them.
    func areInOrder(after time: Timestamp) -> Bool {
        time <= commitStart && zip(times, times.dropFirst()).allSatisfy(<)
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        for time in times { time.encode(to: &encoder) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        commitStart = try Timestamp(from: &decoder)
        commitDeadline = try Timestamp(from: &decoder)
        revealDeadline = try Timestamp(from: &decoder)
        proofDeadline = try Timestamp(from: &decoder)
        validationDeadline = try Timestamp(from: &decoder)
        challengeDeadline = try Timestamp(from: &decoder)
        voteDeadline = try Timestamp(from: &decoder)
        finalizeDeadline = try Timestamp(from: &decoder)
    }
}

/// Who gets which part of the reward, in basis points with the sum 10,000.
public struct RewardSplit: CanonicalCodable, Codable, Hashable {
    /// Of the accepted participant with the best score, who also gets what is left over.
    public var leader: UInt16
    /// Of all rewarded participants, in equal parts.
    public var participants: UInt16
    /// Of all validators without a false validation, in equal parts.
    public var validators: UInt16
    /// Of whoever finalizes with the global model.
    public var aggregator: UInt16

    public init(leader: UInt16, participants: UInt16, validators: UInt16, aggregator: UInt16) {
        self.leader = leader
        self.participants = participants
        self.validators = validators
        self.aggregator = aggregator
    }

    /// All of it to the leader.
    public static let leaderOnly = RewardSplit(leader: 10_000, participants: 0, validators: 0, aggregator: 0)

    var isWhole: Bool {
        UInt32(leader) + UInt32(participants) + UInt32(validators) + UInt32(aggregator)
            == UInt32(BasisPoints.whole)
    }

    public func encode(to encoder: inout CanonicalEncoder) {
        for share in [leader, participants, validators, aggregator] { encoder.encode(share) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(MalformedEncoding) {
        leader = try decoder.unsigned("share of the leader")
        participants = try decoder.unsigned("share of the participants")
        validators = try decoder.unsigned("share of the validators")
        aggregator = try decoder.unsigned("share of the aggregator")
    }
}
