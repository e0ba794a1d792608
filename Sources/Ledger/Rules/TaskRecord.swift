/// A task as the ledger knows it.
public struct TaskRecord: Sendable {
    public let publisher: PublicKey
    public let opening: OpenTask
    public let opened: Timestamp
    /// The keys of `opening.qualityKeys`, parsed and checked.
    package let verifiers: [any QualityVerifier]
    public package(set) var rounds: [RoundRecord] = []

    package init(
        publisher: PublicKey, opening: OpenTask, opened: Timestamp, verifiers: [any QualityVerifier]
    ) {
        self.publisher = publisher
        self.opening = opening
        self.opened = opened
        self.verifiers = verifiers
    }

    /// The digests of the verifying keys, in the order of `opening.qualityKeys`.
    public var verifyingKeyDigests: [Digest] { verifiers.map(\.digest) }

    /// The task's entry in the state tree.
    mutating func digest() -> Digest {
        var encoder = CanonicalEncoder()
        encoder.encode(publisher)
        opening.encode(to: &encoder)
        opened.encode(to: &encoder)
        encoder.encode(list: rounds.indices.map { rounds[$0].digest() }) { $0.encode($1) }
        return Digest(purpose: "ZKPoT task v1", encoder.bytes)
    }
}

/// A round of a task as the ledger knows it.
public struct RoundRecord: Sendable {
    public let opening: OpenRound
    public let opened: Timestamp
    public private(set) var commitments: [PublicKey: ModelCommitment] = [:]
    public private(set) var testSet: TestSetOpening?
    /// The best accepted claim of each participant for each chunk.
    public private(set) var claims: [PublicKey: [UInt32: QualityClaim]] = [:]
    /// Whose each proof ever accepted in this round is, replaced ones included.
    public private(set) var acceptedProofs: [Digest: PublicKey] = [:]
    public private(set) var outcome: RoundOutcome?
    /// The entry in the state tree, until something changes.
    private var cachedDigest: Digest?

    init(opening: OpenRound, opened: Timestamp) {
        self.opening = opening
        self.opened = opened
    }

    /// Samples of the revealed test set.
    public var samples: UInt64? { testSet?.samples }

    /// Correct samples that a participant has proven so far, over all chunks.
    public func provenCorrect(_ participant: PublicKey) -> UInt64 {
        claims[participant, default: [:]].values.reduce(0) { $0 + $1.correct }
    }

    /// Whether a participant has proven every chunk; only then does it count.
    public func isAccepted(_ participant: PublicKey) -> Bool {
        guard let testSet else { return false }
        return claims[participant, default: [:]].count == testSet.chunks.count
    }

    /// The accepted participants, best first: more correct samples first, then who committed earlier. No two
    /// committed at the same place in the order, so there are no ties.
    public var ranking: [PublicKey] {
        participants.filter(isAccepted)
            .map { (participant: $0, correct: provenCorrect($0), order: commitments[$0]!.order) }
            .sorted { ($1.correct, $0.order) < ($0.correct, $1.order) }
            .map(\.participant)
    }

    /// Who committed to a model, in the order in which they did.
    public var participants: [PublicKey] {
        commitments.keys.sorted { commitments[$0]!.order < commitments[$1]!.order }
    }

    mutating func commit(_ commitment: ModelCommitment, by participant: PublicKey) {
        commitments[participant] = commitment
        cachedDigest = nil
    }

    mutating func reveal(_ testSet: TestSetOpening) {
        self.testSet = testSet
        cachedDigest = nil
    }

    mutating func accept(_ claim: QualityClaim, of chunk: UInt32, by participant: PublicKey) {
        claims[participant, default: [:]][chunk] = claim
        acceptedProofs[claim.proofDigest] = participant
        cachedDigest = nil
    }

    mutating func finalize(_ outcome: RoundOutcome) {
        self.outcome = outcome
        cachedDigest = nil
    }

    /// The round's entry in the state tree.
    mutating func digest() -> Digest {
        if let cachedDigest { return cachedDigest }
        var encoder = CanonicalEncoder()
        opening.encode(to: &encoder)
        opened.encode(to: &encoder)
        encoder.encode(list: participants) { encoder, participant in
            encoder.encode(participant)
            commitments[participant]!.encode(to: &encoder)
            let chunks = claims[participant, default: [:]].sorted { $0.key < $1.key }
            encoder.encode(list: chunks) { encoder, entry in
                encoder.encode(entry.key)
                entry.value.encode(to: &encoder)
            }
        }
        encoder.encode(optional: testSet) { $1.encode(to: &$0) }
        encoder.encode(list: acceptedProofs.sorted { $0.key < $1.key }) { encoder, entry in
            encoder.encode(entry.key)
            encoder.encode(entry.value)
        }
        encoder.encode(optional: outcome) { $1.encode(to: &$0) }
        let digest = Digest(purpose: "ZKPoT round v1", encoder.bytes)
        cachedDigest = digest
        return digest
    }
}

/// A participant's commitment to its model.
public struct ModelCommitment: Sendable, Hashable {
    /// How many participants committed before.
    public let order: UInt64
    /// Ĉ, a compressed point of G1.
    public let commitment: [UInt8]
    public let time: Timestamp

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(order)
        encoder.encode(commitment)
        time.encode(to: &encoder)
    }
}

/// A proven claim about one chunk.
public struct QualityClaim: Sendable, Hashable {
    public let correct: UInt64
    /// SHA-256 of the proof's bytes.
    public let proofDigest: Digest
    public let time: Timestamp

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(correct)
        encoder.encode(proofDigest)
        time.encode(to: &encoder)
    }
}

/// How a round ended.
public struct RoundOutcome: Sendable, Hashable {
    /// Absent if nobody proved every chunk.
    public let leader: Leader?
    public let globalModel: GlobalModel?
    /// Who is in the global model, with which weight, in the order of their commitments.
    public let weights: [ParticipantWeight]
    public let time: Timestamp

    /// What to divide the global model's opening by.
    public var weightSum: UInt64 { weights.reduce(0) { $0 + $1.weight } }

    func encode(to encoder: inout CanonicalEncoder) {
        encoder.encode(optional: leader) { $1.encode(to: &$0) }
        encoder.encode(optional: globalModel) { $1.encode(to: &$0) }
        encoder.encode(list: weights) { encoder, entry in
            encoder.encode(entry.participant)
            encoder.encode(entry.weight)
        }
        time.encode(to: &encoder)
    }
}

/// A participant's weight in the global model.
public struct ParticipantWeight: Sendable, Hashable {
    public let participant: PublicKey
    public let weight: UInt64
}

extension TestSetOpening {
    /// Samples of all chunks.
    public var samples: UInt64 { chunks.reduce(0) { $0 &+ $1.samples } }
}
