/// An order, one round of a task, as the ledger knows it.
public struct OrderRecord: Sendable {
    public let opening: OpenOrder
    public let opened: Timestamp
    /// Who committed to its data, where there are audits.
    public internal(set) var dataCommitments: [PublicKey: DataCommitment] = [:]
    public internal(set) var commitments: [PublicKey: ModelCommitment] = [:]
    /// Commitments accepted so far, replaced ones included.
    public internal(set) var commitmentCount: UInt64 = 0
    public internal(set) var testSet: TestSetOpening?
    /// When the test set was revealed.
    public internal(set) var revealed: Timestamp?
    public internal(set) var secrets: [PublicKey: Digest] = [:]
    /// The best accepted claim of each participant for each chunk; mode `zk`.
    public internal(set) var claims: [PublicKey: [UInt32: QualityClaim]] = [:]
    /// The best claim of each participant; mode `open`.
    public internal(set) var scoreClaims: [PublicKey: ScoreClaim] = [:]
    /// Scores that the ledger found by itself; mode `open`.
    public internal(set) var scores: [PublicKey: UInt64] = [:]
    /// The stages that each participant has proven.
    public internal(set) var answers: [PublicKey: Set<UInt32>] = [:]
    /// The stages whose updates each participant has proven to be bounded.
    public internal(set) var updates: [PublicKey: Set<UInt32>] = [:]
    /// By validator, then by participant.
    public internal(set) var validations: [PublicKey: [PublicKey: Validation]] = [:]
    public internal(set) var slashedValidators: Set<PublicKey> = []
    public internal(set) var reports: [Report] = []
    /// How many times each verifier has locked its stake for this order.
    public internal(set) var verifierLocks: [PublicKey: UInt64] = [:]
    /// Verifiers whose vote has locked their stake.
    public internal(set) var voters: Set<PublicKey> = []
    /// Whose each proof ever accepted in this order is, replaced ones included.
    public internal(set) var acceptedProofs: [Digest: PublicKey] = [:]
    /// Whose models the global model holds, in the order of their accounts; `nil` if nobody fixed that, and it holds all
    /// that are accepted.
    public internal(set) var survivors: [PublicKey]?
    public internal(set) var outcome: OrderOutcome?
    /// When the reward was paid, or found to be owed to nobody.
    public internal(set) var paid: Timestamp?
    /// Set when the details were pruned: what the order's entry in the state tree was then.
    public private(set) var sealedDigest: Digest?
    /// The entry in the state tree, until something changes.
    private var cachedDigest: Digest?

    init(opening: OpenOrder, opened: Timestamp) {
        self.opening = opening
        self.opened = opened
    }

    /// Changes it.
    mutating func update(_ body: (inout OrderRecord) -> Void) {
        body(&self)
        cachedDigest = nil
    }

    /// Forgets everything but the opening, the outcome and the entry in the state tree.
    mutating func prune() {
        let digest = digest()
        var pruned = OrderRecord(opening: opening, opened: opened)
        pruned.commitmentCount = commitmentCount
        pruned.revealed = revealed
        pruned.outcome = outcome
        pruned.paid = paid
        pruned.sealedDigest = digest
        self = pruned
    }

    /// The order's entry in the state tree.
    package mutating func digest() -> Digest {
        if let sealedDigest { return sealedDigest }
        if let cachedDigest { return cachedDigest }
        var encoder = CanonicalEncoder()
        encode(to: &encoder)
        let digest = Digest(purpose: "ZKPoT order v2", encoder.bytes)
        cachedDigest = digest
        return digest
    }

    // MARK: - What follows from it

    /// Samples of the revealed test set.
    public var samples: UInt64? { testSet?.samples }

    /// Who committed to a model, in the order of their last commitments.
    public var participants: [PublicKey] {
        commitments.sorted { $0.value.order < $1.value.order }.map(\.key)
    }

    /// Correct samples that a participant has proven so far over all chunks, or claims in the mode `open`.
    public func provenCorrect(_ participant: PublicKey) -> UInt64 {
        scoreClaims[participant]?.correct
            ?? claims[participant, default: [:]].values.reduce(0) { $0 + $1.correct }
    }

    /// Whether a participant has proven every chunk, or claimed a score in the mode `open`.
    public func hasCompleteClaim(_ participant: PublicKey) -> Bool {
        guard let testSet else { return false }
        return scoreClaims[participant] != nil
            || claims[participant, default: [:]].count == testSet.chunks.count
    }

    /// The score of a participant's claim as far as the ledger itself knows it: proven, or recomputed.
    func knownScore(_ participant: PublicKey, mode: ValidationMode) -> UInt64? {
        switch mode {
        case .zk: provenCorrect(participant)
        case .open: scores[participant]
        }
    }

    /// The validations of a participant's claim by validators that are not slashed, in the order of the validators.
    func standingValidations(
        of participant: PublicKey
    ) -> [(validator: PublicKey, validation: Validation)] {
        validations.keys.sorted().compactMap { validator in
            guard !slashedValidators.contains(validator),
                let validation = validations[validator]?[participant]
            else { return nil }
            return (validator, validation)
        }
    }

    /// Whether anything of it is still to be decided or paid.
    public var isOpen: Bool { outcome == nil }
}

/// A participant's commitment to its data.
public struct DataCommitment: Sendable, Hashable {
    /// Root over the batches.
    public let batchRoot: Digest
    public let batches: UInt32
    /// Root and number.
    public let dataset: Digest
}

/// A participant's commitment to its model.
public struct ModelCommitment: Sendable, Hashable {
    /// How many commitments the order had accepted before.
    public let order: UInt64
    /// Ĉ, a compressed point of G1.
    public let commitment: [UInt8]
    public let checkpointRoot: Digest?
    public let beaconCommitment: Digest
    public let time: Timestamp
}

/// A proven claim about one chunk.
public struct QualityClaim: Sendable, Hashable {
    public let correct: UInt64
    /// SHA-256 of the proof's bytes.
    public let proofDigest: Digest
    public let time: Timestamp
}

/// A claim in the mode `open`.
public struct ScoreClaim: Sendable, Hashable {
    public let correct: UInt64
    /// SHA-256 of the file that opens the model's commitment.
    public let opening: Digest
    public let time: Timestamp
}

/// What a validator says about a claim.
public struct Validation: Sendable, Hashable {
    public let correct: UInt64
    public let time: Timestamp
    /// Whether it was challenged and found true.
    public internal(set) var isConfirmed = false
}

/// A report on a content.
public struct Report: Sendable, Hashable {
    public let subject: ReportSubject
    public let complaint: ReportKind
    public let reporter: PublicKey
    public let time: Timestamp
    public internal(set) var votes: [PublicKey: Bool] = [:]
    public internal(set) var decision = ReportDecision.open
}

/// What became of a report.
public enum ReportDecision: UInt8, NamedTag, Sendable {
    /// Not decided yet.
    case open = 0
    case upheld = 1
    case rejected = 2
    /// Too few votes, or as many on one side as on the other.
    case undecided = 3

    public static let item = "decision of a report"
}

extension Report {
    /// The decision, if it is to be made by the votes so far.
    func decided(quorum: UInt32) -> ReportDecision {
        guard decision == .open else { return decision }
        let upholding = votes.values.count { $0 }
        guard votes.count >= Int(quorum), 2 * upholding != votes.count else { return .undecided }
        return 2 * upholding > votes.count ? .upheld : .rejected
    }
}
