/// What an account asks the ledger to do.
///
/// A task runs in rounds. Each round: the publisher opens it with the salted hash of a test set, participants
/// commit to their models, the publisher reveals the test set, participants prove how many samples their
/// committed model classifies correctly, and the publisher finalizes, which elects the leader and fixes the
/// global model's commitment.
public enum Transaction: Sendable, Hashable {
    case openTask(OpenTask)
    case openRound(OpenRound)
    case commitModel(CommitModel)
    case revealTestSet(RevealTestSet)
    case proveQuality(ProveQuality)
    case finalizeRound(FinalizeRound)
}

/// The publisher announces a task. Its sender is the task's publisher from then on.
public struct OpenTask: Sendable, Hashable {
    public var task: Identifier
    /// What is learned, for people to read: at most 4096 bytes of UTF-8.
    public var description: String
    /// The verifying keys that quality proofs of this task may use.
    public var qualityKeys: [QualityKey]
    /// No round's test set may have fewer samples; at least 1. (A tiny test set is an oracle on the model.)
    public var minimumSamples: UInt64
    public var weights: AggregationWeights

    public init(
        task: Identifier, description: String, qualityKeys: [QualityKey], minimumSamples: UInt64,
        weights: AggregationWeights
    ) {
        self.task = task
        self.description = description
        self.qualityKeys = qualityKeys
        self.minimumSamples = minimumSamples
        self.weights = weights
    }
}

/// A verifying key of the quality circuit, and how many samples that circuit has room for.
public struct QualityKey: Sendable, Hashable {
    /// Samples that one proof can speak about; at least 1.
    public var samples: UInt64
    /// The key in its own file format.
    public var verifyingKey: [UInt8]

    public init(samples: UInt64, verifyingKey: [UInt8]) {
        self.samples = samples
        self.verifyingKey = verifyingKey
    }
}

/// The weights a_i of the global model Σ a_i·W_i / Σ a_i. Both follow from the ledger, never from a
/// participant's word.
public enum AggregationWeights: UInt8, Sendable, Hashable, CaseIterable {
    /// a_i = 1.
    case equal = 0
    /// a_i = the number of samples proven to be classified correctly.
    case provenAccuracy = 1
}

/// The publisher opens the next round of its task.
public struct OpenRound: Sendable, Hashable {
    public var task: Identifier
    /// 0 for the first round, then one more each time.
    public var round: UInt64
    /// `TestSetOpening.saltedHash` of the test set that will be revealed.
    public var testSetHash: Digest
    /// Commitments are refused from this time on, and the test set cannot be revealed before. Without it,
    /// commitments end with the reveal.
    public var commitDeadline: Timestamp?
    /// Proofs are refused from this time on, and the round cannot be finalized before. Without it, proofs end
    /// when the round is finalized.
    public var proofDeadline: Timestamp?

    public init(
        task: Identifier, round: UInt64, testSetHash: Digest, commitDeadline: Timestamp? = nil,
        proofDeadline: Timestamp? = nil
    ) {
        self.task = task
        self.round = round
        self.testSetHash = testSetHash
        self.commitDeadline = commitDeadline
        self.proofDeadline = proofDeadline
    }
}

/// A participant commits to its model, before the test set is known. Once for each round.
public struct CommitModel: Sendable, Hashable {
    public var task: Identifier
    public var round: UInt64
    /// Ĉ = Σ w_t·G_t + ρ·G_blind, a compressed point of G1.
    public var commitment: [UInt8]

    public init(task: Identifier, round: UInt64, commitment: [UInt8]) {
        self.task = task
        self.round = round
        self.commitment = commitment
    }
}

/// The publisher reveals the test set whose salted hash opened the round.
public struct RevealTestSet: Sendable, Hashable {
    public var task: Identifier
    public var round: UInt64
    public var opening: TestSetOpening

    public init(task: Identifier, round: UInt64, opening: TestSetOpening) {
        self.task = task
        self.round = round
        self.opening = opening
    }
}

/// Everything the ledger knows about a test set. The samples themselves are kept elsewhere, under their
/// digest.
public struct TestSetOpening: Sendable, Hashable {
    /// 32 random bytes, so that a guess at the test set cannot be checked against its hash.
    public var salt: Digest
    /// SHA-256 of the file of samples.
    public var dataDigest: Digest
    /// The test set in pieces that one proof each can speak about; each sample is in exactly one.
    public var chunks: [TestSetChunk]

    public init(salt: Digest, dataDigest: Digest, chunks: [TestSetChunk]) {
        self.salt = salt
        self.dataDigest = dataDigest
        self.chunks = chunks
    }
}

/// A piece of a test set.
public struct TestSetChunk: Sendable, Hashable {
    /// Samples in it, at least 1 and at most what the key's circuit has room for; padding does not count.
    public var samples: UInt64
    /// Which of the task's quality keys its proofs use.
    public var key: UInt32
    /// Ĉ = Σ x_t·G_t with blinding 0, a compressed point of G1, which anybody with the samples can recompute.
    public var commitment: [UInt8]

    public init(samples: UInt64, key: UInt32, commitment: [UInt8]) {
        self.samples = samples
        self.key = key
        self.commitment = commitment
    }
}

/// A participant proves that the model it committed to classifies at least `correct` samples of a chunk
/// correctly.
public struct ProveQuality: Sendable, Hashable {
    public var task: Identifier
    public var round: UInt64
    public var chunk: UInt32
    /// At least 1 and at most the chunk's samples. A later, better claim replaces an earlier one.
    public var correct: UInt64
    /// The proof in its own format.
    public var proof: [UInt8]

    public init(task: Identifier, round: UInt64, chunk: UInt32, correct: UInt64, proof: [UInt8]) {
        self.task = task
        self.round = round
        self.chunk = chunk
        self.correct = correct
        self.proof = proof
    }
}

/// The publisher ends a round: leader, and the global model.
public struct FinalizeRound: Sendable, Hashable {
    public var task: Identifier
    public var round: UInt64
    /// The global model; absent if, and only if, nobody has proven every chunk.
    public var globalModel: GlobalModel?

    public init(task: Identifier, round: UInt64, globalModel: GlobalModel?) {
        self.task = task
        self.round = round
        self.globalModel = globalModel
    }
}

/// The weighted sum of the accepted models. Dividing by the sum of the weights gives the average.
public struct GlobalModel: Sendable, Hashable {
    /// Σ a_i·Ĉ_i over the participants who proved every chunk, a compressed point of G1.
    public var commitment: [UInt8]
    /// SHA-256 of the published file with Σ a_i·W_i and Σ a_i·ρ_i, which open that commitment.
    public var openingDigest: Digest

    public init(commitment: [UInt8], openingDigest: Digest) {
        self.commitment = commitment
        self.openingDigest = openingDigest
    }
}
